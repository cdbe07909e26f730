import { shownLine } from '../../shared/text.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { type Account, type Entry, type Hold, type Lot, viewOf } from '../ledger/account.ts'
import { AdminError, type House } from './command.ts'
import { moment, table } from './print.ts'

type Found = Omit<Account, 'lots' | 'holds' | 'operations'>
type HoldRow = Omit<Hold, 'parts'> & { inDoubtAt: Instant | null }
type EntryRow = Omit<Entry, 'balanceBefore'> & {
  at: Instant
  operationId: string | null
  balanceAfter: number
}

/** Everything the ledger knows of one customer, erased ones too. */
export async function showCustomer({ sql, now }: House, { card }: { card: string }) {
  return await sql.begin('isolation level repeatable read read only', async (sql) => {
    const found = await readCustomer(sql, card)
    const [lots, holds, entries, telegram] = await Promise.all([
      readLots(sql, found.customerId),
      readHolds(sql, found.customerId),
      readEntries(sql, found.customerId),
      readTelegram(sql, found.customerId),
    ])
    const account: Account = {
      ...found,
      lots: new Map(lots.map((lot) => [lot.id, lot])),
      holds: new Map(holds.map((hold) => [hold.id, { ...hold, parts: [] }])),
      operations: new Map(),
    }
    return {
      ...viewOf(account, now),
      status: found.status,
      telegram,
      lots: lots.map((lot) => ({ ...lot, earnedAt: toIso(lot.earnedAt), expiresAt: toIso(lot.expiresAt) })),
      entries: entries.map((entry) => ({ ...entry, at: toIso(entry.at) })),
      holds: holds.map(({ until, inDoubtAt, ...hold }) => ({
        ...hold,
        until: toIso(until),
        inDoubtAt: inDoubtAt === null ? null : toIso(inDoubtAt),
      })),
    }
  })
}

async function readCustomer(sql: Tx, card: string): Promise<Found> {
  const [found] = await sql<Found[]>`
    select id as "customerId", card, first_name as "firstName", status, balance, debt, last_entry as "lastEntry"
    from customers where card = ${card}`
  if (found) return found
  throw new AdminError('customer_not_found', `No customer has the card ${card}: try "customer find".`)
}

async function readLots(sql: Tx, customerId: number): Promise<Lot[]> {
  return await sql<Lot[]>`
    select id, earned_at as "earnedAt", expires_at as "expiresAt", points, remaining, expired
    from lots where customer_id = ${customerId} order by expires_at, earned_at, id`
}

async function readHolds(sql: Tx, customerId: number): Promise<HoldRow[]> {
  return await sql<HoldRow[]>`
    select id, store_id as "storeId", register_id as "registerId", state, points,
      purchase_kopecks as "purchaseKopecks", until, in_doubt_at as "inDoubtAt", resolved_by as "resolvedBy"
    from holds where customer_id = ${customerId} order by until, id`
}

async function readEntries(sql: Tx, customerId: number): Promise<EntryRow[]> {
  return await sql<EntryRow[]>`
    select seq, at, kind, points, debt, balance_after as "balanceAfter", operation_id as "operationId",
      lot_id as "lotId", hold_id as "holdId"
    from entries where customer_id = ${customerId} order by seq`
}

/** Whether messages reach them; who they are there is nobody's business here. */
async function readTelegram(sql: Tx, customerId: number): Promise<'linked' | 'unreachable' | null> {
  const [person] = await sql<{ isReachable: boolean }[]>`
    select unreachable_since is null as "isReachable" from people where customer_id = ${customerId}`
  if (!person) return null
  return person.isReachable ? 'linked' : 'unreachable'
}

const ENTRIES_SHOWN = 20

export function textOfCustomer(customer: Awaited<ReturnType<typeof showCustomer>>): string {
  const { card, firstName, status, telegram, available, held, debt, expiresNext } = customer
  const next = expiresNext ? `, ${expiresNext.points} expire ${moment(expiresNext.at)}` : ''
  const lots = customer.lots.filter((lot) => lot.remaining > 0)
  const holds = customer.holds.filter((hold) => hold.resolvedBy === null)
  const entries = customer.entries.slice(-ENTRIES_SHOWN)
  const parts = [
    `Card ${card}, ${shownLine(firstName ?? 'no name')}, ${status}, ${telegram ? `Telegram ${telegram}` : 'not in Telegram'}`,
    `${available} points available${next}; ${held} held; ${debt} owed`,
  ]
  if (lots.length > 0) {
    const rows = lots.map((lot) => [moment(lot.earnedAt), moment(lot.expiresAt), lot.points, lot.remaining])
    parts.push(table(['lot of', 'expires', 'points', 'remaining'], rows))
  }
  if (holds.length > 0) {
    const rows = holds.map((hold) => [hold.id, hold.state, hold.points, moment(hold.until)])
    parts.push(table(['open hold', 'state', 'points', 'until'], rows))
  }
  if (entries.length > 0) {
    const rows = entries.map((e) => [e.seq, moment(e.at), e.kind, e.points, e.debt, e.balanceAfter])
    parts.push(table(['entry', 'at (UTC)', 'kind', 'points', 'debt', 'balance'], rows))
  }
  return parts.join('\n\n')
}
