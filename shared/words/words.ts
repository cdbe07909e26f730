import type { HistoryItem } from '../me.ts'
import { formatWhole, NO_BREAK_SPACE } from '../numbers.ts'
import type { Operation } from '../operation.ts'
import { plural } from './plural.ts'

/** What till, Mini App, bot and its messages say alike. */
export interface Words {
  /** The word alone, where the number is written larger. */
  pointsWord(count: number): string
  points(count: number): string
  days(count: number): string
  /** The kinds of movement, as customers read them. */
  history: Record<HistoryItem['kind'], string>
  /** The operations that wait in a till, as cashiers read them. */
  operations: Record<Operation['kind'], string>
}

/** One word on the screen: the number never stands at the end of a line without it. */
const counted = (count: number, word: string) => `${formatWhole(count)}${NO_BREAK_SPACE}${word}`

const russianPoints = (count: number) => plural(count, 'балл', 'балла', 'баллов')
const englishPoints = (count: number) => plural(count, 'point', 'points')

export const russianWords: Words = {
  pointsWord: russianPoints,
  points: (count) => counted(count, russianPoints(count)),
  days: (count) => counted(count, plural(count, 'день', 'дня', 'дней')),
  history: {
    purchase: 'Покупка',
    held: 'Удержано на кассе',
    refund: 'Возврат',
    bonus: 'Подарок',
    adjustment: 'Корректировка',
    expiry: 'Сгорели',
  },
  operations: {
    earn: 'Начисление',
    redeem: 'Списание',
    apply: 'Скидка в чеке',
    release: 'Возврат баллов',
    refund: 'Отмена',
    merge: 'Объединение карт',
  },
}

export const englishWords: Words = {
  pointsWord: englishPoints,
  points: (count) => counted(count, englishPoints(count)),
  days: (count) => counted(count, plural(count, 'day', 'days')),
  history: {
    purchase: 'Purchase',
    held: 'Held at the register',
    refund: 'Refund',
    bonus: 'Gift',
    adjustment: 'Correction',
    expiry: 'Expired',
  },
  operations: {
    earn: 'Earning',
    redeem: 'Spending',
    apply: 'Discount in a receipt',
    release: 'Return of points',
    refund: 'Undo',
    merge: 'Merge of cards',
  },
}
