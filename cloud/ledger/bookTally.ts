import type { Item } from '../../shared/items.ts'
import type { Book } from '../../shared/rules/book.ts'
import { type DrawnFrom, keyOfDraw } from '../../shared/rules/budget.ts'
import {
  asksOfCustomer,
  drawnBy,
  type Facts,
  factsOf,
  keyOfUse,
  type OfDay,
  questionsOf,
  segmentsAskedBy,
} from '../../shared/rules/facts.ts'
import { type Award, earnedPoints, type Quote, quote } from '../../shared/rules/quote.ts'
import { isOfVoucher } from '../../shared/rules/voucher.ts'
import type { Instant } from '../../shared/time.ts'
import type { createBudgetEnds, TriedEnd } from './budgetEnd.ts'

export interface Trial {
  operations: number
  points: { before: number; after: number }
  byRule: { ruleId: string | null; title: string | null; before: number; after: number; awards: number }[]
  byStore: { storeId: number; name: string; before: number; after: number }[]
  customers: { better: number; worse: number; same: number }
  /** By rule, how often it gave nothing, for each reason. */
  skipped: Record<string, Record<string, number>>
  /** The points that each budget has given, and would have given, in each of its periods. */
  byBudget: (DrawnFrom & { before: number; after: number; end: TriedEnd | null })[]
  /** Purchases of which the book asks something that was not kept with them: it was counted anew. */
  countedAnew: number
}

export interface TriedPurchase {
  id: string
  customerId: number
  storeId: number
  at: Instant
  kopecks: number
  before: number
  after: number
  /** The awards that it would have earned. */
  awards: readonly Award[]
}

/** A purchase as the ledger judged it, with what was known of its customer. */
export interface JudgedPurchase {
  customerId: number
  card: string
  /** The segments that the customer is in now, of those that the book asks for; null where it asks for none. */
  segments: string[] | null
  id: string
  at: Instant
  storeId: number
  purchaseKopecks: number
  quote: Quote
  registeredAt: Instant
  /** How many purchases the customer had made before, and when the latest of them was; returned ones count too. */
  purchasesBefore: number
  lastAt: Instant | null
  /** Null: 1C did not say them, or they are not kept any more. */
  items: Item[] | null
  /** The status of the customer at the time of the sale; null: they never had another than the lowest. */
  status: { name: string | null } | null
}

interface Around {
  ends: ReturnType<typeof createBudgetEnds>
  /** The published versions that give the same as this book: what they had counted then holds for it. */
  versionsAlike: ReadonlySet<number>
  /** The segments that each version asked for. */
  askedBy: ReadonlyMap<number, ReadonlySet<string>>
}

/** The counts of one customer, as this book would have them. */
const newCustomer = () => ({
  ...{ id: 0, before: 0, after: 0 },
  uses: new Map<string, number>(),
  days: new Map<string, OfDay>(),
})

/** Judges purchases by the book, customer by customer, and adds up what they would have earned. */
export function createTally(
  book: Book,
  names: ReadonlyMap<number, string>,
  { ends, versionsAlike, askedBy }: Around,
) {
  const asked = segmentsAskedBy(book)
  const titles = new Map(book.rules.map(({ id, title }) => [id, title]))
  const byRule = new Map<string | null, { before: number; after: number; awards: number }>()
  const byStore = new Map<number, { before: number; after: number }>()
  const skipped: Trial['skipped'] = {}
  const customers = { better: 0, worse: 0, same: 0 }
  const points = { before: 0, after: 0 }
  let operations = 0
  let countedAnew = 0
  const budgets = new Map<string, DrawnFrom & { before: number; after: number }>()
  let customer = newCustomer()

  function closeCustomer(): void {
    const { id, before, after } = customer
    if (id !== 0) customers[after > before ? 'better' : after < before ? 'worse' : 'same'] += 1
  }

  const ofRule = (ruleId: string | null) => {
    const found = byRule.get(ruleId) ?? { before: 0, after: 0, awards: 0 }
    byRule.set(ruleId, found)
    return found
  }

  const ofBudget = (from: DrawnFrom) => {
    const found = budgets.get(keyOfDraw(from)) ?? { ...from, before: 0, after: 0 }
    budgets.set(keyOfDraw(from), found)
    return found
  }

  return {
    operations: () => operations,

    add(row: JudgedPurchase): Pick<TriedPurchase, 'before' | 'after' | 'awards'> {
      if (row.customerId !== customer.id) {
        closeCustomer()
        customer = { ...newCustomer(), id: row.customerId }
      }
      const { purchaseKopecks: kopecks, at, storeId } = row
      const spent = drawnBy(book, { at, storeId }).map((from): [string, number] => [
        from.budgetId,
        budgets.get(keyOfDraw(from))?.after ?? 0,
      ])
      const { facts, isAnew } = factsFor(row, book, {
        ...{ uses: customer.uses, days: customer.days, spent: Object.fromEntries(spent) },
        isKnown: versionsAlike.has(row.quote.version),
        segments: segmentsOf(row, asked, askedBy.get(row.quote.version)),
      })
      const beside = row.quote.awards.filter(isOfVoucher)
      const judgeBy = (book: Book) => {
        const purchase = { kopecks, at, storeId, ...(row.items && { items: row.items }) }
        return quote(book, purchase, row.quote.discount, facts, { beside })
      }
      const judged = judgeBy(book)
      if (spent.length > 0) ends.add(at, judgeBy(ends.limitless).awards)
      const sums = { before: earnedPoints(row.quote), after: earnedPoints(judged) }
      const store = byStore.get(storeId) ?? { before: 0, after: 0 }
      byStore.set(storeId, store)
      for (const side of ['before', 'after'] as const) {
        points[side] += sums[side]
        store[side] += sums[side]
        customer[side] += sums[side]
      }
      for (const award of row.quote.awards) {
        ofRule(award.ruleId).before += award.points
        if (award.drawnFrom) ofBudget(award.drawnFrom).before += award.points
      }
      if (judged.counted) {
        const { points: earned, purchases } = customer.days.get(judged.counted.day) ?? NOTHING
        const ofDay = { points: earned + sums.after, purchases: purchases + 1 }
        customer.days.set(judged.counted.day, ofDay)
      }
      for (const award of judged.awards) {
        if (award.drawnFrom) ofBudget(award.drawnFrom).after += award.points
        const rule = ofRule(award.ruleId)
        rule.after += award.points
        rule.awards += 1
        for (const period of award.countedIn ?? []) {
          const key = keyOfUse({ ruleId: award.ruleId ?? '', period })
          customer.uses.set(key, (customer.uses.get(key) ?? 0) + 1)
        }
      }
      for (const { ruleId, why } of judged.skipped) {
        const rule = ruleId ?? 'base'
        const reasons = skipped[rule] ?? {}
        skipped[rule] = { ...reasons, [why]: (reasons[why] ?? 0) + 1 }
      }
      operations += 1
      countedAnew += isAnew ? 1 : 0
      return { ...sums, awards: judged.awards }
    },

    end(): Trial {
      closeCustomer()
      const rules = [...byRule].map(([ruleId, sums]) => ({
        ...{ ruleId, title: ruleId === null ? null : (titles.get(ruleId) ?? null), ...sums },
      }))
      return {
        ...{ operations, points, customers, skipped, countedAnew },
        byBudget: [...budgets.values()]
          .map((drawn) => ({ ...drawn, end: ends.endOf(drawn) }))
          .sort((a, b) => (keyOfDraw(a) < keyOfDraw(b) ? -1 : 1)),
        byRule: rules.sort((a, b) => (a.ruleId ?? '').localeCompare(b.ruleId ?? '', 'en')),
        byStore: [...byStore]
          .map(([storeId, sums]) => ({ storeId, name: names.get(storeId) ?? '', ...sums }))
          .sort((a, b) => a.storeId - b.storeId),
      }
    },
  }
}

