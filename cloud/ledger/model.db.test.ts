import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Item } from '../../shared/items.ts'
import { settingsSchema } from '../../shared/programme.ts'
import type { Book } from '../../shared/rules/book.ts'
import type { SignedCode } from '../../shared/signedCode.ts'
import {
  DAY,
  DEFAULT_TIME_ZONE,
  type Instant,
  MINUTE,
  SECOND,
  startOfUtcDay,
  toIso,
} from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import type { Author } from './account.ts'
import { runAudit } from './audit.ts'
import { publishBook } from './books.ts'
import { customerOfCard } from './cards.ts'
import { createMemoryLedger, type MemoryLedger } from './memory.ts'
import { post } from './post.ts'
import { findCustomer } from './read.ts'
import type { Request } from './request.ts'
import {
  addSecondProgramme,
  addStores,
  addVouchers,
  admin,
  earn,
  foreigner,
  mintId,
  neighbour,
  stranger,
  system,
  till,
  voucherOf,
} from './testing/makers.ts'
import { type Answer, createOracle } from './testing/oracle.ts'
import {
  budgetsToPickFrom,
  defaultTerms,
  documentOf,
  rulesToPickFrom,
  segmentsToPickFrom,
  statusesToPickFrom,
  type Terms,
} from './testing/terms.ts'
import { unmergeWithin } from './unmerge.ts'
import type { Voucher } from './vouchers.ts'

const COMMANDS = Number(process.env.MODEL_COMMANDS ?? 2000)
const SEED = process.env.MODEL_SEED
const COMMANDS_A_RUN = 100
/** Of each customer the programme. */
const PROGRAMMES = [1, 1, 2, 1]
/** Who has their card in Telegram; the others have plastic. */
const IN_TELEGRAM = [0, 2]
/** Fewer than by default, so that registers often have no room for another. */
const MAX_OPEN_HOLDS = 2

// Far ahead of the clock of the database, so that no lot looks dead to those queries of the audit that ask it. Books are
// for ever, so each story begins long after the one before.
let latest = Date.parse('2050-12-07T12:00:00.000Z')
const BETWEEN_STORIES = 100 * DAY

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await addStores(database.sql)
  await addSecondProgramme(database.sql)
  await setReturnsOf('store')
  // Who is in a segment is told by the commands: everybody has been gone through.
  await database.sql`update programmes set followed_segments = ${['all', ...segmentsToPickFrom.flat()]}`
})
afterAll(() => database.drop())

/** Of both programmes. */
async function setReturnsOf(returnsOf: 'store' | 'programme'): Promise<void> {
  const settings = { max_open_holds: MAX_OPEN_HOLDS, returns_of: returnsOf }
  await database.sql`update programmes set settings = ${database.sql.json(settings)}`
}

interface Model {
  oracle: ReturnType<typeof createOracle>
  /** The same ledger without Postgres: its answers are those of Postgres, to the last field. */
  memory: MemoryLedger
  cards: string[]
  /** Of this run alone: holds that another one left open count for other registers. */
  registers: (typeof REGISTERS)[number][]
  now: Instant
  /** Everything that was ever sent. */
  sent: Request[]
  /** Every code that was ever shown. */
  codes: SignedCode[]
  vouchers: Voucher[]
  /** What was asked, what the oracle answered, and what the ledger did: for the reader of a failure. */
  story: string[]
}

const REGISTERS = [till, till, till, neighbour, neighbour, stranger, foreigner]
const FOREIGNER = REGISTERS.indexOf(foreigner)

interface Numbers {
  kopecks: fc.Arbitrary<number>
  points: fc.Arbitrary<number>
}

const small: Numbers = {
  kopecks: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 300_000 }) },
    { weight: 4, arbitrary: fc.constantFrom(50_000, 100_000) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1249, 1250, 100_000_000, 100_000_001) },
  ),
  points: fc.oneof(
    { weight: 24, arbitrary: fc.integer({ min: 1, max: 60 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, -1, 10_001) },
  ),
}

