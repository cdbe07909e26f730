import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { customerSchema, timelineSchema } from '../../shared/console/customers.ts'
import { statusChangesSchema, statusesSchema } from '../../shared/console/statuses.ts'
import { DAY, toIso } from '../../shared/time.ts'
import { createTestCloud, type TestCloud } from '../testing/cloud.ts'
import { signInAs } from './testing.ts'

type Member = Awaited<ReturnType<typeof signInAs>>

const [anna, boris, vera] = ['100001', '100002', '100003']
let cloud: TestCloud
let owner: Member
beforeAll(async () => {
  cloud = await createTestCloud()
  owner = await signInAs(cloud, { name: 'olga', roles: ['owner'] })
  await cloud.addCustomer(anna, 300)
  await cloud.addCustomer(boris, 40)
  await cloud.addCustomer(vera)
  const status = (name: string, title: string, from: number) => ({
    ...{ name, title, from, colour: '#d4a017', cashback_basis_points: 500 },
  })
  const statuses = [status('base', 'Базовый', 0), status('gold', 'Золото', 5_000_000)]
  await done('book.publish', { document: { statuses }, reason: 'проба' })
})
afterAll(() => cloud.drop())

async function done(act: string, input: object) {
  const { status, body } = await owner.act(act, input)
  expect(status, JSON.stringify(body)).toBe(200)
  return body.result
}
async function read(path: string) {
  const { status, body } = await owner.get(`/v1/console/${path}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}
const idOf = async (card: string) =>
  (await cloud.sql<{ id: number }[]>`select id from customers where card = ${card}`)[0]?.id ?? 0
const customer = async (card: string) => customerSchema.parse(await read(`customers/${await idOf(card)}`))

describe('statuses', () => {
  it('say who has which, who came to it since, and why', async () => {
    const until = toIso(cloud.clock.now + 30 * DAY)
    await done('status.set', { card: anna, status: 'gold', until, reason: 'день рождения' })
    cloud.clock.now += 1000
    await done('status.set', { card: boris, status: 'gold', until, reason: 'жалоба' })
    cloud.clock.now += 1000
    await done('status.set', { card: boris, status: 'base', until, reason: 'ошибка' })
    expect(statusesSchema.parse(await read('statuses'))).toMatchObject({
      ...{ metric: 'net_purchases', customers: 3, without: 0, moved: { up: 2, down: 1, other: 0 } },
      statuses: [
        { name: 'base', customers: 2, byHand: 1, came: 1, left: 2 },
        { name: 'gold', title: 'Золото', customers: 1, byHand: 1, came: 2, left: 1 },
      ],
    })
    const later = encodeURIComponent(toIso(cloud.clock.now))
    expect(statusesSchema.parse(await read(`statuses?since=${later}`)).moved).toMatchObject({
      up: 0,
      down: 1,
    })

    const all = statusChangesSchema.parse(await read('statuses/changes'))
    expect(all.changes.map(({ customer, before, after }) => [customer.card, before, after])).toEqual([
      [boris, 'gold', 'base'],
      [boris, 'base', 'gold'],
      [anna, 'base', 'gold'],
    ])
    const pages: string[] = []
    for (let after: string | null = ''; after !== null; ) {
      const page = statusChangesSchema.parse(
        await read(`statuses/changes?limit=1${after && `&after=${after}`}`),
      )
      pages.push(...page.changes.map(({ id }) => id))
      after = page.next
    }
    expect(pages).toEqual(all.changes.map(({ id }) => id))
    const down = statusChangesSchema.parse(await read('statuses/changes?move=down'))
    expect(down.changes).toMatchObject([{ move: 'down', cause: 'set', reason: 'ошибка', who: 'owner:olga' }])
    expect((await owner.get('/v1/console/statuses/changes?after=x')).status).toBe(400)
    expect(await read('statuses/changes?format=csv')).toContain(`${boris},`)

    const { items } = timelineSchema.parse(await read(`customers/${await idOf(anna)}/timeline?type=status`))
    expect(items).toMatchObject([{ type: 'status', before: 'base', after: 'gold', cause: 'set', until }])
    expect((await customer(anna)).status).toMatchObject({
      name: 'gold',
      all: [
        { name: 'base', title: 'Базовый' },
        { name: 'gold', title: 'Золото' },
      ],
    })
  })
})

describe('a card that was merged into another', () => {
  it('says by which it was replaced, and has nothing of its own until they are taken apart', async () => {
    expect(await customer(anna)).toMatchObject({ mergedInto: null, replaced: [] })
    await done('customer.merge', { card: anna, other: boris, reason: 'потеряна' })
    const [kept, gone] = [await idOf(anna), await idOf(boris)]
    expect(await customer(anna)).toMatchObject({ available: 340, replaced: [{ id: gone, card: boris }] })
    expect(await customer(boris)).toMatchObject({
      ...{ mergedInto: { id: kept, card: anna }, available: 0, held: 0, debt: 0, lots: [] },
      ...{ status: null, replaced: [] },
    })
    expect(statusesSchema.parse(await read('statuses')).customers).toBe(2)
    await done('customer.unmerge', { card: boris, reason: 'не та карта' })
    expect(await customer(boris)).toMatchObject({ mergedInto: null, available: 40 })
  })
})
