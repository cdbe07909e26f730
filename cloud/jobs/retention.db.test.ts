import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import { DAY } from '../../shared/time.ts'
import { createTestDatabase, insist, type TestDatabase } from '../database/testing.ts'
import { runAudit } from '../ledger/audit.ts'
import { publishBook } from '../ledger/books.ts'
import { forgetCounts, keepCountsFrom } from '../ledger/forgetCounts.ts'
import { post } from '../ledger/post.ts'
import type { Request } from '../ledger/request.ts'
import { adjust, apply, earn, judgeBy, redeem, refund, release } from '../ledger/testing/makers.ts'
import { expire } from './expire.ts'
import { retention, retentionJob } from './retention.ts'
import { runJob } from './run.ts'
import {
  addCustomers,
  execute,
  executeTogether,
  expectHealthy,
  midnight,
  noonOf,
  standingOf,
} from './testing.ts'

const card = '111111'
/** What limits and uses ask is counted by days. */
const bookThatCounts = {
  ...{ programmeId: 1, by: 'admin:anna', reason: 'a test' },
  document: bookDocumentSchema.parse({
    rules: [
      {
        ...{ id: 'gift', title: 'gift', award: { type: 'points', points: 7 } },
        uses: { per_day: 1, total: 9 },
      },
    ],
    limits: { points_per_customer_day: 1000 },
  }),
}
/** Entries of day 0 are older than 400 days from here on. */
const dayItIsOld = midnight + 401 * DAY

