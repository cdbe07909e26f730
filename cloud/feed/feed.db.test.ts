import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect, type Sql, type Tx } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { post, postWithin } from '../ledger/post.ts'
import type { Request } from '../ledger/request.ts'
import { addStores, adjust, apply, earn, noon, redeem } from '../ledger/testing/makers.ts'
import { readAsOf } from './progress.ts'
import { type Reader, readOn, takeTurn } from './reader.ts'
import { createScribe, deaths, dieReading, seenBy } from './testing.ts'

const [anna, vera] = ['111111', '222222']
const context = { now: () => noon }

let database: TestDatabase
let sql: Sql
let scribe: Reader
beforeEach(async () => {
  database = await createTestDatabase()
  await addStores(database.sql)
  sql = database.sql
  await sql`insert into customers (card) values (${anna}), (${vera})`
  scribe = await createScribe(sql)
})
afterEach(() => database.drop())

/** Executes operations, each in a transaction of its own, and says their ids. */
async function execute(...requests: Request[]): Promise<string[]> {
  for (const request of requests) await post(sql, [request], context)
  return requests.map(({ id }) => id)
}

/** A transaction that has executed this and commits only when it is told to. */
async function slowly(requests: Request[]): Promise<() => Promise<void>> {
  const executed = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  const ended = sql.begin(async (tx: Tx) => {
    await postWithin(tx, requests, context)
    executed.resolve()
    await goOn.promise
  })
  await executed.promise
  return async () => {
    goOn.resolve()
    await ended
  }
}

const seen = () => seenBy(sql, scribe)

/** A process that was ended may keep its locks and the horizon a moment longer than its connection lived. */
async function toTheEnd(all: Awaited<ReturnType<typeof seen>>): Promise<void> {
  await expect
    .poll(async () => {
      await readOn(sql, scribe)
      return await seen()
    })
    .toEqual(all)
}

