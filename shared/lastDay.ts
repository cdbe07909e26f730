import { DAY, type Instant } from './time.ts'

/**
 * The last whole day on which points that die at this instant can be spent, in the time zone of the shops: the day
 * before the one on which they die there. As midnight UTC of that day, to be formatted in UTC.
 */
export function lastDayOf(diesAt: Instant, timeZone: string): Instant {
  const parts = calendarOf(timeZone).formatToParts(diesAt)
  const part = (type: 'year' | 'month' | 'day') => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day')) - DAY
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
