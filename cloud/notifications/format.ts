import type { Language } from '../../shared/me.ts'
import { russianPlural } from '../../shared/plural.ts'
import type { Instant } from '../../shared/time.ts'

const GAP = '\u00a0' // a number must not break at the end of a line

function grouped(language: Language, whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, language === 'ru' ? GAP : ',')
}

/** `1 250 ₽`, `12,05 ₽`: by whole numbers only. */
export function rubles(language: Language, kopecks: number): string {
  const whole = grouped(language, Math.floor(kopecks / 100))
  const rest = kopecks % 100
  const fraction = rest === 0 ? '' : `${language === 'ru' ? ',' : '.'}${String(rest).padStart(2, '0')}`
  return `${whole}${fraction}${GAP}₽`
}

/** `1 балл`, `1 250 баллов`. */
export function points(language: Language, count: number): string {
  const english = count === 1 ? 'point' : 'points'
  const word = language === 'ru' ? russianPlural(count, 'балл', 'балла', 'баллов') : english
  return `${grouped(language, count)}${GAP}${word}`
}

/** `21 января`: nothing is told of a day that is a year away. */
export function day(language: Language, at: Instant, timeZone: string): string {
  const locale = language === 'ru' ? 'ru' : 'en-GB'
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone }).format(at)
}
