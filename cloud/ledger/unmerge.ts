import { hash } from 'node:crypto'
import type { Accepted } from '../../shared/operation.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import {
  type Account,
  type AccountRow,
  advance,
  bareAccount,
  keyOf,
  type Lot,
  type Posting,
  type ReturnedPart,
  type Staff,
  sum,
  viewOf,
} from './account.ts'
import { type Brought, mostOf, unmergeAccounts, withoutParted } from './merge.ts'
import { countDays, countPurchases, countUses } from './recount.ts'
import { accountColumns } from './rows.ts'
import { writeBatch } from './write.ts'

interface Unmerging {
  id: string
  /** The card that stands for another customer, and is to be its own again. */
  card: string
  reason: string
  author: Staff
  now: Instant
}

/**
 * Undoes a merge: the customer of this card is separate again, with the purchases that they had brought and what is left of
 * the points they had brought. Points that were spent meanwhile stay spent. Purchases that were made meanwhile stay with the
 * customer who was kept: it is not known which of the two made them. Null: the card was not merged.
 */
export async function unmergeWithin(
  sql: Tx,
  { id, card, reason, author, now }: Unmerging,
): Promise<{ outcome: Accepted; from: string; stays: number } | null> {
  const merge = await lockMerge(sql, card)
  if (!merge) return null
  const { kept, given, parts } = merge
  const posting = unmergeAccounts(kept, given, { ...merge, now })
  const points = sum(posting.merged.parts)
  const operation: Posting['operation'] = {
    ...{ programmeId: given.programmeId, customerId: given.customerId, id, kind: 'unmerge', author },
    ...{ at: now, recordedAt: now, purchaseKopecks: null, points, referenceId: merge.operationId },
    ...{ refundKopecks: null, receipt: null, cashier: null, typed: false, reason, quote: null },
    ...{ content: hash('sha256', `${card} ${id}`, 'hex'), earned: 0, spent: 0 },
  }
  const whole: Posting = {
    ...{ ...posting, operation },
    ...{ hold: null, counted: null, items: null, voucher: null, discrepancy: null },
  }
  const customer = viewOf(advance(given, whole), now)
  const outcome: Accepted = {
    id,
    kind: 'unmerge',
    status: 'accepted',
    replay: false,
    earned: 0,
    spent: 0,
    customer,
  }
  await writeBatch(sql, {
    executed: [{ ...operation, outcome }],
    postings: [whole],
    spendings: [],
    vouchers: [],
  })
  const { parts: returned, debtMoved } = posting.merged
  await separate(sql, { merge, undoneBy: id, returned, debtMoved, now })
  return { outcome, from: kept.card, stays: sum(parts) - points }
}

interface Merge {
  operationId: string
  /** The most points that may go home. */
  parts: ReturnedPart[]
  debt: number
  /** The later merges that moved it on, where the customer who was kept was merged as well. */
  further: { operationId: string }[]
  kept: Account
  given: Account
}

async function lockMerge(sql: Tx, card: string): Promise<Merge | null> {
  const [named] = await sql<{ givenId: number; keptId: number }[]>`
    select id as "givenId", merged_into as "keptId" from customers where card = ${card} and merged_into is not null`
  if (!named) return null
  await sql`
    select from customers where id in (${named.givenId}, ${named.keptId}) order by id for no key update`
  const [still] = await sql<{ keptId: number | null }[]>`
    select merged_into as "keptId" from customers where id = ${named.givenId}`
  // While the lock was waited for, the customer who has the card was merged further, or the merge was undone.
  if (still?.keptId !== named.keptId) return await lockMerge(sql, card)
  const accounts = await loadAlone(sql, [named.givenId, named.keptId])
  const [given, kept] = [accounts.get(named.givenId), accounts.get(named.keptId)]
  const [merge, ...further] = await mergesFrom(sql, named.givenId)
  if (!merge || !given || !kept) return null
  const { operationId } = merge
  return { operationId, given, kept, further, ...mostOf(merge, further) }
}

