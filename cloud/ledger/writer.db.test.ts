import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Outcome } from '../../shared/operation.ts'
import { connect, type Sql, type Tx } from '../database/connect.ts'
import { isConflict, isOutage } from '../database/outage.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { runAudit } from './audit.ts'
import { createLanes } from './lanes.ts'
import { carryOut } from './post.ts'
import { createQueue, Overloaded } from './queue.ts'
import type { Request } from './request.ts'
import { addFaults } from './testing/faults.ts'
import { addStores, adjust, earn, mintId, noon } from './testing/makers.ts'
import { createWriter } from './writer.ts'

const CARD = '111111'
const context = { now: () => noon }

let database: TestDatabase
let sql: Sql
let writer: ReturnType<typeof createWriter>
beforeAll(async () => {
  database = await createTestDatabase()
  sql = database.sql
  await addStores(sql)
  await sql`insert into customers (card) values (${CARD})`
  await addFaults(sql)
  writer = createWriter(database, context)
})
beforeEach(() => sql`truncate faults`)
afterAll(async () => {
  expect(await runAudit(sql)).toEqual([])
  await writer.end()
  await database.drop()
})

let kopecks = 10_000
const sale = () => {
  kopecks += 100
  return earn(kopecks, { card: CARD })
}
const isThere = async ({ id }: Request) => (await sql`select from operations where id = ${id}`).length === 1
const endSessions = (name: string) => sql<{ pid: number }[]>`
  select pid, pg_terminate_backend(pid) from pg_stat_activity
  where application_name = ${name} and datname = current_database()`

/** Executes groups one behind the other, each given when the commit of the one before is on its way. */
async function inARow(groups: Request[][]): Promise<PromiseSettledResult<Outcome[]>[]> {
  const replies: Promise<Outcome[]>[] = []
  let before: Promise<unknown> = Promise.resolve()
  for (const group of groups) {
    const { promise: sent, resolve: onSent } = Promise.withResolvers<void>()
    const reply = writer.execute(group, { before, onSent })
    replies.push(reply)
    before = reply
    await Promise.race([sent, reply.catch(() => {})])
  }
  return await Promise.allSettled(replies)
}

test('a group sees what the one before has written, though that was not committed when it began', async () => {
  const [bought, again] = [sale(), sale()]
  const [first, second, third] = await inARow([[bought], [bought], [again]])
  expect(first).toMatchObject({ value: [{ status: 'accepted', replay: false }] })
  expect(second).toMatchObject({ value: [{ status: 'accepted', replay: true }] })
  expect(third).toMatchObject({ value: [{ status: 'accepted', replay: false }] })
})

test('behind a group that failed nothing is written, and what comes later is', async () => {
  const [guilty, behind, later] = [sale(), sale(), sale()]
  await sql`insert into faults values (${guilty.id})`
  const [first, second] = await inARow([[guilty], [behind]])
  expect(first).toMatchObject({ status: 'rejected', reason: { message: `a fault of ${guilty.id}` } })
  expect(second).toMatchObject({ status: 'rejected' })
  expect(await isThere(behind)).toBe(false)
  expect(await inARow([[later], [behind]])).toMatchObject([
    { value: [{ status: 'accepted' }] },
    { value: [{ status: 'accepted' }] },
  ])
})

test('what is loaded in one session is written in no other', async () => {
  const lost = connect(database.url, { poolSize: 1, name: 'kopilka lost' })
  const bought = sale()
  async function die(): Promise<void> {
    while ((await endSessions('kopilka lost')).length > 0);
  }
  await lost`begin`
  const { promise: loaded, resolve: isLoaded } = Promise.withResolvers<void>()
  const now = () => {
    isLoaded()
    return noon
  }
  const failed = carryOut(lost as unknown as Tx, [bought], { now }, loaded.then(die)).then(
    ({ written }) => written,
  )
  await expect(failed).rejects.toSatisfy((error) => isConflict(error) || isOutage(error))
  expect(await isThere(bought)).toBe(false)
  // The driver may have something left to say of the old session; in the new one the write is turned away as well.
  const { written } = await carryOut(lost as unknown as Tx, [bought], context)
  await expect(written).rejects.toMatchObject({ code: '40001' })
  expect(await isThere(bought)).toBe(false)
  await lost.end()
})

