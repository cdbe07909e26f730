import type { StoresReport } from '../../../shared/console/reports.ts'
import { type Instant, MINUTE, SECOND, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import { readSettings } from '../../ledger/programme.ts'
import { type Counted, outliersOf, type Shares, shareOf } from './outliers.ts'

interface Wanted {
  programmeId: number
  /** Null: all of the programme. */
  stores: number[] | null
  since: Instant
  until: Instant
  now: Instant
}

interface Row {
  id: number
  name: string
  purchases: number
  kopecks: number
  earned: number
  spent: number
  taken: number
  notTaken: number
  refunds: number
  typed: number
  duplicates: number
  parked: number
  customers: number
}

/** How far the clock of a till may be ahead. */
const CLOCK_AHEAD_MS = 5 * MINUTE

/** Stores side by side, whatever their size; a purchase counts at the moment of its sale. */
export async function readStoresReport(sql: Sql, wanted: Wanted): Promise<StoresReport> {
  const { since, until, now } = wanted
  const [rows, all] = await Promise.all([readRows(sql, wanted), countCustomers(sql, wanted)])
  const total = rows.reduce(add, { ...nothing, customers: 0 })
  const shares = rows.map(sharesOf)
  const outliers = outliersOf(shares)
  return {
    stores: rows.map((row, place) => ({
      store: { id: row.id, name: row.name },
      ...figuresOf(row),
      shares: inBasisPoints(shares[place] ?? sharesOf(row)),
      outliers: outliers[place] ?? [],
    })),
    all: { ...figuresOf({ ...total, customers: all }), shares: inBasisPoints(sharesOf(total)) },
    ...{ since: toIso(since), until: toIso(until), asOf: toIso(now) },
  }
}

const nothing: Row = {
  ...{ id: 0, name: '', purchases: 0, kopecks: 0, earned: 0, spent: 0, taken: 0, notTaken: 0 },
  ...{ refunds: 0, typed: 0, duplicates: 0, parked: 0, customers: 0 },
}

function add(sum: Row, row: Row): Row {
  return {
    ...{ id: 0, name: '', customers: 0 },
    purchases: sum.purchases + row.purchases,
    kopecks: sum.kopecks + row.kopecks,
    earned: sum.earned + row.earned,
    spent: sum.spent + row.spent,
    taken: sum.taken + row.taken,
    notTaken: sum.notTaken + row.notTaken,
    refunds: sum.refunds + row.refunds,
    typed: sum.typed + row.typed,
    duplicates: sum.duplicates + row.duplicates,
    parked: sum.parked + row.parked,
  }
}

const figuresOf = ({ purchases, customers, kopecks, earned, spent }: Row) => ({
  ...{ purchases, customers, kopecks, earned, spent },
  averageKopecks: purchases === 0 ? null : Math.round(kopecks / purchases),
})

function sharesOf({ purchases: of, taken, notTaken, refunds, typed, duplicates, parked }: Row): Shares {
  return {
    redemption: { times: taken, of },
    refunds: { times: refunds, of },
    notTaken: { times: notTaken, of: taken + notTaken },
    typed: { times: typed, of },
    duplicates: { times: duplicates, of },
    parked: { times: parked, of },
  }
}

const inBasisPoints = (shares: Shares) =>
  Object.fromEntries(
    Object.entries(shares).map(([name, counted]: [string, Counted]) => [name, shareOf(counted)]),
  ) as StoresReport['all']['shares']

/** Each store in one look at what it told of in the time, by the index of its lists. */
async function readRows(sql: Sql, { programmeId, stores, since, until }: Wanted): Promise<Row[]> {
  const { duplicate_window_seconds: window } = await readSettings(sql, { programmeId })
  const isPurchase = sql`kind in ('earn', 'apply')`
  return await sql<Row[]>`
    select stores.id, stores.name, done.*, parked.parked
    from stores
    cross join lateral (
      select (count(*) filter (where ${isPurchase}))::int as purchases,
        coalesce(sum(kopecks) filter (where ${isPurchase}), 0)::bigint as kopecks,
        coalesce(sum(earned) filter (where ${isPurchase}), 0)::bigint as earned,
        coalesce(sum(spent) filter (where ${isPurchase}), 0)::bigint as spent,
        (count(*) filter (where kind = 'apply'))::int as taken,
        (count(*) filter (where kind = 'release'))::int as "notTaken",
        (count(*) filter (where kind = 'refund'))::int as refunds,
        (count(*) filter (where typed))::int as typed,
        (count(*) filter (where is_duplicate))::int as duplicates,
        (count(distinct customer_id) filter (where ${isPurchase}))::int as customers
      from (
        select customer_id, kind, earned, spent, typed,
          case kind when 'earn' then purchase_kopecks when 'apply' then (quote->>'paidKopecks')::bigint end as kopecks,
          kind in ('earn', 'redeem') and exists (
            select from operations other
            where other.customer_id = o.customer_id and other.purchase_kopecks = o.purchase_kopecks
              and other.status = 'accepted' and other.kind in ('earn', 'redeem') and other.id <> o.id
              and other.at between o.at - ${`${window * SECOND} ms`}::interval and o.at) as is_duplicate
        from operations o
        where store_id = stores.id and recorded_at > ${toIso(since - CLOCK_AHEAD_MS)} and at >= ${toIso(since)}
          and at < ${toIso(until)} and status = 'accepted'
        offset 0) operation) done
    cross join lateral (
      select count(*)::int as parked from discrepancies
      join registers on registers.id::text = details->>'registerId'
      where kind = 'parked' and store_id = stores.id and filed_at >= ${toIso(since)} and filed_at < ${toIso(until)}) parked
    where programme_id = ${programmeId} and ${stores === null ? sql`true` : sql`stores.id = any(${stores}::int[])`}
    order by stores.name, stores.id`
}

/** Who buys in two stores is one customer of them all. */
async function countCustomers(sql: Sql, { programmeId, stores, since, until }: Wanted): Promise<number> {
  const [row] = await sql<{ customers: number }[]>`
    select count(distinct customer_id)::int as customers
    from stores cross join lateral (
      select customer_id from operations
      where store_id = stores.id and recorded_at > ${toIso(since - CLOCK_AHEAD_MS)} and at >= ${toIso(since)}
        and at < ${toIso(until)} and status = 'accepted' and kind in ('earn', 'apply')
      offset 0) sale
    where programme_id = ${programmeId} and ${stores === null ? sql`true` : sql`stores.id = any(${stores}::int[])`}`
  return row?.customers ?? 0
}