const huge: Numbers = {
  kopecks: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 1_000_000_000 }) },
    { weight: 4, arbitrary: fc.constantFrom(500_000_000, 999_999_999, 1_000_000_000) },
    { weight: 1, arbitrary: fc.constantFrom(49, 50, 1_000_000_001, Number.MAX_SAFE_INTEGER) },
  ),
  points: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 5_000_000 }) },
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 10_000 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 5_000_001, Number.MAX_SAFE_INTEGER) },
  ),
}

const everyKind = [
  ...(['earn', 'earn', 'earn', 'redeem', 'redeem', 'redeem', 'agent', 'apply', 'apply', 'apply'] as const),
  ...(['apply by a person', 'release', 'release', 'release by a person'] as const),
  ...(['refund', 'refund', 'refund', 'adjust'] as const),
  ...(['again', 'again', 'bonus', 'carry', 'take back', 'expire', 'resend', 'reuse', 'steal'] as const),
]

type WishKind = (typeof everyKind)[number] | 'merge' | 'merge by a person'
/** Of stories in which customers become one and two again all the time. */
const merging: WishKind[] = [...everyKind, 'merge', 'merge by a person', 'merge by a person']

type Goods = 'not said' | 'all' | 'too few'

/** What is bought, the same for the same purchase; of an amount that is none, one line that cannot add up. */
function bought({ goods, pick }: { goods: Goods; pick: number }, kopecks: number): { items?: Item[] } {
  if (goods === 'not said' || kopecks > 1_000_000_000) return {}
  const tea = Math.floor((Math.max(0, kopecks) * (pick % 7)) / 7)
  const rest = Math.max(0, kopecks) - tea
  const cups = pick % 2 ? 0 : Math.floor(rest / 3)
  return {
    items: [
      { sku: 'tea-1', name: 'Чай', category: 'tea', quantity: 0.25 * (pick % 5), kopecks: tea },
      { sku: 'cup', quantity: pick % 4, kopecks: cups },
      { sku: 'beans', category: 'coffee', quantity: 1, kopecks: rest - cups - (goods === 'all' ? 0 : 1) },
    ].filter(({ kopecks }) => kopecks >= 0),
  }
}

/** What somebody wants; which operation it is depends on what happened before. */
const wishIn = ({ kopecks, points }: Numbers, kinds: WishKind[] = everyKind) =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    customer: fc.constantFrom(0, 0, 0, 1, 1, 1, 2, 3),
    other: fc.constantFrom(0, 0, 1, 1, 2, 3, 3),
    /** Asks for what is of another programme. */
    strays: fc.constantFrom(false, false, false, false, true),
    author: fc.nat(REGISTERS.length - 1),
    kopecks,
    points,
    isWhole: fc.boolean(),
    shows: fc.constantFrom(
      'nothing',
      'nothing',
      'a new code',
      'an old code',
      'an old code',
      'an altered one',
    ),
    isSure: fc.constantFrom(true, false, false),
    /** Null: no voucher is shown. One that is not of the story is nobody's. */
    voucher: fc.constantFrom(null, null, ...Array.from({ length: 13 }, (_, index) => index)),
    goods: fc.constantFrom<Goods>('not said', 'not said', 'all', 'all', 'too few'),
    pick: fc.nat(1000),
    lag: fc.oneof(
      { weight: 24, arbitrary: fc.constant(0) },
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 20 }).map((seconds) => seconds * SECOND) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 48 }).map((hours) => hours * 60 * MINUTE) },
      { weight: 1, arbitrary: fc.constantFrom(-6 * MINUTE, 44 * DAY, 46 * DAY) },
    ),
  })
type Wish = ReturnType<typeof wishIn> extends fc.Arbitrary<infer Wish> ? Wish : never

