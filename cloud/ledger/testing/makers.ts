import { expect } from 'vitest'
import type { z } from 'zod'
import type { Accepted, Outcome } from '../../../shared/operation.ts'
import { bookOfBase, defaultProgramme, type Programme } from '../../../shared/programme.ts'
import { type Base, type Book, bookDocumentSchema } from '../../../shared/rules/book.ts'
import type { DrawnFrom } from '../../../shared/rules/budget.ts'
import { lifeOf } from '../../../shared/rules/quote.ts'
import { voucherTermsSchema } from '../../../shared/rules/voucher.ts'
import type { SignedCode } from '../../../shared/signedCode.ts'
import { type Instant, MINUTE, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import {
  type Account,
  type Author,
  advance,
  bySpendingOrder,
  type Executed,
  isOpen,
  keyOf,
  type Lot,
  type LotLife,
  type Posting,
  sum,
  viewOf,
} from '../account.ts'
import { publishBook } from '../books.ts'
import { budgetsOf, createBudgets, keyOfSpending, nothingSpent, type Spending } from '../budgets.ts'
import { nothingCounted } from '../counts.ts'
import { decide } from '../decide.ts'
import type { HoldQuota } from '../holdQuotas.ts'
import { toldOfHold } from '../judge.ts'
import { FIRST_PROGRAMME } from '../programme.ts'
import { isLapsed } from '../refusals.ts'
import type { Request } from '../request.ts'
import { createVouchers, keyOfUses, type Voucher } from '../vouchers.ts'

export const noon: Instant = Date.parse('2025-12-07T12:00:00.000Z')
export const card = '123456'

export const till = { type: 'register', programmeId: 1, storeId: 1, registerId: 1 } satisfies Author
/** Another register of the same store. */
export const neighbour = { type: 'register', programmeId: 1, storeId: 1, registerId: 2 } satisfies Author
/** A register of another store. */
export const stranger = { type: 'register', programmeId: 1, storeId: 2, registerId: 3 } satisfies Author
/** A register of another programme. */
export const foreigner = {
  type: 'register',
  programmeId: 2,
  storeId: 3,
  registerId: 4,
} satisfies Author
export const admin: Author = { type: 'admin', name: 'anna' }
export const system: Author = { type: 'system', name: 'sweep' }

/** The stores of these registers, in a database that has none yet. */
export async function addStores(sql: Sql): Promise<void> {
  await sql`insert into stores (name) values ('Store 1'), ('Store 2') on conflict do nothing`
}

/** The programme of the foreigner and its store, beside the stores above. */
export async function addSecondProgramme(sql: Sql): Promise<void> {
  await sql`
    insert into programmes (merchant, name, currency, minor_digits, point_words)
    values ('Сосед', 'Сосед', 'RUB', 2, '{балл,балла,баллов}')`
  await sql`insert into stores (programme_id, name) values (2, 'Store 3')`
  await judgeBy(sql, {}, 2)
}

/** All sales, those of before too, are judged by a book with this base from now on. */
export async function judgeBy(sql: Sql, base: Partial<Base>, programmeId = FIRST_PROGRAMME): Promise<void> {
  const document = bookDocumentSchema.parse({ base })
  await sql.begin((sql) =>
    publishBook(sql, {
      ...{ programmeId, document, validFrom: 0, now: 0 },
      ...{ by: 'admin:anna', reason: 'a test' },
    }),
  )
}

let minted = 0
export const mintId = () => `0198c5a8-7b1e-7c3a-9f00-${String(++minted).padStart(12, '0')}`

type Of<Kind> = Extract<Request, { kind: Kind }>
type Changes<Kind> = Partial<Of<Kind>>
const common = () => ({ id: mintId(), at: noon, author: till })

export const earn = (purchaseKopecks = 100_000, changes: Changes<'earn'> = {}): Of<'earn'> => ({
  ...common(),
  kind: 'earn',
  card,
  purchaseKopecks,
  ...changes,
})
export const redeem = (points: number, changes: Changes<'redeem'> = {}): Of<'redeem'> => ({
  ...common(),
  kind: 'redeem',
  card,
  purchaseKopecks: 1_000_000,
  points,
  ...changes,
})
/** What a redemption carries that was shown this code, as the door has read it; altered: as nothing. */
export function showing(changes: Partial<SignedCode> | 'altered' = {}): Changes<'redeem'> {
  if (changes === 'altered') return { code: 'K1ALTERED', shown: null }
  const shown = { id: '0123456789abcdef', card, expiresAt: noon + MINUTE, ...changes }
  return { code: `K1 ${shown.id}`, shown }
}
let codes = 0
type Gives = z.input<typeof voucherTermsSchema>['gives']
/** A code that gives this, used by nobody yet. */
export function voucherOf(
  gives: Gives = { type: 'discount_kopecks', kopecks: 20_000 },
  terms: Partial<z.input<typeof voucherTermsSchema>> = {},
  changes: Partial<Voucher> = {},
): Voucher {
  const id = ++codes
  return {
    ...{ id, batchId: id, programmeId: FIRST_PROGRAMME, hash: id.toString(16).padStart(64, '0') },
    terms: voucherTermsSchema.parse({ title: 'Купон', gives, ...terms }),
    ...{ ownerId: null, isVoid: false, held: 0, used: 0, ...changes },
  }
}
/** What a redemption carries that was shown this code, as the door has read it. */
export const withVoucher = (voucher: Pick<Voucher, 'hash'>): Changes<'redeem'> => ({
  ...{ voucher: 'A234567899', voucherHash: voucher.hash },
})

/** Such codes in a database, where they and their batches have other ids. */
export async function addVouchers(sql: Sql, ...vouchers: Voucher[]): Promise<void> {
  for (const [index, batch] of Map.groupBy(vouchers, ({ batchId }) => batchId)) {
    const [first] = batch
    if (!first) throw new Error(`batch ${index} has no codes`)
    const [row] = await sql<{ batchId: number }[]>`
      insert into voucher_batches (programme_id, terms, audience, salt, created_at, created_by)
      values (${first.programmeId}, ${JSON.stringify(first.terms)}::text::json, '{"type": "bearer", "codes": 1}', '', now(),
        'admin:anna')
      returning id as "batchId"`
    for (const [serial, voucher] of batch.entries()) {
      const [code] = await sql<{ id: number }[]>`
        insert into vouchers (batch_id, serial, hash, customer_id)
        values (${row?.batchId ?? 0}, ${serial}, ${Buffer.from(voucher.hash, 'hex')}, ${voucher.ownerId}) returning id`
      Object.assign(voucher, row, code)
    }
  }
}

export const apply = (redemption: { id: string }, changes: Changes<'apply'> = {}): Of<'apply'> => ({
  ...common(),
  kind: 'apply',
  redeemId: redemption.id,
  ...changes,
})
export const release = (redemption: { id: string }, changes: Changes<'release'> = {}): Of<'release'> => ({
  ...common(),
  kind: 'release',
  redeemId: redemption.id,
  reason: 'not taken',
  ...changes,
})
export const refund = (original: { id: string }, changes: Changes<'refund'> = {}): Of<'refund'> => ({
  ...common(),
  kind: 'refund',
  originalId: original.id,
  ...changes,
})
type Adjustment = Extract<Request, { points: number; reason: string }>
export const adjust = (points: number, changes: Partial<Adjustment> = {}): Adjustment => ({
  ...common(),
  author: admin,
  kind: 'adjust',
  card,
  points,
  reason: 'goodwill',
  ...changes,
})
export const merge = (otherCard: string, changes: Changes<'merge'> = {}): Of<'merge'> => ({
  ...common(),
  kind: 'merge',
  card,
  otherCard,
  ...changes,
})
export const expire = (at: Instant): Request => ({ ...common(), kind: 'expire', card, at, author: system })

/** An account, and what happened to it. */
export interface Customer extends Account {
  /** Of budgets, as if nobody else drew on them. */
  spendings: Map<string, Spending>
  vouchers: Voucher[]
  voucherUses: Map<string, number>
  journal: Posting[]
  refused: Map<string, Executed>
}

/** The lot of what is earned on the day of this moment, by default of noon. */
export const lotOf = (earnedAt = noon, { activationDays = 0, lifetimeDays = 45 } = {}): LotLife =>
  lifeOf(earnedAt, { activationDays, lifetimeDays })

type Given = Partial<Omit<Account, 'lots' | 'holds' | 'operations'>> & {
  lots?: (Pick<Lot, 'points'> & Partial<Lot>)[]
}

/** A customer with these lots; unless it says otherwise, a lot was earned at noon and nothing of it is spent. */
export function customerWith({ lots = [], ...rest }: Given = {}): Customer {
  const whole = lots.map((lot) => ({
    ...lotOf(),
    remaining: lot.points,
    expired: 0,
    forgiven: 0,
    ...lot,
  }))
  return {
    programmeId: FIRST_PROGRAMME,
    customerId: 1,
    card,
    firstName: 'Anna',
    status: 'active',
    balance: whole.reduce((total, lot) => total + lot.remaining, 0),
    debt: 0,
    lastEntry: 0,
    lots: new Map(whole.map((lot) => [keyOf(lot), lot])),
    holds: new Map(),
    operations: new Map(),
    ...{ registeredAt: noon, purchases: 0, ...nothingCounted() },
    spendings: new Map(),
    ...{ vouchers: [], voucherUses: new Map() },
    journal: [],
    refused: new Map(),
    ...rest,
  }
}

export const customerOf = (points: number) => customerWith({ lots: [{ points }] })

/** Decides and moves the customer on, as the ledger does with every operation of a batch. */
export function run(
  customer: Customer,
  request: Request,
  now = request.at,
  programme = defaultProgramme,
  book: Book = bookOfBase(programme),
): Outcome {
  const prior = customer.operations.get(request.id) ?? customer.refused.get(request.id) ?? null
  const quota = quotaOf(customer, request, now, programme)
  const { spendings } = customer
  const rulesIn = () => ({ books: [book] })
  for (const key of budgetsOf([request], () => customer, rulesIn))
    if (!spendings.has(keyOfSpending(key))) spendings.set(keyOfSpending(key), nothingSpent(key))
  const budgets = createBudgets(spendings)
  const spentOf = (from: DrawnFrom) => budgets.spent({ programmeId: FIRST_PROGRAMME, ...from })
  const settings = programme
  const vouchers = createVouchers({ vouchers: customer.vouchers, uses: customer.voucherUses })
  const voucher = vouchers.of(request, customer)
  const decision = decide({
    request,
    account: customer,
    other: null,
    prior,
    quota,
    now,
    settings,
    frozenAt: null,
    book,
    spentOf,
    voucher,
  })
  if (decision.status === 'replayed') return { ...decision.executed.outcome, replay: true }
  if (decision.status === 'refused') {
    const { refused } = decision
    if (decision.isFinal) customer.refused.set(request.id, { ...decision.execution, outcome: refused })
    return decision.refused
  }
  const { posting } = decision
  budgets.move(posting, book, now)
  vouchers.move(posting)
  for (const moved of vouchers.changed()) {
    customer.vouchers = customer.vouchers.map((one) => (one.id === moved.id ? moved : one))
    const key = keyOfUses(customer.customerId, moved.batchId)
    const { held = 0, used = 0 } = posting.voucher ?? {}
    customer.voucherUses.set(key, (customer.voucherUses.get(key) ?? 0) + held + used)
  }
  expectSound(customer, posting, now)
  advance(customer, posting)
  customer.journal.push(posting)
  const { id, kind, earned, spent } = posting.operation
  const outcome = {
    id,
    kind,
    status: 'accepted',
    replay: false,
    earned,
    spent,
    customer: viewOf(customer, now),
    ...(posting.hold && { hold: toldOfHold(posting.hold) }),
  } satisfies Accepted
  customer.operations.set(id, { ...posting.operation, outcome })
  return outcome
}

/** As if this customer's holds were all that the register has. */
function quotaOf(
  customer: Customer,
  { author }: Request,
  now: Instant,
  programme: Programme,
): HoldQuota | null {
  if (author.type !== 'register') return null
  const own = [...customer.holds.values()].filter(({ registerId }) => registerId === author.registerId)
  const open = own.filter((hold) => isOpen(hold) && !isLapsed(hold, now)).length
  return { open, limit: programme.max_open_holds }
}

/** What is left in each lot that is not empty, in the order of spending: the day it dies, and the points. */
export function remainingOf(customer: Account): [string, number][] {
  const filled = [...customer.lots.values()].filter((lot) => lot.remaining > 0)
  return filled.sort(bySpendingOrder).map((lot) => [dayOf(lot.expiresAt), lot.remaining])
}

export const dayOf = (at: Instant) => toIso(at).slice(0, 10)

/** The movements of the latest operation. */
export function movesOf(customer: Customer) {
  const { entries = [] } = customer.journal.at(-1) ?? {}
  return entries.map(({ kind, lot, points, debt }) => ({
    kind,
    dies: lot && dayOf(lot.expiresAt),
    points,
    debt,
  }))
}

const total = (numbers: number[]) => numbers.reduce((left, right) => left + right, 0)

/** What holds after every operation, whatever it was. */
function expectSound(before: Account, posting: Posting, now: Instant) {
  const { entries, balance, debt, lastEntry, hold } = posting
  const lots = new Map([...before.lots, ...posting.lots.map((lot) => [keyOf(lot), lot] as const)])

  expect(balance).toBe(total([...lots.values()].map((lot) => lot.remaining)))
  expect(debt).toBe(before.debt + total(entries.map((entry) => entry.debt)))
  const live = [...lots.values()].filter((lot) => lot.expiresAt > now).map((lot) => lot.remaining)
  expect(Math.min(debt, total(live))).toBe(0)
  expect(debt).toBeGreaterThanOrEqual(0)

  let running = before.balance
  for (const [index, entry] of entries.entries()) {
    expect(entry).toMatchObject({ seq: before.lastEntry + index + 1, balanceBefore: running })
    running += entry.points
    expect(running).toBeGreaterThanOrEqual(0)
  }
  expect({ running, lastEntry }).toEqual({ running: balance, lastEntry: before.lastEntry + entries.length })

  for (const lot of lots.values()) {
    const moved = total(
      entries.filter((entry) => entry.lot && keyOf(entry.lot) === keyOf(lot)).map((entry) => entry.points),
    )
    expect(lot.remaining).toBe((before.lots.get(keyOf(lot))?.remaining ?? 0) + moved)
    expect(lot.remaining).toBeGreaterThanOrEqual(0)
    expect(lot.forgiven).toBeGreaterThanOrEqual(0)
    expect(lot.expired).toBeGreaterThanOrEqual(lot.forgiven)
    expect(lot.remaining + lot.expired).toBeLessThanOrEqual(lot.points)
  }
  if (!hold) return
  const out = total(entries.filter((entry) => entry.holdId === hold.id).map((entry) => entry.points))
  expect(sum(hold.parts)).toBe(sum(before.holds.get(hold.id)?.parts ?? []) - out)
  if (isOpen(hold)) expect(sum(hold.parts)).toBe(hold.points)
}
