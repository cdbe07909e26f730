import { dayAfter, numberOfDay, startOfLocalDay } from '../../../../shared/rules/localTime.ts'
import { toIso } from '../../../../shared/time.ts'

/** An address may have been typed: what is no day is not asked for. */
export const isDay = (text: string | undefined): text is string =>
  text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(numberOfDay(text))

/** The begin of a day of the shops, as the cloud reads it; a later day for what counts the last one whole. */
export function startOf(day: string | undefined, timeZone: string, later = 0): string | undefined {
  return isDay(day) ? toIso(startOfLocalDay(dayAfter(day, later), timeZone)) : undefined
}