/** One of the latest few that fit, now and then any that was ever sent, now and then none. */
function pickFrom(model: Model, pick: number, ...kinds: Request['kind'][]): string {
  const fitting = model.sent.filter(({ id, kind }) => kinds.includes(kind) && model.oracle.isDone(id))
  const choice = pick % 13 === 7 ? model.sent : fitting.slice(-6)
  const chosen = pick % 29 === 11 ? undefined : choice[pick % choice.length]
  return chosen?.id ?? mintId()
}

let minted = 0
/** A code of this customer, or one of the latest of anybody's: used, dead, or another customer's. */
function codeFor(model: Model, { shows, pick }: Wish, card: string) {
  if (shows === 'nothing') return {}
  if (shows === 'an altered one') return { code: 'K1', shown: null }
  const earlier = model.codes.slice(-4)
  const shown = (shows === 'an old code' && earlier[pick % earlier.length]) || {
    id: String(++minted).padStart(16, '0'),
    card,
    expiresAt: model.now + MINUTE,
  }
  model.codes.push(shown)
  return { code: `K1${shown.id}`, shown }
}

/** With a voucher often no points at all. */
function pointsBeside(model: Model, { voucher: place, points, pick }: Wish) {
  if (place === null) return { points }
  const hash = model.vouchers[place]?.hash ?? 'f'.repeat(64)
  return {
    points: pick % 2 ? points : 0,
    ...{ voucher: `A${hash.slice(-9)}`, voucherHash: hash },
    ...(pick % 3 === 1 && { voucherItemKopecks: (pick - 40) * 97 }),
  }
}

/** Codes of every kind; the last two are of one batch. */
function vouchersOfStory(start: Instant): Voucher[] {
  const day = (days: number) => toIso(start + days * DAY).slice(0, 10)
  const twin = voucherOf(
    { type: 'discount_kopecks', kopecks: 1_000 },
    { uses_per_code: 2, uses_per_customer: 2 },
  )
  return [
    voucherOf({ type: 'discount_kopecks', kopecks: 20_050 }),
    voucherOf({ type: 'discount_kopecks', kopecks: 5_000 }, { uses_per_code: 4, uses_per_customer: 2 }),
    voucherOf({ type: 'discount_percent', basis_points: 1_250, cap_kopecks: 30_000 }, { uses_per_code: 3 }),
    voucherOf({ type: 'points', points: 40 }, { uses_per_code: 3, min_purchase_kopecks: 30_000 }),
    voucherOf({ type: 'points', points: 25, lifetime_days: 8 }, { with_points: false, uses_per_code: 2 }),
    voucherOf({ type: 'product', sku: 'tea-1', name: 'Чай', cap_kopecks: 9_990 }, { uses_per_code: 5 }),
    voucherOf(
      { type: 'discount_kopecks', kopecks: 900 },
      { stores: [2], on_refund: 'keep', uses_per_code: 9 },
    ),
    voucherOf(undefined, { from: day(2), until: day(9), uses_per_code: 9 }),
    voucherOf(undefined, { uses_per_code: 9 }, { programmeId: 2 }),
    voucherOf(undefined, { uses_per_code: 3 }, { ownerId: 0 }),
    twin,
    { ...voucherOf(), batchId: twin.batchId, terms: twin.terms },
  ]
}

function registerFor(model: Model, { author, customer, strays }: Wish) {
  const wanted = model.registers[author] ?? till
  if (strays || wanted.programmeId === PROGRAMMES[customer]) return wanted
  return model.registers[PROGRAMMES[customer] === 2 ? FOREIGNER : 0] ?? till
}

