import { settingsSchema } from '../../shared/programme.ts'
import type { Instant } from '../../shared/time.ts'
import { bigints, ids, ints, listOf, moments, tableOf, texts } from '../database/columns.ts'
import type { Tx } from '../database/connect.ts'
import { exact, type Fragment, type Questions } from '../database/questions.ts'
import type { Hold, Lot } from './account.ts'
import { isOpenHold } from './conditions.ts'
import { type EndedKey, endedKeys } from './endedKeys.ts'
import { type OpenHolds, openHoldsOfRegisters } from './holdQuotas.ts'
import { ofProgrammes, type RulesRow, rulesColumns } from './programme.ts'
import type { Request } from './request.ts'
import { type OperationRow, operationColumns } from './rows.ts'
import { concerned, type Scope } from './scope.ts'

type Owned<T> = T & { customerId: number }

/** What a batch asks as soon as everything is locked, and what a row of each answer is. */
export interface Asked {
  /** The id of this transaction in Postgres. */
  transaction: { id: string }
  /** The settings and rule books of each programme. */
  rules: RulesRow
  endedKeys: EndedKey
  /** Operations that were executed under the ids of the batch, and its originals under both their ids. */
  executed: OperationRow
  /** Earlier purchases of which one of the batch may be a duplicate. */
  equal: OperationRow
  /** Operations that have applied, released or refunded an original before. */
  settling: OperationRow
  lots: LotNumbers
  openHolds: Owned<Hold>
  /** Holds of the originals that are no longer open. */
  namedHolds: Owned<Hold>
  /** Holds that have used the codes that are shown, an open one among them. */
  shownHolds: Owned<Hold>
  /** How many holds each register that redeems has open. */
  holdsOfRegisters: OpenHolds
}

export const questionsOf = (sql: Tx, scope: Scope, now: Instant): Questions<Asked> => ({
  transaction: sql`select pg_current_xact_id()::text as id`,
  rules: rulesOfBatch(sql, scope.requests),
  endedKeys: endedKeys(sql, scope.requests),
  executed: executedOf(sql, scope),
  equal: equalPurchases(sql, scope.requests),
  settling: ifReferring(scope, () => settling(sql)),
  lots: lots(sql),
  openHolds: openHolds(sql),
  namedHolds: ifReferring(scope, () => namedHolds(sql)),
  shownHolds: holdsOfCodes(sql, scope.requests),
  holdsOfRegisters: openHoldsOfRegisters(sql, scope.requests, now),
})

/**
 * What the questions have in common: the customers who are concerned, and the originals, also the redemption where its
 * apply is named (what `canonicalOriginalId` says). Ids are in the order of the only index that has it: while nothing is sold
 * yet, one that merely contains them seems as good.
 */
export function commonOf(sql: Tx, scope: Scope) {
  const customers = sql`
    with concerned as materialized (
      select customer_id, min(oldest) as oldest from (${concerned(sql, scope)}) named group by customer_id)`
  const named = listOf(sql, scope.references.map(nameOf), ids)
  const originals = ifReferring(
    scope,
    () => sql`, originals as materialized (
      (select customer_id, id from operations where id = any(${named}) order by id)
      union
      (select customer_id, reference_id from operations
        where id = any(${named}) and kind = 'apply' and reference_id is not null
        order by id))`,
  )
  return sql`${customers} ${originals ?? sql``}`
}

const nameOf = ({ name }: { name: string }) => name

const ifReferring = ({ references }: Scope, ask: () => Fragment) => (references.length > 0 ? ask() : null)

function rulesOfBatch(sql: Tx, requests: Request[]) {
  const since = Math.min(...requests.map(({ at }) => at))
  return sql`select ${rulesColumns(sql, since)} from programmes ${ofProgrammes(sql, programmesOf(requests))} order by id`
}

/** Null: all of them, because staff and jobs act in any. */
function programmesOf(requests: Request[]): number[] | null {
  const ids = new Set<number>()
  for (const { author } of requests) {
    if (author.type !== 'register') return null
    ids.add(author.programmeId)
  }
  return [...ids]
}

/** In the order of their ids, as in `commonOf`. */
function executedOf(sql: Tx, scope: Scope) {
  const named = new Set([...scope.requests.map(({ id }) => id), ...scope.references.map(nameOf)])
  const others = ifReferring(scope, () => sql`|| array(select id from originals)`)
  return sql`
    select ${operationColumns(sql)} from operations
    where id = any(${listOf(sql, [...named], ids)} ${others ?? sql``})
    order by id`
}

/**
 * The lots with points left, dead or alive, and the empty ones that an operation may credit or take back from. The
 * fence (offset) keeps this a look-up for each customer.
 */
const lots = (sql: Tx) => sql`
  select string_agg(concat_ws(',', customer_id, round(date_part('epoch', active_from) * 1000),
    round(date_part('epoch', expires_at) * 1000), points, remaining, expired, forgiven), ',') as numbers
  from concerned
  cross join lateral (
    select active_from, expires_at, points, remaining, expired, forgiven from lots
    where customer_id = concerned.customer_id and expires_at > oldest
    union all
    select active_from, expires_at, points, remaining, expired, forgiven from lots
    where customer_id = concerned.customer_id and filled and expires_at <= oldest
    offset 0) lots`

/** Most of what a batch loads are lots, so they come as numbers only, without the names of their columns. */
interface LotNumbers {
  numbers: string | null
}

