import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, MINUTE, SECOND, toIso } from '../../shared/time.ts'
import { createTestDatabase, insist, type TestDatabase } from '../database/testing.ts'
import { post } from '../ledger/post.ts'
import { findCustomer } from '../ledger/read.ts'
import { admin, apply, earn, redeem, release, till } from '../ledger/testing/makers.ts'
import { sweep } from './sweep.ts'
import { addCustomers, execute, executeTogether, expectHealthy, noonOf } from './testing.ts'

const card = '111111'
const start = noonOf(0)
const over = start + 90 * SECOND
const nothing = { expired: 0, failed: 0, inDoubt: 0, filed: 0, closed: 0 }

describe('the hold sweep', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
    await addCustomers(database.sql, card)
    await execute(database.sql, earn(1_000_000, { card, at: start }))
  })
  afterEach(async () => {
    await expectHealthy(database.sql)
    await database.drop()
  })

  const holds = () => database.sql`select state, in_doubt_at from holds`
  const discrepancies = () => database.sql`
    select kind, reference, details, settled_at, settled_by, settlement from discrepancies`

  it('lets a hold be until its time is over', async () => {
    await execute(database.sql, redeem(100, { card, at: start, via: 'agent' }))
    expect(await sweep(database.sql, { now: over - 1 })).toEqual(nothing)
    expect(await holds()).toEqual([{ state: 'pending', in_doubt_at: null }])
  })

  it('returns the points of a hold that nobody claimed', async () => {
    const { sql } = database
    const redemption = redeem(100, { card, at: start, via: 'agent' })
    await execute(sql, redemption)
    expect(await sweep(sql, { now: over })).toEqual({ ...nothing, expired: 1 })
    expect(await holds()).toEqual([{ state: 'expired', in_doubt_at: null }])
    expect(await findCustomer(sql, card, over)).toMatchObject({ available: 400, held: 0 })
    expect(
      await sql`select author, reason, at from operations where reference_id = ${redemption.id}`,
    ).toEqual([{ author: 'system:sweep', reason: 'hold time over', at: over }])
    expect(await sweep(sql, { now: over })).toEqual(nothing)
  })

  it('marks a hold whose register is silent, and leaves its points taken', async () => {
    const { sql } = database
    await execute(sql, redeem(100, { card, at: start }))
    expect(await sweep(sql, { now: over })).toEqual({ ...nothing, inDoubt: 1 })
    expect(await holds()).toEqual([{ state: 'in_doubt', in_doubt_at: over }])
    expect(await findCustomer(sql, card, over)).toMatchObject({ available: 300, held: 100 })
    expect(await sweep(sql, { now: over + MINUTE })).toEqual(nothing)
  })

  it('never waits for a hold that the ledger is working on', async () => {
    const { sql } = database
    await execute(sql, redeem(100, { card, at: start }))
    await sql.begin(async (sql) => {
      await sql`select from holds for update`
      expect(await sweep(database.sql, { now: over })).toEqual(nothing)
    })
    expect(await sweep(sql, { now: over })).toEqual({ ...nothing, inDoubt: 1 })
  })

  it('files a hold that was in doubt for 24 hours, once, without a name', async () => {
    const { sql } = database
    const redemption = redeem(100, { card, at: start })
    await execute(sql, redemption)
    await sweep(sql, { now: over })
    expect(await sweep(sql, { now: over + DAY - 1 })).toEqual(nothing)
    expect(await sweep(sql, { now: over + DAY })).toEqual({ ...nothing, filed: 1 })
    const details = { card, points: 100, storeId: 1, registerId: 1, since: toIso(over) }
    expect(await discrepancies()).toMatchObject([
      { kind: 'hold_in_doubt', reference: redemption.id, details, settled_at: null },
    ])
    expect(await sweep(sql, { now: over + 2 * DAY })).toEqual(nothing)

    await sql`update discrepancies set settled_at = now(), settled_by = 'admin:anna', settlement = 'noted'`
    expect(await sweep(sql, { now: over + 3 * DAY })).toEqual(nothing)
  })

  it('files in the order in which customers are locked', async () => {
    const { sql } = database
    const cards = ['222222', '333333', '444444']
    await addCustomers(sql, ...cards)
    for (const [index, card] of cards.toReversed().entries()) {
      const at = start + index * MINUTE
      await execute(sql, earn(100_000, { card, at }), redeem(1, { card, at }))
      await sweep(sql, { now: at + 90 * SECOND })
    }
    expect(await sweep(sql, { now: over + 2 * DAY })).toEqual({ ...nothing, filed: 3 })
    expect(await sql`select customer_id from discrepancies order by id`).toEqual(
      [2, 3, 4].map((customer_id) => ({ customer_id })),
    )
  })

  it.each([
    ['applied', 'register', apply, 'system:register'],
    ['released', 'register', release, 'system:register'],
    ['released', 'admin', release, 'admin:anna'],
  ] as const)(
    'closes what it filed when the hold was %s by the %s',
    async (state, who, settle, settledBy) => {
      const { sql } = database
      const redemption = redeem(100, { card, at: start })
      await execute(sql, redemption)
      await sweep(sql, { now: over })
      await sweep(sql, { now: over + DAY })
      await execute(sql, settle(redemption, { at: over + DAY, ...(who === 'admin' && { author: admin }) }))
      const closed = over + DAY + MINUTE
      expect(await sweep(sql, { now: closed })).toEqual({ ...nothing, closed: 1 })
      expect(await discrepancies()).toMatchObject([
        { settled_at: closed, settled_by: settledBy, settlement: state },
      ])
      expect(await sweep(sql, { now: closed })).toEqual(nothing)
    },
  )

  it('leaves a discrepancy alone that a person is just settling', async () => {
    const { sql } = database
    const redemption = redeem(100, { card, at: start })
    await execute(sql, redemption)
    await sweep(sql, { now: over })
    await sweep(sql, { now: over + DAY })
    await execute(sql, apply(redemption, { at: over + DAY }))
    await sql.begin(async (sql) => {
      await sql`select from discrepancies for update`
      expect(await sweep(database.sql, { now: over + DAY })).toEqual(nothing)
    })
  })

  it('is done once by several processes, beside registers that settle the same holds', async () => {
    const { sql } = database
    // Each of a register of its own: one may have only a few open.
    const held = (register: number, via?: 'agent') => {
      const author = { ...till, registerId: register + 1 }
      return redeem(1, { card, at: start, author, confirmDuplicate: true, ...(via && { via }) })
    }
    const claimed = Array.from({ length: 20 }, (_, register) => held(register))
    const pending = Array.from({ length: 20 }, (_, register) => held(register, 'agent'))
    await executeTogether(sql, [...claimed, ...pending])
    const settling = claimed.map((redemption) =>
      insist(() => post(sql, [release(redemption, { at: over })], { now: () => over })),
    )
    const sweeps = [1, 2, 3].map(() => sweep(sql, { now: over }))
    const outcomes = await Promise.all(settling)
    const runs = await Promise.all(sweeps)
    runs.push(await sweep(sql, { now: over })) // what a run found locked for too long is for the next one
    expect(outcomes.flat().every(({ status }) => status === 'accepted')).toBe(true)
    expect(runs.reduce((total, { expired }) => total + expired, 0)).toBe(20)
    expect(await findCustomer(sql, card, over)).toMatchObject({ available: 400, held: 0 })
  })
})
