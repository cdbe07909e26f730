export const russian = {
  common: {
    cancel: 'Отмена',
    close: 'Закрыть',
    done: 'Готово',
    understood: 'Понятно',
    clear: 'Стереть',
    backspace: 'Стереть последнюю цифру',
    comma: 'Запятая',
    save: 'Сохранить',
    saved: 'Сохранено',
    hide: 'Скрыть',
    yes: 'Да',
    no: 'Нет',
  },

  start: {
    connecting: 'Касса запускается…',
    restarting: 'Касса перезапускается…',
    restartingHint: 'Это займёт несколько секунд. Записанное не пропадёт.',
    restartingLong: 'Если это длится дольше минуты, закройте окно и откройте кассу заново.',
  },
}

export const english: typeof russian = {
  common: {
    cancel: 'Cancel',
    close: 'Close',
    done: 'Done',
    understood: 'I see',
    clear: 'Clear',
    backspace: 'Delete the last digit',
    comma: 'Decimal point',
    save: 'Save',
    saved: 'Saved',
    hide: 'Hide',
    yes: 'Yes',
    no: 'No',
  },

  start: {
    connecting: 'The register is starting…',
    restarting: 'The register is restarting…',
    restartingHint: 'This takes a few seconds. What was recorded is not lost.',
    restartingLong: 'If it takes longer than a minute, close the window and open the register again.',
  },
}