function requestOf(model: Model, wish: Wish): Request {
  const { pick, points, kopecks } = wish
  const card = model.cards[wish.customer] ?? ''
  const author = registerFor(model, wish)
  const common = { id: mintId(), at: model.now - wish.lag, author }
  const earlier = model.sent[pick % model.sent.length]
  const confirm = wish.isSure && { confirmDuplicate: true }
  switch (wish.kind) {
    case 'earn':
      return {
        ...{ ...common, kind: 'earn', card, purchaseKopecks: kopecks },
        ...{ ...confirm, ...bought(wish, kopecks) },
      }
    case 'redeem':
    case 'agent': {
      const via = wish.kind === 'agent' && { via: 'agent' as const }
      const shown = codeFor(model, wish, card)
      const purchase = {
        card,
        purchaseKopecks: kopecks,
        ...pointsBeside(model, wish),
        ...bought(wish, kopecks),
      }
      return { ...common, kind: 'redeem', ...purchase, ...confirm, ...via, ...shown }
    }
    case 'apply':
    case 'apply by a person': {
      const who = wish.kind === 'apply' ? author : admin
      return { ...common, author: who, kind: 'apply', redeemId: pickFrom(model, pick, 'redeem') }
    }
    case 'release':
    case 'release by a person': {
      const who = wish.kind === 'release' ? author : admin
      const redeemId = pickFrom(model, pick, 'redeem')
      return { ...common, author: who, kind: 'release', redeemId, reason: 'not taken' }
    }
    case 'refund': {
      const originalId = wish.isSure
        ? pickFrom(model, pick, 'apply', 'redeem')
        : pickFrom(model, pick, 'earn', 'apply')
      const part = wish.isWhole ? {} : { refundKopecks: Math.ceil(kopecks / 3) }
      return { ...common, kind: 'refund', originalId, ...part }
    }
    case 'adjust':
    case 'bonus': {
      // A minus nought is written as a nought, on the wire and in the ledger.
      const signed = wish.isWhole ? 0 - points : points
      return { ...common, author: admin, kind: wish.kind, card, points: signed, reason: 'goodwill' }
    }
    case 'carry': {
      // A debt is of points that were spent: it is never more than a card can have.
      const owed = Math.min(points, 5_000_000)
      const signed = wish.isWhole ? 0 - owed : owed
      const debt = { card, points: signed, reason: 'debt', carriesDebt: true as const }
      return { ...common, author: system, kind: 'adjust', ...debt }
    }
    case 'take back': {
      // Of a lot that is there, was there, or never was.
      const day = startOfUtcDay(model.now - wish.lag)
      const takesBack = { activeFrom: day, expiresAt: day + (pick % 2 ? 45 : 10) * DAY }
      const taken = { card, points: 0 - points, reason: 'a gift', takesBack }
      return { ...common, author: system, kind: 'adjust', ...taken }
    }
    case 'merge':
    case 'merge by a person': {
      const who = wish.kind === 'merge' ? author : admin
      return { ...common, author: who, kind: 'merge', card, otherCard: model.cards[wish.other] ?? '' }
    }
    case 'again': {
      const latest = model.sent.findLast((request) => request.kind === 'earn' || request.kind === 'redeem')
      if (latest?.author.type === 'register')
        return { ...latest, id: common.id, at: latest.at + ((pick % 25) - 12) * SECOND }
      break
    }
    case 'resend':
      if (earlier) return { ...earlier }
      break
    case 'reuse':
      if (earlier) return { ...earlier, at: earlier.at + 1 }
      break
    case 'steal':
      if (earlier && model.oracle.isDone(earlier.id))
        return {
          ...earlier,
          author: thiefOf(model, wish, earlier.author),
        }
      break
  }
  return { ...common, author: system, kind: 'expire', card }
}

/** With a register of this story: what others have left open is not in it. */
function thiefOf({ registers }: Model, { isWhole, strays }: Wish, author: Author): Author {
  const ofStory = (register: (typeof REGISTERS)[number]) => registers[REGISTERS.indexOf(register)] ?? register
  if (author.type === 'admin') return ofStory(till)
  if (strays) return ofStory(foreigner)
  return isWhole ? admin : ofStory(stranger)
}

type Command = fc.AsyncCommand<Model, Sql>
const command = (name: string, run: Command['run']): Command => ({
  check: () => true,
  toString: () => name,
  run,
})

const execute = (wishes: Wish[], pause: number): Command =>
  command(wishes.map(({ kind }) => kind).join(' and '), async (model, sql) => {
    wait(model, pause)
    const asked = wishes.map((wish) => ask(model, requestOf(model, wish)))
    await compare(model, sql, asked)
  })