describe('retention', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
    await addCustomers(database.sql, card)
  })
  afterEach(async () => {
    await expectHealthy(database.sql)
    await database.drop()
  })

  const entries = async () => [
    ...(await database.sql`
      select seq, kind, to_char(lot_expires_at, 'YYYY-MM-DD') as dies, points, debt, balance_before, balance_after,
        at, operation_id, hold_id
      from entries order by customer_id, seq`),
  ]
  const opening = { kind: 'opening', operation_id: null, hold_id: null, debt: 0 }

  it('folds nothing that is as old as the ledger keeps detail, or younger', async () => {
    await execute(database.sql, earn(100_000, { card, at: noonOf(0) }))
    const now = noonOf(0) + 400 * DAY
    expect(await retention(database.sql, { now })).toEqual({
      customers: 0,
      folded: 0,
      openings: 0,
      failed: 0,
    })
    expect(await retention(database.sql, { now: now + 1 })).toEqual({
      customers: 1,
      folded: 1,
      openings: 1,
      failed: 0,
    })
  })

  it('folds older entries into one opening a lot, so that every sum still holds', async () => {
    const { sql } = database
    await judgeBy(sql, { lifetime_days: 3650 })
    const first = earn(100_000, { card, at: noonOf(0) })
    const second = earn(50_000, { card, at: noonOf(1) })
    const redemption = redeem(30, { card, at: noonOf(2) })
    const applied = apply(redemption, { at: noonOf(2) + 1000 })
    const young = adjust(5, { card, at: noonOf(9) })
    await execute(sql, first, second, redemption, applied, young)
    const before = await standingOf(sql)

    expect(await retention(sql, { now: dayItIsOld + 3 * DAY })).toEqual({
      customers: 1,
      folded: 4,
      openings: 3,
      failed: 0,
    })
    expect(await standingOf(sql)).toEqual(before)
    const at = noonOf(2) + 1000
    expect(await entries()).toMatchObject([
      { ...opening, seq: 2, dies: '2035-12-05', points: 10, balance_before: 0, balance_after: 10, at },
      { ...opening, seq: 3, dies: '2035-12-06', points: 20, balance_before: 10, balance_after: 30, at },
      { ...opening, seq: 4, dies: '2035-12-07', points: 399, balance_before: 30, balance_after: 429, at },
      { seq: 5, kind: 'adjust', dies: '2035-12-14', points: 5 },
    ])
  })

  it('forgets the runs of jobs after 400 days, however many they are, and keeps younger ones', async () => {
    const { sql } = database
    const start = (at: number, count: number) => sql`
      insert into job_runs (job, run_for, started_at)
      select 'sweep', ${new Date(at).toISOString()}, ${new Date(at).toISOString()} from generate_series(1, ${count})`
    await start(dayItIsOld - 400 * DAY - 1, 5001)
    await start(dayItIsOld - 400 * DAY, 2)
    const { result } = (await runJob(sql, retentionJob, { now: dayItIsOld })) as { result: object }
    expect(result).toMatchObject({ runs: 5001 })
    expect(await sql`select job, count(*) from job_runs group by job order by job`).toEqual([
      { job: 'retention', count: 1 },
      { job: 'sweep', count: 2 },
    ])
  })

  it('drops what was bought with the entries of its purchase, and keeps what is younger', async () => {
    const bought = (day: number) =>
      earn(10_000, { card, at: noonOf(day), items: [{ sku: '1', quantity: 1, kopecks: 10_000 }] })
    const [old, young] = [bought(0), bought(1)]
    await execute(database.sql, old, young)
    const { result } = (await runJob(database.sql, retentionJob, { now: dayItIsOld })) as { result: object }
    expect(result).toMatchObject({ folded: 1, items: 1 })
    expect(await database.sql`select operation_id as id from operation_items`).toEqual([{ id: young.id }])
    expect(await retentionJob.work(database.sql, { now: dayItIsOld })).toMatchObject({ items: 0 })
  })

  it('drops what was counted of old days, and the audit asks of the days that are kept alone', async () => {
    const { sql } = database
    await sql.begin((sql) => publishBook(sql, { ...bookThatCounts, validFrom: 0, now: 0 }))
    const [old, young] = [0, 1].map((day) => earn(100_000, { card, at: noonOf(day) }))
    if (!old || !young) throw new Error('there are two')
    await execute(sql, old, young)
    const counted = async () => ({
      days: [...(await sql`select day, points, purchases from customer_days order by day`)],
      uses: [...(await sql`select period, uses from rule_uses order by period`)],
    })
    const kept = {
      days: [{ day: '2025-12-08', points: 47, purchases: 1 }],
      uses: [{ period: '2025-12-08', uses: 1 }],
    }
    const all = { period: 'total', uses: 2 }
    const now = midnight + 402 * DAY
    expect(await retentionJob.work(sql, { now: now - 1 })).toMatchObject({ counted: 0 })
    expect((await counted()).days).toHaveLength(2)
    expect(await retentionJob.work(sql, { now })).toMatchObject({ counted: 2 })
    expect(await counted()).toEqual({ ...kept, uses: [...kept.uses, all] })
    await expectHealthy(sql)

    // Goods of a day that is kept no longer come back, and somebody decides to keep more.
    await execute(sql, refund(old, { at: now }))
    expect((await counted()).days).toHaveLength(2)
    await expectHealthy(sql)
    expect(await retentionJob.work(sql, { now })).toMatchObject({ counted: 2 })
    expect(await counted()).toEqual({ ...kept, uses: [...kept.uses, { ...all, uses: 1 }] })
    await sql`update programmes set settings = settings || '{"history_retention_days": 800}'`
    expect(await retentionJob.work(sql, { now })).toMatchObject({ counted: 0 })
    await expectHealthy(sql)

    await sql`update customer_days set points = points + 1`
    await sql`update rule_uses set uses = uses + 1`
    expect((await runAudit(sql)).map(({ query, reference }) => [query, reference]).sort()).toEqual([
      ['days_have_earned_what_stands', '2025-12-08'],
      ['uses_are_the_awards_that_stand', 'gift 2025-12-08'],
      ['uses_are_the_awards_that_stand', 'gift total'],
    ])
    await sql`update customer_days set points = points - 1`
    await sql`update rule_uses set uses = uses - 1`
  })

  it('keeps what was counted of a day for as long as a sale of it may come', async () => {
    const { sql } = database
    const { document, ...rest } = bookThatCounts
    const long = { ...document, base: { ...document.base, lifetime_days: 800 } }
    await sql.begin((sql) => publishBook(sql, { ...rest, document: long, validFrom: 0, now: 0 }))
    await execute(sql, earn(100_000, { card, at: noonOf(0) }))
    const now = midnight + 500 * DAY
    expect(await retentionJob.work(sql, { now })).toMatchObject({ counted: 0 })
    const late = earn(90_000, { card, at: noonOf(0) + 1 })
    expect(await post(sql, [late], { now: () => now })).toMatchObject([{ status: 'accepted', earned: 36 }])
    expect(await retentionJob.work(sql, { now: midnight + 802 * DAY })).toMatchObject({ counted: 2 })
  })

  it('waits for nobody to drop what was counted: who buys just now has it dropped another night', async () => {
    const { sql } = database
    await sql.begin((sql) => publishBook(sql, { ...bookThatCounts, validFrom: 0, now: 0 }))
    await execute(sql, earn(100_000, { card, at: noonOf(0) }))
    const forget = () => forgetCounts(sql, [1], '2026-01-01')
    await keepCountsFrom(sql, 1, '2026-01-01')
    await sql.begin(async (till) => {
      await till`select from customers where id = 1 for no key update`
      expect(await forget()).toBe(0)
    })
    expect(await forget()).toBe(2)
  })

  it('does nothing the second time', async () => {
    const { sql } = database
    await execute(sql, earn(100_000, { card, at: noonOf(0) }), earn(100_000, { card, at: noonOf(30) }))
    await retention(sql, { now: dayItIsOld })
    const folded = await entries()
    expect(await retention(sql, { now: dayItIsOld })).toEqual({
      customers: 0,
      folded: 0,
      openings: 0,
      failed: 0,
    })
    expect(await entries()).toEqual(folded)
  })

  it('keeps what is owed in one line without a lot', async () => {
    const { sql } = database
    const earned = earn(100_000, { card, at: noonOf(0) })
    const redemption = redeem(40, { card, at: noonOf(0) + 1 })
    await execute(sql, earned, redemption, apply(redemption, { at: noonOf(0) + 2 }))
    await execute(sql, adjust(-398, { card, at: noonOf(0) + 3 }), refund(earned, { at: noonOf(0) + 5 }))
    await retention(sql, { now: dayItIsOld })
    expect(await entries()).toMatchObject([
      { ...opening, dies: null, points: 0, debt: 40, balance_before: 0, balance_after: 0 },
    ])

    await execute(sql, earn(50_000, { card, at: dayItIsOld }))
    await retention(sql, { now: dayItIsOld + 401 * DAY })
    expect(await sql`select balance, debt from customers`).toEqual([{ balance: 0, debt: 20 }])
    expect(await entries()).toMatchObject([{ ...opening, dies: null, debt: 20 }])
  })

  it('leaves one empty line where everything was spent, and a line of 0 for a lot that expired', async () => {
    const { sql } = database
    const spent = adjust(40, { card, at: noonOf(0) })
    const lost = earn(100_000, { card, at: noonOf(1) })
    await execute(sql, spent, adjust(-40, { card, at: noonOf(0) + 1 }))
    await retention(sql, { now: dayItIsOld })
    expect(await entries()).toMatchObject([{ ...opening, dies: null, points: 0, seq: 2 }])

    await execute(sql, lost)
    await expire(sql, { now: noonOf(60) })
    const later = noonOf(60) + 401 * DAY
    await retention(sql, { now: later })
    expect(await entries()).toMatchObject([{ ...opening, dies: '2026-01-22', points: 0, seq: 4 }])

    const next = adjust(7, { card, at: later })
    await execute(sql, next)
    await retention(sql, { now: later + 401 * DAY })
    expect(await entries()).toMatchObject([
      { ...opening, dies: '2026-01-22', points: 0, seq: 4 },
      { ...opening, dies: '2027-04-27', points: 7, seq: 5 },
    ])
  })

  it('leaves a customer alone whose open hold reaches into the old part', async () => {
    const { sql } = database
    const redemption = redeem(40, { card, at: noonOf(0) + 1 })
    await execute(sql, earn(100_000, { card, at: noonOf(0) }), redemption)
    expect(await retention(sql, { now: dayItIsOld })).toEqual({
      customers: 0,
      folded: 0,
      openings: 0,
      failed: 0,
    })

    await execute(sql, release(redemption, { at: dayItIsOld }))
    expect(await retention(sql, { now: dayItIsOld })).toEqual({
      customers: 1,
      folded: 2,
      openings: 1,
      failed: 0,
    })
    expect(await sql`select balance from customers`).toEqual([{ balance: 40 }])
  })

  it('lets a purchase be refunded whose entries are folded away', async () => {
    const { sql } = database
    const earned = earn(100_000, { card, at: noonOf(0) })
    const redemption = redeem(10, { card, at: noonOf(0) + 1 })
    const expiring = earn(10_000, { card, at: noonOf(1) })
    await execute(sql, earned, redemption, apply(redemption, { at: noonOf(0) + 2 }), expiring)
    await expire(sql, { now: noonOf(60) })
    const now = noonOf(60) + 401 * DAY
    await retention(sql, { now })
    await execute(
      sql,
      refund(redemption, { at: now, refundKopecks: 500_000 }),
      refund(expiring, { at: now + 1 }),
      refund(earned, { at: now + 2 }),
      refund(redemption, { at: now + 3 }),
    )
    // All that was earned had expired, save 10 points that were spent, and these come back and pay for themselves.
    expect(await sql`select balance, debt from customers`).toEqual([{ balance: 0, debt: 0 }])
  })

  it('answers an operation that is folded away as it did when it was executed', async () => {
    const { sql } = database
    const earned = earn(100_000, { card, at: noonOf(0) })
    await execute(sql, earned)
    await retention(sql, { now: dayItIsOld })
    const [outcome] = await post(sql, [earned], { now: () => dayItIsOld })
    expect(outcome).toMatchObject({ status: 'accepted', replay: true, earned: 40 })
  })

  describe('that cannot fold the entries of one customer of three', () => {
    beforeEach(async () => {
      const { sql } = database
      await addCustomers(sql, '222222', '333333')
      const cards = [card, '222222', '333333']
      await execute(sql, ...cards.map((card) => earn(100_000, { card, at: noonOf(0) })))
    })

    /** Makes the fold of the second customer fail, while the condition holds. */
    async function failSecond({ state, condition = 'true' }: { state: string; condition?: string }) {
      await database.sql.unsafe(`
        create function fail() returns trigger language plpgsql as $$
        begin
          if ${condition} then raise exception 'no' using errcode = '${state}'; end if;
          return old;
        end $$;
        create trigger fail before delete on entries for each row when (old.customer_id = 2)
          execute function fail()`)
    }
    const folded = async () =>
      (await database.sql`select customer_id from entries where kind = 'opening' order by 1`).map(
        (row) => row.customer_id,
      )

    it.each([
      ['a bug', 'P0001'],
      ['a deadlock', '40P01'],
      ['a lock', '55P03'],
      ['the timeout', '57014'],
    ])('for %s folds the others, and counts it', async (_what, state) => {
      await failSecond({ state })
      const result = { customers: 2, folded: 2, openings: 2, failed: 1 }
      expect(await retention(database.sql, { now: dayItIsOld })).toEqual(result)
      expect(await folded()).toEqual([1, 3])
    })

    it('in the time that a batch has gives it a minute of its own', async () => {
      await failSecond({ state: '57014', condition: "current_setting('statement_timeout') <> '1min'" })
      const result = { customers: 3, folded: 3, openings: 3, failed: 0 }
      expect(await retention(database.sql, { now: dayItIsOld })).toEqual(result)
    })

    it('for an outage fails, and the next run goes on', async () => {
      await failSecond({ state: '57P01' })
      await expect(retention(database.sql, { now: dayItIsOld })).rejects.toMatchObject({ code: '57P01' })
      expect(await folded()).toEqual([])
      await database.sql`drop trigger fail on entries`
      expect(await retention(database.sql, { now: dayItIsOld })).toMatchObject({ customers: 3, failed: 0 })
    })
  })

  it('is done once by several processes at the same moment, beside sales', async () => {
    const { sql } = database
    const cards = Array.from({ length: 150 }, (_, index) => String(200_000 + index))
    await addCustomers(sql, ...cards)
    await executeTogether(
      sql,
      cards.map((card) => earn(100_000, { card, at: noonOf(0) })),
    )
    const sales = cards.map((card) => {
      const sale = earn(50_000, { card, at: dayItIsOld })
      return insist(() => post(sql, [sale], { now: () => dayItIsOld }))
    })
    const runs = await Promise.all([1, 2, 3].map(() => retention(sql, { now: dayItIsOld })))
    await Promise.all(sales)
    runs.push(await retention(sql, { now: dayItIsOld })) // what a run found locked for too long is for the next one
    expect(runs.reduce((total, { folded }) => total + folded, 0)).toBe(150)
  })

  it('keeps the ledger sound over any history, folded again every few months', async () => {
    const { sql } = database
    let nextCard = 300_000
    const step = fc.record({
      days: fc.integer({ min: 0, max: 60 }),
      what: fc.constantFrom(
        'earn',
        'redeem',
        'apply',
        'release',
        'refund',
        'adjust',
        'take',
        'expire',
        'fold',
      ),
      size: fc.integer({ min: 1, max: 60 }),
      which: fc.nat(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        nextCard += 1
        const card = String(nextCard)
        await addCustomers(sql, card)
        let at = noonOf(0)
        const purchases: Request[] = []
        for (const { days, what, size, which } of steps) {
          at += days * DAY + 1
          const original = purchases[which % (purchases.length || 1)] ?? { id: crypto.randomUUID() }
          const request = {
            earn: () => earn(size * 5000, { card, at }),
            redeem: () => redeem(size, { card, at }),
            apply: () => apply(original, { at }),
            release: () => release(original, { at }),
            refund: () => refund(original, { at, ...(size % 2 && { refundKopecks: size * 1000 }) }),
            adjust: () => adjust(size, { card, at }),
            take: () => adjust(-size, { card, at }),
            expire: () => null,
            fold: () => null,
          }[what]()
          if (what === 'expire') await expire(sql, { now: at })
          if (what === 'fold') {
            const before = await standingOf(sql)
            await retention(sql, { now: at + 340 * DAY })
            expect(await standingOf(sql)).toEqual(before)
          }
          if (!request) continue
          await post(sql, [request], { now: () => at })
          if (what === 'earn' || what === 'redeem') purchases.push(request)
        }
        await retention(sql, { now: at + 390 * DAY })
        await expectHealthy(sql)
      }),
      { numRuns: 60 },
    )
  })
})
