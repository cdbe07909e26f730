import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { createQueue } from './queue.ts'
import { addStores, apply, earn, noon, redeem } from './testing/makers.ts'
import { createWriter } from './writer.ts'

const MB = 1024 * 1024
const CARDS = 20
/** So few that nobody collects everything meanwhile. */
const GROUPS = 100

setFlagsFromString('--expose-gc')
const collectGarbage: (options?: { type: 'minor' }) => void = runInNewContext('gc')
const heapUsed = () => process.memoryUsage().heapUsed
const leastHeap = () => {
  collectGarbage()
  return heapUsed()
}
/** After a collection of what is young only. */
const youngHeap = () => {
  // What has survived one is young still.
  collectGarbage({ type: 'minor' })
  collectGarbage({ type: 'minor' })
  return heapUsed()
}

let database: TestDatabase
let writer: ReturnType<typeof createWriter>
let sell: (groups: number) => Promise<void>
beforeAll(async () => {
  database = await createTestDatabase()
  await addStores(database.sql)
  await database.sql`insert into customers (card) select (100000 + n)::text from generate_series(1, ${CARDS}::int) n`
  writer = createWriter(database, { now: () => noon })
  const queue = createQueue(writer.execute)
  let purchases = 0
  const next = () => {
    purchases += 1
    return { card: String(100_001 + (purchases % CARDS)), purchaseKopecks: 10_000 + purchases * 100 }
  }
  sell = async (groups) => {
    for (let group = 0; group < groups; group += 1) {
      const [bought, held] = [earn(0, next()), redeem(1, next())]
      const outcomes = await queue.submit([bought, held, apply(held)])
      expect(outcomes[0]?.status).toBe('accepted')
    }
  }
  // Statements are planned, functions compiled, and caches filled.
  await sell(500)
})
afterAll(async () => {
  await writer.end()
  await database.drop()
})

test('thousands of groups leave nothing behind in this process', async () => {
  const before = leastHeap()
  await sell(2_000)
  // A kilobyte for each group would be two.
  expect((leastHeap() - before) / MB).toBeLessThan(1)
})

// What lives until it is old is copied on the way there, and waits for a collection of everything.
test('what a group leaves dies young', async () => {
  leastHeap()
  const before = youngHeap()
  await sell(GROUPS)
  // Some 4 kB; where the questions themselves grow old, it is 95.
  expect((youngHeap() - before) / GROUPS).toBeLessThan(20_000)
})
