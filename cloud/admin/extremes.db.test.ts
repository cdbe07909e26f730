import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { say } from './testing.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await database.sql`insert into customers (card) values ('123456')`
})
afterAll(() => database.drop())

const jobs = ['expire', 'retention', 'audit', 'remind', 'prune', 'alerts']

describe('a job runs for any moment that is a time', () => {
  it.each(jobs)('%s, at the ends of what may be said', async (job) => {
    for (const now of ['2000-01-01', '2999-12-31T23:59:59Z'])
      expect(await say(['job', 'run', job, '--now', now], database.url)).toMatchObject({ exitCode: 0 })
  })

  it.each(['0000-01-01', '0001-01-01T00:00:00+14:00', '1999-12-31', '9999-12-31T23:59:59-23:59'])(
    '%s is no time to run one for',
    async (now) => {
      const said = await say(['job', 'run', 'expire', '--now', now], database.url)
      expect(said).toMatchObject({ exitCode: 2, error: expect.stringContaining('from the year 2000') })
    },
  )
})

it.each(['9999999999', '-9999999999', '2147483648', '0'])(
  'an adjustment of %s points is refused by the ledger',
  async (points) => {
    const adjust = ['customer', 'adjust', '--card', '123456', `--points=${points}`, '--reason', 'extreme']
    expect(await say(adjust, database.url)).toMatchObject({
      exitCode: 1,
      error: expect.stringContaining(`(points ${points}, maxPoints ${points === '0' ? 10_000 : 1_000_000})`),
    })
  },
)

it('a number with more digits than any is a mistake in typing', async () => {
  const adjust = ['customer', 'adjust', '--card', '123456', '--points=10000000000', '--reason', 'extreme']
  expect(await say(adjust, database.url)).toMatchObject({ exitCode: 2 })
})

it('a setting takes every number that its rule allows, and none beyond', async () => {
  const set = (value: string) => say(['settings', 'set', 'max_purchase_kopecks', value], database.url)
  expect(await set('1000000000')).toMatchObject({ exitCode: 0 })
  expect(await set('1000000001')).toMatchObject({ exitCode: 2 })
})
