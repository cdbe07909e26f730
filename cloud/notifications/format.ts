import type { Language } from '../../shared/me.ts'
import {
  formatKopecks,
  formatRubles,
  formatWhole,
  NO_BREAK_SPACE,
  russianPlural,
} from '../../shared/numbers.ts'
import type { Instant } from '../../shared/time.ts'

/** `1 250 ₽`, `12,05 ₽`: kopecks only where there are some. */
export function rubles(language: Language, kopecks: number): string {
  if (kopecks % 100 === 0) return formatRubles(kopecks / 100)
  return formatKopecks(kopecks, language === 'ru' ? ',' : '.')
}

/** `1 балл`, `1 250 баллов`. */
export function points(language: Language, count: number): string {
  const english = count === 1 ? 'point' : 'points'
  const word = language === 'ru' ? russianPlural(count, 'балл', 'балла', 'баллов') : english
  return `${formatWhole(count)}${NO_BREAK_SPACE}${word}`
}

/** `21 января`: nothing is told of a day that is a year away. */
export function day(language: Language, at: Instant, timeZone: string): string {
  const locale = language === 'ru' ? 'ru' : 'en-GB'
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone }).format(at)
}
