import { keyOfUse, type OfDay, type Use } from '../../shared/rules/facts.ts'
import type { Instant } from '../../shared/time.ts'
import {
  bigints,
  booleans,
  type Column,
  digests,
  documents,
  ids,
  ints,
  moments,
  tableOf,
  texts,
} from '../database/columns.ts'
import type { Tx } from '../database/connect.ts'
import { type Executed, keyOf, type Posting } from './account.ts'
import { saveSpending } from './budgets.ts'
import { keepItems } from './items.ts'
import type { Judgement } from './judge.ts'
import { isTold, returningTold, tellPeople } from './notifications.ts'
import { authorName, keptOf } from './rows.ts'
import { noteVisits } from './visits.ts'
import { saveVouchers } from './vouchers.ts'

type Statement = ReturnType<typeof insertOperations>

/**
 * Everything a batch changed, in one statement and so in one message to Postgres: a part for each table that
 * has rows. Rows travel as one array a column, which Postgres takes apart five times faster than JSON. It fails in any other
 * transaction than the one that loaded what it goes by, if that is named. What cannot be written down fails at once, before
 * anything is sent.
 */
export function writeBatch(
  sql: Tx,
  { executed, postings, spendings, vouchers }: Omit<Judgement, 'outcomes'>,
  loadedIn?: string,
): Promise<void> {
  if (executed.length === 0) return Promise.resolve()
  const sides = postings.flatMap(sidesIn)
  const others = [
    saveLots(sql, sides),
    saveHolds(sql, postings),
    insertEntries(sql, sides),
    saveBalances(sql, sides),
    countUses(sql, postings),
    countDays(sql, postings),
    saveSpending(sql, spendings),
    saveVouchers(sql, vouchers),
    keepItems(sql, postings),
    fileDiscrepancies(sql, postings),
    tellPeople(sql, executed),
    noteVisits(sql, executed),
  ].filter((part) => part !== null)
  const parts = others.reduce<Statement>(
    (parts, part, index) => sql`${parts}, ${sql(`part_${index + 1}`)} as (${part})`,
    sql`executed as (${insertOperations(sql, executed)})`,
  )
  const insisting = loadedIn === undefined ? sql`` : sql`insist_on_transaction(${loadedIn}::xid8)`
  return sql`with ${parts} select ${insisting}`.execute().then(() => {})
}

type Side = Pick<Posting, 'entries' | 'lots' | 'balance' | 'debt' | 'lastEntry' | 'counted'> & {
  operation: Pick<Posting['operation'], 'id' | 'customerId' | 'recordedAt'>
}

/** The accounts that a posting moves: two, where one customer is merged into another. */
function sidesIn({ merged, ...posting }: Posting): Side[] {
  if (!merged) return [posting]
  const operation = { ...posting.operation, customerId: merged.customerId }
  return [posting, { ...merged, operation, counted: null }]
}

function insertOperations(sql: Tx, executed: Executed[]) {
  return sql`
    insert into operations (
      programme_id, customer_id, id, kind, status, store_id, register_id, author, at, recorded_at, purchase_kopecks, points,
      reference_id, refund_kopecks, receipt, cashier, typed, reason, content, quote, earned, spent, outcome)
    select * from ${tableOf(sql, executed, columnsOfOperations)}
    ${executed.some(isTold) ? returningTold(sql) : sql``}`
}

const ofRegister =
  (key: 'storeId' | 'registerId') =>
  ({ author }: Executed): number | null =>
    author.type === 'register' ? author[key] : null

const columnsOfOperations: Column<Executed>[] = [
  ints(({ programmeId }) => programmeId),
  bigints(({ customerId }) => customerId),
  ids(({ id }) => id),
  texts(({ kind }) => kind),
  texts(({ outcome }) => outcome.status),
  ints(ofRegister('storeId')),
  ints(ofRegister('registerId')),
  texts(({ author }) => authorName(author)),
  moments(({ at }) => at),
  moments(({ recordedAt }) => recordedAt),
  ints(({ purchaseKopecks }) => purchaseKopecks),
  bigints(({ points }) => points),
  ids(({ referenceId }) => referenceId),
  ints(({ refundKopecks }) => refundKopecks),
  texts(({ receipt }) => receipt),
  texts(({ cashier }) => cashier),
  booleans(({ typed }) => typed),
  texts(({ reason }) => reason),
  digests(({ content }) => content),
  documents(({ quote }) => quote),
  bigints(({ earned }) => earned),
  bigints(({ spent }) => spent),
  documents(({ outcome }) => keptOf(outcome)),
]

