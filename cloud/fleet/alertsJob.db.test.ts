import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, type Instant, MINUTE, toIso } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { runJob } from '../jobs/run.ts'
import { noonOf } from '../jobs/testing.ts'
import { timetableOf } from '../timetable.ts'
import { openAlerts } from './alerts.ts'
import { createAlertsJob } from './alertsJob.ts'

describe('alerts', () => {
  let database: TestDatabase
  let told: string[]
  let isChatAway: boolean
  beforeEach(async () => {
    database = await createTestDatabase()
    told = []
    isChatAway = false
    const { sql } = database
    await sql`
      insert into stores (name, opens_at, closes_at, time_zone)
      values ('Ашукино', '09:00', '21:00', 'Europe/Moscow')`
    await sql`insert into registers (store_id, name, key_hash) values (1, 'Касса 1', '\\x01')`
  })
  afterEach(() => database.drop())

  const start = noonOf(1)
  const tell = async (text: string) => {
    if (isChatAway) throw new Error('no network')
    told.push(text)
  }
  const look = async (now: Instant, chat: typeof tell | null = tell) => {
    const run = await runJob(database.sql, createAlertsJob(chat), { now })
    return run.status === 'done' ? run.result : run.status
  }
  const heartbeat = async (at: Instant, more: Record<string, string | number | null> = {}) => {
    const heartbeat = {
      version: '1',
      queueDepth: 0,
      oldestQueuedSeconds: null,
      exchange: 'ok',
      clockOffsetMs: 0,
      ...more,
    }
    await database.sql`update registers set last_seen_at = ${toIso(at)}, heartbeat = ${database.sql.json(heartbeat)}`
  }
  const alerts = async () => [
    ...(await database.sql`
      select kind, reference, since, ended_at as "endedAt", told_at as "toldAt", end_told_at as "endToldAt"
      from alerts order by id`),
  ]

  it('begin once and end once, and are told once each', async () => {
    await heartbeat(start)
    expect(await look(start + 10 * MINUTE)).toEqual({ begun: 0, ended: 0, told: 0 })
    expect(await look(start + 11 * MINUTE)).toEqual({ begun: 1, ended: 0, told: 1 })
    expect(await look(start + 12 * MINUTE)).toEqual({ begun: 0, ended: 0, told: 0 })
    await heartbeat(start + 13 * MINUTE)
    expect(await look(start + 14 * MINUTE)).toEqual({ begun: 0, ended: 1, told: 1 })
    expect(await look(start + 15 * MINUTE)).toEqual({ begun: 0, ended: 0, told: 0 })
    expect(await alerts()).toEqual([
      {
        kind: 'silent',
        reference: 'register 1',
        since: start + 11 * MINUTE,
        endedAt: start + 14 * MINUTE,
        toldAt: start + 11 * MINUTE,
        endToldAt: start + 14 * MINUTE,
      },
    ])
    expect(told).toEqual([
      '⚠️ Ашукино, Касса 1: not heard of since 2025-12-08 12:00 UTC',
      '✅ over: Ашукино, Касса 1: not heard of since 2025-12-08 12:00 UTC',
    ])
  })

  it('that did not reach the chat are told later, all in one message', async () => {
    isChatAway = true
    await heartbeat(start, { exchange: 'away: ENOENT', queueDepth: 3, oldestQueuedSeconds: 1200 })
    expect(await look(start)).toEqual({ begun: 2, ended: 0, told: 0 })
    await heartbeat(start + MINUTE, { exchange: 'away: ENOENT' })
    await look(start + MINUTE)
    isChatAway = false
    expect(await look(start + 2 * MINUTE)).toEqual({ begun: 0, ended: 0, told: 2 })
    expect(told).toEqual([
      '⚠️ Ашукино, Касса 1: the exchange with 1C: away: ENOENT\n' +
        '✅ over: Ашукино, Касса 1: 3 operations not sent, the oldest for 20 min',
    ])
    expect(await look(start + 3 * MINUTE)).toEqual({ begun: 0, ended: 0, told: 0 })
  })

  it('that ended while their beginning was told are told to have ended', async () => {
    await heartbeat(start, { exchange: 'away' })
    const endsMeanwhile = async (text: string) => {
      await tell(text)
      await database.sql`update alerts set ended_at = ${toIso(start)}`
    }
    await look(start, endsMeanwhile)
    await heartbeat(start)
    await look(start + MINUTE)
    expect(told.map((text) => text.slice(0, 2))).toEqual(['⚠️', '✅ '])
  })

  it('are found by several processes at once, and begin once all the same', async () => {
    await heartbeat(start, { exchange: 'away' })
    const job = createAlertsJob(null)
    const looks = await Promise.all([1, 2, 3].map(() => job.work(database.sql, { now: start })))
    expect(looks.map(({ begun }) => begun).sort()).toEqual([0, 0, 1])
  })

  it('begin with a failed job, an open discrepancy and an audit, and end with each', async () => {
    const { sql } = database
    await sql`
      insert into job_runs (job, run_for, started_at, finished_at, error) values
        ('expire', now(), ${toIso(start - DAY)}, ${toIso(start - DAY)}, 'deadlock'),
        ('remind', now(), ${toIso(start - DAY)}, ${toIso(start - DAY)}, 'deadlock'),
        ('prune', now(), ${toIso(start - DAY)}, ${toIso(start - DAY)}, 'deadlock'),
        ('retention', now(), ${toIso(start - DAY)}, ${toIso(start - DAY)}, 'old'),
        ('retention', now(), ${toIso(start)}, ${toIso(start)}, null),
        ('audit', now(), ${toIso(start - 7 * 60 * MINUTE)}, null, null),
        ('sweep', now(), ${toIso(start)}, ${toIso(start)}, 'stopped before the end with its process; the next run goes on')`
    await sql`
      insert into discrepancies (kind, reference, details, filed_at)
      values ('parked', 'a', '{"registerId": 1}', now()), ('parked', 'd', '{"registerId": 1}', now()),
        ('audit', 'b', '{}', now()), ('audit', 'c', '{}', now())`
    await look(start, null)
    const references = async () =>
      (await alerts()).filter(({ endedAt }) => endedAt === null).map((a) => `${a.kind} ${a.reference}`)
    expect(await references()).toEqual([
      'discrepancy parked of register 1',
      'job audit',
      'job expire',
      'job prune',
      'job remind',
      'audit ledger',
    ])
    await sql`
      insert into job_runs (job, run_for, started_at, finished_at)
      select job, now(), ${toIso(start)}, ${toIso(start)} from unnest(array['expire', 'remind', 'prune', 'audit']) as job`
    await sql`update discrepancies set settled_at = now(), settled_by = 'admin:anna'`
    expect(await look(start + MINUTE, null)).toEqual({ begun: 0, ended: 6, told: 0 })
    expect(await references()).toEqual([])
  })

  it('of a job of every night last until it has gone well, and of one of every moment for an hour', async () => {
    const timetable = timetableOf({ timeZone: 'Europe/Moscow', tell: null, bot: null, erasuresFile: '' })
    const nightly = timetable.filter(({ at }) => /^\d+ \d+ \* \* \*$/.test(at)).map(({ job }) => job.name)
    const others = timetable.map(({ job }) => job.name).filter((name) => !nightly.includes(name))
    await database.sql`
      insert into job_runs (job, run_for, started_at, finished_at, error)
      select job, now(), ${toIso(start)}, ${toIso(start)}, 'deadlock' from unnest(${[...nightly, ...others]}::text[]) as job`
    const jobs = async () =>
      (await openAlerts(database.sql)).filter(({ kind }) => kind === 'job').map(({ reference }) => reference)
    await look(start + 59 * MINUTE, null)
    expect(new Set(await jobs())).toEqual(new Set([...nightly, ...others]))
    await look(start + 60 * MINUTE, null)
    expect(new Set(await jobs())).toEqual(new Set(nightly))
  })

  it('leave no word of a look that found nothing, and none of themselves after 90 days', async () => {
    await heartbeat(start, { exchange: 'away' })
    await look(start)
    await heartbeat(start + MINUTE)
    await look(start + MINUTE)
    await heartbeat(start + 92 * DAY)
    await look(start + 92 * DAY)
    expect(await alerts()).toEqual([])
    expect(await database.sql`select result from job_runs order by id`).toMatchObject([
      { result: { begun: 1 } },
      { result: { ended: 1 } },
    ])
  })
})