const NUMBERS_OF_A_LOT = 7

export function lotsOf([answer]: LotNumbers[]): Owned<Lot>[] {
  const all: number[] = JSON.parse(`[${answer?.numbers ?? ''}]`)
  const lots: Owned<Lot>[] = []
  for (let at = 0; at < all.length; at += NUMBERS_OF_A_LOT) {
    const numbers = all.slice(at, at + NUMBERS_OF_A_LOT)
    const [customerId, activeFrom, expiresAt, points, remaining, expired, forgiven] = numbers as OfALot
    lots.push(exact({ customerId, activeFrom, expiresAt, points, remaining, expired, forgiven }))
  }
  return lots
}
type OfALot = [number, number, number, number, number, number, number]

const holdColumns = (sql: Tx) => sql`
  holds.customer_id as "customerId", holds.id, holds.store_id as "storeId", holds.register_id as "registerId",
  holds.state, holds.points, holds.voucher_kopecks as "voucherKopecks", holds.purchase_kopecks as "purchaseKopecks",
  round(date_part('epoch', holds.until) * 1000) as until, holds.resolved_by as "resolvedBy", holds.code_id as "codeId",
  holds.voucher_id as "voucherId", holds.voucher_returned_by as "voucherReturnedBy", holds.parts`

const openHolds = (sql: Tx) => sql`
  select ${holdColumns(sql)} from holds
  where customer_id = any(array(select customer_id from concerned)) and ${isOpenHold(sql)}`

const namedHolds = (sql: Tx) => sql`
  select ${holdColumns(sql)} from originals
  cross join lateral (
    select * from holds where customer_id = originals.customer_id and id = originals.id offset 0) holds
  where not (${isOpenHold(sql)})`

function holdsOfCodes(sql: Tx, requests: Request[]) {
  const shown = requests.flatMap((request) =>
    request.kind === 'redeem' && request.shown ? [{ card: request.card, codeId: request.shown.id }] : [],
  )
  if (shown.length === 0) return null
  return sql`
    select ${holdColumns(sql)}
    from ${tableOf(sql, shown, [texts(({ card }) => card), texts(({ codeId }) => codeId)])} as shown(card, code_id)
    join customers using (card)
    cross join lateral (
      select * from holds
      where customer_id = coalesce(customers.merged_into, customers.id) and code_id = shown.code_id
        and code_id is not null and state not in ('released', 'expired')
      offset 0) holds`
}

/** The fence (offset) keeps this a look-up for each original: without it some plans walk through all settlements there ever were. */
const settling = (sql: Tx) => sql`
  select ${operationColumns(sql)}
  from originals
  cross join lateral (
    select * from operations
    where customer_id = originals.customer_id and reference_id = originals.id
      and status = 'accepted' and reference_id is not null
    order by customer_id, reference_id
    offset 0) operations`

const { duplicate_window_seconds: usualWindow } = settingsSchema.parse({})

/** Purchases a new one could be the duplicate of; redemptions that were given up are none. */
function equalPurchases(sql: Tx, requests: Request[]) {
  const probes = requests.flatMap((request) => {
    if ((request.kind !== 'earn' && request.kind !== 'redeem') || request.confirmDuplicate) return []
    const { author } = request
    return author.type === 'register' ? [{ ...request, author }] : []
  })
  if (probes.length === 0) return null
  const isEqual = sql`
    operations.customer_id = customer.id and operations.purchase_kopecks = probe.purchase_kopecks
    and operations.at between probe.at - near and probe.at + near
    and operations.status = 'accepted' and operations.kind in ('earn', 'redeem')
    and operations.kind = probe.kind and operations.store_id = probe.store_id and operations.id <> probe.id`
  // The earliest is enough to ask the cashier, beside those that the group itself may still give up. The fence (limit)
  // and the order keep this a look-up in the index made for it, even by a plan that was made when the table was empty
  // and every way through it looked the same.
  const table = tableOf(sql, probes, [
    texts(({ card }) => card),
    ints(({ author }) => author.programmeId),
    ids(({ id }) => id),
    texts(({ kind }) => kind),
    ints(({ author }) => author.storeId),
    bigints(({ purchaseKopecks }) => purchaseKopecks),
    moments(({ at }) => at),
  ])
  return sql`
    select ${operationColumns(sql)}
    from ${table}
      as probe(card, programme_id, id, kind, store_id, purchase_kopecks, at)
    cross join lateral (
      select coalesce(merged_into, id) as id from customers
      where customers.card = probe.card and customers.programme_id = probe.programme_id
      offset 0) customer
    join lateral (
      select make_interval(secs => coalesce((settings ->> 'duplicate_window_seconds')::int, ${usualWindow})) as near
      from programmes where programmes.id = probe.programme_id
      offset 0) programme on true
    cross join lateral (
      (select * from operations
        where ${isEqual} and not exists (
          select from holds
          where holds.customer_id = operations.customer_id and holds.id = operations.id
            and (holds.state in ('released', 'expired') or ${isOpenHold(sql)}))
        order by customer_id, purchase_kopecks, at, id
        limit 1)
      union all
      (select operations.* from holds
        cross join lateral (select * from operations where operations.id = holds.id offset 0) operations
        where holds.customer_id = customer.id and ${isOpenHold(sql)} and ${isEqual})) operations`
}
