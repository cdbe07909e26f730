import type { FoundCustomer } from '../../shared/api.ts'
import type { HoldState, OperationKind } from '../../shared/operation.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { customerOfCard, customerOfCardIn } from './cards.ts'
import { availableOfCustomer, isOpenHold, isSpendableLot } from './conditions.ts'
import { joinRefunded } from './refunded.ts'

interface ViewRow extends Omit<FoundCustomer, 'expiresNext' | 'waiting' | 'status'> {
  id: number
  status: 'active' | 'frozen'
  expiresAt: Instant | null
  expiresPoints: number | null
  waitingFrom: Instant | null
  waitingPoints: number | null
}

/** The customer columns of every answer; dead points are in none of them, written off or not. */
const viewColumns = (sql: Sql | Tx, now: Instant) => sql`
  c.id, c.card, c.first_name as "firstName", c.status, c.debt,
  ${availableOfCustomer(sql, now)} as available,
  coalesce((select sum(points) from holds
    where customer_id = c.id and ${isOpenHold(sql)}), 0)::bigint as held,
  next.expires_at as "expiresAt", next.points::bigint as "expiresPoints",
  waiting.active_from as "waitingFrom", waiting.points::bigint as "waitingPoints"`

/** The points that expire next, and those that cannot be spent yet. */
const nextOfLots = (sql: Sql | Tx, now: Instant) => sql`
  left join lateral (
    select expires_at, sum(remaining) as points from lots
    where customer_id = c.id and ${isSpendableLot(sql, now)}
    group by expires_at order by expires_at limit 1) next on true
  left join lateral (
    select min(active_from) as active_from, sum(remaining) as points from lots
    where customer_id = c.id and filled and active_from > ${toIso(now)}) waiting on true`

function viewOfRow({ expiresAt, expiresPoints, waitingFrom, waitingPoints, id: _, ...row }: ViewRow) {
  const view = {
    ...row,
    expiresNext: expiresAt === null ? null : { points: expiresPoints ?? 0, at: toIso(expiresAt) },
  }
  return waitingFrom === null
    ? view
    : { ...view, waiting: { points: waitingPoints ?? 0, from: toIso(waitingFrom) } }
}

/** A customer as every answer shows them, and whether their card may be used. */
type Found = FoundCustomer & { status: 'active' | 'frozen' }

/** Finds a customer by a card in any programme. Erased customers are not found. */
export async function findCustomer(sql: Sql | Tx, card: string, now: Instant): Promise<Found | null> {
  const [row] = await sql<ViewRow[]>`
    select ${viewColumns(sql, now)}
    from customers c ${nextOfLots(sql, now)}
    where c.id = ${customerOfCard(sql, card)} and c.status <> 'erased'`
  return row ? viewOfRow(row) : null
}

/** Finds a customer by a card that is shown in a store: cards of other programmes are not found. */
export async function findCustomerIn(
  sql: Sql,
  { programmeId, card, now }: { programmeId: number; card: string; now: Instant },
): Promise<(Found & { inTelegram: boolean }) | null> {
  const [row] = await sql<(ViewRow & { inTelegram: boolean; isProgrammeFrozen: boolean })[]>`
    select ${viewColumns(sql, now)},
      exists (select from people where people.customer_id = c.id) as "inTelegram",
      (select frozen_at from programmes where id = ${programmeId}) is not null as "isProgrammeFrozen"
    from customers c ${nextOfLots(sql, now)}
    where c.id = ${customerOfCardIn(sql, card, programmeId)} and c.status <> 'erased'`
  if (!row) return null
  const { inTelegram, isProgrammeFrozen, ...view } = row
  const found = { ...viewOfRow(view), inTelegram }
  // A till of any age knows a frozen customer; a newer one says that it is not the card.
  return isProgrammeFrozen ? { ...found, status: 'frozen', isProgrammeFrozen } : found
}

export interface OpenHold {
  id: string
  card: string
  state: HoldState
  points: number
  voucherKopecks?: number
  purchaseKopecks: number
  until: Instant
}

/** The redemptions of a register that were neither applied nor released yet: it has to settle them. */
export async function openHoldsOfRegister(
  sql: Sql,
  storeId: number,
  registerId: number,
): Promise<OpenHold[]> {
  const holds = await sql<(OpenHold & { voucherKopecks: number | null })[]>`
    select h.id, c.card, h.state, h.points, case when h.voucher_id is not null then h.voucher_kopecks end as "voucherKopecks",
      h.purchase_kopecks as "purchaseKopecks", h.until
    from holds h join customers c on c.id = h.customer_id
    where h.store_id = ${storeId} and h.register_id = ${registerId}
      and ${isOpenHold(sql, 'h')}
    order by h.until, h.id`
  return holds.map(withVoucher)
}

/** The voucher's money is in the row only where there is a voucher. */
const withVoucher = <T extends { voucherKopecks: number | null }>({ voucherKopecks, ...row }: T) => ({
  ...row,
  ...(voucherKopecks !== null && { voucherKopecks }),
})

export interface OpenHolds {
  state: HoldState
  holds: number
  /** When the oldest of them was asked for. */
  oldestAt: Instant
}

/** How many holds of the whole chain are open, and since when. */
export async function countOpenHolds(sql: Sql): Promise<OpenHolds[]> {
  return await sql<OpenHolds[]>`
    select h.state, count(*)::int as holds, min(o.recorded_at) as "oldestAt"
    from holds h join operations o on o.customer_id = h.customer_id and o.id = h.id
    where ${isOpenHold(sql, 'h')}
    group by h.state`
}

export interface StoreOperation {
  id: string
  kind: OperationKind
  at: Instant
  registerId: number
  card: string
  firstName: string | null
  purchaseKopecks: number | null
  points: number | null
  referenceId: string | null
  refundKopecks: number | null
  /** The money that refunds have returned of it so far. */
  refundedKopecks: number
  holdState: HoldState | null
  earned: number
  spent: number
  voucherKopecks?: number
}

/** The latest are taken from their index first, and only then the rest is looked up for them, each by its key. */
export async function latestOperations(sql: Sql, storeId: number, limit: number): Promise<StoreOperation[]> {
  const rows = await sql<(StoreOperation & { voucherKopecks: number | null })[]>`
    with latest as materialized (
      select * from operations
      where store_id = ${storeId} and status = 'accepted'
      order by store_id, recorded_at desc, id desc
      limit ${limit})
    select o.id, o.kind, o.at, o.register_id as "registerId", c.card, c.first_name as "firstName",
      o.purchase_kopecks as "purchaseKopecks", o.points, o.reference_id as "referenceId",
      o.refund_kopecks as "refundKopecks", o.earned, o.spent, h.state as "holdState", h."voucherKopecks",
      refunded.kopecks as "refundedKopecks"
    from latest o
    join customers c on c.id = o.customer_id
    left join lateral (
      select state, case when voucher_id is not null then voucher_kopecks end as "voucherKopecks" from holds h
      where h.customer_id = o.customer_id and h.id = o.id limit 1) h on true
    ${joinRefunded(sql)}
    order by o.recorded_at desc, o.id desc`
  return rows.map(withVoucher)
}
