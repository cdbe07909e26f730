import type { Language } from '../../shared/me.ts'
import { formatKopecks, formatRubles } from '../../shared/numbers.ts'
import type { Instant } from '../../shared/time.ts'

/** `1 250 ₽`, `12,05 ₽`: kopecks only where there are some. */
export function rubles(language: Language, kopecks: number): string {
  if (kopecks % 100 === 0) return formatRubles(kopecks / 100)
  return formatKopecks(kopecks, language === 'ru' ? ',' : '.')
}

/** `21 января`: nothing is told of a day that is a year away. */
export function day(language: Language, at: Instant, timeZone: string): string {
  const locale = language === 'ru' ? 'ru' : 'en-GB'
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone }).format(at)
}
