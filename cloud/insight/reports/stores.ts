import type { StoresReport } from '../../../shared/console/reports.ts'
import { type Instant, SECOND, toIso } from '../../../shared/time.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { readSettings } from '../../ledger/programme.ts'
import { type Counted, outliersOf, type Shares, shareOf } from './outliers.ts'
import { lookBack, toldBy } from './told.ts'

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
  /** Discounts; a voucher that only gives points takes nothing off. */
  taken: number
  notTaken: number
  refunds: number
  typed: number
  duplicates: number
  parked: number
  customers: number
  /** A customer of two stores counts once. */
  customersOfAll: number
}

/** Stores side by side, whatever their size; a purchase counts at the moment of its sale. */
export async function readStoresReport(sql: Sql, wanted: Wanted): Promise<StoresReport> {
  const { since, until, now } = wanted
  const rows = await lookBack(sql, (sql) => readRows(sql, wanted))
  const total = rows.reduce(add, nothing)
  const shares = rows.map(sharesOf)
  const outliers = outliersOf(shares)
  return {
    stores: rows.map((row, place) => ({
      store: { id: row.id, name: row.name },
      ...figuresOf(row),
      shares: inBasisPoints(shares[place] ?? sharesOf(row)),
      outliers: outliers[place] ?? [],
    })),
    all: { ...figuresOf(total), shares: inBasisPoints(sharesOf(total)) },
    ...{ since: toIso(since), until: toIso(until), asOf: toIso(now) },
  }
}

const nothing: Row = {
  ...{ id: 0, name: '', purchases: 0, kopecks: 0, earned: 0, spent: 0, taken: 0, notTaken: 0 },
  ...{ refunds: 0, typed: 0, duplicates: 0, parked: 0, customers: 0, customersOfAll: 0 },
}

function add(sum: Row, row: Row): Row {
  return {
    ...{ id: 0, name: '', customers: row.customersOfAll, customersOfAll: row.customersOfAll },
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

/** The rows of the stores, by one look at the operations that they reported in the time. */
async function readRows(sql: Tx, { programmeId, stores, since, until }: Wanted): Promise<Row[]> {
  const { duplicate_window_seconds: window } = await readSettings(sql, { programmeId })
  const isPurchase = sql`kind in ('earn', 'apply')`
  return await sql<Row[]>`
    with visitor as materialized (
      select store_id, customer_id, count(*) filter (where ${isPurchase}) as purchases,
        sum(kopecks) filter (where ${isPurchase}) as kopecks, sum(earned) filter (where ${isPurchase}) as earned,
        sum(spent) filter (where ${isPurchase}) as spent,
        count(*) filter (where kind = 'apply' and kopecks < purchase_kopecks) as taken,
        count(*) filter (where kind = 'release') as not_taken, count(*) filter (where kind = 'refund') as refunds,
        count(*) filter (where typed) as typed,
        count(*) filter (where at - equal_at <= ${`${window * SECOND} ms`}::interval) as duplicates
      from (
        select store_id, customer_id, kind, purchase_kopecks, earned, spent, typed, at,
          case kind when 'earn' then purchase_kopecks when 'apply' then (quote->>'paidKopecks')::bigint end as kopecks,
          case when kind in ('earn', 'redeem') then lag(at) over (
            partition by customer_id, purchase_kopecks, kind in ('earn', 'redeem') order by at, id) end as equal_at
        from ${toldBy(sql, { programmeId, stores, since })} operation
        where at >= ${toIso(since)} and at < ${toIso(until)}) operation
      group by store_id, customer_id),
    done as (
      select store_id, sum(purchases)::int as purchases, sum(kopecks)::bigint as kopecks, sum(earned)::bigint as earned,
        sum(spent)::bigint as spent, sum(taken)::int as taken, sum(not_taken)::int as not_taken,
        sum(refunds)::int as refunds, sum(typed)::int as typed, sum(duplicates)::int as duplicates,
        (count(*) filter (where purchases > 0))::int as customers
      from visitor group by store_id),
    filed as (
      select store_id, count(*)::int as parked from discrepancies
      join registers on registers.id::text = details->>'registerId'
      where kind = 'parked' and filed_at >= ${toIso(since)} and filed_at < ${toIso(until)}
      group by store_id)
    select stores.id, stores.name, coalesce(purchases, 0) as purchases, coalesce(kopecks, 0)::bigint as kopecks,
      coalesce(earned, 0)::bigint as earned, coalesce(spent, 0)::bigint as spent, coalesce(taken, 0) as taken,
      coalesce(not_taken, 0) as "notTaken", coalesce(refunds, 0) as refunds, coalesce(typed, 0) as typed,
      coalesce(duplicates, 0) as duplicates, coalesce(customers, 0) as customers, coalesce(parked, 0) as parked,
      (select count(distinct customer_id)::int from visitor where purchases > 0) as "customersOfAll"
    from stores left join done on done.store_id = stores.id left join filed on filed.store_id = stores.id
    where programme_id = ${programmeId} and ${stores === null ? sql`true` : sql`stores.id = any(${stores}::int[])`}
    order by stores.name, stores.id`
}
