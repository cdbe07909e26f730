import { type Purchase, SHORTEST_END } from '../../shared/api.ts'
import type { Settings } from '../../shared/programme.ts'
import type { Quote } from '../../shared/rules/quote.ts'
import { voucherTermsSchema } from '../../shared/rules/voucher.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { customerOfCardIn } from './cards.ts'
import { joinRefunded } from './refunded.ts'
import { isStillGood } from './shownVoucher.ts'

/** The purchases to be found: of which store, by receipt, card or day, and how many. `zone`: the time zone of the day. */
export interface PurchasesWanted {
  programmeId: number
  storeId: number
  /** Whether purchases in other stores are found too, where a card is shown. */
  returnsOf: Settings['returns_of']
  receipt: string | undefined
  card: string | undefined
  day: string | undefined
  zone: string
  limit: number
  now: Instant
}

/** No store has so many receipts that end alike, or sells so much in a week. */
const MOST_LOOKED_AT = 20_000
/** How long a purchase may have waited at a till without a network and still be found by its day alone. */
const QUEUED_DAYS = 7

interface Row
  extends Omit<Purchase, 'at' | 'paidKopecks' | 'awards' | 'register' | 'store' | 'voucherAfter'> {
  at: Instant
  registerId: number
  registerName: string
  storeId: number
  storeName: string
  quote: Quote
  /** The voucher with which it was made, and whether a return has given that back. */
  voucher: { terms: unknown; isVoid: boolean; isFree: boolean; isBack: boolean } | null
}

/** The purchases of a store of which something could come back, the latest first; no more than one beyond the limit. */
export async function findPurchases(sql: Sql, wanted: PurchasesWanted): Promise<Purchase[]> {
  const { day, zone, limit } = wanted
  // The fences keep every look-up one by a key, whatever the planner thinks how much there is to look up.
  const rows = await sql<Row[]>`
    with looked_at as materialized (${lookedAt(sql, wanted)}),
    found as materialized (
      select o.*, coalesce(hold.points, 0)::bigint as discount, earning.quote as earning,
        hold.voucher_id as shown_voucher, hold.voucher_returned_by is not null as is_voucher_back
      from looked_at o
      left join lateral (
        select points, state, resolved_by, voucher_id, voucher_returned_by from holds
        where holds.customer_id = o.customer_id and holds.id = o.id limit 1) hold on true
      cross join lateral (
        select quote from operations
        where operations.customer_id = o.customer_id and quote is not null
          and operations.id = case when o.kind = 'earn' then o.id else hold.resolved_by end limit 1) earning
      where (o.kind = 'earn' or hold.state = 'applied')
        and (${day ?? null}::date is null or (o.at at time zone ${zone})::date = ${day ?? null}::date)
      order by o.at desc, o.id desc
      limit ${limit + 1})
    select o.id, o.kind, o.at, o.register_id as "registerId", register.name as "registerName",
      o.store_id as "storeId", store.name as "storeName", customer.card,
      customer.first_name as "firstName", o.receipt, o.purchase_kopecks as "purchaseKopecks",
      o.discount as spent, o.earning as quote, refunded.refunds, refunded.kopecks as "refundedKopecks",
      voucher.of as voucher
    from found o
    cross join lateral (select card, first_name from customers where id = o.customer_id limit 1) customer
    cross join lateral (select name from registers where id = o.register_id limit 1) register
    cross join lateral (select name from stores where id = o.store_id limit 1) store
    ${joinRefunded(sql)}
    left join lateral (
      select json_build_object('terms', terms, 'isVoid', coalesce(v.voided_at, b.voided_at) is not null,
        'isFree', held + used < coalesce((terms ->> 'uses_per_code')::int, 1), 'isBack', is_voucher_back) as of
      from vouchers v join voucher_batches b on b.id = batch_id
      where v.id = o.shown_voucher limit 1) voucher on true
    order by o.at desc, o.id desc`
  return rows.map(({ registerId, registerName, storeId, storeName, quote, at, voucher, ...row }) => ({
    ...row,
    at: toIso(at),
    register: { id: registerId, name: registerName },
    ...(storeId !== wanted.storeId && { store: { id: storeId, name: storeName } }),
    paidKopecks: quote.paidKopecks,
    awards: quote.awards.map(
      ({ points, basisPoints, timesBasisPoints, ofKopecks, minPaidKopecks, capPoints }) => ({
        ...{ points, basisPoints, minPaidKopecks, capPoints },
        ...(timesBasisPoints !== undefined && { timesBasisPoints }),
        ...(ofKopecks !== undefined && { ofKopecks }),
      }),
    ),
    ...(voucher && { voucherAfter: voucherAfter(voucher, wanted) }),
  }))
}

/** Whether a return of all would leave its voucher usable. A voucher that came back before may be used up again by now. */
function voucherAfter(
  { terms, isVoid, isFree, isBack }: NonNullable<Row['voucher']>,
  { now, zone }: Pick<PurchasesWanted, 'now' | 'zone'>,
): Purchase['voucherAfter'] {
  const isGood = isStillGood({ terms: voucherTermsSchema.parse(terms), isVoid }, now, zone)
  return isGood && (isFree || !isBack) ? 'usable' : 'gone'
}

/** Each search has an index of its own: by the receipt, by the customer, or by when the store reported the purchase. */
function lookedAt(sql: Sql, wanted: PurchasesWanted) {
  const { programmeId, storeId, returnsOf, receipt, card, day, zone, now } = wanted
  const isPurchase = sql`operations.status = 'accepted' and operations.kind in ('earn', 'redeem')`
  const ofCard =
    card === undefined ? sql`true` : sql`operations.customer_id = ${customerOfCardIn(sql, card, programmeId)}`
  const isElsewhere = card !== undefined && returnsOf === 'programme'
  if (receipt !== undefined && !isElsewhere) {
    return sql`
      select * from operations
      where store_id = ${storeId} and ${isPurchase} and receipt is not null and ${ofCard}
        and ${isReceipt(sql, receipt)}
      limit ${MOST_LOOKED_AT}`
  }
  if (card !== undefined)
    return sql`
      select * from operations
      where ${ofCard} and ${isPurchase} and ${isElsewhere ? sql`true` : sql`store_id = ${storeId}`}
        and ${receipt === undefined ? sql`true` : isReceipt(sql, receipt)}
      order by customer_id, at desc, id desc
      limit ${MOST_LOOKED_AT}`
  const from = sql`(coalesce(${day ?? null}::date, (${toIso(now)}::timestamptz at time zone ${zone})::date)::timestamp
    at time zone ${zone})`
  return sql`
    select * from operations
    where store_id = ${storeId} and ${isPurchase} and at >= ${from} and at < ${from} + interval '1 day'
      and recorded_at >= ${from} - interval '5 minutes'
      and recorded_at < ${from} + interval '1 day' * ${1 + QUEUED_DAYS}
    order by store_id, recorded_at desc, id
    limit ${MOST_LOOKED_AT}`
}

/** Whether this is the number of a receipt or, where it is long enough, how it ends: as the index has it. */
export function isReceipt(sql: Sql, receipt: string) {
  const end = [...receipt].toReversed().join('')
  const last = receipt.length < SHORTEST_END ? end : `${end}\u{10ffff}`
  return sql`reverse(receipt) collate "C" between ${end} and ${last}`
}
