import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Simulator, SimulatorEvent } from '../exchange/simulator.ts'
import { earnedFor } from '../testing/balances.ts'
import type { openTestCloud } from '../testing.ts'
import type { VoucherGift } from './scenarios.ts'

export type Cloud = Awaited<ReturnType<typeof openTestCloud>>

/** A voucher of the customer, and what it gives. */
export interface ShopVoucher extends VoucherGift {
  code: string
  id: number
}

export interface Shop {
  cloud: Cloud
  card: string
  /** What the customer had at first. */
  points: number
  /** The one that they have shown, if any. */
  voucher?: ShopVoucher | null
  /** What lies in the folder where 1C and the register meet. */
  left: readonly string[]
  dataFolder: string
  simulator: Simulator
  events: readonly SimulatorEvent[]
  /** Of the cashier, that the register has taken. */
  taps?: number
  /** What was seen wrong meanwhile. */
  faults?: readonly string[]
}

/** What the journal, the ledger and 1C have recorded when all is over, each beside what the others expect of it. */
export async function recordsOf(shop: Shop) {
  const { cloud, card, points, simulator, events, left, voucher = null } = shop
  const { taps = 0, faults = [] } = shop
  const journal = readJournal(shop.dataFolder, voucher)
  const ledger = await readLedger(cloud, card)
  const taken = simulator.taken().map((taken) => taken.points)
  return {
    found: {
      unsettled: journal.unsettled,
      leftInFolder: left.filter((name) => name !== 'amount.json'),
      accepted: ledger.accepted,
      isEverythingReportedOnce: ledger.holds.every(({ reports }) => reports === 1),
      // What takes nothing off is not offered to 1C.
      applied: ledger.holds
        .filter(({ state, rubles }) => state === 'applied' && rubles > 0)
        .map(({ rubles }) => rubles),
      otherHolds: ledger.holds.filter(({ state }) => state !== 'applied' && state !== 'released').length,
      balance: ledger.balance,
      debt: ledger.debt,
      discrepancies: ledger.discrepancies,
      voucher: voucher && (await standingOf(cloud, voucher)),
      lostTaps: Math.max(0, taps - ledger.accepted.length),
      faults,
      trouble: events.filter(({ kind }) => kind === 'violation' || kind === 'trouble'),
    },
    expected: {
      unsettled: [],
      leftInFolder: [],
      accepted: journal.accepted,
      isEverythingReportedOnce: true,
      applied: taken,
      otherHolds: 0,
      balance: points + journal.moved,
      debt: 0,
      discrepancies: 0,
      voucher: voucher && { held: 0, used: journal.vouchersUsed },
      ...{ lostTaps: 0, faults: [], trouble: [] },
    },
  }
}

/** The file of a register that runs no more. */
function readJournal(dataFolder: string, voucher: ShopVoucher | null) {
  const journal = new Database(join(dataFolder, 'outbox.sqlite'))
  try {
    const unsettled = journal
      .prepare<[], string>(`
        select kind || ' ' || state from operations where state in ('queued', 'parked')
        union all select 'redemption ' || step from redemptions where step <> 'reported'`)
      .pluck()
      .all()
    const rows = journal
      .prepare<[], JournalRow>(`
        select operations.id, kind, reference, content, verdict
        from operations left join redemptions on redemptions.id = operations.id
        where kind in ('earn', 'redeem', 'refund') order by seq`)
      .all()
    const undone = new Set(rows.flatMap(({ kind, reference }) => (kind === 'refund' ? reference : [])))
    const moves = rows.map(({ id, kind, content, verdict }) => {
      const { purchaseKopecks = 0, points = 0 } = JSON.parse(content) as Partial<Record<string, number>>
      const { offRubles, creditedPoints } = (isWithVoucher(content) && voucher) || nothing
      if (kind === 'earn' && !undone.has(id)) return earnedFor(purchaseKopecks)
      if (kind === 'redeem' && verdict === 'taken')
        return earnedFor(purchaseKopecks, points + offRubles) + creditedPoints - points
      return 0
    })
    return {
      unsettled,
      accepted: rows.map(({ id }) => id).sort(),
      moved: moves.reduce((total, move) => total + move, 0),
      vouchersUsed: rows.filter(({ content, verdict }) => verdict === 'taken' && isWithVoucher(content))
        .length,
    }
  } finally {
    journal.close()
  }
}

const nothing: VoucherGift = { offRubles: 0, creditedPoints: 0 }

const isWithVoucher = (content: string) => 'voucher' in JSON.parse(content)

/** Free, or used: a code that stays held is stuck. */
async function standingOf({ sql }: Cloud, { id }: ShopVoucher) {
  const [row] = await sql<{ held: number; used: number }[]>`select held, used from vouchers where id = ${id}`
  return { ...row }
}

interface JournalRow {
  id: string
  kind: string
  reference: string | null
  content: string
  verdict: string | null
}

async function readLedger({ sql }: Cloud, card: string) {
  const [customer] = await sql<{ id: number; balance: number; debt: number }[]>`
    select id, balance, debt from customers where card = ${card}`
  if (!customer) throw new Error(`nobody has the card ${card}`)
  const accepted = await sql<{ id: string }[]>`
    select id from operations
    where customer_id = ${customer.id} and status = 'accepted' and kind in ('earn', 'redeem', 'refund')
    order by id`
  const holds = await sql<{ state: string; rubles: number; reports: number }[]>`
    select state, (points + voucher_kopecks / 100)::int as rubles, (
      select count(*)::int from operations
      where operations.customer_id = holds.customer_id and reference_id = holds.id
        and status = 'accepted' and kind in ('apply', 'release')) as reports
    from holds where customer_id = ${customer.id} order by id`
  const [filed] = await sql<{ count: number }[]>`
    select count(*)::int as count from discrepancies where customer_id = ${customer.id}`
  return {
    accepted: accepted.map(({ id }) => id),
    holds: [...holds],
    balance: customer.balance,
    debt: customer.debt,
    discrepancies: filed?.count ?? 0,
  }
}

/** Whether the ledger has the points of this redemption in its hands. */
export async function isHeld({ sql }: Cloud, redeemId: string): Promise<boolean> {
  const holds = await sql`select from holds where id = ${redeemId} and state = 'processing'`
  return holds.length === 1
}

/** How many redemptions of this customer the ledger has not been told the end of. */
export async function openHolds({ sql }: Cloud, card: string): Promise<number> {
  const holds = await sql`
    select from holds join customers on customers.id = holds.customer_id
    where card = ${card} and state in ('pending', 'processing', 'in_doubt')`
  return holds.length
}

/** Whether points have moved for good, for a customer with one sale. */
export async function hasMoved({ sql }: Cloud, card: string): Promise<boolean> {
  const moved = await sql`
    select from operations join customers on customers.id = operations.customer_id
    where card = ${card} and operations.status = 'accepted' and kind in ('earn', 'apply')
      and not exists (
        select from operations as refunds
        where refunds.customer_id = operations.customer_id and refunds.reference_id = operations.id
          and refunds.kind = 'refund' and refunds.status = 'accepted')`
  return moved.length > 0
}
