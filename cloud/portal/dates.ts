import { lastDayOf } from '../../shared/lastDay.ts'
import { DAY, type Instant } from '../../shared/time.ts'

/** All in the time of the phone. */
const format = (options: Intl.DateTimeFormatOptions, at: Instant, locale: string) =>
  new Intl.DateTimeFormat(locale, options).format(at)

export const formatTime = (at: Instant, locale: string) =>
  format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, at, locale)

export const formatDay = (at: Instant, locale: string) =>
  format({ day: 'numeric', month: 'long' }, at, locale)

export const formatFullDay = (at: Instant, locale: string) =>
  format({ day: 'numeric', month: 'long', year: 'numeric' }, at, locale)

export const formatMonth = (at: Instant, locale: string) =>
  format({ month: 'long', year: 'numeric' }, at, locale).replace(/ г\.$/, '')

/** Monday first, as everywhere here. */
export function weekdayNames(locale: string): string[] {
  const monday = new Date(2024, 0, 1).getTime()
  return Array.from({ length: 7 }, (_, index) => format({ weekday: 'short' }, monday + index * DAY, locale))
}

/** A text for each local day, to compare by. */
export function dayKey(at: Instant): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`
}

/** From today's midnight to that of the moment's day, in whole days; a day of 23 or 25 hours is one too. */
export function daysUntil(at: Instant, now: Instant): number {
  return Math.round((midnightOf(at) - midnightOf(now)) / DAY)
}

function midnightOf(at: Instant): Instant {
  return new Date(at).setHours(0, 0, 0, 0)
}

export interface Month {
  /** Of its first day. */
  at: Instant
  /** The days to show; of the present month, what is left from Monday on. */
  from: number
  to: number
  /** Empty cells before the first, so that Monday is left. */
  offset: number
}

/** The months in which the moments lie, the earliest first. */
export function monthsOf(moments: Instant[], now: Instant): Month[] {
  const firsts = new Set(moments.map((at) => new Date(new Date(at).setDate(1)).setHours(0, 0, 0, 0)))
  return [...firsts]
    .sort((a, b) => a - b)
    .map((at) => {
      const first = new Date(at)
      const today = new Date(now)
      const isPresent = first.getMonth() === today.getMonth() && first.getFullYear() === today.getFullYear()
      const from = isPresent ? Math.max(1, today.getDate() - weekdayOf(today)) : 1
      return {
        at,
        from,
        to: new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate(),
        offset: from === 1 ? weekdayOf(first) : 0,
      }
    })
}

/** Monday is 0. */
function weekdayOf(date: Date): number {
  return (date.getDay() + 6) % 7
}

/** The last day to spend what dies then, as a day in the calendar of the phone; by the shops' time where it is known. */
export function lastDayHere(diesAt: Instant, timeZone: string | undefined): Instant {
  const zone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const day = new Date(lastDayOf(diesAt, zone))
  return new Date(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()).getTime()
}