test('a merge has its turn among the others', async () => {
  await sql`insert into customers (card) values ('222222')`
  await sql`insert into people (telegram_id, customer_id, language) select 7, id, 'ru' from customers where card = ${CARD}`
  const author = { type: 'admin', name: 'anna' } as const
  const [bought, later] = [earn(50_000, { card: '222222' }), earn(60_000, { card: '222222' })]
  const merge: Request = {
    ...{
      kind: 'merge',
      id: mintId(),
      at: noon,
      card: CARD,
      otherCard: '222222',
      author,
      reason: 'one person',
    },
  }
  const replies = await inARow([[bought], [merge], [later]])
  expect(replies).toMatchObject([
    { value: [{ status: 'accepted', customer: { card: '222222' } }] },
    { value: [{ status: 'accepted' }] },
    { value: [{ status: 'accepted', customer: { card: CARD } }] },
  ])
})

describe('with a queue before it', () => {
  test('only what is guilty fails, whatever was under way behind it', async () => {
    const sales = Array.from({ length: 300 }, sale)
    const guilty = [7, 100, 101, 250].map((index) => sales[index]?.id ?? '')
    await sql`insert into faults select * from unnest(${guilty}::uuid[])`
    const queue = createQueue(writer.execute)
    const replies = await Promise.allSettled(
      sales.map(async (request, index) => {
        // As tills do: one after the other, and never all at once.
        if (index % 3 === 0) await new Promise(setImmediate)
        return await queue.submit([request])
      }),
    )
    for (const [index, { status }] of replies.entries())
      expect(status).toBe(guilty.includes(sales[index]?.id ?? '') ? 'rejected' : 'fulfilled')
  })

  test.each([
    ['a lane', 1],
    ['two lanes', 2],
  ])(
    'what was answered is there once, and all else can be sent again, however often sessions of %s end',
    async (_, lanes) => {
      await sql`insert into customers (card) select (300000 + n)::text from generate_series(1, 20) n on conflict do nothing`
      const writers = Array.from({ length: lanes }, () => createWriter(database, context))
      const { balance = 0 } =
        (await sql<{ balance: number }[]>`select sum(balance)::bigint as balance from customers`)[0] ?? {}
      const queue = createLanes(
        writers.map(({ execute }) => createQueue(execute)),
        { oneLaneUpTo: 0 },
      )
      let answered = 0
      const killed = new Set<number>()
      /** Each session when it has answered something, with whatever is under way then. */
      async function kill(): Promise<void> {
        for (let seen = 0; killed.size < KILLS; ) {
          await new Promise(setImmediate)
          if (answered === seen) continue
          seen = answered
          for (const { pid } of await endSessions('kopilka ledger')) killed.add(pid)
        }
      }
      /** Sends the same again until it is answered, as a register does. */
      async function insist(request: Request): Promise<void> {
        for (;;) {
          try {
            expect(await queue.submit([request])).toMatchObject([{ id: request.id, status: 'accepted' }])
            answered += 1
            return
          } catch (error) {
            if (!isOutage(error) && !(error instanceof Overloaded)) throw error
          }
        }
      }
      async function till(index: number): Promise<void> {
        while (killed.size < KILLS) await insist(adjust(1, { card: String(300_001 + index) }))
      }
      await Promise.all([kill(), ...Array.from({ length: 20 }, (_, index) => till(index))])
      expect(await sql`select sum(balance)::bigint as balance from customers`).toEqual([
        { balance: balance + answered },
      ])
      await Promise.all(writers.map((writer) => writer.end()))
      console.log(`${killed.size} sessions ended, ${answered} operations answered`)
    },
  )
})

/** `KILLS=1000` for once. */
const KILLS = Number(process.env.KILLS ?? 30)
