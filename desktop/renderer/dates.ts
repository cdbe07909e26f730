import type { Instant } from '../../shared/time.ts'

/** In the register's local time; a moment of another day also names the day. */
export function formatMoment(at: Instant, now: Instant, locale: string): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString()
  return isToday ? formatTime(at, locale) : `${formatDay(at, locale)}, ${formatTime(at, locale)}`
}

export function formatTime(at: Instant, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
}

export function formatDay(at: Instant, locale: string): string {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' }).format(at)
}

/** A day that is no moment, as `lastDayOf` gives it. */
export function formatUtcDay(at: Instant, locale: string): string {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(at)
}
