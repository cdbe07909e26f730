import { dayIn, lastDayOf } from '../../../shared/lastDay.ts'
import type { Language } from '../../../shared/me.ts'
import { formatCard, formatKopecks, formatSigned, formatWhole } from '../../../shared/numbers.ts'
import { localDayOf } from '../../../shared/rules/localTime.ts'
import { englishWords, russianWords } from '../../../shared/words/words.ts'
import { useTimeZone } from './timeZone.ts'
import { useLanguage } from './words.ts'

const LOCALES: Record<Language, string> = { ru: 'ru-RU', en: 'en-GB' }

/** How numbers and moments are written: moments by the clock of the shops. */
function formatsOf(language: Language, timeZone: string) {
  const locale = LOCALES[language]
  const moment = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { hourCycle: 'h23', timeZone, ...options })
    // A Russian year would end in a point of its own.
    return (at: string | number | Date) => format.format(new Date(at)).replace(/ г\.(?=,|$)/, '')
  }
  const decimal = language === 'ru' ? ',' : '.'
  const rouble = (kopecks: number) => formatKopecks(kopecks, decimal)
  const day = moment({ day: 'numeric', month: 'short' })
  const fullDay = moment({ day: 'numeric', month: 'short', year: 'numeric' })
  const calendarDay = moment({ day: 'numeric', month: 'short', timeZone: 'UTC' })
  const fullCalendarDay = moment({ day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
  const time = moment({ hour: '2-digit', minute: '2-digit' })
  const isThisYear = (day: string) => day.slice(0, 4) === localDayOf(Date.now(), timeZone).slice(0, 4)
  const shortDay = (at: string | number | Date) =>
    isThisYear(localDayOf(new Date(at).getTime(), timeZone)) ? day(at) : fullDay(at)
  /** `2026-12-07` of a calendar. */
  function saidDay(text: string): string {
    const noon = `${text}T12:00:00Z`
    return isThisYear(text) ? calendarDay(noon) : fullCalendarDay(noon)
  }
  return {
    whole: formatWhole,
    card: formatCard,
    rouble,
    /** Without kopecks: for large sums beside each other. */
    roubles: (kopecks: number) => `${formatWhole(Math.round(kopecks / 100))}\u00a0₽`,
    signed: formatSigned,
    signedRouble: (kopecks: number) => (kopecks > 0 ? `+${rouble(kopecks)}` : rouble(kopecks)),
    number: (value: number) => value.toLocaleString(locale, { maximumFractionDigits: 2 }),
    percent: (basisPoints: number) =>
      `${(basisPoints / 100).toLocaleString(locale, { maximumFractionDigits: 1 })}\u00a0%`,
    points: (language === 'ru' ? russianWords : englishWords).points,
    time,
    day: shortDay,
    fullDay,
    moment: (at: string | number | Date) => `${shortDay(at)}, ${time(at)}`,
    exact: moment({ dateStyle: 'long', timeStyle: 'long' }),
    /** `2026-12` of a calendar. */
    month: (text: string) =>
      new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' })
        .format(new Date(`${text}-15T00:00:00Z`))
        .replace(/ г\.$/, ''),
    calendarDay: saidDay,
    /** Of what ends at that moment: the last day on which it is there, which tills and messages say too. */
    lastDay: (endsAt: string) => saidDay(dayIn('UTC', lastDayOf(Date.parse(endsAt), timeZone))),
  }
}
export type Formats = ReturnType<typeof formatsOf>

const made = new Map<string, Formats>()
export function formatsFor(language: Language, timeZone: string): Formats {
  const key = `${language} ${timeZone}`
  const formats = made.get(key) ?? formatsOf(language, timeZone)
  made.set(key, formats)
  return formats
}
export const useFormats = (): Formats => formatsFor(useLanguage(), useTimeZone())