/** The merge of a customer, and the later merges that moved it on; each with what may still go home of it. */
async function mergesFrom(sql: Tx, givenId: number): Promise<(Brought & { operationId: string })[]> {
  const rows = await sql<(Brought & { operationId: string; parted: ReturnedPart[]; debtParted: number })[]>`
    with recursive onward as (
      select operation_id, kept_id, parts, debt, parted, debt_parted, 1 as step from merges
      where given_id = ${givenId} and undone_at is null
      union all
      select next.operation_id, next.kept_id, next.parts, next.debt, next.parted, next.debt_parted, step + 1
      from onward join merges next on next.given_id = onward.kept_id
      where next.undone_at is null)
    select operation_id as "operationId", parts, debt, parted, debt_parted as "debtParted" from onward order by step`
  return rows.map(({ operationId, parts, debt, parted, debtParted }) => ({
    operationId,
    ...withoutParted({ parts, debt }, parted, debtParted),
  }))
}

/** The accounts with every lot, but without operations and holds: those are moved as they are. */
async function loadAlone(sql: Tx, ids: number[]): Promise<Map<number, Account>> {
  const rows = await sql<AccountRow[]>`
    select ${accountColumns(sql)} from customers where id = any(${ids}::bigint[])`
  const accounts = new Map(rows.map((row) => [row.customerId, bareAccount(row)]))
  const lots = await sql<(Lot & { customerId: number })[]>`
    select customer_id as "customerId", active_from as "activeFrom", expires_at as "expiresAt", points, remaining,
      expired, forgiven
    from lots where customer_id = any(${ids}::bigint[])`
  for (const { customerId, ...lot } of lots) accounts.get(customerId)?.lots.set(keyOf(lot), lot)
  return accounts
}

interface Separating {
  merge: Merge
  undoneBy: string
  returned: ReturnedPart[]
  debtMoved: number
  now: Instant
}

/** Customers who had been merged into the one of this card go with them. */
async function separate(sql: Tx, { merge, undoneBy, returned, debtMoved, now }: Separating): Promise<void> {
  const { operationId, further, kept, given } = merge
  const [from, to] = [kept.customerId, given.customerId]
  const own = await sql<{ id: number }[]>`
    with recursive own as (
      select ${to}::bigint as id
      union
      select given_id from merges join own on kept_id = own.id where undone_at is null)
    select id from own`
  const ids = own.map(({ id }) => id)
  // An operation that settles a purchase goes with it, whichever of the two has its entries.
  const settles = sql`kind in ('apply', 'release', 'refund') and status = 'accepted'`
  const moved = await sql<{ id: string }[]>`
    with brought as (
      select id from operations
      where customer_id = ${from} and posted_to = any(${ids}::bigint[]) and not (${settles})),
    moved as (
      select id from brought
      union
      select id from operations
      where customer_id = ${from} and ${settles} and reference_id in (select id from brought))
    update operations set customer_id = ${to},
      posted_to = nullif(coalesce(posted_to, customer_id), ${to})
    where customer_id = ${from} and id in (select id from moved)
    returning id`
  const movedIds = moved.map(({ id }) => id)
  await sql`
    update holds set customer_id = ${to} where customer_id = ${from} and id = any(${movedIds}::uuid[])`
  await sql`
    update merges set undone_at = ${toIso(now)}, undone_by = ${undoneBy}, undone_from = ${from},
      returned = ${JSON.stringify(returned)}::text::json, debt_returned = ${debtMoved}
    where operation_id = ${operationId}`
  // The later merges note what went home, so that undoing them does not move it once more.
  await sql`
    update merges set parted = parted || ${JSON.stringify(returned)}::text::jsonb, debt_parted = debt_parted + ${debtMoved}
    where operation_id = any(${further.map(({ operationId }) => operationId)}::uuid[])`
  await sql`
    update customers set merged_into = nullif(${to}::bigint, id), profile_tx = pg_current_xact_id()
    where id = any(${ids}::bigint[])`
  await sql`update customers set profile_tx = pg_current_xact_id() where id = ${from}`
  await countPurchases(sql, [from, to])
  await countUses(sql, [from, to])
  await countDays(sql, [from, to])
}
