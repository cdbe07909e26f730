import type { Language } from '../../shared/me.ts'
import { pluralOf } from '../../shared/plural.ts'
import type { Instant } from '../../shared/time.ts'

const THIN_GAP = '\u00a0' // a number must not break at the end of a line

function grouped(language: Language, whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, language === 'ru' ? THIN_GAP : ',')
}

/** `1 250 ₽`, `12,05 ₽`: by whole numbers only. */
export function rubles(language: Language, kopecks: number): string {
  const whole = grouped(language, Math.floor(kopecks / 100))
  const rest = kopecks % 100
  const fraction = rest === 0 ? '' : `${language === 'ru' ? ',' : '.'}${String(rest).padStart(2, '0')}`
  return `${whole}${fraction}${THIN_GAP}₽`
}

/** `1 балл`, `1 250 баллов`. */
export function points(language: Language, count: number): string {
  const word = pluralOf(language, count, { ru: ['балл', 'балла', 'баллов'], en: ['point', 'points'] })
  return `${grouped(language, count)}${THIN_GAP}${word}`
}

/** `21 января`: the day in UTC, as the programme counts days. */
export function day(language: Language, at: Instant): string {
  const locale = language === 'ru' ? 'ru' : 'en-GB'
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(at)
}
