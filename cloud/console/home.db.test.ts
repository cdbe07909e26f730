import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { booksSchema } from '../../shared/console/books.ts'
import { discrepanciesSchema } from '../../shared/console/discrepancies.ts'
import { homeSchema } from '../../shared/console/home.ts'
import { programmeSettingsSchema, registersSchema } from '../../shared/console/places.ts'
import { DAY, MINUTE, toIso } from '../../shared/time.ts'
import { sweep } from '../jobs/sweep.ts'
import { createTestCloud, operation, type TestCloud } from '../testing/cloud.ts'
import { signInAs } from './testing.ts'

type Member = Awaited<ReturnType<typeof signInAs>>

let cloud: TestCloud
let owner: Member
let till: Awaited<ReturnType<TestCloud['addRegister']>>
let redeemId = ''

/** A shop whose register went silent with a discount that nobody knows about, and two books, one of them to come. */
beforeAll(async () => {
  cloud = await createTestCloud()
  const { sql, clock } = cloud
  till = await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса')
  await cloud.addRegister(await cloud.addStore('Правда'), 'Касса')
  await cloud.addCustomer('100001', 1000)
  owner = await signInAs(cloud, { name: 'olga', roles: ['owner'] })
  const publish = async (document: object, more: object = {}) =>
    expect((await owner.act('book.publish', { document, reason: 'проба', ...more })).status).toBe(200)
  await publish({ base: { lifetime_days: 60 } }, { at: clock.now + 30 * DAY })
  await publish({ base: { cashback_basis_points: 500 } })
  const redeem = operation(clock, { kind: 'redeem', card: '100001', points: 100, purchaseKopecks: 500_000 })
  redeemId = redeem.id
  await cloud.send(till.key, redeem)
  await cloud.send(
    till.key,
    operation(clock, { kind: 'earn', card: '100001', purchaseKopecks: 450_000, receipt: '77' }),
  )
  await sql`update registers set last_seen_at = ${toIso(clock.now)} where id = ${till.id}`
  await sql`
    insert into job_runs (job, run_for, finished_at, error) values
      ('audit', now(), now(), 'the disk is full'),
      ('facts', now(), ${toIso(clock.now)}, 'of a moment that is long over')`
  await sql`
    insert into discrepancies (kind, reference, details, filed_at)
    values ('audit', 'the whole ledger', '{}', ${toIso(clock.now)})`
  clock.now += 5 * MINUTE
  await sweep(sql, { now: clock.now })
  clock.now += DAY + MINUTE
  await sweep(sql, { now: clock.now })
  owner = await signInAs(cloud, { name: 'olga', roles: ['owner'] })
})
afterAll(() => cloud.drop())