/** A lot moved twice in a batch is written once, as the last posting left it. */
function saveLots(sql: Tx, postings: Side[]): Statement | null {
  const latest = new Map(
    postings.flatMap(({ operation: { customerId }, lots }) =>
      lots.map((lot) => [`${customerId} ${keyOf(lot)}`, { ...lot, customerId }]),
    ),
  )
  if (latest.size === 0) return null
  const lots = [...latest.values()]
  const table = tableOf(sql, lots, [
    bigints((lot) => lot.customerId),
    moments((lot) => lot.activeFrom),
    moments((lot) => lot.expiresAt),
    bigints((lot) => lot.points),
    bigints((lot) => lot.remaining),
    bigints((lot) => lot.expired),
    bigints((lot) => lot.forgiven),
  ])
  return sql`
    insert into lots (customer_id, active_from, expires_at, points, remaining, expired, forgiven)
    select * from ${table}
    on conflict (customer_id, expires_at, active_from) do update
    set points = excluded.points, remaining = excluded.remaining, expired = excluded.expired,
      forgiven = excluded.forgiven`
}

function saveHolds(sql: Tx, postings: Posting[]): Statement | null {
  const latest = new Map(
    postings.flatMap(({ operation: { programmeId, customerId }, hold }) =>
      hold ? [[hold.id, { ...hold, programmeId, customerId }]] : [],
    ),
  )
  if (latest.size === 0) return null
  const holds = [...latest.values()]
  const table = tableOf(sql, holds, [
    ints((hold) => hold.programmeId),
    bigints((hold) => hold.customerId),
    ids((hold) => hold.id),
    ints((hold) => hold.storeId),
    ints((hold) => hold.registerId),
    texts((hold) => hold.state),
    ints((hold) => hold.points),
    ints((hold) => hold.voucherKopecks),
    ints((hold) => hold.purchaseKopecks),
    moments((hold) => hold.until),
    ids((hold) => hold.resolvedBy),
    texts((hold) => hold.codeId),
    bigints((hold) => hold.voucherId),
    ids((hold) => hold.voucherReturnedBy),
    documents((hold) => hold.parts),
  ])
  return sql`
    insert into holds (
      programme_id, customer_id, id, store_id, register_id, state, points, voucher_kopecks, purchase_kopecks, until,
      resolved_by, code_id, voucher_id, voucher_returned_by, parts)
    select * from ${table}
    on conflict (customer_id, id) do update
    set state = excluded.state, resolved_by = excluded.resolved_by, code_id = excluded.code_id,
      voucher_returned_by = excluded.voucher_returned_by, parts = excluded.parts`
}

function insertEntries(sql: Tx, postings: Side[]): Statement | null {
  const rows = postings.flatMap(({ operation, entries }) => entries.map((entry) => ({ operation, ...entry })))
  if (rows.length === 0) return null
  const table = tableOf(sql, rows, [
    bigints((row) => row.operation.customerId),
    ints((row) => row.seq),
    ids((row) => row.operation.id),
    texts((row) => row.kind),
    moments((row) => row.lot?.activeFrom ?? null),
    moments((row) => row.lot?.expiresAt ?? null),
    texts((row) => row.ruleId),
    ids((row) => row.holdId),
    bigints((row) => row.points),
    bigints((row) => row.debt),
    bigints((row) => row.balanceBefore),
    bigints((row) => row.balanceBefore + row.points),
    moments((row) => row.operation.recordedAt),
  ])
  return sql`
    insert into entries (
      customer_id, seq, operation_id, kind, lot_active_from, lot_expires_at, rule_id, hold_id, points, debt,
      balance_before, balance_after, at)
    select * from ${table}`
}

