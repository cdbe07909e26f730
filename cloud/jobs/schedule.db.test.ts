import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { earn, redeem } from '../ledger/testing.ts'
import { startJobs } from './schedule.ts'
import { addCustomers, execute, noonOf } from './testing.ts'

const card = '111111'

describe('the timetable', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
    await addCustomers(database.sql, card)
    await execute(
      database.sql,
      earn(1_000_000, { card, at: noonOf(0) }),
      redeem(9, { card, at: noonOf(0), via: 'agent' }),
    )
  })
  afterEach(() => database.drop())

  const start = () =>
    startJobs({
      sql: database.sql,
      now: () => noonOf(1),
      log: pino({ level: 'silent' }),
      holdSeconds: undefined,
      tell: null,
    })
  const patience = { timeout: 20_000, interval: 20 }

  it('sweeps the holds every few seconds', async () => {
    const jobs = start()
    await vi.waitFor(async () => {
      expect(await database.sql`select state from holds`).toEqual([{ state: 'expired' }])
    }, patience)
    await jobs.stop()
    expect(await database.sql`select job, result from job_runs`).toMatchObject([
      { job: 'sweep', result: { expired: 1 } },
    ])
  })

  it('stops only when the running job has ended', async () => {
    const { sql } = database
    const jobs = start()
    let stopped = Promise.resolve()
    await sql.begin(async (blocking) => {
      await blocking`select from customers for update`
      await vi.waitFor(async () => {
        const waiting = await sql`
          select from pg_locks join pg_stat_activity using (pid)
          where not granted and datname = current_database()`
        expect(waiting.count).toBe(1)
      }, patience)
      stopped = jobs.stop()
    })
    await stopped
    expect(await sql`select state from holds`).toEqual([{ state: 'expired' }])
    expect(await sql`select finished_at is not null as finished from job_runs`).toEqual([{ finished: true }])
  })
})
