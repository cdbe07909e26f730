import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY, MINUTE, startOfUtcDay, toIso } from '../../../shared/time.ts'
import { createTestCloud, operation, type TestCloud } from '../../testing/cloud.ts'

let cloud: TestCloud
let key = ''
beforeAll(async () => {
  cloud = await createTestCloud()
  key = (await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса 1')).key
  await cloud.addCustomer('654321', 500)
})
afterAll(() => cloud.drop())

const find = (code: string) => cloud.request('GET', `/v1/customers?code=${encodeURIComponent(code)}`, { key })

test.each(['654321', '99654321', ' 654321 '])('the code "%s" finds the customer', async (code) => {
  const { status, body } = await find(code)
  expect(status).toBe(200)
  const dies = toIso(startOfUtcDay(cloud.clock.now) + 45 * DAY)
  expect(body).toEqual({
    customer: {
      card: '654321',
      firstName: 'Анна',
      available: 500,
      held: 0,
      debt: 0,
      expiresNext: { points: 500, at: dies },
      inTelegram: false,
      status: 'active',
    },
  })
})

test.each(['111111', '8', "' or 1=1 --", '99', '9999999999999999', 'https://example.org/654321', '\0'])(
  'the code "%s" finds nobody',
  async (code) => {
    const { status, body } = await find(code)
    expect([status, body]).toMatchObject([404, { error: { code: 'customer_not_found' } }])
  },
)

test('dead points are not shown, although no job has written them off', async () => {
  await cloud.addCustomer('700000', 100)
  const { now } = cloud.clock
  cloud.clock.now = startOfUtcDay(now) + 45 * DAY - 1
  expect((await find('700000')).body).toMatchObject({
    customer: { available: 100, expiresNext: { points: 100 } },
  })
  cloud.clock.now += 1
  expect((await find('700000')).body).toMatchObject({ customer: { available: 0, expiresNext: null } })
  cloud.clock.now = now
})

test('a frozen card says so', async () => {
  await cloud.addCustomer('700002')
  await cloud.sql`update customers set status = 'frozen' where card = '700002'`
  expect((await find('700002')).body).toMatchObject({ customer: { status: 'frozen' } })
})

test('an erased customer is not found any more', async () => {
  await cloud.addCustomer('700001')
  await cloud.sql`update customers set status = 'erased', first_name = null where card = '700001'`
  expect((await find('700001')).status).toBe(404)
})

test('cards cannot be enumerated: misses run out first, then every look-up must wait', async () => {
  const strict = await createTestCloud({ missedLookups: { perMinute: 10, burst: 3 } })
  const register = await strict.addRegister(await strict.addStore('Ашукино'), 'Касса 1')
  await strict.addCustomer('654321')
  const ask = (code: string) => strict.request('GET', `/v1/customers?code=${code}`, { key: register.key })
  const statuses: number[] = []
  for (const code of ['000001', '654321', '000002', '000003', '000004', '654321'])
    statuses.push((await ask(code)).status)
  expect(statuses).toEqual([404, 200, 404, 404, 429, 429])
  expect((await ask('654321')).headers.get('retry-after')).toBe('6')
  await strict.drop()
})

test('of pages of customers a register asks for two at once, and for as many as it likes one after the other', async () => {
  const { key } = await cloud.addRegister(await cloud.addStore('Ивантеевка'), 'Касса 1')
  const ask = async () => (await cloud.request('GET', '/v1/customers/changes?limit=5000', { key })).status
  const asked = await cloud.sql.begin(async (sql) => {
    await sql`lock table customers, store_customers in access exclusive mode`
    const asked = [ask(), ask(), ask()]
    expect(await Promise.race(asked)).toBe(429)
    return { statuses: Promise.all(asked) }
  })
  expect((await asked.statuses).toSorted()).toEqual([200, 200, 429])
  for (let page = 0; page < 20; page += 1) expect(await ask()).toBe(200)
})

interface Changes {
  begins?: boolean
  customers: { card: string; available: number; firstName: string | null; status: string }[]
  cursor: string
  more: boolean
}

async function changes(since?: string, limit = 1000): Promise<Changes> {
  const query = new URLSearchParams({ limit: String(limit), ...(since && { since }) })
  return (await cloud.request('GET', `/v1/customers/changes?${query}`, { key })).body as Changes
}

const buy = (card: string, as = key) =>
  cloud.send(as, operation(cloud.clock, { kind: 'earn', card, purchaseKopecks: 100_000 }))

test('the feed first lists every customer of the store, page by page, and then only what changed', async () => {
  for (let card = 800_001; card <= 800_007; card += 1) {
    await cloud.addCustomer(String(card))
    await buy(String(card))
  }
  await cloud.addCustomer('800008', 100)
  const seen = new Map<string, number>()
  let page = await changes(undefined, 3)
  expect(page).toMatchObject({ begins: true, more: true })
  for (; page.more; page = await changes(page.cursor, 3)) {
    for (const customer of page.customers) seen.set(customer.card, customer.available)
  }
  for (const customer of page.customers) seen.set(customer.card, customer.available)
  expect(page).not.toHaveProperty('begins')
  expect(seen).toEqual(new Map(Array.from({ length: 7 }, (_, index) => [String(800_001 + index), 40])))

  // What the walk itself overlapped with may come once more; after that there is silence.
  page = await changes(page.cursor)
  expect((await changes(page.cursor)).customers).toEqual([])

  cloud.clock.now += MINUTE
  await buy('800003')
  await cloud.sql`
    update customers set first_name = 'Пётр', profile_tx = pg_current_xact_id() where card in ('800005', '800008')`
  const changed = await changes(page.cursor)
  expect(changed.customers).toEqual([
    { card: '800003', firstName: 'Анна', available: 80, status: 'active' },
    { card: '800005', firstName: 'Пётр', available: 40, status: 'active' },
  ])
  expect((await changes(changed.cursor)).customers).toEqual([])
})

test("no store sees another's customers, and a cursor of the one begins the list of the other anew", async () => {
  const elsewhere = await cloud.addRegister(await cloud.addStore('Мытищи'), 'Касса 1')
  const list = async (since?: string) => {
    const query = new URLSearchParams(since ? { since } : {})
    return (await cloud.request('GET', `/v1/customers/changes?${query}`, { key: elsewhere.key }))
      .body as Changes
  }
  expect(await list((await drainFeed()).cursor)).toMatchObject({ begins: true, customers: [], more: false })
  const { cursor } = await list()
  await buy('800002')
  expect((await list(cursor)).customers).toEqual([])
  await buy('800001', elsewhere.key)
  expect((await list(cursor)).customers).toMatchObject([{ card: '800001', firstName: 'Анна' }])
})

test('the feed misses nothing that was still uncommitted when it was read', async () => {
  const { cursor } = await changes((await drainFeed()).cursor)
  const { promise: committed, resolve: commit } = Promise.withResolvers<void>()
  const { promise: written, resolve: wrote } = Promise.withResolvers<void>()
  const slow = cloud.sql.begin(async (sql) => {
    await sql`update customers set first_name = 'Медленный', profile_tx = pg_current_xact_id() where card = '800001'`
    wrote()
    await committed
  })
  await written
  await cloud.sql`update customers set first_name = 'Быстрый', profile_tx = pg_current_xact_id() where card = '800002'`
  const early = await changes(cursor)
  commit()
  await slow
  const late = await changes(early.cursor)
  const names = [...early.customers, ...late.customers].map((customer) => customer.firstName)
  expect(names.sort()).toEqual(['Быстрый', 'Медленный'])
})

test('a cursor from another database, or no cursor of ours at all, begins the list again', async () => {
  for (const cursor of ['f.999999999999.0', 'w.5.999999999999', 'nonsense', "'; drop table customers; --"]) {
    expect((await changes(cursor)).customers.length).toBeGreaterThan(5)
  }
})

async function drainFeed(): Promise<Changes> {
  let page = await changes()
  while (page.more) page = await changes(page.cursor)
  return page
}
