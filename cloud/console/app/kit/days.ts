import { dayAfter, startOfLocalDay } from '../../../../shared/rules/localTime.ts'
import { toIso } from '../../../../shared/time.ts'

const isDay = (day: string | undefined): day is string => day !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(day)

/** The begin of a day of who asks, as the cloud reads it; a later day for what counts the last one whole. */
export function startOf(day: string | undefined, later = 0): string | undefined {
  if (!isDay(day)) return undefined
  const at = new Date(`${day}T00:00`)
  at.setDate(at.getDate() + later)
  return at.toISOString()
}

/** The same of a day of the shops: a report is equal for whoever looks at it, wherever they are. */
export function startAtShops(day: string | undefined, timeZone: string, later = 0): string | undefined {
  return isDay(day) ? toIso(startOfLocalDay(dayAfter(day, later), timeZone)) : undefined
}
