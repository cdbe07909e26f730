import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../database/testing.ts'
import { createQueue } from './queue.ts'
import { addStores, apply, earn, noon, redeem } from './testing/makers.ts'
import { createWriter } from './writer.ts'

const MB = 1024 * 1024
const CARDS = 20

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')
const heapUsed = () => {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

test('thousands of groups leave nothing behind in this process', async () => {
  const database = await createTestDatabase()
  await addStores(database.sql)
  await database.sql`insert into customers (card) select (100000 + n)::text from generate_series(1, ${CARDS}::int) n`
  const writer = createWriter(database, { now: () => noon })
  const queue = createQueue(writer.execute)

  let purchases = 0
  const next = () => {
    purchases += 1
    return { card: String(100_001 + (purchases % CARDS)), purchaseKopecks: 10_000 + purchases * 100 }
  }
  async function sell(groups: number): Promise<void> {
    for (let group = 0; group < groups; group += 1) {
      const [bought, held] = [earn(0, next()), redeem(1, next())]
      const outcomes = await queue.submit([bought, held, apply(held)])
      expect(outcomes[0]?.status).toBe('accepted')
    }
  }

  // Statements are planned, functions compiled, and caches filled.
  await sell(500)
  const before = heapUsed()
  await sell(2_000)
  // A kilobyte for each group would be two.
  expect((heapUsed() - before) / MB).toBeLessThan(1)
  await writer.end()
  await database.drop()
})
