import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { execute, expectHealthy, noonOf } from '../jobs/testing.ts'
import { addPeople } from '../notifications/testing.ts'
import { post } from './post.ts'
import { addStores, adjust, admin, apply, card, earn, redeem, refund, release } from './testing/makers.ts'

describe('what is told of a purchase', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
    await addStores(database.sql)
    await addPeople(database.sql, card)
  })
  afterEach(async () => {
    await expectHealthy(database.sql)
    await database.drop()
  })

  const at = noonOf(0)
  const told = async () => [
    ...(await database.sql`
      select kind, reference, facts, created_at, due_at, attempts, state from notifications order by created_at, kind`),
  ]

  it('is written with the points it earned', async () => {
    const bought = earn(125_000, { at })
    await execute(database.sql, bought)
    expect(await told()).toEqual([
      {
        kind: 'earned',
        reference: bought.id,
        facts: {
          at,
          storeId: 1,
          purchaseKopecks: 125_000,
          refundKopecks: null,
          earned: 50,
          spent: 0,
          available: 50,
          debt: 0,
        },
        created_at: at,
        due_at: at,
        attempts: 0,
        state: 'waiting',
      },
    ])
  })

  it('is one message where points were spent, and none while they are held or when they return', async () => {
    const { sql } = database
    await execute(sql, adjust(500, { at, author: admin }))
    const [kept, given] = [redeem(100, { at }), redeem(70, { at })]
    await execute(sql, kept, release(kept, { at }), given)
    expect(await told()).toEqual([])
    const taken = apply(given, { at: at + 1 })
    await execute(sql, taken)
    expect(await told()).toMatchObject([
      {
        kind: 'spent',
        reference: taken.id,
        facts: { earned: 397, spent: 70, available: 827, purchaseKopecks: 1_000_000 },
      },
    ])
  })

  it('of a refund says what moved, and what is owed', async () => {
    const { sql } = database
    const bought = earn(1_000_000, { at })
    const spent = redeem(400, { at: at + 1 })
    await execute(sql, bought, spent, apply(spent, { at: at + 2 }))
    await execute(sql, refund(bought, { at: at + 3, refundKopecks: 999_900, author: admin }))
    expect((await told()).at(-1)).toMatchObject({
      kind: 'refunded',
      facts: { refundKopecks: 999_900, storeId: null, earned: -400, spent: 0, available: 0, debt: 16 },
    })
  })

  it('is not written where no point moved, nor about what was refused', async () => {
    const { sql } = database
    await execute(sql, earn(100, { at }))
    await post(sql, [redeem(9_999, { at })], { now: () => at })
    expect(await told()).toEqual([])
  })

  it('is written once, however often the operation arrives', async () => {
    const { sql } = database
    const bought = earn(125_000, { at })
    for (let time = 0; time < 2; time += 1) await post(sql, [bought, bought], { now: () => at })
    expect(await told()).toHaveLength(1)
  })

  it.each([
    ['does not want it', 'update people set notify_purchases = false'],
    ['blocked the bot', 'update people set unreachable_since = now()'],
    ['is not in Telegram', 'delete from people'],
  ])('is not written for who %s', async (_, change) => {
    const { sql } = database
    await sql.unsafe(change)
    await execute(sql, earn(125_000, { at }))
    expect(await told()).toEqual([])
  })

  it('of a batch is written for each of its people, and in one transaction with the points', async () => {
    const { sql } = database
    await addPeople(sql, '222222')
    await sql`insert into customers (card) values ('333333')`
    const batch = ['222222', card, '333333'].map((card) => earn(125_000, { card, at }))
    await post(sql, batch, { now: () => at })
    const rows = await sql`
      select distinct o.xmin = n.xmin as together from operations o join notifications n on n.reference = o.id::text`
    expect(rows).toEqual([{ together: true }])
    expect((await told()).map(({ reference }) => reference).sort()).toEqual(
      [batch[0]?.id, batch[1]?.id].sort(),
    )
  })
})
