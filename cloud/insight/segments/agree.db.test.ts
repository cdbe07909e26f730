import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Condition, segmentSchema } from '../../../shared/segments/definition.ts'
import { isMember } from '../../../shared/segments/isMember.ts'
import { DAY } from '../../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../../database/testing.ts'
import { conditionIn, type Ground } from '../../ledger/segmentCondition.ts'
import { addStores } from '../../ledger/testing/makers.ts'
import { readSubjects } from './members.ts'

const CUSTOMERS = 1000
const DEFINITIONS = 1000
const now = Date.parse('2026-03-01T10:00:00.000Z')
/** One where clocks are changed at midnight, and one at an odd quarter. */
const zones = ['America/Santiago', 'Asia/Kathmandu']

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  const { sql } = database
  await addStores(sql)
  // Drawn by the database, from a seed: each of what there may be, and of what may be missing.
  await sql.begin(async (sql) => {
    await sql`select setseed(0.42)`
    await sql`
      insert into customers (card, created_at)
      select (100000 + n)::text, ${new Date(now).toISOString()}::timestamptz - random() * interval '400 days'
      from generate_series(1, ${CUSTOMERS}) n`
    await sql`
      insert into customer_facts (customer_id, purchases, net_kopecks, first_purchase_at, last_purchase_at, home_store_id,
        points_earned, points_spent, points_expired, as_of)
      select id, bought, case when bought = 0 then 0 else floor(random() * 50000)::int end,
        case when bought > 0 then last_at - random() * interval '200 days' end, case when bought > 0 then last_at end,
        case when bought > 0 and random() < 0.9 then 1 + floor(random() * 2)::int end,
        floor(random() * 60)::int, floor(random() * 60)::int, floor(random() * 60)::int, now()
      from (
        select id, floor(random() * 6)::int as bought,
          -- Many of them in the hours about a local midnight.
          date_trunc('hour', ${new Date(now).toISOString()}::timestamptz - random() * interval '60 days')
            + floor(random() * 4) * interval '15 minutes' as last_at
        from customers where random() < 0.8) drawn`
    await sql`
      insert into customer_months (customer_id, month, purchases, net_kopecks)
      select customer_id, (date '2026-03-01' - make_interval(months => back))::date, 1 + floor(random() * 3)::int,
        floor(random() * 30000)::int
      from customer_facts cross join generate_series(0, 14) back where random() < 0.3`
    await sql`
      insert into status_snapshots (customer_id, seq, at, before, after, cause, value, period_from, book_version, who)
      select id, seq, now(), null, (array['bronze', 'silver', 'gold', null])[1 + floor(random() * 4)::int], 'reached', 0, now(), 1, 'a test'
      from customers cross join generate_series(1, 2) seq where random() < 0.4 and (seq = 1 or random() < 0.5)
      order by id, seq`
    await sql`
      insert into consents (customer_id, purpose, version, channel, recorded_by, given_at, withdrawn_at)
      select id, purpose, '1', 'bot', 'a test', now(), case when random() < 0.3 then now() end
      from customers cross join unnest(array['programme', 'advertising']) purpose where random() < 0.6`
    await sql`
      insert into people (telegram_id, customer_id, language, unreachable_since)
      select id, id, 'ru', case when random() < 0.2 then now() end from customers where random() < 0.5`
  })
})
afterAll(() => database.drop())

/** Bounds that are met by some and not by others. */
const bounds = (most: number) =>
  fc
    .record({ a: fc.nat(most), b: fc.nat(most), which: fc.constantFrom('min', 'max', 'both') })
    .map(({ a, b, which }) => ({
      ...(which !== 'max' && { min: Math.min(a, b) }),
      ...(which !== 'min' && { max: Math.max(a, b) }),
    }))