/** A book that begins at once, or some hours from now. */
const publish = (programme: number, terms: Terms, hours: number): Command =>
  command(`a book of ${programme}: ${JSON.stringify(terms)} in ${hours} hours`, async (model, sql) => {
    const from = model.now + hours * 60 * MINUTE
    const own = ofStory(terms)
    model.oracle.publish(programme, own, from)
    model.memory.publish(programme, await publishTerms(sql, own, { programme, from, now: model.now }))
  })

async function publishTerms(
  sql: Sql,
  terms: Terms,
  { programme, from, now }: { programme: number; from: Instant; now: Instant },
) {
  const document = documentOf(terms)
  const version = await sql.begin((sql) =>
    publishBook(sql, {
      programmeId: programme,
      document,
      validFrom: from,
      by: 'admin:anna',
      reason: 'the model',
      now,
    }),
  )
  return { ...document, version, validFrom: from, timeZone: DEFAULT_TIME_ZONE }
}

/** Somebody has another status from now on; what it is by is no matter to the ledger. */
const promote = (customer: number, name: string): Command =>
  command(`customer ${customer} has ${name}`, async (model, sql) => {
    const card = model.cards[customer] ?? ''
    const at = model.now
    model.oracle.setStatus(card, name, at)
    model.memory.setStatus(card, name, at)
    await sql`
      insert into status_snapshots (customer_id, seq, at, before, after, cause, value, period_from, book_version, who)
      select id, coalesce(last.seq, 0) + 1, ${toIso(at)}, last.after, ${name}, 'reached', 0, ${toIso(at)}, 1, 'the model'
      from customers left join lateral (
        select seq, after from status_snapshots where customer_id = id order by seq desc limit 1) last on true
      where id = ${customerOfCard(sql, card)}`
  })

/** Somebody is in other segments from now on, likewise. */
const regroup = (customer: number, names: string[]): Command =>
  command(`customer ${customer} is in ${names.join(' and ') || 'no segment'}`, async (model, sql) => {
    const card = model.cards[customer] ?? ''
    model.oracle.setSegments(card, names)
    model.memory.setSegments(card, names)
    await sql`
      insert into customer_segments (customer_id, names) values (${customerOfCard(sql, card)}, ${names})
      on conflict (customer_id) do update set names = excluded.names`
  })

const sleep = (pause: number): Command =>
  command(`${pause / DAY} days later`, async (model, sql) => {
    wait(model, pause)
    await compare(model, sql, [])
  })

const staff = { type: 'admin', name: 'anna' } as const

/** Staff part who was merged into another; where the card stands for nobody else, nothing happens. */
const part = (customer: number): Command =>
  command(`customer ${customer} is their own again`, async (model, sql) => {
    const card = model.cards[customer] ?? ''
    const by = { id: mintId(), reason: 'two people', author: staff, now: model.now }
    const undone = await sql.begin((sql) => unmergeWithin(sql, { card, ...by }))
    const is = undone?.outcome.customer ?? null
    const should = model.oracle.part(card, model.now)
    model.story.push(`${card} is parted: ${JSON.stringify(should)}\n    ${JSON.stringify(is)}`)
    if (should) expect(is, model.story.join('\n  ')).toMatchObject(should)
    else expect(is).toBeNull()
    expect(model.memory.unmerge(card, model.now)).toEqual(is)
    await compare(model, sql, [])
  })

/** Nobody gets it any more; what is held and used goes on. */
const voidOne = (place: number): Command =>
  command(`voucher ${place} is void`, async (model, sql) => {
    const voucher = model.vouchers[place]
    if (!voucher) return
    model.oracle.voidVoucher(voucher.hash)
    model.memory.voidVoucher(voucher.id)
    await sql`update vouchers set voided_at = ${toIso(model.now)} where id = ${voucher.id}`
  })

