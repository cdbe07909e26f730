import type { Quote } from '../../shared/rules/quote.ts'
import { shownLine } from '../../shared/text.ts'
import { type Instant, moment, toIso } from '../../shared/time.ts'
import { noCustomer } from '../acts/customers.ts'
import type { Tx } from '../database/connect.ts'
import {
  type Account,
  type AccountRow,
  bareAccount,
  type Entry,
  type Hold,
  keyOf,
  type Lot,
  viewOf,
} from '../ledger/account.ts'
import { customerOfCard } from '../ledger/cards.ts'
import { accountColumns } from '../ledger/rows.ts'
import { readConsent } from '../people/consents.ts'
import { readReach } from '../people/people.ts'
import type { House } from './command.ts'
import { rubles, table } from './print.ts'

type HoldRow = Omit<Hold, 'parts'> & { inDoubtAt: Instant | null }
type EntryRow = Omit<Entry, 'balanceBefore' | 'lot'> & {
  at: Instant
  activeFrom: Instant | null
  expiresAt: Instant | null
  operationId: string | null
  balanceAfter: number
}

/** Everything the ledger knows of one customer, erased ones too. */
export async function showCustomer({ sql, now }: House, { card }: { card: string }) {
  return await sql.begin('isolation level repeatable read read only', async (sql) => {
    const found = await readCustomer(sql, card)
    const [mergedCards, purchases, lots, holds, entries, telegram, consent, advertising] = await Promise.all([
      readMergedCards(sql, found.customerId),
      readPurchases(sql, found.customerId),
      readLots(sql, found.customerId),
      readHolds(sql, found.customerId),
      readEntries(sql, found.customerId),
      readReach(sql, found.customerId),
      readConsent(sql, found.customerId, 'programme'),
      readConsent(sql, found.customerId, 'advertising'),
    ])
    const account: Account = {
      ...bareAccount(found),
      lots: new Map(lots.map((lot) => [keyOf(lot), lot])),
      holds: new Map(holds.map((hold) => [hold.id, { ...hold, parts: [] }])),
    }
    return {
      ...viewOf(account, now),
      status: found.status,
      mergedCards,
      telegram,
      consent: consent && { ...consent, givenAt: toIso(consent.givenAt) },
      advertising: advertising && { ...advertising, givenAt: toIso(advertising.givenAt) },
      lots: lots.map((lot) => ({
        ...lot,
        activeFrom: toIso(lot.activeFrom),
        expiresAt: toIso(lot.expiresAt),
      })),
      entries: entries.map(({ at, activeFrom, expiresAt, ...entry }) => ({
        ...entry,
        at: toIso(at),
        lot:
          activeFrom === null || expiresAt === null
            ? null
            : { activeFrom: toIso(activeFrom), expiresAt: toIso(expiresAt) },
      })),
      purchases: purchases.map(({ at, ...purchase }) => ({ ...purchase, at: toIso(at) })),
      holds: holds.map(({ until, inDoubtAt, ...hold }) => ({
        ...hold,
        until: toIso(until),
        inDoubtAt: inDoubtAt === null ? null : toIso(inDoubtAt),
      })),
    }
  })
}

async function readCustomer(sql: Tx, card: string): Promise<AccountRow> {
  const [found] = await sql<AccountRow[]>`
    select ${accountColumns(sql)} from customers where id = ${customerOfCard(sql, card)}`
  if (found) return found
  throw noCustomer(card)
}

/** Those that stand for this customer too. */
async function readMergedCards(sql: Tx, customerId: number): Promise<string[]> {
  const rows = await sql<{ card: string }[]>`
    select card from customers where merged_into = ${customerId} order by card`
  return rows.map(({ card }) => card)
}

async function readLots(sql: Tx, customerId: number): Promise<Lot[]> {
  return await sql<Lot[]>`
    select active_from as "activeFrom", expires_at as "expiresAt", points, remaining, expired, forgiven
    from lots where customer_id = ${customerId} order by expires_at, active_from`
}

async function readHolds(sql: Tx, customerId: number): Promise<HoldRow[]> {
  return await sql<HoldRow[]>`
    select id, store_id as "storeId", register_id as "registerId", state, points,
      voucher_kopecks as "voucherKopecks", purchase_kopecks as "purchaseKopecks", until, in_doubt_at as "inDoubtAt", resolved_by as "resolvedBy"
    from holds where customer_id = ${customerId} order by until, id`
}

