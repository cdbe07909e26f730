import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isHeldUp } from '../database/outage.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { findHeld } from './held.ts'
import { post } from './post.ts'
import { createQueue } from './queue.ts'
import { addStores, apply, earn, noon, redeem, refund, stranger } from './testing/makers.ts'

const HELD = '111111'
const FREE = '222222'
const now = () => noon

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await addStores(database.sql)
  await database.sql`insert into customers (card) values (${HELD}), (${FREE})`
})
afterAll(() => database.drop())

/** Another session has the customer locked meanwhile. */
async function whileHeld<T>(work: () => Promise<T>): Promise<T> {
  const [held, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const session = database.sql.begin(async (sql) => {
    await sql`select from customers where card = ${HELD} for update`
    held.resolve()
    await done.promise
  })
  await held.promise
  try {
    return await work()
  } finally {
    done.resolve()
    await session
  }
}

describe('who is held', () => {
  it('is found by the card, and by whatever is settled or refunded, in the batch or before it', async () => {
    const { sql } = database
    const [bought, other] = [earn(100_000, { card: HELD }), earn(100_000, { card: FREE })]
    await post(sql, [bought, other], { now })
    const taken = redeem(1, { card: HELD, purchaseKopecks: 70_000 })
    const held = [earn(5_000, { card: HELD }), refund(bought), taken, apply(taken)]
    const free = [earn(6_000, { card: FREE }), refund(other), earn(7_000, { card: '999999' })]
    expect(await whileHeld(() => findHeld(sql, [...held, ...free]))).toEqual(held)
    expect(await findHeld(sql, [...held, ...free])).toEqual([])
  })

  it('is said of a group as what it is, and not that what was asked behind the lock was in vain', async () => {
    const author = { type: 'register', programmeId: 1, storeId: 1, registerId: 1, keyHash: 'aa' } as const
    const asked = redeem(1, { card: HELD, author })
    const failure = await whileHeld(() => post(database.sql, [asked], { now }).catch((error) => error))
    expect(isHeldUp(failure)).toBe(true)
  })

  it('costs the others one second, and not one for each operation', async () => {
    const { sql } = database
    let groups = 0
    const queue = createQueue(
      (requests) => {
        groups += 1
        return post(sql, requests, { now })
      },
      (requests) => findHeld(sql, requests),
    )
    const [ofHeld, ofFree] = await whileHeld(async () => {
      const flood = Array.from({ length: 30 }, (_, count) => earn(10_000 + count * 100, { card: HELD }))
      const sales = Array.from({ length: 5 }, (_, count) =>
        earn(20_000 + count * 100, { card: FREE, author: stranger }),
      )
      const submit = (requests: typeof flood) => requests.map((request) => queue.submit([request]))
      return await Promise.all([submit(flood), submit(sales)].map((replies) => Promise.allSettled(replies)))
    })
    expect(ofHeld?.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 'rejected'))
    expect(ofFree?.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'fulfilled'))
    // One that waited for the customer, and the same without them.
    expect(groups).toBe(2)
  })
})