const plain = fc.oneof(
  fc.constantFrom<Condition>({ type: 'consent' }, { type: 'telegram' }),
  fc
    .record({ of: fc.constantFrom('net_kopecks', 'average_kopecks' as const), bounds: bounds(50_000) })
    .map(({ of, bounds }) => ({ type: 'sum', of, ...bounds }) as Condition),
  fc
    .record({
      of: fc.constantFrom('purchases', 'points_earned', 'points_spent', 'points_expired'),
      bounds: bounds(8),
    })
    .map(({ of, bounds }) => ({ type: 'sum', of, ...bounds }) as Condition),
  fc
    .record({ months: fc.integer({ min: 1, max: 16 }), bounds: bounds(60_000) })
    .map(({ months, bounds }) => ({ type: 'lately', of: 'net_kopecks', months, ...bounds }) as Condition),
  fc
    .record({ months: fc.integer({ min: 1, max: 16 }), bounds: bounds(9) })
    .map(({ months, bounds }) => ({ type: 'lately', of: 'purchases', months, ...bounds }) as Condition),
  fc
    .record({ what: fc.constantFrom('last_purchase', 'first_purchase', 'registration'), bounds: bounds(90) })
    .map(({ what, bounds }) => ({ type: 'days_since', what, ...bounds }) as Condition),
  fc
    .subarray(['bronze', 'silver', 'gold', 'platinum'], { minLength: 1 })
    .map((names): Condition => ({ type: 'status', names })),
  fc.subarray([1, 2, 3], { minLength: 1 }).map((ids): Condition => ({ type: 'home_store', ids })),
)

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'condition' },
    { weight: 4, arbitrary: plain },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constantFrom('all', 'any'),
        of: fc.array(tie('condition'), { maxLength: 3, depthIdentifier: 'condition' }),
      }) as fc.Arbitrary<Condition>,
    },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant('not' as const), of: tie('condition') }),
    },
  ),
}))

it('SQL says of all customers what the function says of each', { timeout: 600_000 }, async () => {
  const { sql } = database
  const entryStatuses = new Map([[1, { entryStatus: 'bronze' }]])
  const ids = (await sql<{ id: number }[]>`select id from customers order by id`).map(({ id }) => id)
  const subjects = await readSubjects(sql, ids, { entryStatuses, withMonths: true })
  expect(subjects).toHaveLength(CUSTOMERS)
  const shares = { none: 0, some: 0, all: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ condition, zone: fc.constantFrom(...zones), daysOn: fc.nat(40) }), {
        minLength: 20,
        maxLength: 20,
      }),
      async (drawn) => {
        const asked = drawn.map(({ condition, zone, daysOn }) => {
          const today = new Date(now - daysOn * DAY).toISOString().slice(0, 10)
          const ground: Ground = { today, timeZone: zone, entryStatus: 'bronze' }
          const { definition } = segmentSchema.parse({ name: 'it', title: 'It', definition: condition })
          return { definition, ground }
        })
        const rows = await sql<{ id: number; isIn: boolean[] }[]>`
          select c.id, array[${asked.map(
            ({ definition, ground }, place) =>
              sql`${place > 0 ? sql`,` : sql``} ${conditionIn(sql, definition, ground)}`,
          )}] as "isIn"
          from customers c left join customer_facts f on f.customer_id = c.id order by c.id`
        for (const [place, { definition, ground }] of asked.entries()) {
          const expected = subjects
            .filter(({ subject }) => isMember(definition, subject, ground))
            .map(({ customerId }) => customerId)
          const found = rows.filter(({ isIn }) => isIn[place]).map(({ id }) => id)
          expect(found, JSON.stringify(asked[place])).toEqual(expected)
          shares[expected.length === 0 ? 'none' : expected.length === CUSTOMERS ? 'all' : 'some'] += 1
        }
      },
    ),
    { numRuns: DEFINITIONS / 20 },
  )
  // Most of them tell people apart, or nothing was compared.
  expect(shares.some).toBeGreaterThan(shares.none + shares.all)
})
