import type { Discrepancy } from '../../../shared/console/discrepancies.ts'
import { DAY, type Instant, toIso } from '../../../shared/time.ts'
import type { Sees } from '../../access/staff/accounts.ts'
import { seesAll } from '../../acts/place.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { openStates } from '../../ledger/account.ts'
import type { InSight } from '../sight.ts'

interface Wanted {
  place: InSight
  /** What the account may see: a discrepancy without a customer is of the whole cloud. */
  sees: Sees
  kind?: Discrepancy['kind'] | undefined
  state: 'open' | 'settled' | 'all'
  before: number | undefined
  limit: number
}

type Moments = 'filedAt' | 'settledAt' | 'hold' | 'nearby' | 'settleAs'
type Row = Omit<Discrepancy, Moments> & {
  filedAt: Instant
  settledAt: Instant | null
  hold:
    | (Omit<NonNullable<Discrepancy['hold']>, 'askedAt' | 'until'> & { askedAt: string; until: string })
    | null
  nearby: (Omit<Discrepancy['nearby'][number], 'at'> & { at: string })[]
}

/** How many purchases are shown beside a discrepancy. */
const NEARBY = 5

/** The discrepancies, the latest first, each with what else is known of its case. */
export async function readDiscrepancies(sql: Sql, wanted: Wanted): Promise<Discrepancy[]> {
  const { kind, state, before, limit } = wanted
  const rows = await sql<Row[]>`
    with page as materialized (
      select d.*, case when d.kind in ('hold_in_doubt', 'late_apply') and d.reference ~ '^[0-9a-f-]{36}$' then d.reference::uuid end as hold_id
      from discrepancies d left join customers c on c.id = d.customer_id
      where ${isInSight(sql, wanted)}
        ${kind === undefined ? sql`` : sql`and d.kind = ${kind}`}
        ${state === 'all' ? sql`` : sql`and (d.settled_at is null) = ${state === 'open'}`}
        ${before === undefined ? sql`` : sql`and d.id < ${before}`}
      order by d.id desc limit ${limit})
    select d.id, d.kind, d.reference, d.details, d.filed_at as "filedAt", d.settled_at as "settledAt",
      d.settled_by as "settledBy", d.settlement,
      case when c.id is not null then json_build_object('id', c.id, 'card', c.card, 'firstName', c.first_name) end as customer,
      case when stores.id is not null then json_build_object('id', stores.id, 'name', stores.name) end as store,
      case when registers.id is not null then json_build_object('id', registers.id, 'name', registers.name) end as register,
      case when hold.id is not null then json_build_object(
        'state', hold.state, 'points', hold.points, 'purchaseKopecks', hold.purchase_kopecks, 'askedAt', asked.at,
        'until', hold.until, 'resolvedBy', hold.resolved_by) end as hold,
      coalesce(nearby.purchases, '[]') as nearby
    from page d
    left join customers c on c.id = d.customer_id
    left join lateral (
      select * from holds where holds.customer_id = d.customer_id and holds.id = d.hold_id limit 1) hold on true
    left join lateral (
      select at from operations where operations.customer_id = d.customer_id and operations.id = d.hold_id limit 1) asked on true
    left join registers on registers.id = coalesce(hold.register_id, case when d.details->>'registerId' ~ '^[0-9]{1,9}$'
      then (d.details->>'registerId')::int end)
    left join stores on stores.id = coalesce(hold.store_id, registers.store_id)
    left join lateral (
      select json_agg(json_build_object(
        'id', sale.id, 'at', sale.at, 'kind', sale.kind, 'purchaseKopecks', sale.purchase_kopecks, 'receipt', sale.receipt,
        'store', json_build_object('id', place.id, 'name', place.name)) order by sale.at desc) as purchases
      from (
        select id, at, kind, purchase_kopecks, receipt, store_id from operations o
        where o.customer_id = d.customer_id and o.status = 'accepted' and o.kind in ('earn', 'redeem')
          and o.at between coalesce(asked.at, d.filed_at) - ${`${DAY} ms`}::interval
            and coalesce(asked.at, d.filed_at) + ${`${DAY} ms`}::interval
          and o.id is distinct from d.hold_id
        order by o.customer_id, o.at desc, o.id desc limit ${NEARBY}) sale
      left join stores place on place.id = sale.store_id) nearby on true
    order by d.id desc`
  return rows.map(({ filedAt, settledAt, hold, nearby, ...row }) => ({
    ...row,
    hold: hold && { ...hold, askedAt: isoOf(hold.askedAt), until: isoOf(hold.until) },
    nearby: nearby.map(({ at, ...purchase }) => ({ ...purchase, at: isoOf(at) })),
    settleAs: settledAt !== null ? [] : settlementsOf(row.kind, hold?.state),
    filedAt: toIso(filedAt),
    settledAt: settledAt === null ? null : toIso(settledAt),
  }))
}

/** A moment as JSON of Postgres has it. */
const isoOf = (text: string) => toIso(Date.parse(text))

/** The ways in which a discrepancy may be settled: an open hold must be ended, which a note alone would not do. */
function settlementsOf(kind: Discrepancy['kind'], state: string | undefined): Discrepancy['settleAs'] {
  if (kind !== 'hold_in_doubt') return ['noted']
  return state !== undefined && openStates.some((open) => open === state)
    ? ['applied', 'released']
    : ['noted']
}

/** The same place as `placeOfDiscrepancy` gives to acts: where the hold is, or where the customer was seen. */
function isInSight(sql: Sql | Tx, { place: { programmeId, stores }, sees }: Pick<Wanted, 'place' | 'sees'>) {
  const ofProgramme = sql`c.programme_id = ${programmeId}`
  if (stores === null) return seesAll(sees) ? sql`(c.id is null or ${ofProgramme})` : ofProgramme
  return sql`${ofProgramme} and case d.kind
    when 'hold_in_doubt' then exists (
      select from holds
      where holds.customer_id = d.customer_id and holds.id::text = d.reference and holds.store_id = any(${stores}::int[]))
    else exists (
      select from store_customers seen where seen.customer_id = c.id and seen.store_id = any(${stores}::int[])) end`
}

/** How many discrepancies wait for a person, and since when. */
export async function countDiscrepancies(
  sql: Sql,
  where: Pick<Wanted, 'place' | 'sees'>,
): Promise<{ open: number; oldestAt: Instant | null }> {
  const [row] = await sql<{ open: number; oldestAt: Instant | null }[]>`
    select count(*)::int as open, min(d.filed_at) as "oldestAt"
    from discrepancies d left join customers c on c.id = d.customer_id
    where d.settled_at is null and ${isInSight(sql, where)}`
  return row ?? { open: 0, oldestAt: null }
}
