import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Purchase } from '../../shared/api.ts'
import { voucherBatchSchema } from '../../shared/voucherBatch.ts'
import { voucherCodeOf } from '../../shared/voucherCode.ts'
import { voucherKeyOf } from '../access/voucherKey.ts'
import { perform } from '../acts/act.ts'
import { byAdmin } from '../acts/testing.ts'
import { addVouchers, exportVouchers, voidVouchers } from '../acts/vouchers.ts'
import { contentsOf } from '../backup/testing.ts'
import { runAudit } from '../ledger/audit.ts'
import { createTestCloud, operation, type TestCloud } from '../testing/cloud.ts'

const CARD = '654321'

let cloud: TestCloud
let key = ''
let elsewhere = ''
beforeAll(async () => {
  cloud = await createTestCloud()
  key = (await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса 1')).key
  elsewhere = (await cloud.addRegister(await cloud.addStore('Правда'), 'Касса 1')).key
  await cloud.addCustomer(CARD, 1000)
  await cloud.addCustomer('111111')
})
afterAll(async () => {
  expect(await runAudit(cloud.sql)).toEqual([])
  await cloud.drop()
})

const by = () => byAdmin(cloud.sql, cloud.clock.now)

/** A batch, and the codes that were taken out of it. */
async function make(terms: object = {}, audience: object = { type: 'bearer', codes: 1 }) {
  const batch = voucherBatchSchema.parse({
    ...{ title: 'Скидка 200 ₽', gives: { type: 'discount_kopecks', kopecks: 20_000 }, audience },
    ...terms,
  })
  const { batchId } = await perform(addVouchers, { batch }, by())
  const { codes } = await perform(exportVouchers, { batch: batchId }, by())
  return { batchId, codes, code: codes[0]?.code ?? '' }
}

async function look(code: string, { card = CARD, as = key } = {}) {
  const query = new URLSearchParams({ code, card })
  const { status, body } = await cloud.request('GET', `/v1/vouchers?${query}`, { key: as })
  const { voucher, error } = body as {
    voucher?: object
    error?: { code: string; details?: { reason: string } }
  }
  return { status, voucher, code: error?.code, reason: error?.details?.reason }
}

let kopecks = 100_000
const redeem = (voucher: string, more: object = {}) =>
  operation(cloud.clock, {
    kind: 'redeem',
    card: CARD,
    purchaseKopecks: ++kopecks,
    points: 0,
    voucher,
    ...more,
  })

describe('a till', () => {
  it('is told what a voucher gives, and sells with it', async () => {
    const { code } = await make({ min_purchase_kopecks: 50_000 })
    expect(await look(code.toLowerCase())).toMatchObject({
      status: 200,
      voucher: { title: 'Скидка 200 ₽', gives: { type: 'discount_kopecks', kopecks: 20_000 } },
    })
    const redemption = redeem(code)
    const { outcomes } = await cloud.send(key, redemption)
    expect(outcomes).toMatchObject([{ status: 'accepted', hold: { points: 0, voucherKopecks: 20_000 } }])
    const { body } = await cloud.request('GET', '/v1/register', { key })
    expect(body).toMatchObject({ toSettle: [{ id: redemption.id, points: 0, voucherKopecks: 20_000 }] })
    expect(await look(code)).toMatchObject({ status: 422, code: 'voucher_refused', reason: 'in_use' })

    const apply = operation(cloud.clock, { kind: 'apply', redeemId: redemption.id })
    expect((await cloud.send(key, apply)).outcomes).toMatchObject([{ status: 'accepted', earned: 32 }])
    expect(await look(code)).toMatchObject({ status: 422, reason: 'used' })
    const listed = await cloud.request('GET', '/v1/operations?limit=2', { key })
    expect(listed.body).toMatchObject({
      operations: [{ kind: 'apply' }, { id: redemption.id, voucherKopecks: 20_000, holdState: 'applied' }],
    })
    const found = await cloud.request('GET', `/v1/purchases?card=${CARD}`, { key })
    expect(found.body).toMatchObject({
      purchases: [{ paidKopecks: kopecks - 20_000, spent: 0, voucherAfter: 'usable' }],
    })
  })

  it('is told of a sale of any till whether its voucher comes back with the goods', async () => {
    async function sell(code: string): Promise<string> {
      const sale = redeem(code)
      const apply = operation(cloud.clock, { kind: 'apply', redeemId: sale.id })
      const { outcomes } = await cloud.send(key, sale, apply)
      expect(outcomes.map(({ status }) => status)).toEqual(['accepted', 'accepted'])
      return sale.id
    }
    async function told(sale: string): Promise<unknown> {
      const { body } = await cloud.request('GET', `/v1/purchases?card=${CARD}`, { key })
      const { purchases } = body as { purchases: Purchase[] }
      return purchases.find(({ id }) => id === sale)?.voucherAfter
    }
    const [kept, made] = [await make({ on_refund: 'keep' }), await make()]
    expect(await told(await sell(kept.code))).toBe('gone')
    const sale = await sell(made.code)
    expect(await told(sale)).toBe('usable')
    await cloud.send(key, operation(cloud.clock, { kind: 'refund', originalId: sale }))
    expect(await told(sale)).toBe('usable')
    // Somebody has used it since.
    const next = await sell(made.code)
    expect([await told(sale), await told(next)]).toEqual(['gone', 'usable'])
    await perform(voidVouchers, { batch: made.batchId, reason: 'потеряны' }, by())
    expect(await told(next)).toBe('gone')
    const plain = operation(cloud.clock, { kind: 'earn', card: CARD, purchaseKopecks: ++kopecks })
    await cloud.send(key, plain)
    expect(await told(plain.id)).toBeUndefined()
  })

  it.each<[string, object, object, string]>([
    ['before its time', { from: '2099-01-01' }, {}, 'not_begun'],
    ['after its time', { until: '2020-01-01' }, {}, 'over'],
    ['in another store', { stores: [2] }, {}, 'other_store'],
  ])('is told why it is not good %s', async (_when, terms, options, reason) => {
    const { code } = await make(terms)
    expect(await look(code, options)).toMatchObject({ status: 422, reason })
  })

  it('of a code of their own, each customer has one, and nobody else', async () => {
    const { codes } = await make({}, { type: 'cards', cards: [CARD, '111111'] })
    const own = codes.find(({ card }) => card === '111111')?.code ?? ''
    expect(await look(own, { card: '111111' })).toMatchObject({ status: 200 })
    expect(await look(own)).toMatchObject({ status: 422, reason: 'other_customer' })
    expect((await cloud.send(key, redeem(own))).outcomes).toMatchObject([
      { code: 'voucher_refused', details: { reason: 'other_customer' } },
    ])
  })

  it('void it is good for nobody: one code, or all of a batch', async () => {
    const { batchId, codes } = await make({}, { type: 'bearer', codes: 3 })
    const [first = '', second = ''] = codes.map(({ code }) => code)
    expect(
      await perform(voidVouchers, { batch: batchId, code: first, reason: 'потерян' }, by()),
    ).toMatchObject({
      voided: 1,
    })
    expect([await look(first), await look(second)]).toMatchObject([{ reason: 'void' }, { status: 200 }])
    expect(await perform(voidVouchers, { batch: batchId, reason: 'ошибка' }, by())).toMatchObject({
      voided: 2,
    })
    expect(await look(second)).toMatchObject({ reason: 'void' })
  })

  it('that guesses is held up, by looking as by redeeming, and a used code costs what an unknown one does', async () => {
    const strict = await createTestCloud({ missedLookups: { perMinute: 10, burst: 2 } })
    const till = await strict.addRegister(await strict.addStore('Ашукино'), 'Касса 1')
    await strict.addCustomer(CARD, 100)
    const guess = voucherCodeOf(1n)
    const statuses: number[] = []
    const looked = async () =>
      statuses.push((await strict.request('GET', `/v1/vouchers?code=${guess}`, { key: till.key })).status)
    const redeemed = async () =>
      statuses.push(
        (
          await strict.send(
            till.key,
            operation(strict.clock, { kind: 'redeem', card: CARD, points: 0, voucher: guess }),
          )
        ).status,
      )
    for (const ask of [looked, redeemed, redeemed, looked]) await ask()
    expect(statuses).toEqual([404, 422, 429, 429])
    // A sale without a voucher is none of it.
    const sale = operation(strict.clock, { kind: 'earn', card: CARD })
    expect((await strict.send(till.key, sale)).status).toBe(200)
    await strict.drop()
  })
})

describe('codes', () => {
  it('are told once', async () => {
    const { batchId } = await make()
    await expect(perform(exportVouchers, { batch: batchId }, by())).rejects.toMatchObject({
      code: 'vouchers_exported',
    })
  })

  it('stand nowhere in the database, neither unused nor used, nor as anything that is known but for the key', async () => {
    const { codes, code } = await make({ uses_per_code: 9 }, { type: 'bearer', codes: 20 })
    const redemption = redeem(code)
    await cloud.send(key, redemption, operation(cloud.clock, { kind: 'apply', redeemId: redemption.id }))
    const everything = JSON.stringify(await contentsOf(cloud.sql)).toUpperCase()
    for (const { code } of codes) expect(everything).not.toContain(code)
    // What is kept of an operation is what it would be with any other code of the same hash.
    const plain = createHash('sha256').update(code).digest('hex').toUpperCase()
    expect(everything).not.toContain(plain)
  })

  it('are others for another salt and another key', () => {
    const [one, other] = [voucherKeyOf('a'.repeat(32)), voucherKeyOf('b'.repeat(32))]
    const salts = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)] as const
    const made = [one, other].flatMap((key) => salts.map((salt) => key.codeOf(salt, 1)))
    expect(new Set(made).size).toBe(4)
    expect(one.hash('A')).not.toBe(other.hash('A'))
  })

  it('are not made with a key that those before were not made with', async () => {
    await make()
    const around = { ...by(), voucherKey: () => voucherKeyOf('another key') }
    const batch = voucherBatchSchema.parse({
      ...{ title: 'x', gives: { type: 'points', points: 1 }, audience: { type: 'bearer', codes: 1 } },
    })
    await expect(perform(addVouchers, { batch }, around)).rejects.toMatchObject({
      code: 'voucher_key_differs',
    })
  })

  it('of more than a person may give are proposed', async () => {
    const batch = voucherBatchSchema.parse({
      ...{ title: 'x', gives: { type: 'discount_kopecks', kopecks: 50_100 } },
      audience: { type: 'bearer', codes: 100 },
    })
    const sees = { programmes: null, stores: null }
    const olga = { type: 'person' as const, name: 'olga', roles: ['marketing' as const], sees }
    await expect(perform(addVouchers, { batch }, { ...by(), who: olga })).rejects.toMatchObject({
      code: 'needs_approval',
    })
    const smaller = { ...batch, gives: { type: 'discount_kopecks' as const, kopecks: 50_000 } }
    expect(await perform(addVouchers, { batch: smaller }, { ...by(), who: olga })).toMatchObject({
      batchId: expect.any(Number),
    })
  })
})

// The last, for a second programme stays.
describe('a till of another programme', () => {
  it('is not told that there is such a code', async () => {
    await cloud.sql`
      insert into programmes (merchant, name, currency, minor_digits, point_words)
      values ('Сосед', 'Сосед', 'RUB', 2, '{балл,балла,баллов}')`
    const [store] = await cloud.sql<{ id: number }[]>`
      insert into stores (programme_id, name) values (2, 'Чужой') returning id`
    const foreign = (await cloud.addRegister(store?.id ?? 0, 'Касса')).key
    const batch = voucherBatchSchema.parse({
      ...{ title: 'x', gives: { type: 'points', points: 1 }, audience: { type: 'bearer', codes: 1 } },
    })
    const { batchId } = await perform(addVouchers, { batch, programme: '1' }, by())
    const { codes } = await perform(exportVouchers, { batch: batchId }, by())
    expect(await look(codes[0]?.code ?? '', { as: foreign })).toMatchObject({ status: 404 })
    expect(await look(codes[0]?.code ?? '', { as: elsewhere })).toMatchObject({ status: 200 })
  })
})
