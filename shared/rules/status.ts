import { z } from 'zod'
import type { Instant } from '../time.ts'
import { word } from './rule.ts'

const size = z.int().min(0).max(1_000_000_000_000)
const basisPoints = z.int().min(0).max(10_000)
const days = z.int().min(0).max(365)

/** A status that a customer has for as long as they reach enough of its measure. */
export const statusSchema = z
  .strictObject({
    name: word.meta({ title: 'Name', description: 'By which rules ask for it.' }),
    title: z.string().trim().min(1).max(50).meta({ title: 'Title, as customers read it' }),
    colour: z
      .string()
      .regex(/^#[\da-f]{6}$/i, 'a colour such as #c0c0c0 is expected')
      .meta({ title: 'Colour' }),
    from: size.meta({
      title: 'Reached with',
      description: 'Kopecks, purchases or points, as the measure is.',
    }),
    keep: size
      .optional()
      .meta({ title: 'Kept with', description: 'Left out: with what it is reached with.' }),
    cashback_basis_points: basisPoints.meta({
      title: 'Cashback of what is paid in money, in the place of that of the base',
      unit: 'basis points',
    }),
    max_discount_basis_points: basisPoints
      .optional()
      .meta({ title: 'Largest discount, of the purchase; left out: that of the base', unit: 'basis points' }),
    benefits: z
      .array(z.string().trim().min(1).max(200))
      .max(20)
      .default([])
      .meta({ title: 'What else they have by it, as customers read it' }),
  })
  .refine(({ from, keep = from }) => keep <= from, {
    path: ['keep'],
    error: 'it would be lost as soon as it is reached: it is kept with more than it is reached with',
  })
  .meta({ id: 'Status', title: 'Status' })
export type Status = z.infer<typeof statusSchema>

/** The terms by which statuses are reached and lost. */
export const statusTermsSchema = z
  .strictObject({
    metric: z.enum(['net_purchases', 'purchases', 'earned_points']).default('net_purchases').meta({
      title: 'Measure',
      description: 'Money paid less what was returned, the number of purchases, or points earned by them.',
    }),
    period: z
      .discriminatedUnion('type', [
        z.strictObject({ type: z.literal('rolling_months'), months: z.int().min(1).max(36).default(12) }),
        z.strictObject({ type: z.literal('calendar_year') }),
      ])
      .prefault({ type: 'rolling_months' })
      .meta({
        title: 'Period',
        description:
          'The months before today; or the calendar year, and what was reached in it holds the next.',
      }),
    notice_days: days.default(14).meta({ title: 'Between the notice and the loss', unit: 'days' }),
    grace_days: days.default(0).meta({ title: 'After it, before the status is lost', unit: 'days' }),
    down: z
      .enum(['one_step', 'deserved'])
      .default('deserved')
      .meta({ title: 'Who loses it goes down', description: 'To the next one, or to the one that is kept.' }),
  })
  .meta({ title: 'How statuses are reached and lost' })
export type StatusTerms = z.infer<typeof statusTermsSchema>

/** The statuses of a book, from the lowest to the highest, and their terms. */
export interface Ladder {
  statuses: Status[]
  status_terms: StatusTerms
}

export const keptWith = ({ from, keep = from }: Status) => keep

/** The step of a status on the ladder; -1 for none, or for one that the book does not have any more. */
export const stepOf = ({ statuses }: Pick<Ladder, 'statuses'>, name: string | null) =>
  statuses.findIndex((status) => status.name === name)

/** The status of customers without another one: the lowest, where it is reached with nothing. */
export function entryStatus({ statuses: [lowest] }: Pick<Ladder, 'statuses'>): string | null {
  return lowest?.from === 0 ? lowest.name : null
}

/** How much of the measure a customer has; where the period is a calendar year, also how much they had in the year before. */
export interface Measured {
  value: number
  /** Null: the measure knows no period before this one. */
  before: number | null
}

/** The amount that decides about a status: one year counts for the next, too. */
export const judgedBy = ({ value, before }: Measured) => Math.max(value, before ?? 0)

function reachedStep({ statuses }: Pick<Ladder, 'statuses'>, value: number): number {
  return statuses.findLastIndex(({ from }) => from <= value)
}

/** The highest step that is kept, of those up to this one. */
function keptStep({ statuses }: Ladder, value: number, upTo: number): number {
  return statuses.slice(0, upTo + 1).findLastIndex((status) => keptWith(status) <= value)
}

/** The step that a customer deserves who rightly had this one: the step they reach, or a lower one that they keep. */
const deservedStep = (ladder: Ladder, value: number, had: number) =>
  Math.max(reachedStep(ladder, value), keptStep(ladder, value, had))

/** Why a status was written. */
export type Cause =
  /** A purchase has reached it. */
  | 'reached'
  /** The book has statuses now, or other ones. */
  | 'book'
  /** Goods came back with which it had been reached. */
  | 'returned'
  /** The period has moved on, and not enough is left in it: it will be lost at `until`. */
  | 'notice'
  /** Enough was bought after the notice. */
  | 'kept'
  /** The time of the notice is over. */
  | 'lost'
  /** A person has given it, until `until`. */
  | 'set'
  /** The time for which it was given is over. */
  | 'ended'
  /** A card that has become theirs had it. */
  | 'merged'

/** The last record of a customer's status. */
export interface Standing {
  at: Instant
  status: string | null
  cause: Cause
  /** When a notice, or a status that a person has given, ends. */
  until: Instant | null
  /** The amount of the measure that decided. */
  value: number
  /** The status they had before people set one, however often people have set another since. */
  beforeSet?: string | null
}

/** The status that a person has set last, whatever came over it since. */
export interface Given {
  status: string | null
  until: Instant
  /** What was judged by then. */
  value: number
}

/** How a customer came to their present status. */
export interface Entry {
  /** The status before it. */
  before: string | null
  /** The amount with which it was reached; null where it was not reached. */
  needed: number | null
  /** The part of that amount that is left today, without returned goods; null: it was not asked for. */
  left: number | null
}

export interface StatusChange {
  status: string | null
  cause: Cause
  until: Instant | null
  /** The amount with which the new status was reached. */
  needed: number | null
}

interface Judged {
  ladder: Ladder
  /** Null: nothing was ever written, they have the entry status. */
  standing: Standing | null
  given?: Given | null
  /** The statuses of cards that were merged into theirs since. */
  brought?: Pick<Standing, 'status' | 'cause' | 'until'>[]
  entry: Entry | null
  measured: Measured
  /** Purchases and returns; a book that has changed; or only a day that has passed. */
  by: 'purchase' | 'book' | 'day'
  now: Instant
  /** The beginning of the local day that is so many days from today. */
  dayFrom: (days: number) => Instant
}

/** The change of a customer's status that is due now; null: it stays as it is. */
export function nextStatus(judged: Judged): StatusChange | null {
  const { ladder, standing } = judged
  if (ladder.statuses.length === 0) return null
  const higher = broughtAlong(judged)
  if (higher) return higher
  if (standing?.cause === 'set') return afterSet(judged, standing)
  return raised(judged, placeOf(judged).step) ?? undone(judged) ?? passed(judged)
}

function placeOf({ ladder, standing, measured }: Judged) {
  const name = standing ? standing.status : entryStatus(ladder)
  const value = judgedBy(measured)
  return { name, value, step: stepOf(ladder, name), reached: reachedStep(ladder, value) }
}

/** The highest status of a merged card goes on as it was, until its end where one was told or set. */
function broughtAlong(judged: Judged): StatusChange | null {
  const { ladder, now, brought = [] } = judged
  const { step, reached } = placeOf(judged)
  const own = Math.max(step, reached)
  const [highest] = brought
    .filter(({ status, until }) => stepOf(ladder, status) > own && (until === null || until > now))
    .sort((a, b) => stepOf(ladder, b.status) - stepOf(ladder, a.status))
  if (!highest) return null
  const { status, cause, until } = highest
  return { status, cause: until === null ? 'merged' : cause, until, needed: null }
}

/** The rise to a step above this one, where it is reached; also from a status that the book does not have any more. */
function raised(judged: Judged, above: number): StatusChange | null {
  const { name, step, reached } = placeOf(judged)
  const isUnknown = step < 0 && name !== null
  if (reached <= above && !isUnknown) return null
  return to(judged, reached, judged.by === 'book' ? 'book' : 'reached')
}

/** A status that a person has set stays until its end, unless the customer reaches a higher one after it was set. */
function afterSet(
  judged: Judged,
  { until, value: valueThen, beforeSet = null }: Standing,
): StatusChange | null {
  const { ladder, now } = judged
  const { value, step } = placeOf(judged)
  if (until !== null && now >= until)
    return backTo(judged, deservedStep(ladder, value, stepOf(ladder, beforeSet)), 'ended')
  return raised(judged, Math.max(step, reachedStep(ladder, valueThen)))
}

/** Goods came back without which the status would not have been reached: it ends at once. */
function undone(judged: Judged): StatusChange | null {
  const { ladder, entry } = judged
  const { value, step, reached } = placeOf(judged)
  if (entry === null || entry.needed === null || entry.left === null || entry.left >= entry.needed)
    return null
  if (reached >= step) return null
  return backTo(
    judged,
    deservedStep(ladder, value, Math.min(step - 1, stepOf(ladder, entry.before))),
    'returned',
  )
}

/**
 * A status that is not kept any more gets a notice first, and is lost when the time of the notice is over. A day takes one step
 * at most, however often the job of the day runs.
 */
function passed(judged: Judged): StatusChange | null {
  const { ladder, standing, by, now, dayFrom } = judged
  const { name, value, step } = placeOf(judged)
  const present = ladder.statuses[step]
  if (!present) return null
  const { notice_days, grace_days, down } = ladder.status_terms
  const until = standing?.cause === 'notice' ? standing.until : null
  const same = { status: name, needed: null }
  if (keptWith(present) <= value) return until === null ? null : { ...same, cause: 'kept', until: null }
  if (by !== 'day' || (standing?.cause === 'lost' && standing.at >= dayFrom(0))) return null
  const days = notice_days + grace_days
  if (until === null && days > 0) return { ...same, cause: 'notice', until: dayFrom(days) }
  if (until !== null && now < until) return null
  return backTo(judged, down === 'one_step' ? step - 1 : deservedStep(ladder, value, step - 1), 'lost')
}

/** What had come over a status that a person has set is over: the set one goes on until its end, as if nothing had come. */
function backTo(judged: Judged, deserved: number, cause: Cause): StatusChange {
  const { ladder, given, now } = judged
  const step = given && given.until > now ? stepOf(ladder, given.status) : -1
  if (!given || step < 0 || deserved > Math.max(step, reachedStep(ladder, given.value)))
    return to(judged, deserved, cause)
  return { status: given.status, cause: 'set', until: given.until, needed: null }
}

function to(judged: Judged, step: number, cause: Cause): StatusChange {
  const { reached } = placeOf(judged)
  const status = judged.ladder.statuses[step]
  return {
    ...{ status: status?.name ?? null, cause, until: null },
    needed: status && step <= reached ? status.from : null,
  }
}

/** A higher status is reached, and not given yet. */
export const isAboutToRise = (ladder: Ladder, { status, value }: { status: string | null; value: number }) =>
  reachedStep(ladder, value) > stepOf(ladder, status)

export interface Progress {
  status: Status | null
  /** The next status, and how much of the measure is missing; null: they have the highest. */
  next: { status: Status; missing: number } | null
  /** The status that this very purchase reaches. */
  reaches: Status | null
}

/** How far a customer is on the ladder, and where a purchase would take them. */
export function progressOf(
  ladder: Ladder,
  { status: name, value }: { status: string | null; value: number },
  brings: { paidKopecks: number; earned: number } | null = null,
): Progress {
  const { statuses, status_terms: terms } = ladder
  const step = stepOf(ladder, name)
  const after = value + (brings === null ? 0 : added(terms.metric, brings))
  // A step that is reached already is given within a minute: it is no goal any more.
  const next = statuses[Math.max(step, reachedStep(ladder, value)) + 1]
  const reached = reachedStep(ladder, after)
  return {
    status: statuses[step] ?? null,
    next: next ? { status: next, missing: next.from - value } : null,
    reaches: (reached > step && after > value && statuses[reached]) || null,
  }
}

function added(
  metric: StatusTerms['metric'],
  { paidKopecks, earned }: { paidKopecks: number; earned: number },
) {
  switch (metric) {
    case 'net_purchases':
      return paidKopecks
    case 'purchases':
      return 1
    case 'earned_points':
      return earned
  }
}

/** The first local day of the present period, and of the one before it where that matters too. */
export function periodAt(
  terms: Pick<StatusTerms, 'period'>,
  today: string,
): { from: string; before: string | null } {
  const year = Number(today.slice(0, 4))
  if (terms.period.type === 'calendar_year') return { from: `${year}-01-01`, before: `${year - 1}-01-01` }
  return { from: monthsBefore(today, terms.period.months), before: null }
}

/** The same day of an earlier month, or the last that the month has. */
function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const first = new Date(Date.UTC(year, month - 1 - months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(date, last))
  return first.toISOString().slice(0, 10)
}
