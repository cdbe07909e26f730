import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Tx } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { earn, redeem } from '../ledger/testing/makers.ts'
import { unread } from '../metrics/meters.ts'
import { timetableOf } from '../timetable.ts'
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

  const timetable = timetableOf({
    ...{ timeZone: 'Europe/Moscow', tell: null, bot: null, erasuresFile: '/dev/null/erasures.jsonl' },
  })
  const start = (sql = database.sql, jobs = timetable) =>
    startJobs(jobs, {
      ...{
        sql,
        now: () => noonOf(1),
        log: pino({ level: 'silent' }),
        holdSeconds: undefined,
        meters: unread,
      },
    })
  // Others run by the clock of this machine: every minute, and in the night.
  const sweeps = () => database.sql`
    select result, finished_at is not null as finished from job_runs where job = 'sweep'`

  it('sweeps the holds every few seconds', async () => {
    const jobs = start()
    await expect.poll(() => database.sql`select state from holds`).toEqual([{ state: 'expired' }])
    await jobs.stop()
    expect(await sweeps()).toMatchObject([{ result: { expired: 1 } }])
  })

  it('keeps the facts about customers every few seconds', async () => {
    const jobs = start()
    await expect
      .poll(() => database.sql`select purchases, net_kopecks from customer_facts`)
      .toEqual([{ purchases: 1, net_kopecks: 1_000_000 }])
    await jobs.stop()
  })

  it('stops only when the running job has ended', async () => {
    const begun = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const slow = new Proxy(database.sql, {
      get: (target, key) => (key === 'begin' ? beginLater : Reflect.get(target, key)),
    })
    async function beginLater(work: (sql: Tx) => Promise<void>) {
      begun.resolve()
      await goOn.promise
      return await database.sql.begin(work)
    }
    const jobs = start(
      slow,
      timetable.filter(({ job }) => job.name === 'sweep'),
    )
    await begun.promise
    let isStopped = false
    const stopped = jobs.stop().then(() => {
      isStopped = true
    })
    await database.sql`select 1`
    expect(isStopped).toBe(false)
    goOn.resolve()
    await stopped
    expect(await database.sql`select state from holds`).toEqual([{ state: 'expired' }])
    expect(await sweeps()).toMatchObject([{ finished: true }])
  })
})