const claim = command('an agent claims what is pending', async (model, sql) => {
  const claimed = model.oracle
    .redemptions()
    .filter((hold) => hold.state === 'pending' && !model.oracle.hasLapsed(hold, model.now))
  for (const hold of claimed) hold.state = 'processing'
  model.memory.claim(claimed.map(({ id }) => id))
  await sql`update holds set state = 'processing' where id = any(${claimed.map(({ id }) => id)}::uuid[])`
})

const sweep = command('the sweep comes by', async (model, sql) => {
  const redemptions = model.oracle.redemptions()
  const silent = redemptions.filter((hold) => hold.state === 'processing' && hold.until <= model.now)
  for (const hold of silent) hold.state = 'in_doubt'
  model.memory.sweep(model.now)
  await sql`update holds set state = 'in_doubt' where id = any(${silent.map(({ id }) => id)}::uuid[])`

  const requests = redemptions
    .filter((hold) => model.oracle.hasLapsed(hold, model.now))
    .map(({ id }): Request => {
      const common = { id: mintId(), at: model.now, author: system }
      return { ...common, kind: 'release', redeemId: id, reason: 'nobody claimed it' }
    })
  const asked = requests.map((request) => ask(model, request))
  await compare(model, sql, asked)
})

function wait(model: Model, pause: number): void {
  model.now += pause
  latest = Math.max(latest, model.now)
}

interface Asked {
  request: Request
  answer: Answer
}

function ask(model: Model, request: Request): Asked {
  model.sent.push(request)
  return { request, answer: model.oracle.ask(request, model.now) }
}

async function compare(model: Model, sql: Sql, asked: Asked[]) {
  const requests = asked.map(({ request }) => request)
  const outcomes = asked.length > 0 ? await post(sql, requests, { now: () => model.now }) : []
  const remembered = model.memory.post(requests, model.now)
  model.story.push(toIso(model.now))
  for (const [index, { request, answer }] of asked.entries())
    model.story.push([request, answer, outcomes[index]].map((side) => JSON.stringify(side)).join('\n    '))

  const story = `the last of these is not what the specification says\n${model.story.join('\n  ')}\n`
  const customers = await Promise.all(model.cards.map((card) => findCustomer(sql, card, model.now)))
  expect(outcomes, story).toMatchObject(asked.map(({ answer }) => answer))
  expect(customers, story).toMatchObject(model.oracle.views(model.now))
  expect(remembered, story).toEqual(outcomes)
  expect(
    model.cards.map((card) => model.memory.view(card, model.now)),
    story,
  ).toEqual(customers)
}

