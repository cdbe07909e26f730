import { words } from '../words.ts'

export const messageWords = words(
  {
    title: 'Сообщение',
    shown: 'Так это увидят в Telegram',
    asReadBy: (name: string) => `Так прочтёт ${name}, карта`,
    somebody: 'покупатель',
    nobody: 'Сейчас написать некому: в Telegram никто из них не согласился на рекламу. Для примера —',
    example: 'Кто именно это прочтёт, вашей роли не видно. Для примера —',
    examplePoints: (name: string, points: string) => `${name}, ${points} на карте`,
    readers: (count: string) => `получат около\u00a0${count}`,
    test: 'Прислать себе…',
    testTitle: 'Прислать сообщение себе',
    testText:
      'Придёт в Telegram через несколько секунд, в любой час, и нигде не посчитается. Имя и баллы будут этой карты.',
    card: 'Ваша карта',
    cardHint: 'Карта должна быть отмечена как карта сотрудника: на странице покупателя, «О покупателе».',
    cardFault: 'В номере карты только цифры',
    send: 'Прислать',
    sent: (card: string) => `Отправлено на карту ${card}. Сообщение придёт через несколько секунд.`,
  },
  {
    title: 'Message',
    shown: 'As it is seen in Telegram',
    asReadBy: (name: string) => `As it is read by ${name}, card`,
    somebody: 'a customer',
    nobody:
      'Nobody can be written to now: none of them is in Telegram and has agreed to advertising. For example:',
    example: 'Who will read it is not for your role to see. For example:',
    examplePoints: (name: string, points: string) => `${name}, with ${points}`,
    readers: (count: string) => `about ${count} get it`,
    test: 'Send it to me…',
    testTitle: 'Send the message to yourself',
    testText:
      'It comes in Telegram within seconds, at any hour, and is counted nowhere. Name and points are those of this card.',
    card: 'Your card',
    cardHint: 'It must be marked as a card of the staff: on the page of the customer, “About”.',
    cardFault: 'A card has digits alone',
    send: 'Send',
    sent: (card: string) => `It goes to card ${card}, and comes within seconds.`,
  },
)
