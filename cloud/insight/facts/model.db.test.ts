import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY, type Instant, MINUTE } from '../../../shared/time.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../../database/testing.ts'
import { readOn, takeTurn } from '../../feed/reader.ts'
import { type Death, deaths, dieReading } from '../../feed/testing.ts'
import { postWithin } from '../../ledger/post.ts'
import type { Request } from '../../ledger/request.ts'
import { addStores, admin, mintId, neighbour, stranger, system, till } from '../../ledger/testing/makers.ts'
import { checkFacts, rebuildFacts } from './check.ts'
import { readFacts } from './read.ts'
import { createFactsReader } from './reader.ts'
import { createOracle, type Happened } from './testing/oracle.ts'

const STORIES = 25
const CUSTOMERS = 3
const timeZone = 'America/New_York'
const reader = createFactsReader(timeZone)
/** So little at a time that a page ends in the middle of everything. */
const few = { customersATurn: 2, operationsATurn: 3 }

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await addStores(database.sql)
})
afterAll(() => database.drop())

interface Story {
  sql: Sql
  now: Instant
  ids: number[]
  cards: string[]
  oracle: ReturnType<typeof createOracle>
  /** All that was ever asked, accepted or not, and whose it was. */
  asked: { request: Request; card: string }[]
  slow: SlowOne | null
}

/** A transaction that has executed something for these cards and has not ended yet. */
interface SlowOne {
  cards: string[]
  end: (how: End) => Promise<void>
}
type End = 'commits' | 'rolls back'

const kinds = [
  ...(['earn', 'earn', 'earn', 'redeem', 'redeem', 'apply', 'apply', 'apply'] as const),
  ...(['release', 'release by a person', 'refund', 'refund', 'refund', 'adjust', 'expire'] as const),
]
const wish = fc.record({
  kind: fc.constantFrom(...kinds),
  customer: fc.nat(CUSTOMERS - 1),
  author: fc.constantFrom(till, till, neighbour, stranger, stranger),
  kopecks: fc.oneof(fc.integer({ min: 1, max: 300_000 }), fc.constantFrom(1, 10_000, 100_000)),
  points: fc.integer({ min: 1, max: 30 }),
  isWhole: fc.boolean(),
  pick: fc.nat(1000),
  lag: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 44 * DAY })),
})
type Wish = typeof wish extends fc.Arbitrary<infer Wish> ? Wish : never

function ask(story: Story, { kind, ...wish }: Wish): Story['asked'][number] {
  const own = { card: story.cards[wish.customer] ?? '' }
  const common = { id: mintId(), at: story.now - wish.lag, author: wish.author }
  /** One of the latest few; now and then there is none. */
  const latest = (...kinds: Request['kind'][]) => {
    const fitting = story.asked.filter(({ request }) => kinds.includes(request.kind)).slice(-5)
    const { request, card } = fitting[wish.pick % fitting.length] ?? { request: null, ...own }
    return { card, id: request?.id ?? mintId(), author: request?.author ?? wish.author }
  }
  const asked = (request: Request, card = own.card) => ({ request, card })
  switch (kind) {
    case 'earn':
      return asked({ ...common, ...own, kind, purchaseKopecks: wish.kopecks, confirmDuplicate: true })
    case 'redeem': {
      const purchase = { ...own, purchaseKopecks: wish.kopecks + 5000, points: wish.points }
      return asked({ ...common, at: story.now, kind, ...purchase, confirmDuplicate: true })
    }
    case 'apply': {
      const { id, author, card } = latest('redeem')
      return asked({ ...common, author, kind, redeemId: id }, card)
    }
    case 'release':
    case 'release by a person': {
      const { id, author, card } = latest('redeem')
      const by = kind === 'release' ? author : admin
      return asked({ ...common, author: by, kind: 'release', redeemId: id, reason: 'no' }, card)
    }
    case 'refund': {
      const { id, author, card } = latest('earn', 'redeem', 'apply')
      const part = !wish.isWhole && { refundKopecks: wish.kopecks }
      return asked({ ...common, author, kind, originalId: id, ...part }, card)
    }
    case 'adjust': {
      const points = wish.isWhole ? -wish.points : 10 * wish.points
      return asked({ ...common, ...own, author: admin, kind, points, reason: 'so' })
    }
    case 'expire':
      return asked({ ...common, ...own, at: story.now, author: system, kind })
  }
}

/** Whom an open transaction holds, nobody asks anything for. */
function askAll(story: Story, wishes: Wish[]): Story['asked'] {
  return wishes.flatMap((wish) => {
    const asked = ask(story, wish)
    if (story.slow?.cards.includes(asked.card)) return []
    story.asked.push(asked)
    return [asked]
  })
}

async function execute(sql: Tx, asked: Story['asked'], now: Instant): Promise<Happened[]> {
  const requests = asked.map(({ request }) => request)
  const outcomes = await postWithin(sql, requests, { now: () => now })
  return requests.flatMap((request, index) => {
    const outcome = outcomes[index]
    return outcome?.status === 'accepted' ? [{ request, outcome }] : []
  })
}

class RolledBack extends Error {}

