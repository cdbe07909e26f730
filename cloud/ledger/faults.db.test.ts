import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Outcome } from '../../shared/operation.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { runAudit } from './audit.ts'
import { post } from './post.ts'
import { createQueue, type Queue } from './queue.ts'
import { findCustomer } from './read.ts'
import type { Request } from './request.ts'
import { addFaults } from './testing/faults.ts'
import {
  addStores,
  adjust,
  admin,
  apply,
  earn,
  mintId,
  noon,
  redeem,
  refund,
  release,
} from './testing/makers.ts'
import { createWriter } from './writer.ts'

let database: TestDatabase
let queue: Queue
let writer: ReturnType<typeof createWriter>
beforeAll(async () => {
  database = await createTestDatabase()
  await addStores(database.sql)
  const { sql } = database
  writer = createWriter(database, { now: () => noon })
  queue = createQueue(writer.execute)
  await addFaults(sql)
})
beforeEach(() => database.sql`truncate faults`)
afterAll(async () => {
  expect(await runAudit(database.sql)).toEqual([])
  await writer.end()
  await database.drop()
})

let cards = 500_000
async function twoCustomers(): Promise<[string, string]> {
  const [anna, vera] = [String(++cards), String(++cards)]
  await database.sql`insert into customers (card) values (${anna}), (${vera})`
  return [anna, vera]
}

/** What an outbox may hold after a night: purchases of two customers, and what became of them. */
function drainOf([anna, vera]: [string, string]): Request[] {
  const bought = earn(100_000, { card: anna })
  const taken = redeem(10, { card: anna, purchaseKopecks: 50_000 })
  const given = redeem(5, { card: vera, purchaseKopecks: 40_000 })
  return [
    adjust(50, { card: anna }),
    bought,
    adjust(20, { card: vera }),
    taken,
    given,
    earn(7_000, { card: anna }),
    apply(taken),
    redeem(9_999, { card: vera }),
    release(given),
    refund(bought, { refundKopecks: 30_000 }),
    earn(5_000, { card: vera }),
  ]
}
const POSITIONS = drainOf(['111111', '222222']).map((_, index) => index)

const told = (outcomes: Outcome[]) =>
  outcomes.map((outcome) => (outcome.status === 'accepted' ? 'accepted' : outcome.code))

const sumsOf = async (cards: string[]) => {
  const views = await Promise.all(cards.map((card) => findCustomer(database.sql, card, noon)))
  return views.map((view) => view && { ...view, card: '' })
}

/** The same without the operation at this place, one by one: what has to come of it. */
async function withoutFault(position: number) {
  const cards = await twoCustomers()
  const outcomes: Outcome[] = []
  for (const request of drainOf(cards).toSpliced(position, 1)) {
    outcomes.push(...(await post(database.sql, [request], { now: () => noon })))
  }
  return { outcomes: told(outcomes), sums: await sumsOf(cards) }
}

async function executedInOrder(drain: Request[]): Promise<void> {
  const rows = await database.sql<{ customerId: number; operationId: string }[]>`
    select customer_id as "customerId", operation_id as "operationId" from entries
    where operation_id = any(${drain.map(({ id }) => id)}::uuid[]) order by customer_id, seq`
  for (const entries of Map.groupBy(rows, ({ customerId }) => customerId).values()) {
    const ids = [...new Set(entries.map(({ operationId }) => operationId))]
    expect(ids).toEqual(drain.map(({ id }) => id).filter((id) => ids.includes(id)))
  }
}

const idsOf = (drain: Request[]) => database.sql`
  select id from operations where id = any(${drain.map(({ id }) => id)}::uuid[])`

describe('all of a request is executed but the operation that meets a fault', () => {
  it.each(POSITIONS)('of a statement, at place %i', async (position) => {
    const expected = await withoutFault(position)
    const cards = await twoCustomers()
    const drain = drainOf(cards)
    const guilty = drain[position]
    if (!guilty) throw new Error('no such place')
    await database.sql`insert into faults values (${guilty.id})`

    await expect(queue.submit(drain)).rejects.toThrow(`the ${guilty.kind} ${guilty.id} could not be executed`)
    expect(await sumsOf(cards)).toEqual(expected.sums)
    expect(await idsOf([guilty])).toEqual([])
    await executedInOrder(drain)

    // What settles the guilty one found nothing to settle, and may be asked again; all else is answered as before.
    const isOpen = (outcome: Outcome) => told([outcome])[0] === 'original_not_found'
    const again = await queue.submit(drain.toSpliced(position, 1))
    expect(told(again)).toEqual(expected.outcomes)
    expect(again.map(({ replay }) => replay)).toEqual(again.map((outcome) => !isOpen(outcome)))
    expect(await sumsOf(cards)).toEqual(expected.sums)

    await database.sql`truncate faults`
    const healed = await queue.submit(drain)
    expect(healed[position]).toMatchObject({ id: guilty.id, replay: false })
    const others = healed.toSpliced(position, 1)
    expect(others.map(({ replay }) => replay)).toEqual(again.map((outcome) => !isOpen(outcome)))
  })

  it.each(POSITIONS)('of our own code, at place %i', async (position) => {
    const cards = await twoCustomers()
    // Only a register redeems: the judgement itself throws.
    const guilty = redeem(1, { card: cards[0], author: admin, purchaseKopecks: 60_000 })
    const drain = [adjust(1, { card: cards[0] }), ...drainOf(cards).toSpliced(position, 0, guilty)]

    await expect(queue.submit(drain)).rejects.toThrow('could not be executed')
    expect(await idsOf([guilty])).toEqual([])
    await executedInOrder(drain)
    const again = await queue.submit(drain.filter((request) => request !== guilty))
    expect(again.map(({ replay }) => replay)).toEqual(again.map(() => true))
  })
})

it('several faults of one request, and the requests that travel with it', async () => {
  const [anna, vera] = await twoCustomers()
  const drain = Array.from({ length: 200 }, (_, index) => earn(10_000 + index, { card: anna }))
  const guilty = [0, 3, 4, 100, 199].map((index) => drain[index]?.id ?? mintId())
  await database.sql`insert into faults select * from unnest(${guilty}::uuid[])`
  const sale = earn(10_000, {
    card: vera,
    author: { type: 'register', programmeId: 1, storeId: 2, registerId: 3 },
  })

  const [failed, answered] = await Promise.allSettled([queue.submit(drain), queue.submit([sale])])
  expect(failed).toMatchObject({ status: 'rejected' })
  expect(answered).toMatchObject({ status: 'fulfilled', value: [{ status: 'accepted' }] })
  expect(await idsOf(drain)).toHaveLength(195)
})
