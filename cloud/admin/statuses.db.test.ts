import { afterAll, beforeAll, expect, it } from 'vitest'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import { statusPreset } from '../../shared/rules/presets.ts'
import { DAY, toIso } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { addCustomers, expectHealthy } from '../jobs/testing.ts'
import { publishBook } from '../ledger/books.ts'
import { say } from './testing.ts'

const card = '111111'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await addCustomers(database.sql, card)
})
afterAll(() => database.drop())

const ask = (...words: string[]) => say([...words, '--json'], database.url)
const until = toIso(Date.now() + DAY)

it('says that there are none, and gives none', async () => {
  expect(JSON.parse((await ask('status', 'show', '--card', card)).out)).toMatchObject({
    card,
    status: null,
    changes: [],
  })
  const set = await ask(
    'status',
    'set',
    '--card',
    card,
    '--status',
    'gold',
    '--until',
    until,
    '--reason',
    'друг',
  )
  expect(set.exitCode).not.toBe(0)
})

it('shows where a customer stands, and gives a status with a reason until a day', async () => {
  const document = bookDocumentSchema.parse(statusPreset.book)
  await database.sql.begin((sql) =>
    publishBook(sql, { programmeId: 1, document, validFrom: 0, now: 0, by: 'admin:anna', reason: 'a test' }),
  )
  const show = async () => JSON.parse((await ask('status', 'show', '--card', card)).out)
  expect(await show()).toMatchObject({
    ...{ status: 'bronze', metric: 'net_purchases', value: 0, changes: [] },
    next: { status: 'silver', missing: 1_000_000 },
  })
  const set = (status: string, until: string) =>
    ask('status', 'set', '--card', card, '--status', status, '--until', until, '--reason', 'друг')
  expect((await set('tin', until)).exitCode).not.toBe(0)
  expect((await set('gold', '2020-01-01')).exitCode).not.toBe(0)
  expect(JSON.parse((await set('gold', until)).out)).toEqual({ card, status: 'gold', until })
  expect(await show()).toMatchObject({
    status: 'gold',
    changes: [{ before: 'bronze', after: 'gold', cause: 'set', until, reason: 'друг' }],
  })
  const job = await ask('job', 'run', 'statuses', '--now', toIso(Date.parse(until) + 1))
  expect(JSON.parse(job.out)).toMatchObject({ customers: 1 })
  expect((await show()).changes).toMatchObject([{ cause: 'ended', after: 'bronze' }, { cause: 'set' }])
  await expectHealthy(database.sql)
})
