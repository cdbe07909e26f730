import type { KnownFailureCode } from '../../../shared/bridge.ts'
import { formatWhole } from '../../../shared/numbers.ts'
import type { FailureTexts } from './facts.ts'
import { english as en, russian as ru } from './numbers.ts'
import { englishProofs, russianProofs } from './proofs.ts'
import { englishMisses, russianMisses } from './voucher.ts'

const russianFailures: Record<KnownFailureCode, FailureTexts> = {
  malformed: {
    what: () => 'Облако не поняло операцию',
    next: () => 'Сообщите администратору: это ошибка программы, покупатель ни при чём.',
  },
  id_reused: {
    what: () => 'Номер операции уже занят',
    next: () => 'Попробуйте ещё раз: касса возьмёт новый номер.',
  },
  not_your_operation: {
    what: () => 'Это операция другого магазина',
    next: () => 'Отменить её можно только там, где её провели.',
  },
  customer_not_found: {
    what: () => 'Такой карты нет',
    next: () => 'Проверьте номер карты и найдите покупателя ещё раз.',
  },
  customer_frozen: {
    what: ({ isProgrammeFrozen }) => (isProgrammeFrozen ? 'Программа приостановлена' : 'Карта заморожена'),
    next: ({ support, isProgrammeFrozen }) =>
      isProgrammeFrozen
        ? 'Закройте чек без баллов. С картой всё в порядке: баллы вернутся, когда программу возобновят.'
        : support === null
          ? 'Закройте чек без баллов: разморозить карту может только администратор программы.'
          : `Закройте чек без баллов, покупателю поможет поддержка: ${support.replace(/[.!?\s]+$/, '')}.`,
  },
  amount_out_of_range: {
    what: ({ maxBalance }) =>
      maxBalance === null ? 'Сумма чека не подходит' : 'На карту больше не помещается',
    next: ({ minKopecks, maxKopecks, maxBalance }) => {
      if (maxBalance !== null)
        return `Закройте чек без баллов: на карте их может быть не больше ${formatWhole(maxBalance)}. Сообщите администратору.`
      return minKopecks !== null && maxKopecks !== null
        ? `Проверьте сумму: программа принимает чеки от ${ru.money(minKopecks)} до ${ru.money(maxKopecks)}.`
        : 'Проверьте сумму чека и попробуйте ещё раз.'
    },
  },
  clock_out_of_range: {
    what: () => 'Часы этого компьютера сбиты',
    next: () => 'Проверьте дату и время в Windows и попробуйте ещё раз.',
  },
  proof_refused: {
    what: ({ proof }) => russianProofs[proof ?? 'altered'].what,
    next: ({ proof }) => russianProofs[proof ?? 'altered'].next,
  },
  duplicate_transaction: {
    what: () => 'Точно такая же покупка была только что',
    next: () => 'Если покупатель правда купил это ещё раз, подтвердите вторую покупку.',
  },
  original_not_found: {
    what: () => 'Облако не знает этой операции',
    next: () => 'Сообщите администратору: он сверит её с журналом кассы.',
  },
  already_resolved: {
    what: () => 'Эта операция уже завершена',
    next: () => 'Посмотрите последние операции: повторять ничего не нужно.',
  },
  over_refund: {
    what: () => 'Эту покупку уже отменили',
    next: () => 'Посмотрите последние операции: отменять второй раз не нужно.',
  },
  too_many_holds: {
    what: () => 'На этой кассе слишком много незавершённых списаний',
    next: () =>
      'Подождите минуту, пока касса закончит прежние, и попробуйте ещё раз, а если не поможет, позовите администратора.',
  },
  voucher_refused: {
    what: (facts) => russianMisses[facts.voucher ?? 'unknown'].what(facts),
    next: ({ voucher }) => russianMisses[voucher ?? 'unknown'].next,
  },
  over_discount_limit: {
    what: () => 'Скидка больше разрешённой',
    next: () => 'Выберите меньше баллов и попробуйте ещё раз.',
  },
  below_minimum: {
    what: () => 'Списать можно не меньше одного балла',
    next: () => 'Выберите хотя бы один балл или только начислите.',
  },
  in_debt: {
    what: () => 'За покупателем долг по баллам',
    next: () => 'Начислите баллы: они погасят долг, и списывать снова будет можно.',
  },
  insufficient_points: {
    what: ({ available }) =>
      available === null ? 'Баллов не хватает' : `Баллов не хватает: есть только ${formatWhole(available)}`,
    next: () => 'Вернитесь и выберите меньше баллов.',
  },
  cannot_merge: {
    what: ({ merge }) =>
      merge === 'both_in_telegram'
        ? 'Обе карты – в Telegram, у двух разных людей'
        : merge === 'none_in_telegram'
          ? 'Ни одной из этих карт нет в Telegram'
          : merge === 'open_hold'
            ? 'По карте ещё не закончено списание'
            : 'Эти карты нельзя объединить',
    next: ({ merge, support }) =>
      merge === 'open_hold'
        ? 'Закончите тот чек и покажите обе карты ещё раз.'
        : support === null
          ? 'Помочь может администратор программы.'
          : `Покупателю поможет поддержка: ${support.replace(/[.!?\s]+$/, '')}.`,
  },
  internal: {
    what: () => 'В облаке ошибка: неизвестно, выполнена ли операция',
    next: () => 'Передайте её администратору: он сверит её с облаком.',
  },
  unreadable: {
    what: () => 'Касса не понимает ответа облака: она старее его',
    next: () => 'Обновите кассу и повторите операцию.',
  },
  cloud_away: {
    what: () => 'Облако не ответило',
    next: () => 'Начислите баллы сейчас, это работает и без связи, или попробуйте списать ещё раз.',
    nextWhenHeld: 'Дождитесь связи: касса сама вернёт баллы.',
  },
  not_taken: {
    what: () => '1С не забрала скидку',
    next: () => 'Проверьте, что чек в 1С открыт, и попробуйте ещё раз.',
  },
  cancelled: {
    what: () => 'Списание отменено',
    next: () => 'Выберите другое число баллов или только начислите.',
  },
  sale_changed: {
    what: () => 'Чек в 1С изменился',
    next: () => 'Проверьте новую сумму и выберите ещё раз.',
  },
  refused_by_1c: {
    what: ({ error }) => (error ? `1С отказалась от скидки: ${error}` : '1С отказалась от скидки'),
    next: () => 'Исправьте чек в 1С и попробуйте ещё раз.',
  },
  not_confirmed: {
    what: () => '1С не подтвердила скидку',
    next: () => 'Посмотрите в чек: есть скидка – закрывайте его, нет – закрывайте без неё.',
  },
  folder_busy: {
    what: () => 'Файл скидки занят другой программой',
    next: () => 'Подождите несколько секунд и попробуйте ещё раз.',
    nextWhenHeld: 'Посмотрите в чек, есть ли там скидка: касса вернёт баллы, как только файл освободится.',
  },
  not_written: {
    what: () => 'Касса не может записать: диск переполнен или закрыт для записи',
    next: () =>
      'Проводите чек без баллов и позовите администратора: как место появится, касса продолжит сама.',
    nextWhenHeld:
      'Посмотрите в чек, есть ли там скидка, и позовите администратора: касса закончит сама, как место появится.',
  },
  failed: {
    what: () => 'Касса не смогла выполнить операцию',
    next: () => 'Попробуйте ещё раз, а если повторится, позовите администратора.',
  },
}

