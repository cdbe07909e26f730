export const russian = {
  amount: {
    from1c: 'Чек из 1С',
    typed: 'Сумма введена вручную',
    waiting: 'Ждём чек из 1С',
    changed: 'Сумма изменилась',
    receipt: (receipt: string) => `№ ${receipt}`,
    title: 'Сумма чека',
    orType: 'Откройте чек в 1С или введите сумму вручную',
    typeOnly: '1С не видна: введите сумму вручную',
    earnOnly: 'По введённой сумме баллы можно только начислить.',
    confirm: 'Дальше',
    edit: 'Изменить',
    tooLarge: (most: string) => `Не больше ${most}`,
    needsPin: (limit: string) => `Больше ${limit} вручную – только с ПИН-кодом. Проверьте сумму.`,
    pinAsk: (sum: string) => `Сумма ${sum}: введите ПИН-код`,
  },
}

export const english: typeof russian = {
  amount: {
    from1c: 'Receipt from 1C',
    typed: 'Amount typed by hand',
    waiting: 'Waiting for a receipt from 1C',
    changed: 'The amount has changed',
    receipt: (receipt) => `no. ${receipt}`,
    title: 'Amount of the sale',
    orType: 'Open a receipt in 1C or type the amount',
    typeOnly: '1C is not seen: type the amount',
    earnOnly: 'With a typed amount points can only be earned.',
    confirm: 'Next',
    edit: 'Change',
    tooLarge: (most) => `At most ${most}`,
    needsPin: (limit) => `More than ${limit} by hand needs the PIN. Check the amount.`,
    pinAsk: (sum) => `The amount is ${sum}: enter the PIN`,
  },
}
