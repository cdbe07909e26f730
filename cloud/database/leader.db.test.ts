import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect, type Sql } from './connect.ts'
import { whileLeading } from './leader.ts'
import { createTestDatabase, type TestDatabase } from './testing.ts'

const log = pino({ level: 'silent' })

describe('a leader among processes', () => {
  let database: TestDatabase
  const stops: (() => Promise<unknown>)[] = []
  beforeEach(async () => {
    database = await createTestDatabase()
  })
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop()
    await database.drop()
  })

  /** A process that wants to lead; its work is to lead until it may no more. */
  function candidate(name = 'telegram', pace: { probeMs?: number; silenceMs?: number } = {}) {
    const sql = connect(database.url, { poolSize: 2 })
    const stopping = new AbortController()
    const turns: { signal: AbortSignal; end: PromiseWithResolvers<void> }[] = []
    const heard = new Set<() => void>()
    const work = async (signal: AbortSignal) => {
      const end = Promise.withResolvers<void>()
      signal.addEventListener('abort', () => end.resolve())
      turns.push({ signal, end })
      for (const tell of heard) tell()
      await end.promise
    }
    const done = whileLeading(sql, name, work, {
      ...{ signal: stopping.signal, log, retryMs: 10, probeMs: 20, answerMs: 60_000 },
      ...pace,
    })
    const stop = async () => {
      stopping.abort()
      await done
      await sql.end({ timeout: 0 })
    }
    stops.push(stop)
    return {
      sql,
      turns,
      stop,
      leads: (turn = 1) =>
        new Promise<void>((resolve) => {
          const look = () => turns.length >= turn && resolve()
          heard.add(look)
          look()
        }),
    }
  }

  const holders = (sql: Sql) => sql<{ pid: number }[]>`
    select pid from pg_locks where locktype = 'advisory' and granted
      and database = (select oid from pg_database where datname = current_database())`

  async function breakLock() {
    for (const { pid } of await holders(database.sql)) await database.sql`select pg_terminate_backend(${pid})`
  }

  it('is one, and another follows when it has stopped', async () => {
    const first = candidate()
    await first.leads()
    const second = candidate()
    await second.sql`select pg_try_advisory_xact_lock(1)`
    expect(second.turns).toHaveLength(0)
    await first.stop()
    await second.leads()
    expect(first.turns[0]?.signal.aborted).toBe(true)
    expect(await holders(database.sql)).toHaveLength(1)
  })

  it('leads one thing, not another', async () => {
    const first = candidate('telegram')
    const second = candidate('something else')
    await Promise.all([first.leads(), second.leads()])
  })

  it('stops its work when the connection of its lock breaks, and somebody leads again', async () => {
    const first = candidate()
    await first.leads()
    const second = candidate()
    await breakLock()
    await first.turns[0]?.end.promise
    await Promise.race([second.leads(), first.leads(2)])
    expect(await holders(database.sql)).toHaveLength(1)
  })

  it('loses the lock when the server hears nothing of it any more', async () => {
    const first = candidate('telegram', { probeMs: 60_000, silenceMs: 50 })
    await first.leads()
    await first.turns[0]?.end.promise
    await candidate().leads()
  })

  it('asks for the lock again only when its work has ended', async () => {
    const sql = connect(database.url, { poolSize: 2 })
    const stopping = new AbortController()
    const began = Promise.withResolvers<AbortSignal>()
    const end = Promise.withResolvers<void>()
    const again = Promise.withResolvers<void>()
    let turns = 0
    const work = async (signal: AbortSignal) => {
      turns += 1
      if (turns > 1) return again.resolve()
      began.resolve(signal)
      await end.promise
    }
    const done = whileLeading(sql, 'x', work, {
      ...{ signal: stopping.signal, log, retryMs: 1, probeMs: 20, answerMs: 60_000 },
    })
    const signal = await began.promise
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve))
    await breakLock()
    await aborted
    await sql`select 1`
    expect(turns).toBe(1)
    end.resolve()
    await again.promise
    stopping.abort()
    await done
    await sql.end({ timeout: 0 })
  })

  it('goes on after its work has failed', async () => {
    const sql = connect(database.url, { poolSize: 2 })
    const stopping = new AbortController()
    const again = Promise.withResolvers<void>()
    let turns = 0
    const work = async () => {
      turns += 1
      if (turns === 1) throw new Error('a bug')
      again.resolve()
    }
    const done = whileLeading(sql, 'x', work, { signal: stopping.signal, log, retryMs: 1 })
    await again.promise
    stopping.abort()
    await done
    await sql.end({ timeout: 0 })
  })

  it('keeps no reader of the change feed waiting: the lock has no transaction number', async () => {
    await candidate().leads()
    const writing = await database.sql`
      select from pg_stat_activity where datname = current_database() and backend_xid is not null`
    expect(writing.count).toBe(0)
  })
})