async function readEntries(sql: Tx, customerId: number): Promise<EntryRow[]> {
  return await sql<EntryRow[]>`
    select seq, at, kind, points, debt, balance_after as "balanceAfter", operation_id as "operationId",
      lot_active_from as "activeFrom", lot_expires_at as "expiresAt", rule_id as "ruleId", hold_id as "holdId"
    from entries where customer_id = ${customerId} order by seq`
}

interface PurchaseRow {
  id: string
  kind: 'earn' | 'redeem'
  at: Instant
  purchaseKopecks: number
  bookVersion: number
  /** By which rules it was given what, and on what terms. */
  awards: Quote['awards']
  /** Which rules gave nothing, and why. */
  skipped: Quote['skipped']
}

const PURCHASES_SHOWN = 20

/** The latest purchases, each with why it earned what it did, and why not more. */
async function readPurchases(sql: Tx, customerId: number): Promise<PurchaseRow[]> {
  return await sql<PurchaseRow[]>`
    select * from (
      select id, kind, at, purchase_kopecks as "purchaseKopecks", (quote ->> 'version')::int as "bookVersion",
        quote -> 'awards' as awards, quote -> 'skipped' as skipped
      from operations
      where customer_id = ${customerId} and status = 'accepted' and kind in ('earn', 'redeem') and quote is not null
      order by operations.at desc, operations.id desc limit ${PURCHASES_SHOWN}) latest
    order by at, id`
}

type Shown = Awaited<ReturnType<typeof showCustomer>>

function consentText(
  to: string,
  { version, channel, note, recordedBy, givenAt }: NonNullable<Shown['consent']>,
): string {
  const how = channel === 'staff' ? `to staff (${note})` : `in ${channel.replace('_', ' ')}`
  return `Consented to ${to} ${version} ${how}, recorded ${moment(givenAt)} UTC by ${recordedBy}`
}

const ENTRIES_SHOWN = 20

export function textOfCustomer(customer: Shown): string {
  const { card, firstName, status, telegram, consent, available, held, debt, expiresNext, waiting } = customer
  const { advertising } = customer
  const next = expiresNext ? `, ${expiresNext.points} expire ${moment(expiresNext.at)}` : ''
  const later = waiting ? `, ${waiting.points} wait, from ${moment(waiting.from)} on` : ''
  const lots = customer.lots.filter((lot) => lot.remaining > 0)
  const holds = customer.holds.filter((hold) => hold.resolvedBy === null)
  const entries = customer.entries.slice(-ENTRIES_SHOWN)
  const parts = [
    `Card ${card}, ${shownLine(firstName ?? 'no name')}, ${status}, ${telegram ? `Telegram ${telegram}` : 'not in Telegram'}`,
    ...(status === 'erased' ? [] : [consent ? consentText('text', consent) : 'No consent is recorded']),
    ...(advertising ? [consentText('advertising, text', advertising)] : []),
    ...(customer.mergedCards.length > 0 ? [`Also the cards ${customer.mergedCards.join(', ')}`] : []),
    `${available} points available${next}${later}; ${held} held; ${debt} owed`,
  ]
  if (lots.length > 0) {
    const rows = lots.map((lot) => [moment(lot.activeFrom), moment(lot.expiresAt), lot.points, lot.remaining])
    parts.push(table(['active from', 'expires', 'points', 'remaining'], rows))
  }
  if (holds.length > 0) {
    const rows = holds.map((hold) => [hold.id, hold.state, hold.points, moment(hold.until)])
    parts.push(table(['open hold', 'state', 'points', 'until'], rows))
  }
  const judged = customer.purchases.filter(
    ({ skipped, awards }) => skipped.length > 0 || awards.length > 1 || awards.some(({ cutBy }) => cutBy),
  )
  if (judged.length > 0) {
    const rows = judged.map(({ at, purchaseKopecks, bookVersion, awards, skipped }) => [
      ...[moment(at), rubles(purchaseKopecks), bookVersion],
      awards
        .map(({ ruleId, points, cutBy }) => `${ruleId ?? 'base'} ${points}${cutBy ? ` (${cutBy})` : ''}`)
        .join(', '),
      skipped.map(({ ruleId, why }) => `${ruleId ?? 'base'} ${why}`).join(', '),
    ])
    parts.push(table(['purchase at (UTC)', '₽', 'book', 'why', 'why not'], rows))
  }
  if (entries.length > 0) {
    const rows = entries.map((e) => [e.seq, moment(e.at), e.kind, e.points, e.debt, e.balanceAfter])
    parts.push(table(['entry', 'at (UTC)', 'kind', 'points', 'debt', 'balance'], rows))
  }
  return parts.join('\n\n')
}
