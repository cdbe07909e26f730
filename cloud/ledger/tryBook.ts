import { isDeepStrictEqual } from 'node:util'
import type { Fragment } from 'postgres'
import type { Item } from '../../shared/items.ts'
import { type Book, type BookDocument, bookDocumentSchema } from '../../shared/rules/book.ts'
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
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { createBudgetEnds, type TriedEnd } from './budgetEnd.ts'

const PURCHASES_A_LOOK = 1000
const TELL_EVERY = 10_000

export interface Trial {
  operations: number
  points: { before: number; after: number }
  byRule: { ruleId: string | null; title: string | null; before: number; after: number; awards: number }[]
  byStore: { storeId: number; name: string; before: number; after: number }[]
  customers: { better: number; worse: number; same: number }
  /** By rule, why it gave nothing, and how often. */
  skipped: Record<string, Record<string, number>>
  /** What each budget has given, and would have, in each of its periods. */
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
  /** What it would have earned. */
  awards: readonly Award[]
}

interface Row {
  customerId: number
  card: string
  /** In which of the segments that the book asks for they are now; null where it asks for none. */
  segments: string[] | null
  id: string
  at: Instant
  storeId: number
  purchaseKopecks: number
  quote: Quote
  registeredAt: Instant
  /** How many the customer had made before, and when the one before was; returned ones among them. */
  purchasesBefore: number
  lastAt: Instant | null
  /** Null: 1C did not say them, or they are not kept any more. */
  items: Item[] | null
  /** At the time of the sale; null: they never had another than the lowest. */
  status: { name: string | null } | null
}

/**
 * Judges the purchases of a period again, and writes nothing. Each is judged by what was known when the ledger judged
 * it, which is kept with it; what a draft asks beyond that is counted anew. Memory does not grow with the period: the
 * purchases come customer by customer.
 */
export async function tryBook(
  sql: Sql | Tx,
  {
    book,
    programmeId,
    from,
    to,
    tell,
    onPurchase,
    segments,
    tellEvery = TELL_EVERY,
    patience = '30min',
  }: {
    book: Book
    programmeId: number
    from: Instant
    to: Instant
    /** Of every so many. */
    tell: (operations: number) => void
    tellEvery?: number
    /** Hears of each what it would have earned, customer by customer. */
    onPurchase?: (purchase: TriedPurchase) => void
    /** Where the book asks for segments: the names of those in which `customers` are now, as SQL. */
    segments?: Fragment | null
    /** Of the database, as it says so itself; after it the trial fails. */
    patience?: string
  },
): Promise<Trial> {
  return await look(sql, async (sql) => {
    // The first look sorts the whole history, which no sale waits for.
    await sql`select set_config('statement_timeout', ${patience}, true)`
    const names = new Map(
      (await sql<{ id: number; name: string }[]>`select id, name from stores`).map(({ id, name }) => [
        id,
        name,
      ]),
    )
    const published = await readPublished(sql, programmeId)
    const tally = createTally(book, names, {
      ends: createBudgetEnds(book, { from, to }),
      judgedSo: versionsLike(published, book),
      askedBy: new Map(
        published.map(({ version, document }) => [version, new Set(segmentsAskedBy(document))]),
      ),
    })
    const rows = sql<Row[]>`
      select purchase.customer_id as "customerId", customers.card, ${segments ?? sql`null::text[]`} as segments, purchase.id, purchase.at, purchase.store_id as "storeId",
        purchase.purchase_kopecks as "purchaseKopecks", coalesce(purchase.quote, apply.quote) as quote,
        customers.created_at as "registeredAt", purchase.before as "purchasesBefore", last_at as "lastAt", operation_items.items,
        (select json_build_object('name', after) from status_snapshots
          where status_snapshots.customer_id = purchase.customer_id and status_snapshots.at <= purchase.at
          order by seq desc limit 1) as status
      from (
        select *, count(*) over (partition by customer_id order by recorded_at, id) - 1 as before,
          lag(at) over (partition by customer_id order by at, id) as last_at
        from operations
        where programme_id = ${programmeId} and status = 'accepted' and kind in ('earn', 'redeem') and at < ${toIso(to)}
      ) purchase
      join customers on customers.id = purchase.customer_id
      left join operation_items on operation_items.operation_id = purchase.id
      left join operations apply on apply.customer_id = purchase.customer_id and apply.reference_id = purchase.id
        and apply.kind = 'apply' and apply.status = 'accepted' and apply.reference_id is not null
      where purchase.at >= ${toIso(from)} and (purchase.kind = 'earn' or apply.id is not null)
      order by purchase.customer_id, purchase.recorded_at, purchase.id`
    for await (const some of rows.cursor(PURCHASES_A_LOOK))
      for (const row of some) {
        const judged = tally.add(row)
        const { id, customerId, storeId, at, purchaseKopecks: kopecks } = row
        onPurchase?.({ id, customerId, storeId, at, kopecks, ...judged })
        if (tally.operations() % tellEvery === 0) tell(tally.operations())
      }
    return tally.end()
  })
}

