import type { Fragment } from 'postgres'
import { dayAfter, localDayOf, startOfLocalDay } from '../../../shared/rules/localTime.ts'
import { DAY, type Instant, toIso } from '../../../shared/time.ts'
import type { Sql, Tx } from '../../database/connect.ts'

/** A span of time that ends where the next one begins, such as a local day. */
export interface Span {
  name: string
  begins: Instant
}

/** Days one after the other, from that of one moment to that of another: `2026-01-21`. */
export function daysBetween(from: Instant, to: Instant, timeZone: string): Span[] {
  const last = localDayOf(to, timeZone)
  const days: Span[] = []
  for (let name = localDayOf(from, timeZone); name <= last; name = dayAfter(name, 1))
    days.push({ name, begins: startOfLocalDay(name, timeZone) })
  return days
}

/** Months one after the other, from that of one moment to that of another: `2026-01`. */
export function monthsBetween(from: Instant, to: Instant, timeZone: string): Span[] {
  const last = monthOf(to, timeZone)
  const months: Span[] = []
  for (let name = monthOf(from, timeZone); name <= last; name = monthAfter(name, 1))
    months.push({ name, begins: startOfMonth(name, timeZone) })
  return months
}

/** No book lets points live longer than ten years. */
const LONGEST_LIFE_MS = 3653 * DAY

/** The months in which points that live at that moment can die. */
export const monthsAhead = (from: Instant, timeZone: string) =>
  monthsBetween(from, from + LONGEST_LIFE_MS, timeZone)

export const monthOf = (at: Instant, timeZone: string) => localDayOf(at, timeZone).slice(0, 7)
export const startOfMonth = (month: string, timeZone: string) => startOfLocalDay(`${month}-01`, timeZone)

export function monthAfter(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + months)).toISOString().slice(0, 7)
}

/**
 * In which of these spans a moment of the query lies, the first is 0: asking a clock on a wall for every row takes most of the
 * time of a report. The array is typed as it is, or Postgres would read its texts anew for every row.
 */
export const placeAmong = (sql: Sql | Tx, moment: Fragment, spans: Span[]) => sql`
  (width_bucket(${moment}, ${spans.map(({ begins }) => toIso(begins))}::timestamptz[]) - 1)`

/** The same of a moment that is still of the span before where a span begins: points that die at midnight could be spent that day. */
export const placeAfter = (sql: Sql | Tx, moment: Fragment, spans: Span[]) =>
  placeAmong(
    sql,
    moment,
    spans.map(({ name, begins }) => ({ name, begins: begins + 1 })),
  )