function saveBalances(sql: Tx, postings: Side[]): Statement | null {
  const latest = [...new Map(postings.map((posting) => [posting.operation.customerId, posting]))]
  const purchases = new Map<number, number>()
  for (const { operation, counted } of postings)
    purchases.set(
      operation.customerId,
      (purchases.get(operation.customerId) ?? 0) + (counted?.purchases ?? 0),
    )
  if (latest.length === 0) return null
  const table = tableOf(sql, latest, [
    bigints(([customerId]) => customerId),
    bigints(([, posting]) => posting.balance),
    bigints(([, posting]) => posting.debt),
    ints(([, posting]) => posting.lastEntry),
    ints(([customerId]) => purchases.get(customerId) ?? 0),
  ])
  return sql`
    update customers set balance = row.balance, debt = row.debt, last_entry = row.last_entry,
      purchases = customers.purchases + row.purchases
    from ${table}
      as row(id, balance, debt, last_entry, purchases)
    where customers.id = row.id`
}

/** Sums of what was drawn and given back; they need nothing that was loaded, for the customers are locked. */
function countUses(sql: Tx, postings: Posting[]): Statement | null {
  const sums = new Map<string, Use & { customerId: number; uses: number }>()
  for (const { operation, counted } of postings)
    for (const { change, ...use } of counted?.uses ?? []) {
      const { customerId } = operation
      const key = `${customerId} ${keyOfUse(use)}`
      sums.set(key, { ...use, customerId, uses: (sums.get(key)?.uses ?? 0) + change })
    }
  const rows = [...sums.values()].filter(({ uses }) => uses !== 0)
  if (rows.length === 0) return null
  const table = tableOf(sql, rows, [
    bigints((row) => row.customerId),
    texts((row) => row.period),
    texts((row) => row.ruleId),
    ints((row) => row.uses),
  ])
  return sql`
    insert into rule_uses (customer_id, period, rule_id, uses)
    select * from ${table}
    on conflict (customer_id, period, rule_id) do update set uses = rule_uses.uses + excluded.uses`
}

/** Sums, as those of uses are. */
function countDays(sql: Tx, postings: Posting[]): Statement | null {
  const sums = new Map<string, OfDay & { customerId: number; day: string; flaggedAt: Instant | null }>()
  for (const { operation, counted } of postings) {
    if (!counted?.day) continue
    const { customerId, recordedAt } = operation
    const { day, points, purchases, isFlagged } = counted.day
    const key = `${customerId} ${day}`
    const sum = sums.get(key) ?? { customerId, day, points: 0, purchases: 0, flaggedAt: null }
    sum.points += points
    sum.purchases += purchases
    if (isFlagged) sum.flaggedAt ??= recordedAt
    sums.set(key, sum)
  }
  const rows = [...sums.values()]
  if (rows.length === 0) return null
  const table = tableOf(sql, rows, [
    bigints((row) => row.customerId),
    texts((row) => row.day),
    bigints((row) => row.points),
    ints((row) => row.purchases),
    moments((row) => row.flaggedAt),
  ])
  return sql`
    insert into customer_days (customer_id, day, points, purchases, flagged_at)
    select * from ${table}
    on conflict (customer_id, day) do update
    set points = customer_days.points + excluded.points, purchases = customer_days.purchases + excluded.purchases,
      flagged_at = coalesce(customer_days.flagged_at, excluded.flagged_at)`
}

function fileDiscrepancies(sql: Tx, postings: Posting[]): Statement | null {
  const rows = postings.flatMap(({ operation, discrepancy }) =>
    discrepancy ? [{ operation, ...discrepancy }] : [],
  )
  if (rows.length === 0) return null
  const table = tableOf(sql, rows, [
    texts((row) => row.kind),
    texts((row) => row.reference),
    bigints((row) => row.operation.customerId),
    documents((row) => row.details),
    moments((row) => row.operation.recordedAt),
  ])
  return sql`
    insert into discrepancies (kind, reference, customer_id, details, filed_at)
    select * from ${table}
    on conflict (kind, reference) where settled_at is null do nothing`
}
