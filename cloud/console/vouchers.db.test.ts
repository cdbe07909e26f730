import { afterAll, beforeAll, expect, it } from 'vitest'
import { batchesSchema, codeSchema } from '../../shared/console/vouchers.ts'
import { DAY, toIso } from '../../shared/time.ts'
import { createTestCloud, operation, type TestCloud } from '../testing/cloud.ts'
import { signInAs } from './testing.ts'

type Member = Awaited<ReturnType<typeof signInAs>>

const CARD = '100001'
let cloud: TestCloud
let olga: Member
let key = ''
beforeAll(async () => {
  cloud = await createTestCloud()
  olga = await signInAs(cloud, { name: 'olga', roles: ['marketing'] })
  key = (await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса 1')).key
  await cloud.addCustomer(CARD, 100)
})
afterAll(() => cloud.drop())

const done = async (act: string, input: object) => {
  const { status, body } = await olga.act(act, input)
  expect(status, JSON.stringify(body)).toBe(200)
  return body.result
}
async function make(terms: object, audience: object = { type: 'bearer', codes: 2 }) {
  const gives = { type: 'discount_kopecks', kopecks: 20_000 }
  const { batchId } = await done('voucher.add', { batch: { gives, audience, ...terms } })
  const { codes } = await done('voucher.export', { batch: batchId })
  return { batchId, codes: codes.map(({ code }: { code: string }) => code) as string[] }
}
async function sellWith(voucher: string, purchaseKopecks: number) {
  const redeem = operation(cloud.clock, { kind: 'redeem', card: CARD, purchaseKopecks, points: 0, voucher })
  await cloud.send(key, redeem)
  const { outcomes } = await cloud.send(key, operation(cloud.clock, { kind: 'apply', redeemId: redeem.id }))
  expect(outcomes).toMatchObject([{ status: 'accepted' }])
  return redeem.id
}
const day = (days: number) => toIso(cloud.clock.now + days * DAY).slice(0, 10)
const list = async (query = '') => {
  const { status, body } = await olga.get(`/v1/console/vouchers?${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return batchesSchema.parse(body)
}
const look = (code: string, who = olga) => who.ask('POST', '/v1/console/vouchers/code', { code })

it('batches say what they are, what became of their codes, and what it came to', async () => {
  const used = await make({ title: 'Скидка' })
  const other = await make({ title: 'С карты', until: day(-3) }, { type: 'cards', cards: [CARD] })
  const third = await make({ title: 'Скоро', from: day(3) })
  const id = await sellWith(used.codes[0] ?? '', 70_000)
  const given = await sellWith(used.codes[1] ?? '', 80_000)
  expect((await list()).batches).toMatchObject([
    { id: third.batchId, title: 'Скоро', state: 'to_come', codes: 2, used: 0, givenKopecks: 0 },
    { id: other.batchId, state: 'over', audience: { type: 'cards', customers: 1 }, codes: 1 },
    { id: used.batchId, state: 'active', used: 2, usedCodes: 2, held: 0, givenKopecks: 40_000 },
  ])
  const refund = operation(cloud.clock, { kind: 'refund', originalId: given, refundKopecks: 60_000 })
  expect((await cloud.send(key, refund)).outcomes).toMatchObject([{ status: 'accepted' }])
  expect((await list('state=active')).batches).toMatchObject([
    { used: 1, usedCodes: 1, givenKopecks: 20_000 },
  ])

  const first = await list('limit=1')
  expect(first.next).toBe(String(third.batchId))
  expect((await list(`limit=5&after=${first.next}`)).batches).toHaveLength(2)
  expect((await olga.get('/v1/console/vouchers?format=csv')).body).toContain(`${used.batchId},Скидка,`)

  const looked = codeSchema.parse((await look((used.codes[0] ?? '').toLowerCase())).body)
  expect(looked).toMatchObject({
    ...{ batch: { id: used.batchId, title: 'Скидка' }, serial: 1, owner: null, voidedAt: null, used: 1 },
    redemptions: [
      {
        ...{ id, customer: { card: CARD }, state: 'applied', isReturned: false, voucherKopecks: 20_000 },
        ...{ store: { name: 'Ашукино' }, register: { name: 'Касса 1' } },
      },
    ],
  })
  const returned = codeSchema.parse((await look(used.codes[1] ?? '')).body)
  expect(returned).toMatchObject({ used: 0, redemptions: [{ id: given, isReturned: true }] })
  await done('voucher.void', { batch: third.batchId, code: third.codes[1], reason: 'потерян' })
  await done('voucher.void', { batch: other.batchId, reason: 'ошибка' })
  expect((await list('state=void')).batches).toMatchObject([{ id: other.batchId, voidReason: 'ошибка' }])
  expect((await look(third.codes[1] ?? '')).body).toMatchObject({
    batch: { voided: 1 },
    voidedAt: expect.any(String),
  })
})

it('a code that is none, or of another programme, is not found; who may not look is refused', async () => {
  const { codes } = await make({ title: 'Скидка' })
  for (const code of ['A23456789B', 'x'])
    expect(await look(code)).toMatchObject({ status: 404, body: { error: { code: 'voucher_not_found' } } })
  const partly = await signInAs(cloud, { name: 'pavel', roles: ['owner'], programmes: [1], stores: [1] })
  expect(await look(codes[0] ?? '', partly)).toMatchObject({
    status: 404,
    body: { error: { code: 'out_of_sight' } },
  })
  const it = await signInAs(cloud, { name: 'igor', roles: ['it'] })
  expect((await look(codes[0] ?? '', it)).status).toBe(403)
})
