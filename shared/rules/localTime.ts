import { DAY, type Instant, MINUTE } from '../time.ts'

/** What the clock on the wall of a time zone shows. */
export interface LocalTime {
  /** `2026-01-21`. */
  day: string
  /** `09:30`. */
  time: string
  /** Monday is 1. */
  weekday: number
}

export function localTimeOf(at: Instant, timeZone: string): LocalTime {
  const wall = wallOf(at, timeZone)
  const number = Math.floor(wall / DAY)
  const minutes = Math.floor((wall - number * DAY) / MINUTE)
  const time = `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`
  return { day: dayOf(number), time, weekday: weekdayOf(number) }
}

const twoDigits = (number: number) => String(number).padStart(2, '0')

/** What the clock of the zone shows, read as if it were that of UTC. */
const wallOf = (at: Instant, timeZone: string): Instant => at + offsetAt(at, timeZone)

/** When a local day begins. */
export function startOfLocalDay(day: string, timeZone: string): Instant {
  const wall = numberOfDay(day) * DAY
  // Of midnight itself the offset is asked where the day begins, not where the clock was changed in it.
  const guess = wall - offsetAt(wall - offsetAt(wall, timeZone), timeZone)
  return localDayOf(guess, timeZone) < day ? wall - offsetAt(wall, timeZone) : guess
}

/** When a clock of the zone shows it: a minute of a day, or a day, which is its beginning. */
export function momentOf(local: string, timeZone: string): Instant {
  const [day = '', time] = local.split('T')
  if (time === undefined) return startOfLocalDay(day, timeZone)
  const wall = Date.parse(`${local}:00.000Z`)
  return wall - offsetAt(wall - offsetAt(wall, timeZone), timeZone)
}

export const localDayOf = (at: Instant, timeZone: string) => dayOf(numberOfLocalDay(at, timeZone))

/** As `numberOfDay` of the local day. */
export const numberOfLocalDay = (at: Instant, timeZone: string) => Math.floor(wallOf(at, timeZone) / DAY)

/** Clocks are changed at the quarters of an hour, and asking what one shows takes a hundred times as long as remembering. */
const QUARTER = 15 * MINUTE
const MOST_REMEMBERED = 10_000
/** By zone and quarter. */
const offsets = new Map<string, Map<number, number>>()

function offsetAt(at: Instant, timeZone: string): number {
  const quarter = Math.floor(at / QUARTER)
  const known = offsets.get(timeZone)?.get(quarter)
  if (known !== undefined) return known
  const ofZone = offsets.get(timeZone) ?? new Map<number, number>()
  if (ofZone.size >= MOST_REMEMBERED) ofZone.clear()
  const offset = wallClockOf(quarter * QUARTER, timeZone) - quarter * QUARTER
  offsets.set(timeZone, ofZone.set(quarter, offset))
  return offset
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

/** What the clock of the zone shows, to the minute, as an instant of UTC. */
function wallClockOf(at: Instant, timeZone: string): Instant {
  const { year, month, day, hour, minute } = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute', number>
  return Date.UTC(year, month - 1, day, hour, minute)
}

/** Days lie as far apart as their numbers do, whatever became of the clock between them. */
export const numberOfDay = (day: string) => Date.parse(`${day}T00:00:00.000Z`) / DAY

/** The local day that is so many days later. */
export const dayAfter = (day: string, days: number) => dayOf(numberOfDay(day) + days)

const names = new Map<number, string>()

/** The day of a number, as `numberOfDay` has it: the few that sales are about, many times each. */
function dayOf(number: number): string {
  const known = names.get(number)
  if (known !== undefined) return known
  if (names.size >= MOST_REMEMBERED) names.clear()
  const name = new Date(number * DAY).toISOString().slice(0, 10)
  names.set(number, name)
  return name
}

/** The first of January 1970 was a Thursday. */
export const weekdayOf = (numberOfDay: number) => ((((numberOfDay + 3) % 7) + 7) % 7) + 1

export const weekdayBefore = (weekday: number) => (weekday === 1 ? 7 : weekday - 1)
