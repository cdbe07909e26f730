import { DAY, type Instant } from '../time.ts'
import type { Book } from './book.ts'
import { type DrawnFrom, drawnFrom, limitsDays } from './budget.ts'
import { isHeldOut } from './holdout.ts'
import { localDayOf, numberOfLocalDay } from './localTime.ts'
import { oncePer } from './oncePer.ts'
import type { Rule } from './rule.ts'
import { entryStatus } from './status.ts'

/** The facts about a customer when a purchase is judged. A fact that is left out is not known; the rules that ask it say so. */
export interface Facts {
  /** Purchases before this one; those that were wholly returned or given up do not count. */
  purchases?: number
  /** Local days since the last of them; null: there is none. */
  daysSinceLast?: number | null
  /** Local days since the registration. */
  daysSinceRegistered?: number
  /** How often a rule has given something, of each period that it counts. */
  uses?: Record<string, Record<string, number>>
  /** The status at the time of the purchase; null: none. */
  status?: string | null
  /** The segments they are in, of those that the book asks for; without `all`, in which every customer is. */
  segments?: readonly string[]
  /** The rules that leave this customer out, so that the effect of the rules can be measured. */
  heldOut?: readonly string[]
  /** The points that purchases of the same local day have earned, and how many purchases there were. */
  today?: OfDay
  /** The points that each budget has given in the period of the purchase, where rules draw on it. */
  spent?: Record<string, number>
}

export interface OfDay {
  points: number
  purchases: number
}

/** The counts of a customer that rules may ask for, as the ledger keeps them. */
export interface Counts {
  /** The card decides which rules leave the customer out. */
  card: string
  registeredAt: Instant
  /** Purchases that stand: earned or redeemed, not given up and not wholly returned. */
  purchases: number
  /** The moments of purchases, by id, as far as rules on days may ask about them. */
  latest: ReadonlyMap<string, Instant>
  /** How often rules have given something, by `keyOfUse`, as far as rules may ask about it. */
  uses: ReadonlyMap<string, number>
  /** The statuses they had at the times that may be asked about, in any order; left out: not known. */
  statuses?: readonly StatusFrom[] | undefined
  /** The counts of local days that limits may ask about; left out: not known. */
  days?: ReadonlyMap<string, OfDay> | undefined
  /** The segments they are in, of those that any book asks for; left out: not known. */
  segments?: readonly string[] | undefined
}

/** A status, and from when on. */
export interface StatusFrom {
  name: string | null
  from: Instant
}

export interface Use {
  ruleId: string
  /** A local day, or all of them. */
  period: string
}

export const keyOfUse = ({ ruleId, period }: Use) => `${period} ${ruleId}`

/** Whether a book asks anything about the customer. */
export const asksOfCustomer = ({ rules, statuses, limits }: Pick<Book, 'rules' | 'statuses' | 'limits'>) =>
  rules.length > 0 || statuses.length > 0 || limitsDays(limits)

/** The facts for a purchase of this moment; none where the book asks for none. */
export function factsOf(counts: Counts, book: Book, at: Instant): Facts {
  const { registeredAt, purchases, latest, uses, statuses, days } = counts
  const { rules, timeZone } = book
  const asked = questionsOf(book)
  const status = asked.status && statuses ? { status: statusAt(statuses, book, at) } : {}
  if (rules.length === 0 && !asked.day) return status
  const today = localDayOf(at, timeZone)
  const ofDay = asked.day && days ? { today: days.get(today) ?? { points: 0, purchases: 0 } } : {}
  if (rules.length === 0) return { ...status, ...ofDay }
  const daysSince = (moment: Instant) => numberOfLocalDay(at, timeZone) - numberOfLocalDay(moment, timeZone)
  const facts: Facts = { purchases, ...status, ...ofDay, ...groupsOf(counts, book) }
  if (asked.registration) facts.daysSinceRegistered = daysSince(registeredAt)
  if (asked.lastPurchase) {
    const last = lastUntilTheEndOfDay(latest.values(), { at, today, timeZone })
    facts.daysSinceLast = last === null ? null : daysSince(last)
  }
  if (asked.uses) {
    const counted = rules.flatMap(({ id: ruleId, uses: limits }) => {
      const periods = periodsOf(limits, () => today)
      if (periods.length === 0) return []
      const found = periods.map(({ period }) => [period, uses.get(keyOfUse({ ruleId, period })) ?? 0])
      return [[ruleId, Object.fromEntries(found)]]
    })
    facts.uses = Object.fromEntries(counted)
  }
  return facts
}

