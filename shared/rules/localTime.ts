import { DAY, type Instant } from '../time.ts'

/** What the clock on the wall of a time zone shows. */
export interface LocalTime {
  /** `2026-01-21`. */
  day: string
  /** `09:30`. */
  time: string
  /** Monday is 1. */
  weekday: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const two = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
  const format = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', ...two, hourCycle: 'h23' })
  formats.set(timeZone, format)
  return format
}

export function localTimeOf(at: Instant, timeZone: string): LocalTime {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const day = `${parts.year?.padStart(4, '0')}-${parts.month}-${parts.day}`
  return { day, time: `${parts.hour}:${parts.minute}`, weekday: weekdayOf(numberOfDay(day)) }
}

export const localDayOf = (at: Instant, timeZone: string) => localTimeOf(at, timeZone).day

/** Days lie as far apart as their numbers do, whatever became of the clock between them. */
export const numberOfDay = (day: string) => Date.parse(`${day}T00:00:00.000Z`) / DAY

/** The first of January 1970 was a Thursday. */
const weekdayOf = (numberOfDay: number) => ((((numberOfDay + 3) % 7) + 7) % 7) + 1

export const weekdayBefore = (weekday: number) => (weekday === 1 ? 7 : weekday - 1)
