import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, type Sql } from './connect.ts'
import { isOutage } from './outage.ts'
import { createTestDatabase, type TestDatabase } from './testing.ts'

describe('a connection', () => {
  let database: TestDatabase
  let sql: Sql
  const setting = async (sql: Sql, name: string) => {
    const [row] = await sql<{ value: string }[]>`select current_setting(${name}) as value`
    return row?.value
  }
  beforeAll(async () => {
    database = await createTestDatabase()
    sql = database.sql
  })
  afterAll(() => database.drop())

  it('reads a moment as epoch milliseconds', async () => {
    const [row] = await sql`select
      '2025-12-07 13:00:00.123456+03'::timestamptz as precise,
      '2025-12-07 10:00:00Z'::timestamptz as whole,
      array['1970-01-01 00:00:00Z', '1969-12-31 23:59:59.5Z']::timestamptz[] as several,
      null::timestamptz as none`
    expect(row).toEqual({
      precise: Date.UTC(2025, 11, 7, 10, 0, 0, 123),
      whole: Date.UTC(2025, 11, 7, 10),
      several: [0, -500],
      none: null,
    })
  })

  it('writes a moment from epoch milliseconds, alone, in an array and in a row', async () => {
    const at = Date.UTC(2026, 0, 21, 23, 59, 59, 999)
    await sql`create table moments (at timestamptz)`
    await sql`insert into moments ${sql([{ at }])}`
    await sql`insert into moments values (${at})`
    await sql`insert into moments select unnest(${[at]}::timestamptz[])`
    const rows = await sql`select at from moments where at = ${at}`
    expect(rows.map((row) => row.at)).toEqual([at, at, at])
  })

  it('reads and writes int8 as a number, and refuses one that a number cannot hold', async () => {
    const [row] = await sql`select ${Number.MAX_SAFE_INTEGER}::int8 as large, count(*) as counted,
      ${[1, 2]}::int8[] as several from pg_class where false`
    expect(row).toEqual({ large: Number.MAX_SAFE_INTEGER, counted: 0, several: [1, 2] })
    await expect(sql`select 9007199254740993::int8`).rejects.toThrow(
      'Too large for a number: 9007199254740993',
    )
    expect(await sql`select 1 as fine`).toEqual([{ fine: 1 }])
  })

  it('limits how long a statement runs and waits for a lock', async () => {
    expect(await setting(sql, 'statement_timeout')).toBe('10s')
    expect(await setting(sql, 'lock_timeout')).toBe('5s')
    expect(await setting(sql, 'idle_in_transaction_session_timeout')).toBe('0')
    expect(await setting(sql, 'application_name')).toBe('kopilka')
    expect(await setting(sql, 'TimeZone')).toBe('UTC')
  })

  it('prepares nothing and sets nothing but the tracked parameters with prepare=false', async () => {
    const pooled = connect(`${database.url}?prepare=false`, { poolSize: 1 })
    const [row] = await pooled`select ${5}::int as five, ${0}::timestamptz as epoch`
    expect(row).toEqual({ five: 5, epoch: 0 })
    expect(await pooled`select * from pg_prepared_statements`).toEqual([])
    expect(await setting(pooled, 'statement_timeout')).toBe('0')
    expect(await setting(pooled, 'TimeZone')).toBe('UTC')
    await pooled.end()
  })

  it('keeps notices to itself', async () => {
    await expect(sql`drop table if exists nothing_of_the_kind`).resolves.toEqual([])
  })

  it('reports an outage at once when the server breaks it off, and works again afterwards', async () => {
    const victim = connect(database.url, { poolSize: 1 })
    const [row] = await victim<{ pid: number }[]>`select pg_backend_pid() as pid`
    const broken = victim`select pg_sleep(60)`.catch((reason: unknown) => reason)
    await expect
      .poll(async () => (await sql`select from pg_stat_activity where wait_event = 'PgSleep'`).length)
      .toBe(1)
    await sql`select pg_terminate_backend(${row?.pid ?? 0})`
    expect(isOutage(await broken)).toBe(true)
    // postgres.js hands the last words of the old session to the first query of the new one.
    await expect.poll(() => victim`select 1 as alive`.catch(isOutage)).toEqual([{ alive: 1 }])
    await victim.end()
  })

  it.each([
    ['fails', '1 / (3 - n)'],
    ['is broken off', 'case when n = 3 then pg_terminate_backend(pg_backend_pid()) end'],
  ])('hands each query its own rows, also after one that %s in the midst of them', async (_how, third) => {
    const victim = connect(database.url, { poolSize: 1 })
    await expect(victim.unsafe(`select n, ${third} from generate_series(1, 9) n`)).rejects.toThrow()
    const answered = async (): Promise<unknown[]> => {
      const answer = await victim`select n from generate_series(1, 2) n`.catch((error) => error)
      return isOutage(answer) ? await answered() : answer
    }
    expect([...(await answered())]).toEqual([{ n: 1 }, { n: 2 }])
    await victim.end()
  })

  it('goes on, however often a transaction loses its connection', async () => {
    const kills = 40
    const victim = connect(database.url, { poolSize: 4, name: 'kopilka victim' })
    let [killed, done] = [0, 0]
    async function work(): Promise<void> {
      while (killed < kills) {
        const asked = victim.begin((sql) =>
          Promise.all([sql`select 1`, sql`select pg_sleep(0.001)`, sql`select 2`]),
        )
        await asked.then(
          () => {
            done += 1
          },
          (error) => expect(error).toSatisfy(isOutage),
        )
      }
    }
    /** One after the other, each when something was done since. */
    async function kill(): Promise<void> {
      for (let seen = 0; killed < kills; ) {
        await new Promise(setImmediate)
        if (done === seen) continue
        seen = done
        const ended = await sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'kopilka victim' and state <> 'idle'`
        killed += ended.length
      }
    }
    await Promise.all([kill(), ...Array.from({ length: 8 }, work)])
    await victim.end()
  })
})