/** The customer's segments at the time where the version that judged asked for them, and their present ones otherwise. */
function segmentsOf(
  { quote: { facts = {} }, segments }: JudgedPurchase,
  asked: readonly string[],
  askedThen: ReadonlySet<string> = new Set(),
): { names: string[]; isAnew: boolean } {
  const isKept = (name: string) => facts.segments !== undefined && askedThen.has(name)
  const names = asked.filter((name) => (isKept(name) ? facts.segments : segments)?.includes(name))
  return { names, isAnew: !asked.every(isKept) }
}

const NOTHING: OfDay = { points: 0, purchases: 0 }

/**
 * The facts of the time as far as they were kept with the purchase; the others are counted anew from the purchases
 * before it. What budgets and days had given is taken only for a book that gives the same; for any other it is what that
 * book would have given.
 */
function factsFor(
  { quote: { facts: kept = {} }, card, registeredAt, purchasesBefore, lastAt, at, status }: JudgedPurchase,
  book: Book,
  {
    uses,
    days,
    spent,
    isKnown,
    segments,
  }: {
    uses: ReadonlyMap<string, number>
    days: ReadonlyMap<string, OfDay>
    spent: Record<string, number>
    isKnown: boolean
    segments: ReturnType<typeof segmentsOf>
  },
): { facts: Facts; isAnew: boolean } {
  if (!asksOfCustomer(book)) return { facts: {}, isAnew: false }
  // The book that is tried has segments and a holdout of its own.
  const { today, spent: given, segments: _, heldOut: __, ...facts } = kept
  const latest = new Map(lastAt === null ? [] : [['', lastAt]])
  const statuses = status ? [{ ...status, from: Number.NEGATIVE_INFINITY }] : []
  const anew = {
    ...factsOf(
      {
        card,
        registeredAt,
        purchases: purchasesBefore,
        latest,
        uses,
        statuses,
        days,
        segments: segments.names,
      },
      book,
      at,
    ),
    ...(Object.keys(spent).length > 0 && { spent }),
  }
  const asBefore = isKnown ? { ...(today && { today }), ...(given && { spent: given }) } : {}
  const asksNumber = book.rules.some(({ when }) => when.some(({ type }) => type === 'purchase_number'))
  const asked = questionsOf(book)
  const isMissing =
    segments.isAnew ||
    (asksNumber && facts.purchases === undefined) ||
    (asked.lastPurchase && facts.daysSinceLast === undefined) ||
    (asked.status && facts.status === undefined) ||
    (asked.registration && facts.daysSinceRegistered === undefined) ||
    (anew.today !== undefined && asBefore.today === undefined) ||
    (anew.spent !== undefined && asBefore.spent === undefined) ||
    Object.keys(anew.uses ?? {}).some((ruleId) => facts.uses?.[ruleId] === undefined)
  const counted = anew.uses && { uses: { ...anew.uses, ...facts.uses } }
  return { facts: { ...anew, ...facts, ...counted, ...asBefore }, isAnew: isMissing }
}