const read = async (path: string, who = owner) => {
  const { status, body } = await who.get(`/v1/console/${path}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}
const member = (name: string, more: Partial<Parameters<typeof signInAs>[1]>) =>
  signInAs(cloud, { name, roles: ['owner'], ...more })

describe('home', () => {
  it('answers its four questions, each with its moment', async () => {
    const home = homeSchema.parse(await read('home'))
    expect(home).toMatchObject({
      programme: { id: 1, timeZone: 'Europe/Moscow' },
      owed: { points: 1000 - 100 + 225, held: 100, customers: 1, asOf: toIso(cloud.clock.now) },
      expiring: { within: [{ days: 7, points: 0 }, { days: 30 }] },
      members: { active: { now: 1, before: 0 }, purchases: { now: 1, before: 0 } },
      off: {
        registers: { all: 2, silent: [{ name: 'Касса', store: 'Ашукино' }] },
        discrepancies: { open: 2 },
        proposals: { open: 0, toReview: 0, oldestAt: null },
        jobs: [{ job: 'audit', error: 'the disk is full' }],
      },
    })
  })

  it('tells of the days what their periods come to', async () => {
    const { members } = homeSchema.parse(await read('home'))
    const sum = (name: 'purchases' | 'kopecks' | 'earned' | 'spent') =>
      members?.byDay.reduce((sum, day) => sum + day[name], 0)
    expect([sum('purchases'), sum('kopecks'), sum('earned'), sum('spent')]).toEqual([1, 450_000, 225, 0])
    expect(members).toMatchObject({ earned: { now: 225, before: 0 }, spent: { now: 0, before: 0 } })
  })

  it('answers what is now without waiting for whether members come back', async () => {
    const whole = await read('home')
    const now = homeSchema.parse(await read('home?of=now'))
    const members = homeSchema.parse(await read('home?of=members'))
    expect(now).toEqual({ ...whole, members: null })
    expect(members).toEqual({ ...whole, owed: null, expiring: null, off: null })
  })

  it('tells who sees a part no sum of the whole, and who may not ask nothing', async () => {
    const ofStore = homeSchema.parse(await read('home', await member('ofstore', { stores: [2] })))
    expect(ofStore).toMatchObject({
      ...{ owed: null, expiring: null, members: { active: { now: 0 } } },
      off: { registers: { all: 1, silent: [] }, discrepancies: { open: 0 }, jobs: null },
    })
    expect(ofStore.off?.budgets).toBeNull()
    const marketing = await member('marketing', { roles: ['marketing'] })
    expect(homeSchema.parse(await read('home', marketing)).off).toMatchObject({
      ...{ registers: null, discrepancies: null, proposals: { open: 0 } },
    })
  })
})

describe('discrepancies', () => {
  it('come with the hold and the purchases of those days beside what was told', async () => {
    const { discrepancies } = discrepanciesSchema.parse(await read('discrepancies'))
    expect(discrepancies).toMatchObject([
      {
        ...{ kind: 'hold_in_doubt', reference: redeemId, customer: { card: '100001', firstName: 'Анна' } },
        ...{ store: { name: 'Ашукино' }, register: { name: 'Касса' }, settleAs: ['applied', 'released'] },
        hold: { state: 'in_doubt', points: 100, purchaseKopecks: 500_000, resolvedBy: null },
        nearby: [{ kind: 'earn', purchaseKopecks: 450_000, receipt: '77', store: { name: 'Ашукино' } }],
      },
      { kind: 'audit', customer: null, store: null, hold: null, nearby: [], settleAs: ['noted'] },
    ])
    const page = discrepanciesSchema.parse(await read('discrepancies?limit=1'))
    expect(page.discrepancies).toEqual(discrepancies.slice(0, 1))
    expect((await read(`discrepancies?limit=1&after=${page.next}`)).discrepancies).toEqual(
      discrepancies.slice(1),
    )
    expect((await read('discrepancies?kind=parked')).discrepancies).toEqual([])
    expect((await read('discrepancies?state=settled')).discrepancies).toEqual([])
  })

  it('about no customer are of whoever sees the whole cloud', async () => {
    const kinds = async (who: Member) =>
      discrepanciesSchema.parse(await read('discrepancies', who)).discrepancies.map(({ kind }) => kind)
    expect(await kinds(await member('ofone', { programmes: [1] }))).toEqual(['hold_in_doubt'])
    expect(await kinds(await member('here', { stores: [1] }))).toEqual(['hold_in_doubt'])
    expect(await kinds(await member('there', { stores: [2] }))).toEqual([])
  })

  it('that are settled say how', async () => {
    const [{ id }] = (await read('discrepancies')).discrepancies
    expect(
      (await owner.act('discrepancy.settle', { id, as: 'released', reason: 'чек без скидки' })).status,
    ).toBe(200)
    expect((await read('discrepancies?state=settled')).discrepancies).toMatchObject([
      {
        ...{ id, settledBy: 'owner:olga', settlement: 'released: чек без скидки', settleAs: [] },
        hold: { state: 'released' },
      },
    ])
  })
})

describe('books', () => {
  it('are told with their state, and what each changes of the one it takes over from', async () => {
    const { books } = booksSchema.parse(await read('books'))
    expect(books).toMatchObject([
      {
        ...{ version: 3, state: 'current', publishedBy: 'owner:olga', reason: 'проба' },
        differences: [{ path: 'base.cashback_basis_points', before: 400, after: 500 }],
      },
      {
        ...{ version: 2, state: 'scheduled' },
        differences: [
          { path: 'base.cashback_basis_points', before: 500, after: 400 },
          { path: 'base.lifetime_days', before: 45, after: 60, unit: 'days' },
        ],
      },
      { version: 1, state: 'past', differences: [] },
    ])
    expect(await read('books/2')).toMatchObject({ version: 2, document: { base: { lifetime_days: 60 } } })
    expect((await read('books?limit=2')).next).toBe('2')
    expect((await read('books?limit=2&after=2')).books).toMatchObject([{ version: 1 }])
    expect((await owner.get('/v1/console/books/99')).status).toBe(404)
  })
})

it('a book that a newer one begins together with was replaced, and the newer one takes over from who held before', async () => {
  const readBooksNow = async () => booksSchema.parse(await read('books')).books
  const validFrom = (await readBooksNow())[1]?.validFrom
  const document = { base: { lifetime_days: 30 } }
  expect((await owner.act('book.publish', { document, at: validFrom, reason: 'ещё раз' })).status).toBe(200)
  expect(await readBooksNow()).toMatchObject([
    {
      ...{ version: 4, state: 'scheduled' },
      differences: [
        { path: 'base.cashback_basis_points', before: 500, after: 400 },
        { path: 'base.lifetime_days', before: 45, after: 30 },
      ],
    },
    { version: 3, state: 'current' },
    { version: 2, state: 'replaced' },
    { version: 1, state: 'past' },
  ])
})

it('settings say what they may be', async () => {
  const { settings } = programmeSettingsSchema.parse(await read('settings'))
  const of = (key: string) => settings.find((one) => one.key === key)
  expect(of('return_days')).toMatchObject({ value: 14, byDefault: 14, min: 0, max: 3650, choices: null })
  expect(of('card_digits')).toMatchObject({ value: 6, choices: [6, 7, 9, 10, 11, 12], min: null })
  expect(of('redeem_proof')).toMatchObject({ value: 'none', choices: ['none', 'signed_code'] })
  expect(of('approval_adjust_points')).toMatchObject({ value: 10_000, max: 10_000 })
})

it('registers that need a person come first', async () => {
  const { registers } = registersSchema.parse(await read('registers'))
  expect(registers).toMatchObject([
    { store: { name: 'Ашукино' }, isSilent: true },
    { store: { name: 'Правда' }, isSilent: false, lastSeenAt: null },
  ])
  expect((await read('registers?state=silent')).registers).toHaveLength(1)
  expect(await read(`registers/${registers[0]?.id}`)).toMatchObject({
    operations: { week: 2 },
    errors: [],
    files: [],
  })
})

it.each([
  'audit-log',
  'proposals',
  'staff',
  'stores',
  'registers',
  'books',
  'discrepancies',
  'reports/liability',
  'reports/expiry',
  'reports/stores',
])('%s is a file where that is asked for', async (list) => {
  const { status, headers, body } = await owner.get(`/v1/console/${list}?format=csv`)
  expect([status, headers.get('content-type')], body).toEqual([200, 'text/csv; charset=utf-8'])
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[\w-]+\.csv"$/)
  expect(body).toMatch(/^\w+(,\w+)+\r\n/)
  const asked = `/v1/console/${list}?format=csv&language=ru&time_zone=`
  expect((await owner.get(`${asked}Europe/Moscow`)).body).toMatch(/^\w+(;\w+)+\r\n/)
  expect((await owner.get(`${asked}Nowhere`)).status).toBe(400)
})

it('what is off today has the budgets that are nearly given, and no others', async () => {
  const { clock } = cloud
  const ruleOf = (budget: string, percent: number) => ({
    ...{ id: budget, title: budget, budget, when: [] },
    award: { type: 'percent', basis_points: percent * 100 },
  })
  const budgetOf = (id: string, title: string) => ({ id, title, limit_points: 250 })
  const document = {
    rules: [ruleOf('autumn', 8), ruleOf('winter', 7)],
    budgets: [budgetOf('autumn', 'Осень'), budgetOf('winter', 'Зима')],
  }
  const published = await owner.act('book.publish', { document, reason: 'проба' })
  const { version } = published.body.result
  clock.now += MINUTE
  const purchase = operation(clock, { kind: 'earn', card: '100001', purchaseKopecks: 250_000 })
  expect((await cloud.send(till.key, purchase)).status).toBe(200)
  const [autumn, winter] = [
    { ...{ id: 'autumn', title: 'Осень', store: null, campaign: null, period: 'total' }, spent: 200 },
    { ...{ id: 'winter', title: 'Зима', store: null, campaign: null, period: 'total' }, spent: 175 },
  ].map((budget) => ({ ...budget, limit: 250, left: 250 - budget.spent }))
  const budgetsFor = async (who: Member) => homeSchema.parse(await read('home', who)).off?.budgets
  expect(await budgetsFor(owner)).toEqual([autumn])
  expect(await budgetsFor(await member('vera', { roles: ['support'] }))).toBeNull()

  // All of them stand beside the book that holds, for whoever sees all of its stores.
  expect(await read(`books/${version}`)).toMatchObject({ budgets: { given: [autumn, winter] } })
  expect(await read('books/1')).toMatchObject({ budgets: null })
  const ofStore = await member('zoya', { roles: ['marketing'], stores: [1] })
  expect(await read(`books/${version}`, ofStore)).toMatchObject({ budgets: null })
})
