import type { Failure, Success } from '../../shared/bridge.ts'
import { formatKopecks, formatWhole } from '../../shared/numbers.ts'
import type { Instant } from '../../shared/time.ts'
import { plural } from '../../shared/words/plural.ts'
import { englishWords, russianWords } from '../../shared/words/words.ts'

const dayOf = (locale: string) => (at: Instant) =>
  new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(at)
const russianDay = dayOf('ru-RU')
const englishDay = dayOf('en-GB')

type ByKind = Record<Success['kind'], string>
type ByFate = Record<Failure['fate'], string>

const { points } = russianWords
/** So many at most, where only the ledger can say how many. */
const upTo = (count: number, isSure: boolean) =>
  isSure ? points(count) : `до ${formatWhole(count)} ${plural(count, 'балла', 'баллов', 'баллов')}`

const russian = {
  points,
  upTo,
  money: (kopecks: number) => formatKopecks(kopecks, ','),
  welcome: 'Покажите карту кассиру',
  join: 'Нет карты? Наведите камеру телефона на код',
  joinCode: 'Код, по которому можно получить карту',
  hello: (name: string | null) => (name === null ? 'Здравствуйте!' : `Здравствуйте, ${name}!`),
  onCard: (count: number) => `${russianWords.pointsWord(count)} на карте`,
  balanceUnknown: 'Баланс узнаем, когда у магазина появится связь',
  until: (points: string, lastDay: Instant) => `${points} можно потратить по ${russianDay(lastDay)}`,
  toPay: 'К оплате',
  spend: (points: string) => `Списать ${points}`,
  onlyEarn: 'Только копить',
  voucher: (title: string) => `Купон: ${title}`,
  voucherAnd: (points: string) => `Купон и ${points}`,
  onlyVoucher: 'Только купон',
  voucherUsed: 'Купон',
  comes: (count: number, isSure: boolean) =>
    `${plural(count, 'придёт', 'придут', 'придёт')} ${upTo(count, isSure)}`,
  working: {
    earn: 'Начисляем баллы…',
    redeem: 'Передаём скидку в чек…',
    refund: 'Оформляем возврат…',
  } satisfies ByKind,
  thanks: {
    earn: 'Спасибо за покупку!',
    redeem: 'Скидка в чеке. Спасибо!',
    refund: 'Возврат оформлен',
  } satisfies ByKind,
  queued: {
    earn: 'Баллы придут, когда у магазина появится связь.',
    redeem: 'Скидка дана, баллы придут, когда у магазина появится связь.',
    refund: 'Баллы изменятся, когда у магазина появится связь.',
  } satisfies ByKind,
  spent: 'Списано',
  earned: 'Начислено',
  willCome: 'Придёт',
  givenBack: 'Вернулось на карту',
  taken: 'Снято с карты',
  repaid: 'Погашен долг',
  debt: 'Осталось долга',
  nowOnCard: 'Теперь на карте',
  programmeFrozen: 'Программа приостановлена',
  programmeFrozenNext: 'Ваши баллы никуда не делись: они снова заработают, когда программу возобновят.',
  frozen: 'Карта сейчас не работает',
  frozenNext: (support: string | null) =>
    support === null ? 'Кассир подскажет, что делать.' : `Вам поможет поддержка: ${support}`,
  failed: 'Сейчас не получилось',
  fates: {
    untouched: 'С баллами ничего не произошло.',
    returned: 'Баллы возвращаются на карту.',
    held: 'Баллы пока удержаны: касса выясняет, прошла ли скидка.',
  } satisfies ByFate,
  voucherFates: {
    untouched: 'С баллами и купоном ничего не произошло.',
    returned: 'Баллы и купон остаются у вас.',
    held: 'Касса выясняет, прошла ли скидка.',
  } satisfies ByFate,
}
export type Texts = typeof russian

const english: Texts = {
  points: englishWords.points,
  upTo: (count, isSure) => `${isSure ? '' : 'up to '}${englishWords.points(count)}`,
  money: (kopecks) => formatKopecks(kopecks, '.'),
  welcome: 'Show your card to the cashier',
  join: 'No card? Point the camera of your phone at the code',
  joinCode: 'A code by which you get a card',
  hello: (name) => (name === null ? 'Hello!' : `Hello, ${name}!`),
  onCard: (count) => `${englishWords.pointsWord(count)} on the card`,
  balanceUnknown: 'Your balance is known once the shop is online again',
  until: (points, lastDay) => `${points} can be spent until ${englishDay(lastDay)}`,
  toPay: 'To pay',
  spend: (points) => `Spend ${points}`,
  onlyEarn: 'Earn only',
  voucher: (title) => `Voucher: ${title}`,
  voucherAnd: (points) => `Voucher and ${points}`,
  onlyVoucher: 'Voucher only',
  voucherUsed: 'Voucher',
  comes: (count, isSure) => `${english.upTo(count, isSure)} to come`,
  working: {
    earn: 'Adding points…',
    redeem: 'Putting the discount into the receipt…',
    refund: 'Returning…',
  },
  thanks: {
    earn: 'Thank you!',
    redeem: 'The discount is in the receipt. Thank you!',
    refund: 'Returned',
  },
  queued: {
    earn: 'The points come once the shop is online again.',
    redeem: 'The discount is given; the points come once the shop is online again.',
    refund: 'The points change once the shop is online again.',
  },
  spent: 'Spent',
  earned: 'Earned',
  willCome: 'To come',
  givenBack: 'Back on the card',
  taken: 'Taken from the card',
  repaid: 'Debt paid',
  debt: 'Still owed',
  nowOnCard: 'Now on the card',
  programmeFrozen: 'The programme is frozen',
  programmeFrozenNext: 'Your points are not lost: they work again when the programme goes on.',
  frozen: 'The card does not work just now',
  frozenNext: (support) =>
    support === null ? 'The cashier will tell you what to do.' : `Support will help you: ${support}`,
  failed: 'It did not work just now',
  fates: {
    untouched: 'Nothing happened to your points.',
    returned: 'Your points are on their way back to the card.',
    held: 'The points are held for now: the register finds out whether the discount was given.',
  },
  voucherFates: {
    untouched: 'Nothing happened to your points and your voucher.',
    returned: 'You keep your points and your voucher.',
    held: 'The register finds out whether the discount was given.',
  },
}

export const textsOf = (language: 'ru' | 'en'): Texts => ({ ru: russian, en: english })[language]
