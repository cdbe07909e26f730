import { DAY, type Instant, toIso } from './time.ts'

/**
 * The last whole day on which points that die at this instant can be spent, in the time zone of the shops: the day
 * before the one on which they die there. As midnight UTC of that day, to be formatted in UTC.
 */
export const lastDayOf = (diesAt: Instant, timeZone: string): Instant => midnightOf(diesAt, timeZone) - DAY

/** The day of a moment by the calendar of the shops: `2026-01-21`. */
export function dayIn(timeZone: string, at: Instant): string {
  return toIso(midnightOf(at, timeZone)).slice(0, 10)
}

/** Midnight UTC of the day that it is then in this time zone. */
function midnightOf(at: Instant, timeZone: string): Instant {
  const parts = calendarOf(timeZone).formatToParts(at)
  const part = (type: 'year' | 'month' | 'day') => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day'))
}

/** A zone that this device has never heard of is no reason to show nothing. */
function calendarOf(timeZone: string): Intl.DateTimeFormat {
  const form = { year: 'numeric', month: 'numeric', day: 'numeric', calendar: 'gregory' } as const
  try {
    return new Intl.DateTimeFormat('en', { ...form, timeZone })
  } catch {
    return new Intl.DateTimeFormat('en', { ...form, timeZone: 'UTC' })
  }
}