export const russian = {
  failures: russianFailures,
  /** For a reason that is newer than this program: the cloud's own words, and who can do something about it. */
  newReason: {
    ...russianFailures.failed,
    told: (message: string) => `Облако отказало: ${message.replace(/[.!?\s]+$/, '')}`,
    next: () => 'Закройте чек без баллов и покажите это сообщение администратору.',
    noRedemption: 'Списать сейчас нельзя: причину может назвать администратор.',
  },
}

const englishFailures: Record<KnownFailureCode, FailureTexts> = {
  malformed: {
    what: () => 'The cloud did not understand the operation',
    next: () => 'Tell the administrator: this is a fault of the program, not of the customer.',
  },
  id_reused: {
    what: () => 'The number of the operation is taken',
    next: () => 'Try again: the register takes a new number.',
  },
  not_your_operation: {
    what: () => 'This operation belongs to another store',
    next: () => 'It can be undone only where it was made.',
  },
  customer_not_found: {
    what: () => 'There is no such card',
    next: () => 'Check the number and find the customer again.',
  },
  customer_frozen: {
    what: ({ isProgrammeFrozen }) => (isProgrammeFrozen ? 'The programme is frozen' : 'The card is frozen'),
    next: ({ support, isProgrammeFrozen }) =>
      isProgrammeFrozen
        ? 'Finish the sale without points. The card is all right: points are there again when the programme goes on.'
        : support === null
          ? 'Finish the sale without points: only an administrator of the programme can unfreeze the card.'
          : `Finish the sale without points, the customer is helped here: ${support.replace(/[.!?\s]+$/, '')}.`,
  },
  amount_out_of_range: {
    what: ({ maxBalance }) => (maxBalance === null ? 'The amount is out of range' : 'The card is full'),
    next: ({ minKopecks, maxKopecks, maxBalance }) => {
      if (maxBalance !== null)
        return `Finish the sale without points: a card holds ${formatWhole(maxBalance)} at most. Tell an administrator.`
      return minKopecks !== null && maxKopecks !== null
        ? `Check the amount: sales from ${en.money(minKopecks)} to ${en.money(maxKopecks)} are taken.`
        : 'Check the amount and try again.'
    },
  },
  clock_out_of_range: {
    what: () => 'The clock of this computer is wrong',
    next: () => 'Check the date and time in Windows and try again.',
  },
  proof_refused: {
    what: ({ proof }) => englishProofs[proof ?? 'altered'].what,
    next: ({ proof }) => englishProofs[proof ?? 'altered'].next,
  },
  duplicate_transaction: {
    what: () => 'An equal purchase was made a moment ago',
    next: () => 'If the customer has really bought the same again, confirm the second purchase.',
  },
  original_not_found: {
    what: () => 'The cloud does not know this operation',
    next: () => 'Tell the administrator, who will compare it with the journal of this register.',
  },
  already_resolved: {
    what: () => 'This operation is finished already',
    next: () => 'Look at the latest operations: nothing has to be repeated.',
  },
  over_refund: {
    what: () => 'This purchase was undone before',
    next: () => 'Look at the latest operations: there is nothing left to undo.',
  },
  too_many_holds: {
    what: () => 'Too many redemptions of this register are unfinished',
    next: () =>
      'Wait a minute until the register has finished them and try again, or call the administrator.',
  },
  voucher_refused: {
    what: (facts) => englishMisses[facts.voucher ?? 'unknown'].what(facts),
    next: ({ voucher }) => englishMisses[voucher ?? 'unknown'].next,
  },
  over_discount_limit: {
    what: () => 'The discount is larger than allowed',
    next: () => 'Choose fewer points and try again.',
  },
  below_minimum: {
    what: () => 'At least one point has to be spent',
    next: () => 'Choose one point or more, or earn only.',
  },
  in_debt: {
    what: () => 'The customer owes points',
    next: () => 'Earn points now: they pay the debt, and then points can be spent again.',
  },
  insufficient_points: {
    what: ({ available }) =>
      available === null ? 'There are not enough points' : `Only ${en.points(available)} left to spend`,
    next: () => 'Go back and choose fewer points.',
  },
  cannot_merge: {
    what: ({ merge }) =>
      merge === 'both_in_telegram'
        ? 'Both cards are in Telegram, of two people'
        : merge === 'none_in_telegram'
          ? 'Neither of these cards is in Telegram'
          : merge === 'open_hold'
            ? 'A redemption of the card is still open'
            : 'These cards cannot become one',
    next: ({ merge, support }) =>
      merge === 'open_hold'
        ? 'Finish that receipt and show both cards again.'
        : support === null
          ? 'The administrator of the programme can help.'
          : `Support helps the customer: ${support.replace(/[.!?\s]+$/, '')}.`,
  },
  internal: {
    what: () => 'The cloud failed: it is not known whether the operation was done',
    next: () => 'Hand it over to the administrator, who compares it with the cloud.',
  },
  unreadable: {
    what: () => 'The register does not understand the answer: it is older than the cloud',
    next: () => 'Update the register and try the operation again.',
  },
  cloud_away: {
    what: () => 'The cloud did not answer',
    next: () => 'Earn points now, which works without it, or try to spend again.',
    nextWhenHeld: 'Wait for the connection: the register returns the points by itself.',
  },
  not_taken: {
    what: () => '1C did not take the discount',
    next: () => 'Check that the receipt is open in 1C and try again.',
  },
  cancelled: {
    what: () => 'Spending was cancelled',
    next: () => 'Choose another number of points or earn only.',
  },
  sale_changed: {
    what: () => 'The receipt in 1C has changed',
    next: () => 'Check the new amount and choose again.',
  },
  refused_by_1c: {
    what: ({ error }) => (error ? `1C refused the discount: ${error}` : '1C refused the discount'),
    next: () => 'Correct the receipt in 1C and try again.',
  },
  not_confirmed: {
    what: () => '1C did not confirm the discount',
    next: () => 'Look at the receipt: close it with the discount if it is there, and without it if not.',
  },
  folder_busy: {
    what: () => 'Another program holds the discount file',
    next: () => 'Wait a few seconds and try again.',
    nextWhenHeld: 'Look whether the receipt has the discount: the points return once the file is free.',
  },
  not_written: {
    what: () => 'The register cannot write: its disk is full or read-only',
    next: () =>
      'Sell without points and call the administrator: the register goes on by itself once there is room.',
    nextWhenHeld:
      'See whether the discount is in the receipt, and call the administrator: the register finishes this itself once there is room.',
  },
  failed: {
    what: () => 'The register could not do this',
    next: () => 'Try again, and call the administrator if it happens again.',
  },
}

export const english: typeof russian = {
  failures: englishFailures,
  newReason: {
    ...englishFailures.failed,
    told: (message) => `The cloud refused: ${message.replace(/[.!?\s]+$/, '')}`,
    next: () => 'Finish the sale without points and show this message to the administrator.',
    noRedemption: 'Points cannot be spent now: the administrator can tell why.',
  },
}
