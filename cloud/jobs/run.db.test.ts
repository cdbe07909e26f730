import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect, type Sql, type Tx } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import type { Job } from './job.ts'
import { runJob } from './run.ts'
import { noonOf } from './testing.ts'

const now = noonOf(0)
const job = (work: Job['work'], changes: Partial<Job> = {}): Job => ({ name: 'expire', work, ...changes })

async function breakLock(sql: Sql | Tx) {
  await sql`
    select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`
}

describe('a run of a job', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
  })
  afterEach(() => database.drop())

  const runs = () => database.sql`
    select job, run_for, started_at <= finished_at as finished, result, error from job_runs order by id`
  const record = { job: 'expire', run_for: now, finished: true, result: null, error: null }

  it('is recorded with its result', async () => {
    const run = await runJob(
      database.sql,
      job(async () => ({ customers: 2 })),
      { now },
    )
    expect(run).toEqual({ status: 'done', result: { customers: 2 } })
    expect(await runs()).toEqual([{ ...record, result: { customers: 2 } }])
  })

  it('is recorded with its error, and fails', async () => {
    const work = () => Promise.reject(new Error('the lots are gone'))
    await expect(runJob(database.sql, job(work), { now })).rejects.toThrow('the lots are gone')
    expect(await runs()).toEqual([{ ...record, error: 'the lots are gone' }])
  })

  it('says when it was stopped before the end', async () => {
    await runJob(
      database.sql,
      job(async () => ({ customers: 1 })),
      { now, signal: AbortSignal.abort() },
    )
    expect(await runs()).toMatchObject([
      { result: { customers: 1 }, error: expect.stringMatching(/stopped/) },
    ])
  })

  it('that is often idle is recorded only when it did something or failed', async () => {
    const counted = (count: number) => job(async () => ({ closed: count }), { isOftenIdle: true })
    await runJob(database.sql, counted(0), { now })
    expect(await runs()).toEqual([])
    await runJob(database.sql, counted(1), { now })
    const work = () => Promise.reject(new Error('no'))
    await runJob(database.sql, job(work, { isOftenIdle: true }), { now }).catch(() => {})
    expect(await runs()).toMatchObject([{ result: { closed: 1 } }, { error: 'no' }])
  })

  it('is skipped while another process is at the same job', async () => {
    const other = connect(database.url)
    const inside = await runJob(
      database.sql,
      job(async () => {
        const second = await runJob(
          other,
          job(async () => ({ customers: 9 })),
          { now },
        )
        const different = await runJob(
          other,
          job(async () => ({}), { name: 'audit' }),
          { now },
        )
        expect([second.status, different.status]).toEqual(['skipped', 'done'])
        return { customers: 1 }
      }),
      { now },
    )
    expect(inside.status).toBe('done')
    expect(
      await runJob(
        other,
        job(async () => ({})),
        { now },
      ),
    ).toMatchObject({ status: 'done' })
    await other.end()
  })

  it('keeps no reader of the change feed waiting: the lock has no transaction number', async () => {
    await runJob(
      database.sql,
      job(async (sql) => {
        const writing = await sql`
          select from pg_stat_activity where datname = current_database() and backend_xid is not null`
        expect(writing.count).toBe(0)
        return {}
      }),
      { now },
    )
  })

  it('goes on to its end when the connection of its lock breaks', async () => {
    const run = await runJob(
      database.sql,
      job(async (sql) => {
        await breakLock(sql)
        return { customers: 3 }
      }),
      { now },
    )
    expect(run).toEqual({ status: 'done', result: { customers: 3 } })
    expect(await runs()).toMatchObject([{ result: { customers: 3 } }])
  })

  it("ends nobody else's transaction when the connection of its lock was made anew", async () => {
    const sql = connect(database.url, { poolSize: 2 })
    const done = Promise.withResolvers<void>()
    const others: Promise<unknown>[] = []
    const work = async () => {
      // This transaction has the second connection, so the other one below gets that of the lock.
      await sql.begin(async (tx) => {
        await breakLock(tx)
        const begun = Promise.withResolvers<void>()
        const other = sql.begin(async (sql) => {
          await sql`insert into stores (name) values ('never')`
          begun.resolve()
          await done.promise
          throw new Error('changed my mind')
        })
        others.push(expect(other).rejects.toThrow('changed my mind'))
        await begun.promise
      })
      return {}
    }
    expect(await runJob(sql, job(work), { now })).toMatchObject({ status: 'done' })
    done.resolve()
    await Promise.all(others)
    expect(await database.sql`select name from stores`).toEqual([])
    await sql.end({ timeout: 0 })
  })
})
