import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DAY, toIso } from '../../../shared/time.ts'
import { createCampaignJob } from '../../campaigns/job.ts'
import { findCampaign } from '../../campaigns/read.ts'
import { readResults } from '../../campaigns/results.ts'
import { createTestDatabase, type TestDatabase } from '../../database/testing.ts'
import { readOn } from '../../feed/reader.ts'
import { checkFacts } from '../../insight/facts/check.ts'
import { createFactsReader } from '../../insight/facts/reader.ts'
import { runJob } from '../../jobs/run.ts'
import { runAudit } from '../../ledger/audit.ts'
import { FIRST_PROGRAMME } from '../../ledger/programme.ts'
import { seedDemo, tillsOf } from '../seed.ts'
import { proposeGift, seedStaff } from '../staff.ts'
import { type Setting, seedYear, smallYear } from './seedYear.ts'

const now = Date.parse('2026-11-29T12:00:00.000Z')
const timeZone = 'Europe/Moscow'

let database: TestDatabase
let dataDir: string
let setting: Setting
beforeEach(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'kopilka-year-'))
  const tills = tillsOf(await seedDemo(database.sql, { now, dataDir }))
  setting = { now, timeZone, tills, year: smallYear }
})
afterEach(async () => {
  await database.drop()
  await rm(dataDir, { recursive: true, maxRetries: 5 })
})

const standing = async () => ({
  operations: [
    ...(await database.sql`
      select kind, status, count(*)::int as count, sum(earned)::bigint as earned, sum(spent)::bigint as spent
      from operations group by 1, 2 order by 1, 2`),
  ],
  owed: [
    ...(await database.sql`select sum(balance)::bigint as points, count(*)::int as customers from customers`),
  ],
})

it('the year of the demo is one that the ledger could have written itself', async () => {
  const { sql } = database
  const { operations, members } = await seedYear(sql, setting)
  expect(members).toHaveLength(smallYear.members)
  expect(operations).toBeGreaterThan(500)
  expect(await runAudit(sql)).toEqual([])
  expect(await sql`select from operations where status = 'refused'`).toHaveLength(0)
  const kinds = (await standing()).operations.map(({ kind }) => kind)
  expect(kinds).toEqual(['apply', 'bonus', 'earn', 'expire', 'redeem', 'refund', 'release'])
  const [doubt] = await sql`select count(*)::int as count from discrepancies where kind = 'hold_in_doubt'`
  expect(doubt).toEqual({ count: 3 })
  await readOn(sql, createFactsReader(timeZone))
  expect(await checkFacts(sql, { timeZone })).toMatchObject({ differing: 0, unread: 0 })
})

it('has books in the order in which they were thought of, and one of them is to come', async () => {
  const { sql } = database
  await seedYear(sql, setting)
  expect(
    await sql`
      select version, reason, valid_from > ${toIso(now)} as "isToCome" from rule_books where version > 1 order by valid_from`,
  ).toEqual([
    { version: 2, reason: 'Статусы', isToCome: false },
    { version: 3, reason: 'Чтобы покупали больше за раз', isToCome: false },
    { version: 4, reason: 'Кампания осени', isToCome: false },
    { version: 5, reason: 'Баллы живут дольше', isToCome: true },
  ])
})

it('has a campaign that is over, one that runs, and one that is only thought of', async () => {
  const { sql } = database
  await seedYear(sql, setting)
  expect(
    await sql`
      select name, state, count(campaign_people)::int > 5 as "hasPeople", count(gift_id) = count(gift_points) as "isNoted"
      from campaigns left join campaign_people on campaign_id = id group by 1, 2 order by 1`,
  ).toEqual([
    { name: 'come-back', state: 'finished', hasPeople: true, isNoted: true },
    { name: 'quiet-hours', state: 'draft', hasPeople: false, isNoted: true },
    expect.objectContaining({ name: 'thank-you', state: 'running' }),
  ])
  const known = await findCampaign(sql, { programmeId: FIRST_PROGRAMME, name: 'come-back' })
  const results = known && (await readResults(sql, known, { now, timeZone }))
  expect(results?.gifts).toMatchObject({ people: results?.reached, waiting: 0, refused: 0 })
  // What is left for its job to do is nothing.
  expect(await runJob(sql, createCampaignJob({ timeZone }), { now })).toMatchObject({ result: { given: 0 } })
})

it('is there once, and is the same for everybody', async () => {
  await seedYear(database.sql, setting)
  const first = await standing()
  expect(await seedYear(database.sql, { ...setting, now: now + 3 * DAY })).toEqual({
    operations: 0,
    members: [],
  })
  expect(await standing()).toEqual(first)

  const other = await createTestDatabase()
  const tills = tillsOf(await seedDemo(other.sql, { now, dataDir }))
  await seedYear(other.sql, { ...setting, tills })
  await database.drop()
  database = other
  expect(await standing()).toEqual(first)
})

it('leaves nothing where it is cut short', async () => {
  const before = await standing()
  const [till] = setting.tills
  if (!till) throw new Error('the demo has no till')
  // A store that is not there: the last that is written fails.
  await expect(seedYear(database.sql, { ...setting, tills: [{ ...till, storeId: 99 }] })).rejects.toThrow()
  expect(await standing()).toEqual(before)
})

it('has staff without passwords, and a gift that two of them are to decide about', async () => {
  const { sql } = database
  await seedStaff(sql, now)
  await seedStaff(sql, now)
  expect(
    await sql`select from staff where password_hash is not null or totp_secret is not null`,
  ).toHaveLength(0)
  expect(await sql`select from audit_log where action = 'staff add'`).toHaveLength(6)
  await proposeGift(sql, { card: '654321', now })
  expect(await sql`select points, proposed_by, state from proposals`).toEqual([
    { points: 12_000, proposed_by: 'sveta', state: 'open' },
  ])
})