/** Executes without an end. */
async function beginSlowly(story: Story, asked: Story['asked']): Promise<SlowOne> {
  const executed = Promise.withResolvers<Happened[]>()
  const told = Promise.withResolvers<End>()
  const ended = story.sql.begin(async (sql) => {
    executed.resolve(await execute(sql, asked, story.now))
    if ((await told.promise) === 'rolls back') throw new RolledBack()
  })
  const happened = await Promise.race([executed.promise, ended.then(() => [])])
  return {
    cards: asked.map(({ card }) => card),
    end: async (how) => {
      story.slow = null
      told.resolve(how)
      await ended.catch((error) => {
        if (!(error instanceof RolledBack)) throw error
      })
      if (how === 'commits') story.oracle.note(happened)
    },
  }
}

interface Step {
  run: (story: Story) => Promise<unknown>
  toString: () => string
}
const step = (name: string, run: Step['run']): Step => ({ run, toString: () => name })
const named = (wishes: Wish[]) => wishes.map(({ kind, customer }) => `${kind} of ${customer}`).join(', ')

const sell = (wishes: Wish[], pause: number) =>
  step(`after ${pause / DAY} days: ${named(wishes)}`, async (story) => {
    story.now += pause
    const asked = askAll(story, wishes)
    story.oracle.note(await story.sql.begin((sql) => execute(sql, asked, story.now)))
  })
const sellSlowly = (wishes: Wish[]) =>
  step(`slowly: ${named(wishes)}`, async (story) => {
    story.slow ??= await beginSlowly(story, askAll(story, wishes))
  })
const endSlowOne = (how: End) => step(`the slow one ${how}`, async (story) => await story.slow?.end(how))
const read = step('read', ({ sql }) => readOn(sql, reader, few))
const readOnce = step('read once', ({ sql }) => takeTurn(sql, reader, few))
const readTogether = step('three read', ({ sql }) =>
  Promise.all([1, 2, 3].map(() => readOn(sql, reader, few))),
)
const die = (death: Death) =>
  step(`the reader dies ${death}`, () => dieReading(database.url, reader, { death, ...few }))
const beginAnew = step('begin anew', ({ sql }) => sql`update feed_readers set cursor = 'of another life'`)
const rebuild = step('rebuild', async ({ sql, ids }) => {
  expect(await rebuildFacts(sql, { customerIds: ids, timeZone })).toMatchObject({ differing: 0 })
})

const pause = fc.oneof(
  fc.integer({ min: 0, max: 60 }).map((minutes) => minutes * MINUTE),
  fc.constantFrom(DAY, 20 * DAY, 50 * DAY),
)
const wishes = fc.array(wish, { minLength: 1, maxLength: 6 })
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.tuple(wishes, pause).map(([wishes, ms]) => sell(wishes, ms)) },
    { weight: 2, arbitrary: wishes.map(sellSlowly) },
    { weight: 2, arbitrary: fc.constantFrom<End>('commits', 'rolls back').map(endSlowOne) },
    { weight: 6, arbitrary: fc.constantFrom(read, readOnce, readOnce, readTogether, beginAnew, rebuild) },
    { weight: 2, arbitrary: fc.constantFrom(...deaths).map(die) },
  ),
  { minLength: 10, maxLength: 40, size: 'max' },
)

let stories = 0
async function begin(): Promise<Story> {
  const { sql } = database
  stories += 1
  const cards = Array.from({ length: CUSTOMERS }, (_, n) => String(stories * 10 + n).padStart(9, '0'))
  const rows = await sql<{ id: number }[]>`
    insert into customers ${sql(cards.map((card) => ({ card })))} returning id`
  const ids = rows.map(({ id }) => id)
  const now = Date.parse('2030-01-15T12:00:00.000Z') + stories * DAY
  return { sql, now, ids, cards, oracle: createOracle(timeZone), asked: [], slow: null }
}

/** What cannot be counted from outcomes: whatever operation meets dead points writes them off. */
async function expiredOf(sql: Sql, customerId: number): Promise<number> {
  const [row] = await sql<{ points: number }[]>`
    select coalesce(-sum(points), 0)::bigint as points from entries
    where customer_id = ${customerId} and kind = 'expire'`
  return row?.points ?? 0
}

/** A process that was ended may keep the horizon a moment longer than its connection lived. */
async function readToTheEnd({ sql, ids }: Story): Promise<void> {
  await expect
    .poll(async () => {
      await readOn(sql, reader, few)
      return (await checkFacts(sql, { customerIds: ids, timeZone })).unread
    })
    .toBe(0)
}

async function live(story: Story, steps: Step[]): Promise<void> {
  const { sql, ids } = story
  for (const step of steps) {
    await step.run(story)
    expect(await checkFacts(sql, { customerIds: ids, timeZone })).toMatchObject({ differing: 0 })
  }
  await story.slow?.end('commits')
  await readToTheEnd(story)
  for (const [index, id] of ids.entries()) {
    const facts = await sql.begin((sql) => readFacts(sql, id, story.now))
    const expected = story.oracle.factsOf(story.cards[index] ?? '')
    expect(facts).toEqual({ ...expected, pointsExpired: await expiredOf(sql, id), asOf: story.now })
  }
  expect(await rebuildFacts(sql, { customerIds: ids, timeZone })).toMatchObject({ unread: 0, differing: 0 })
}

it('whatever comes however late, and whoever dies, the facts are what a rebuild makes and what was sold', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const story = await begin()
      await live(story, steps).finally(() => story.slow?.end('rolls back'))
    }),
    // Looking for a shorter counterexample may take for ever: the one found so far is printed with its seed.
    { numRuns: STORIES, interruptAfterTimeLimit: 200_000, markInterruptAsFailure: true },
  )
})
