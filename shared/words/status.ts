import { formatRubles, formatWhole, NO_BREAK_SPACE } from '../numbers.ts'
import { plural } from './plural.ts'
import { englishWords, russianWords } from './words.ts'

/** What till, Mini App, bot and its messages say of statuses. A measure that a newer cloud has is a mere number. */
export interface StatusWords {
  /** So much of a measure: `340 ₽`, `2 покупки`, `40 баллов`. */
  amount(metric: string, count: number): string
  /** `ещё 340 ₽ до Платины` */
  missing(metric: string, count: number, title: string): string
}

export const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)

const counted = (count: number, word: string) => `${formatWhole(count)}${NO_BREAK_SPACE}${word}`

/** Kopecks that are missing are rounded up: with what is said it must be reached. */
const measures: Record<'ru' | 'en', Record<string, (count: number) => string>> = {
  ru: {
    net_purchases: (kopecks) => formatRubles(Math.ceil(kopecks / 100)),
    purchases: (count) => counted(count, plural(count, 'покупка', 'покупки', 'покупок')),
    earned_points: russianWords.points,
  },
  en: {
    net_purchases: (kopecks) => formatRubles(Math.ceil(kopecks / 100)),
    purchases: (count) => counted(count, plural(count, 'purchase', 'purchases')),
    earned_points: englishWords.points,
  },
}

const amountIn = (language: 'ru' | 'en') => (metric: string, count: number) =>
  (measures[language][metric] ?? formatWhole)(count)

/** Of one word whose end tells how it is declined; any other title stands as it is. */
function genitive(title: string): string {
  if (/^[а-яё]+[гкхжчшщ]а$/i.test(title)) return `${title.slice(0, -1)}и`
  if (/^[а-яё]+а$/i.test(title)) return `${title.slice(0, -1)}ы`
  if (/^[а-яё]+о$/i.test(title)) return `${title.slice(0, -1)}а`
  return `статуса «${title}»`
}

export const russianStatusWords: StatusWords = {
  amount: amountIn('ru'),
  missing: (metric, count, title) => `ещё ${amountIn('ru')(metric, count)} до ${genitive(title)}`,
}

export const englishStatusWords: StatusWords = {
  amount: amountIn('en'),
  missing: (metric, count, title) => `${amountIn('en')(metric, count)} more to ${title}`,
}