let customers = 0
let runs = 0
async function begin(terms: Terms) {
  runs += 1
  const start = latest + BETWEEN_STORIES
  latest = start
  const from = start - 60 * DAY
  const termsOf: Record<number, Terms> = {
    1: terms,
    2: { ...terms, cashback: terms.cashback / 2, lifetimeDays: 20 },
  }
  const registers = REGISTERS.map((register) => ({
    ...register,
    registerId: register.registerId + runs * 10,
  }))
  const people = PROGRAMMES.map((programme, index) => ({
    // Whoever came within the latest minute is judged by what the segments mean, whatever the commands say.
    ...{ card: String(++customers).padStart(9, '0'), programme, registeredAt: start - MINUTE },
    isInTelegram: IN_TELEGRAM.includes(index),
  }))
  const rows = people.map(({ card, programme, registeredAt }) => ({
    ...{ card, programme_id: programme, created_at: toIso(registeredAt) },
  }))
  await database.sql`insert into customers ${database.sql(rows)}`
  const cardsInTelegram = people.filter(({ isInTelegram }) => isInTelegram).map(({ card }) => card)
  await database.sql`
    insert into people (telegram_id, customer_id, language)
    select id, id, 'ru' from customers where card = any(${cardsInTelegram})`
  const returnsOf = runs % 2 ? 'store' : 'programme'
  await setReturnsOf(returnsOf)
  const oracle = createOracle(people, { maxOpenHolds: MAX_OPEN_HOLDS, returnsOf })
  const books = new Map<number, Book[]>()
  for (const programme of [1, 2]) {
    const said = termsOf[programme] ?? terms
    oracle.publish(programme, said, from)
    books.set(programme, [await publishTerms(database.sql, said, { programme, from, now: from })])
  }
  const cards = people.map(({ card }) => card)
  const settings = settingsSchema.parse({ max_open_holds: MAX_OPEN_HOLDS, returns_of: returnsOf })
  const memory = createMemoryLedger({ settings, books })
  for (const { card, programme, registeredAt } of people)
    memory.addCustomer({ programmeId: programme, card }, null, registeredAt)
  for (const card of cardsInTelegram) memory.enterTelegram(card)
  const vouchers = vouchersOfStory(start)
  const [first] = cards
  for (const voucher of vouchers.filter(({ ownerId }) => ownerId !== null)) {
    const [owner] = await database.sql<{ id: number }[]>`select id from customers where card = ${first ?? ''}`
    voucher.ownerId = owner?.id ?? 0
  }
  await addVouchers(database.sql, ...vouchers)
  for (const voucher of vouchers) {
    const { hash, batchId: batch, programmeId, terms, ownerId } = voucher
    oracle.addVoucher({
      hash,
      batch,
      programme: programmeId,
      owner: ownerId === null ? null : (first ?? null),
      terms,
    })
    // In memory customers have the numbers in which they came.
    memory.addVoucher({ ...voucher, ownerId: ownerId === null ? null : 1 })
  }
  const model: Model = {
    ...{ oracle, memory, cards, registers, now: start, sent: [], codes: [], vouchers, story: [] },
  }
  return { model, real: database.sql }
}

/** The largest purchases that can be, each worth as many points as rubles: at what the numbers can bear. */
const hugeTerms: Terms = { ...defaultTerms, cashback: 10_000, limit: 5000, maxKopecks: 1_000_000_000 }

/** Cards that have nearly all the points that a card can have. */
async function beginRich() {
  const { model, real } = await begin(hugeTerms)
  const purchases = model.cards.flatMap((card, customer) =>
    Array.from({ length: 100 }, () =>
      earn(997_000_000, {
        ...{ card, at: model.now, confirmDuplicate: true },
        author: PROGRAMMES[customer] === 2 ? foreigner : till,
      }),
    ),
  )
  await compare(
    model,
    real,
    purchases.map((request) => ask(model, request)),
  )
  model.story = []
  return { model, real }
}

/** The same budgets with more or less in each. */
const larger = (times: number) =>
  budgetsToPickFrom.map((budget) => ({ ...budget, limit_points: Math.round(budget.limit_points * times) }))

/** Books are for ever, and so is what their budgets have given: each story has budgets of its own. */
function ofStory(terms: Terms): Terms {
  const named = (id: string) => `${id}-${runs}`
  return {
    ...terms,
    budgets: terms.budgets.map((budget) => ({ ...budget, id: named(budget.id) })),
    rules: terms.rules.map((rule) => (rule.budget ? { ...rule, budget: named(rule.budget) } : rule)),
  }
}

/** What books may say beside what the story began with. */
const termsBeside = (terms: Terms) =>
  fc.record({
    cashback: fc.constantFrom(terms.cashback, terms.cashback, 0, 1500, 10_000),
    limit: fc.constantFrom(terms.limit, terms.limit, 500, 10_000),
    maxKopecks: fc.constant(terms.maxKopecks),
    lifetimeDays: fc.constantFrom(45, 45, 30, 8),
    activationDays: fc.constantFrom(0, 0, 1, 7),
    statuses: fc.constantFrom([], statusesToPickFrom, statusesToPickFrom),
    rules: fc.subarray(rulesToPickFrom, { maxLength: 8 }),
    budgets: fc.constantFrom(budgetsToPickFrom, budgetsToPickFrom, larger(3), larger(0.2)),
    limits: fc.constantFrom<Terms['limits']>(...[{}, {}, { points_per_customer_day: 130 }], {
      purchases_per_customer_day: { soft: 1, hard: 4 },
      points_per_customer_day: 700,
    }),
  })