describe('a reader of the feed', () => {
  it('begins with all customers, and then sees each operation once in the order of the transactions', async () => {
    await execute(earn(100_000, { card: anna }))
    await readOn(sql, scribe)
    expect(await seen()).toEqual({ customers: [1, 2], operations: [] })

    const ids = await execute(
      earn(20_000, { card: vera }),
      earn(30_000, { card: anna }),
      adjust(5, { card: vera }),
    )
    await readOn(sql, scribe)
    const later = await execute(adjust(6, { card: anna }))
    await readOn(sql, scribe, { operationsATurn: 1 })
    expect(await seen()).toEqual({ customers: [1, 2], operations: [...ids, ...later] })
  })

  it('is told of what was accepted, and of nothing else', async () => {
    await readOn(sql, scribe)
    await execute(redeem(50, { card: anna }))
    expect(await sql`select status from operations`).toEqual([{ status: 'refused' }])
    expect(await takeTurn(sql, scribe)).toMatchObject({ operations: 0, more: false })
  })

  it('misses nothing of who takes long to commit, and sees nothing before it', async () => {
    await readOn(sql, scribe)
    const slow = adjust(5, { card: anna })
    const commit = await slowly([slow])
    const fast = await execute(adjust(6, { card: vera }))
    await readOn(sql, scribe)
    expect((await seen()).operations).toEqual([])
    await commit()
    await readOn(sql, scribe)
    expect((await seen()).operations).toEqual([slow.id, ...fast])
  })

  it('misses nothing of what is written while it walks, by customers of before and of meanwhile', async () => {
    const commit = await slowly([adjust(5, { card: anna })])
    await takeTurn(sql, scribe, { customersATurn: 1 })
    const [late] = await execute(adjust(7, { card: vera }))
    await sql`insert into customers (card) values ('333333')`
    await commit()
    await readOn(sql, scribe, { customersATurn: 1 })
    const { customers, operations } = await seen()
    expect(customers).toEqual([1, 2, 3])
    expect(operations).toHaveLength(2)
    expect(operations).toContain(late)
  })

  it('gets what one transaction did to one customer together, however little it asks for', async () => {
    await readOn(sql, scribe)
    const together = [earn(1_000_000, { card: anna }), earn(2_000_000, { card: anna })]
    const spent = redeem(100, { card: anna })
    await post(sql, [...together, spent, apply(spent), adjust(5, { card: vera })], context)
    expect(await takeTurn(sql, scribe, { operationsATurn: 1 })).toMatchObject({ operations: 4, more: true })
    await readOn(sql, scribe, { operationsATurn: 1 })
    expect((await seen()).operations).toHaveLength(5)
  })

  it.each(deaths)('that dies %s is handed the same again, and has seen it once', async (death) => {
    await dieReading(database.url, scribe, { death })
    await toTheEnd({ customers: [1, 2], operations: [] })
    const ids = await execute(adjust(1, { card: anna }), adjust(2, { card: vera }), adjust(3, { card: anna }))
    await takeTurn(sql, scribe, { operationsATurn: 2 })
    expect((await seen()).operations).toEqual(ids.slice(0, 2))
    await dieReading(database.url, scribe, { death })
    await toTheEnd({ customers: [1, 2], operations: ids })
  })

  it('works in one process at a time; another one finds it busy', async () => {
    const other = connect(database.url)
    let turn: unknown
    const walk: Reader['walk'] = async (tx, customerIds) => {
      turn = await takeTurn(other, scribe)
      await scribe.walk(tx, customerIds)
    }
    await takeTurn(sql, { ...scribe, walk })
    expect(turn).toEqual({ status: 'busy' })
    const ids = await execute(
      ...Array.from({ length: 30 }, (_, n) => adjust(n + 1, { card: n % 2 ? anna : vera })),
    )
    await Promise.all([sql, other, sql, other].map((sql) => readOn(sql, scribe, { operationsATurn: 3 })))
    await readOn(sql, scribe)
    expect(await seen()).toEqual({ customers: [1, 2], operations: ids })
    await other.end()
  })

  it('is independent of every other', async () => {
    const second = await createScribe(sql, 'second')
    await readOn(sql, scribe)
    await readOn(sql, second)
    const ids = await execute(adjust(1, { card: anna }))
    await readOn(sql, scribe)
    expect((await seen()).operations).toEqual(ids)
    expect((await seenBy(sql, second)).operations).toEqual([])
    await readOn(sql, second)
    expect((await seenBy(sql, second)).operations).toEqual(ids)
  })

  it('begins anew on another basis, in another life of the database, and where its cursor is of the future', async () => {
    await readOn(sql, scribe)
    const cursor = async () =>
      (await sql<{ cursor: string }[]>`select cursor from feed_readers`)[0]?.cursor ?? ''
    const followed = await cursor()
    await readOn(sql, { ...scribe, basis: 'another' })
    expect((await seen()).customers).toEqual([1, 2, 1, 2])
    await sql`update feed_readers set cursor = ${followed.replace(/\.\w{12}\./, '.0123456789ab.')}, basis = 'any'`
    await readOn(sql, scribe)
    expect((await seen()).customers).toEqual([1, 2, 1, 2, 1, 2])
    await sql`update feed_readers set cursor = ${followed.replace(/\d+\.0$/, '999999999999.0')}`
    await readOn(sql, scribe)
    expect((await seen()).customers).toEqual([1, 2, 1, 2, 1, 2, 1, 2])
    await readOn(sql, scribe)
    expect((await seen()).customers).toHaveLength(8)
  })

  it('stops after the turn it is at', async () => {
    await readOn(sql, scribe, { signal: AbortSignal.abort() })
    expect(await seen()).toEqual({ customers: [], operations: [] })
  })

  it('knows up to when it has seen everything', async () => {
    const now = noon + 60_000
    const asOf = () => sql.begin((sql) => readAsOf(sql, scribe.name, now))
    expect(await asOf()).toBe(null)
    await takeTurn(sql, scribe, { customersATurn: 1 })
    expect(await asOf()).toBe(null)
    await readOn(sql, scribe)
    expect(await asOf()).toBe(now)
    await execute(redeem(9_999, { card: vera }))
    expect(await asOf()).toBe(now)
    await post(sql, [adjust(1, { card: anna })], { now: () => noon + 2000 })
    await post(sql, [adjust(1, { card: anna })], { now: () => noon + 1000 })
    expect(await asOf()).toBe(noon + 1000)
    await takeTurn(sql, scribe, { operationsATurn: 1 })
    expect(await asOf()).toBe(noon + 1000)
    await readOn(sql, scribe)
    expect(await asOf()).toBe(now)
  })
})
