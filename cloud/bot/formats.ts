import { DAY, type Instant } from '../../shared/time.ts'

export interface When {
  timeZone: string
  now: Instant
}

/** Nearer than this, a day and a month can mean one year only. */
const PLAIN_WITHOUT_YEAR_MS = 300 * DAY

/** 21 января; with the year where it could be another one. */
export function dayOf(at: Instant, locale: string, { timeZone, now }: When): string {
  const isFar = Math.abs(at - now) > PLAIN_WITHOUT_YEAR_MS
  const year = isFar ? ({ year: 'numeric' } as const) : {}
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', ...year, timeZone }).format(at)
}

const MOST_NAMED = 10

/** So many names, and how many more there are. */
export function someOf(names: string[], andMore: (count: number) => string): string {
  const more = names.length - MOST_NAMED
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` ${andMore(more)}` : ''}`
}
