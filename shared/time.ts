/** A moment, in milliseconds since 1970 UTC. On the wire it is ISO 8601 UTC with milliseconds. */
export type Instant = number

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const DAY = 24 * 60 * MINUTE

/** Of a cloud that was not told where its shops are. */
export const DEFAULT_TIME_ZONE = 'Europe/Moscow'

/** 00:00 UTC of the day the moment falls in. UTC days have no daylight saving: all are 24 hours. */
export function startOfUtcDay(at: Instant): Instant {
  return at - (((at % DAY) + DAY) % DAY)
}

export function toIso(at: Instant): string {
  return new Date(at).toISOString()
}

/** `2026-01-21 00:00`, UTC. */
export function moment(at: Instant | string | null): string {
  if (at === null) return '—'
  return (typeof at === 'string' ? at : toIso(at)).slice(0, 16).replace('T', ' ')
}

export function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}