/** The segments a customer is in, of those that a book asks for, and the rules of the book that leave them out. */
export function groupsOf(
  { card, segments }: Pick<Counts, 'card' | 'segments'>,
  book: Pick<Book, 'rules'>,
): Pick<Facts, 'segments' | 'heldOut'> {
  const asked = segments ? segmentsAskedBy(book) : []
  const held = book.rules.filter(({ holdout_percent }) => holdout_percent !== undefined)
  return {
    ...(segments && asked.length > 0 && { segments: asked.filter((name) => segments.includes(name)) }),
    ...(held.length > 0 && {
      heldOut: held
        .filter(({ id, campaign = id, holdout_percent: percent = 0 }) =>
          isHeldOut(card, { of: campaign, percent }),
        )
        .map(({ id }) => id),
    }),
  }
}

/** The segment of all customers. */
export const EVERYBODY = 'all'

/** The segments that the rules of a book ask for, in order; `all` is never asked. */
export const segmentsAskedBy = ({ rules }: Pick<Book, 'rules'>): readonly string[] => segmentsOfRules(rules)

const segmentsOfRules = oncePer((rules: readonly Rule[]) => {
  const names = rules.flatMap(({ when, audience }) => [
    ...(audience === undefined ? [] : [audience]),
    ...when.flatMap((condition) =>
      condition.type === 'segment' ? [...(condition.in ?? []), ...(condition.not_in ?? [])] : [],
    ),
  ])
  return [...new Set(names)].filter((name) => name !== EVERYBODY).sort()
})

/** The budgets from which the rules of a book would draw for a purchase, each once. */
export function drawnBy(
  book: Pick<Book, 'rules' | 'budgets' | 'timeZone'>,
  { at, storeId }: { at: Instant; storeId: number | null },
): DrawnFrom[] {
  const used = budgetsInUse(book)
  if (used.length === 0) return []
  const day = localDayOf(at, book.timeZone)
  return used.map((budget) => drawnFrom(budget, { day, storeId }))
}

const budgetsInUse = oncePer(({ rules, budgets }: Pick<Book, 'rules' | 'budgets'>) => {
  const asked = new Set(rules.map(({ budget }) => budget))
  return budgets.filter(({ id }) => asked.has(id))
})

/** The status that began last before the purchase; a customer who never had another has the lowest. */
function statusAt(statuses: readonly StatusFrom[], book: Book, at: Instant): string | null {
  let last: StatusFrom | null = null
  for (const one of statuses) if (one.from <= at && one.from >= (last?.from ?? one.from)) last = one
  return last ? last.name : entryStatus(book)
}

/** The latest of these moments up to the end of a local day: a late journal brings purchases of one day in any order. */
export function lastUntilTheEndOfDay(
  moments: Iterable<Instant>,
  { at, today, timeZone }: { at: Instant; today: string; timeZone: string },
): Instant | null {
  let last = Number.NEGATIVE_INFINITY
  for (const moment of moments) {
    if (moment <= last || moment >= at + 2 * DAY) continue
    if (moment <= at || localDayOf(moment, timeZone) <= today) last = moment
  }
  return last === Number.NEGATIVE_INFINITY ? null : last
}

/** The period of uses that never ends; the others are local days. */
export const IN_ALL = 'total'

/** The periods in which a use of a rule counts, and how many there may be in each. */
export function periodsOf(
  limits: { per_day?: number | undefined; total?: number | undefined } | undefined,
  today: () => string,
): { period: string; limit: number }[] {
  const periods: { period: string; limit: number }[] = []
  if (limits?.total !== undefined) periods.push({ period: IN_ALL, limit: limits.total })
  if (limits?.per_day !== undefined) periods.push({ period: today(), limit: limits.per_day })
  return periods
}

/** The questions of a book about the customer, so that the ledger loads no more than they need. */
export interface Questions {
  lastPurchase: boolean
  registration: boolean
  uses: boolean
  status: boolean
  day: boolean
  segments: boolean
}

export const questionsOf = oncePer(
  ({ rules, statuses, limits }: Pick<Book, 'rules' | 'statuses' | 'limits'>): Questions => {
    const types = new Set(rules.flatMap(({ when }) => when.map(({ type }) => type)))
    return {
      lastPurchase: types.has('first_of_day') || types.has('days_since_last'),
      registration: types.has('registered_within'),
      uses: rules.some(({ uses }) => uses !== undefined),
      status: statuses.length > 0,
      day: limitsDays(limits),
      segments: segmentsAskedBy({ rules }).length > 0,
    }
  },
)