/** Into one moment; inside of a transaction, into what that sees. */
function look<T>(sql: Sql | Tx, read: (sql: Tx) => Promise<T>) {
  return 'savepoint' in sql
    ? sql.savepoint(read)
    : sql.begin('isolation level repeatable read read only', read)
}

interface Published {
  version: number
  document: BookDocument
}

async function readPublished(sql: Tx, programmeId: number): Promise<Published[]> {
  const published = await sql<{ version: number; document: unknown }[]>`
    select version, document from rule_books where programme_id = ${programmeId}`
  return published.map(({ version, document }) => ({ version, document: bookDocumentSchema.parse(document) }))
}

/** The versions that say the same as this book: of what they judged it is known what budgets and days had given. */
function versionsLike(
  published: Published[],
  { version: _, validFrom: __, timeZone: ___, ...document }: Book,
): Set<number> {
  const alike = published.filter((book) => isDeepStrictEqual(book.document, document))
  return new Set(alike.map(({ version }) => version))
}

interface Around {
  ends: ReturnType<typeof createBudgetEnds>
  /** The versions that judged and say the same. */
  judgedSo: ReadonlySet<number>
  /** The segments that each version asked for. */
  askedBy: ReadonlyMap<number, ReadonlySet<string>>
}

/** What was counted of a customer, as this book would have it. */
const nobody = () => ({
  ...{ id: 0, before: 0, after: 0 },
  uses: new Map<string, number>(),
  days: new Map<string, OfDay>(),
})

function createTally(book: Book, names: ReadonlyMap<number, string>, { ends, judgedSo, askedBy }: Around) {
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
  let customer = nobody()

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

    add(row: Row): Pick<TriedPurchase, 'before' | 'after' | 'awards'> {
      if (row.customerId !== customer.id) {
        closeCustomer()
        customer = { ...nobody(), id: row.customerId }
      }
      const { purchaseKopecks: kopecks, at, storeId } = row
      const spent = drawnBy(book, { at, storeId }).map((from): [string, number] => [
        from.budgetId,
        budgets.get(keyOfDraw(from))?.after ?? 0,
      ])
      const { facts, isAnew } = factsFor(row, book, {
        ...{ uses: customer.uses, days: customer.days, spent: Object.fromEntries(spent) },
        isKnown: judgedSo.has(row.quote.version),
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

/** Those of the time where the version that judged asked for them, and of the others those of now. */
function segmentsOf(
  { quote: { facts = {} }, segments }: Row,
  asked: readonly string[],
  askedThen: ReadonlySet<string> = new Set(),
): { names: string[]; isAnew: boolean } {
  const isKept = (name: string) => facts.segments !== undefined && askedThen.has(name)
  const names = asked.filter((name) => (isKept(name) ? facts.segments : segments)?.includes(name))
  return { names, isAnew: !asked.every(isKept) }
}

const NOTHING: OfDay = { points: 0, purchases: 0 }

/**
 * What was known at the time, as far as it was kept; of the rest what the purchases themselves say. What budgets and days had
 * given is known only of a book that gives the same: another one's is what it would have given to the purchases before.
 */
function factsFor(
  { quote: { facts: kept = {} }, card, registeredAt, purchasesBefore, lastAt, at, status }: Row,
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
  // Segments, and who is left out, are those of the book that is tried.
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
