import type { NotFoundReason } from '../../../shared/bridge.ts'

export const russian = {
  idle: {
    title: 'Найти покупателя',
    showQr: 'Покажите QR-код карты',
    card: 'Номер карты',
    cardHint: 'Покажите QR-код или наберите номер',
    searching: (code: string) => `Ищем ${code}…`,
    notFound: {
      not_a_card: () => 'Это не карта программы: проверьте код.',
      customer_not_found: (code: string) => `Карты ${code} нет: проверьте номер.`,
      code_altered: () => 'Код повреждён или подделан: попросите покупателя открыть карту в Telegram заново.',
      code_too_old: () =>
        'Код устарел: попросите покупателя показать карту в Telegram ещё раз, она обновляется сама.',
      cloud_away: () => 'Облако недоступно: касса не подключена.',
    } satisfies Record<Exclude<NotFoundReason, 'refused'>, (code: string) => string>,
    revoked:
      'Касса отозвана: имена покупателей с неё стёрты. Начисления копятся в очереди, списывать нельзя.',
    unauthorised: 'Облако не узнаёт ключ кассы. Начисления копятся в очереди, списывать нельзя.',
    enrolNext: 'Администратор: получите новый код подключения и введите его в настройках.',
    enrolAgain: 'Подключить заново',
  },

  firstSale: {
    title: 'До первой продажи',
    cloud: 'Облако отвечает',
    folder: 'Папка обмена найдена',
    oneC: '1С записала в неё чек',
    receipt: 'Пробный чек проведён с картой',
    done: ' – готово',
    notYet: ' – ещё нет',
  },
}

export const english: typeof russian = {
  idle: {
    title: 'Find the customer',
    showQr: 'Show the QR code of the card',
    card: 'Card number',
    cardHint: 'Show the QR code or type the number',
    searching: (code) => `Looking for ${code}…`,
    notFound: {
      not_a_card: () => 'This is not a card of the programme: check the code.',
      customer_not_found: (code) => `There is no card ${code}: check the number.`,
      code_altered: () =>
        'The code is damaged or forged: ask the customer to open the card in Telegram anew.',
      code_too_old: () =>
        'The code is too old: ask the customer to show the card in Telegram again, it renews itself.',
      cloud_away: () => 'The cloud is away: the register is not enrolled.',
    },
    revoked:
      'This register was revoked: the names of customers were wiped. Earnings wait in the queue; points cannot be spent.',
    unauthorised:
      'The cloud does not know the key of this register. Earnings wait in the queue; points cannot be spent.',
    enrolNext: 'Administrator: get a new pairing code and enter it in the settings.',
    enrolAgain: 'Enrol again',
  },

  firstSale: {
    title: 'Before the first sale',
    cloud: 'The cloud answers',
    folder: 'The exchange folder is found',
    oneC: '1C has written a receipt into it',
    receipt: 'A test receipt is done with a card',
    done: ' – done',
    notYet: ' – not yet',
  },
}