const soon = fc.integer({ min: 0, max: 20 }).map((seconds) => seconds * SECOND)
const pause = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 72 * 60 }).map((minutes) => minutes * MINUTE) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 50 }).map((days) => days * DAY) },
)

function commandsIn(
  numbers: Numbers,
  terms: Terms,
  { kinds = everyKind, partings = 1 }: { kinds?: WishKind[]; partings?: number } = {},
) {
  const wish = wishIn(numbers, kinds)
  const executed = fc.oneof(
    { weight: 2, arbitrary: wish.map((one) => [one]) },
    { weight: 1, arbitrary: fc.array(wish, { minLength: 2, maxLength: 8 }) },
  )
  return fc.commands(
    [
      ...Array.from({ length: 12 }, () =>
        fc.tuple(executed, soon).map(([wishes, ms]) => execute(wishes, ms)),
      ),
      // Between others of the same batch: those before it know two customers, those behind it one.
      fc
        .tuple(
          fc.array(wish, { maxLength: 3 }),
          wishIn(numbers, ['merge', 'merge', 'merge by a person']),
          fc.array(wish, { maxLength: 3 }),
          soon,
        )
        .map(([before, merge, after, ms]) => execute([...before, merge, ...after], ms)),
      pause.map(sleep),
      fc
        .tuple(fc.constantFrom(1, 1, 1, 2), termsBeside(terms), fc.constantFrom(0, 0, 0, 5, 30))
        .map(([programme, terms, hours]) => publish(programme, terms, hours)),
      fc
        .tuple(fc.constantFrom(0, 0, 1, 2), fc.constantFrom('bronze', 'silver', 'gold'))
        .map(([customer, name]) => promote(customer, name)),
      fc
        .tuple(fc.constantFrom(0, 0, 1, 2), fc.constantFrom(...segmentsToPickFrom))
        .map(([customer, names]) => regroup(customer, names)),
      ...Array.from({ length: partings }, () => fc.constantFrom(0, 1, 1, 3).map(part)),
      fc.constantFrom(0, 1, 2, 6).map(voidOne),
      fc.constant(claim),
      fc.constant(sweep),
    ],
    { maxCommands: COMMANDS_A_RUN, size: 'max' },
  )
}

const LIMIT_MS = 300_000 + COMMANDS * 50

async function check(
  commands: ReturnType<typeof commandsIn>,
  begin: () => ReturnType<typeof beginRich>,
  share = 1,
) {
  await fc.assert(
    fc.asyncProperty(commands, (commands) => fc.asyncModelRun(begin, commands)),
    {
      numRuns: Math.ceil((2 * COMMANDS * share) / COMMANDS_A_RUN),
      // Looking for a shorter counterexample may take for ever: the one found so far is printed with its seed.
      interruptAfterTimeLimit: LIMIT_MS,
      markInterruptAsFailure: true,
      ...(SEED && { seed: Number(SEED) }),
    },
  )
  // Some of the stories have taken back what other stores sold.
  await setReturnsOf('programme')
  expect(await runAudit(database.sql)).toEqual([])
}

it(
  'whatever happens, in whatever order, the ledger answers what the specification says',
  {
    timeout: LIMIT_MS + 30_000,
  },
  () => check(commandsIn(small, defaultTerms), () => begin(defaultTerms)),
)

it(
  'it does so where the same few become one and two again and again',
  {
    timeout: LIMIT_MS + 30_000,
  },
  () =>
    check(commandsIn(small, defaultTerms, { kinds: merging, partings: 5 }), () => begin(defaultTerms), 1 / 2),
)

it('it does so at the largest purchases and the fullest cards', { timeout: LIMIT_MS + 30_000 }, () =>
  check(commandsIn(huge, hugeTerms), beginRich, 1 / 4),
)
