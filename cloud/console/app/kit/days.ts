import { dayAfter, startOfLocalDay } from '../../../../shared/rules/localTime.ts'
import { toIso } from '../../../../shared/time.ts'

/** The begin of a day of the shops, as the cloud reads it; a later day for what counts the last one whole. */
export function startOf(day: string | undefined, timeZone: string, later = 0): string | undefined {
  const isDay = day !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(day)
  return isDay ? toIso(startOfLocalDay(dayAfter(day, later), timeZone)) : undefined
}
