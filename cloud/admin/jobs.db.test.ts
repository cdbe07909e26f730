import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, toIso } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { runJob } from '../jobs/run.ts'
import { addCustomers, execute, noonOf } from '../jobs/testing.ts'
import { earn } from '../ledger/testing/makers.ts'
import type { House } from './command.ts'
import { runJobByHand } from './jobs.ts'
import { changesIn, houseOf } from './testing.ts'

const card = '111111'

describe('a job run by hand', () => {
  let database: TestDatabase
  let house: House
  beforeEach(async () => {
    database = await createTestDatabase()
    house = houseOf(database.sql, noonOf(1))
    await addCustomers(database.sql, card)
    await execute(database.sql, earn(100_000, { card, at: noonOf(0) }))
  })
  afterEach(() => database.drop())

  it('can be run for another moment', async () => {
    expect(await runJobByHand(house, { job: 'expire' })).toMatchObject({ customers: 0, points: 0 })
    const then = noonOf(0) + 45 * DAY
    const run = await runJobByHand(house, { job: 'expire', now: then })
    expect(run).toMatchObject({ job: 'expire', now: toIso(then), customers: 1, points: 40 })
    const later = { job: 'retention' as const, now: then + 500 * DAY }
    expect(await runJobByHand(house, later)).toMatchObject({ customers: 1, folded: 2 })
    expect(await runJobByHand(house, { job: 'audit' })).toMatchObject({ violations: 0, filed: 0 })
  })

  it.each([
    ['expire', noonOf(2), true],
    ['retention', noonOf(2), true],
    ['expire', noonOf(1), false],
    ['audit', noonOf(2), false],
  ] as const)('that changes points or history warns of a moment to come: %s %i', async (job, now, warns) => {
    const warnings: string[] = []
    await runJobByHand({ ...house, warn: (text) => warnings.push(text) }, { job, now })
    const warning = expect.stringContaining(`${toIso(now)} has not come yet`)
    expect(warnings).toEqual(warns ? [warning] : [])
  })

  it('is recorded as a run, and as a change', async () => {
    await runJobByHand(house, { job: 'expire', now: noonOf(50) })
    expect(await house.sql`select job, run_for, result from job_runs`).toEqual([
      { job: 'expire', run_for: noonOf(50), result: { customers: 1, points: 40, failed: 0 } },
    ])
    expect(await changesIn(house.sql)).toEqual([
      {
        who: 'admin:anna',
        action: 'job run',
        subject: 'job expire',
        before: null,
        after: { now: toIso(noonOf(50)), run: 1 },
      },
    ])
  })

  it('is refused while another process is at it', async () => {
    const work = async () => {
      await expect(runJobByHand(house, { job: 'audit' })).rejects.toMatchObject({ code: 'job_running' })
      return {}
    }
    expect(await runJob(house.sql, { name: 'audit', work }, { now: house.now })).toMatchObject({
      status: 'done',
    })
  })
})
