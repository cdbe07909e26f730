import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runAudit } from '../../../cloud/ledger/audit.ts'
import { operation } from '../../../cloud/testing/cloud.ts'
import type { FoundPurchase, FoundPurchases, Returned, Snapshot } from '../../../shared/bridge.ts'
import type { Operation } from '../../../shared/operation.ts'
import { DAY, toIso } from '../../../shared/time.ts'
import type { Register } from '../register.ts'
import { bringCustomer, fetchOf, openTestCloud, openTestShop, type TestShop, when } from '../testing.ts'

let cloud: Awaited<ReturnType<typeof openTestCloud>>
let shop: TestShop
let register: Register
/** Another till of the store. */
let other: string
let network: 'up' | 'down' | 'old cloud'
/** What the cloud says of the voucher of each purchase. */
let voucherAfter: string | undefined

beforeEach(async () => {
  cloud = await openTestCloud({ points: 5000 })
  network = 'up'
  voucherAfter = undefined
  const reach = fetchOf(cloud)
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (network === 'down') throw new TypeError('fetch failed')
    // A cloud of before this route has nothing at its address.
    const asked = network === 'old cloud' ? String(input).replace('/v1/purchases', '/v1/nothing') : input
    const reply = await reach(asked, init)
    if (voucherAfter === undefined || !String(input).includes('/v1/purchases')) return reply
    const { purchases, ...rest } = (await reply.json()) as { purchases: object[] }
    return Response.json({
      ...rest,
      purchases: purchases.map((purchase) => ({ ...purchase, voucherAfter })),
    })
  }
  shop = await openTestShop({ cloud, fetch })
  register = await shop.start()
  other = (await cloud.addRegister(cloud.storeId, 'Касса 9')).key
  await when(register, ({ cloud, store }) => cloud.line === 'online' && store !== null)
})
afterEach(async () => {
  await register.stop()
  expect(await runAudit(cloud.sql)).toEqual([])
  await shop.close()
  await cloud.drop()
})

const balance = async () => {
  const [row] = await cloud.sql<{ balance: number }[]>`select balance from customers where card = '654321'`
  return row?.balance
}

async function find(by: Parameters<Register['findPurchases']>[0]): Promise<FoundPurchases> {
  const reply = await register.findPurchases(by)
  if (!reply.ok) throw new Error(`nothing was looked for: ${reply.code}`)
  return reply.value
}
async function findOne(receipt: string): Promise<FoundPurchase> {
  const { purchases } = await find({ receipt })
  const [purchase] = purchases
  if (!purchase || purchases.length > 1) throw new Error(`${purchases.length} purchases of ${receipt}`)
  return purchase
}

/** Sold at the other till. */
async function soldThere(receipt: string, { points = 0, at = Date.now() } = {}): Promise<string> {
  const { clock } = cloud
  const purchase = { purchaseKopecks: 100_050, receipt, at: toIso(at), confirmDuplicate: true }
  const sale =
    points > 0
      ? operation(clock, { kind: 'redeem', ...purchase, points })
      : operation(clock, { kind: 'earn', ...purchase })
  const all: Operation[] =
    points > 0 ? [sale, operation(clock, { kind: 'apply', redeemId: sale.id })] : [sale]
  const { outcomes } = await cloud.send(other, ...all)
  expect(outcomes.map(({ status }) => status)).toEqual(all.map(() => 'accepted'))
  return sale.id
}

/** Sold at this till, and the screen is free again. */
async function soldHere(receipt: string, { points = 0 } = {}): Promise<void> {
  const purchaseKopecks = 100_050
  await bringCustomer(shop, register, { purchaseKopecks, receipt })
  if (points > 0) await register.redeem({ purchaseKopecks, points })
  else await register.earn({ purchaseKopecks })
  await when(register, ({ act }) => act?.type === 'success' && !act.isQueued && act.available !== null)
  await register.cancel({})
  await when(register, ({ cloud }) => cloud.queued === 0)
}

/** What it would do, then what the ledger did. */
async function giveBack(purchase: FoundPurchase, refundKopecks?: number): Promise<Snapshot['act']> {
  const told = refundKopecks === undefined ? purchase.whole : await previewOf(purchase, refundKopecks)
  const part = refundKopecks === undefined ? {} : { refundKopecks }
  expect(await register.returnPurchase({ operationId: purchase.id, ...part })).toEqual({
    ok: true,
    value: null,
  })
  const { act } = await when(register, ({ act }) => act?.type === 'success' && !act.isQueued)
  expect(act).toMatchObject({
    kind: 'refund',
    spent: 0 - (told?.givenBack ?? 1),
    earned: 0 - (told?.taken ?? 1),
  })
  await register.cancel({})
  return act
}
async function previewOf({ id: operationId }: FoundPurchase, refundKopecks: number): Promise<Returned> {
  const reply = await register.previewReturn({ operationId, refundKopecks })
  if (!reply.ok) throw new Error(`no preview: ${reply.code}`)
  return reply.value
}

describe.each([
  ['this till', soldHere],
  ['another till of the store', soldThere],
])('what was sold at %s', (_where, sell: (receipt: string, how?: { points: number }) => Promise<unknown>) => {
  it('comes back whole, and the points are as before', async () => {
    await sell('А-001')
    expect(await balance()).toBe(5040)
    const purchase = await findOne('001')
    expect(purchase).toMatchObject({
      ...{
        card: '654321',
        firstName: 'Анна',
        receipt: 'А-001',
        purchaseKopecks: 100_050,
        spent: 0,
        earned: 40,
      },
      ...{ refundedKopecks: 0, whole: { kopecks: 100_050, givenBack: 0, taken: 40 }, isLate: false },
    })
    await giveBack(purchase)
    expect(await balance()).toBe(5000)
    expect(await findOne('001')).toMatchObject({ whole: null })
  })

  it('for points comes back whole, and they are there again', async () => {
    await sell('А-002', { points: 200 })
    expect(await balance()).toBe(4832)
    const purchase = await findOne('002')
    expect(purchase).toMatchObject({ spent: 200, whole: { kopecks: 80_050, givenBack: 200, taken: 32 } })
    await giveBack(purchase)
    expect(await balance()).toBe(5000)
  })

  it('comes back in parts, each of what the money that stays deserves', async () => {
    await sell('А-003', { points: 200 })
    const purchase = await findOne('003')
    await giveBack(purchase, 30_000)
    const half = await findOne('003')
    expect(half).toMatchObject({ refundedKopecks: 30_000, whole: { kopecks: 50_050 } })
    await giveBack(half, 10_001)
    await giveBack(await findOne('003'))
    expect(await balance()).toBe(5000)
    expect(await findOne('003')).toMatchObject({ refundedKopecks: 80_050, whole: null })
  })

  it('comes back for no more than was paid', async () => {
    await sell('А-004')
    const { id: operationId } = await findOne('004')
    const refundKopecks = 100_051
    expect(await register.previewReturn({ operationId, refundKopecks })).toMatchObject({
      code: 'more_than_paid',
    })
    expect(await register.returnPurchase({ operationId, refundKopecks })).toMatchObject({
      code: 'more_than_paid',
    })
    expect(await balance()).toBe(5040)
  })
})

it('goods whose points were spent leave a debt, and the till says so', async () => {
  await soldHere('Д-001')
  const purchase = await findOne('Д-001')
  const adjust = { kind: 'adjust', at: Date.now(), card: '654321', reason: 'потрачено' } as const
  await cloud.queue.submit([
    { ...adjust, id: crypto.randomUUID(), points: -5040, author: { type: 'admin', name: 'test' } },
  ])
  expect(await giveBack(purchase)).toMatchObject({ earned: -40, available: 0, debt: 40 })
})

it('a purchase is found by a card, by the phone of the customer, and by the day', async () => {
  await soldThere('К-001')
  await soldThere('К-002', { at: Date.now() - 3 * DAY })
  const receipts = async (by: Parameters<Register['findPurchases']>[0]) =>
    (await find(by)).purchases.map(({ receipt }) => receipt)
  const { code } = cloud.codes.sign({ card: '654321', now: Date.now() })
  for (const card of ['654321', '99654321', code])
    expect(await receipts({ card })).toEqual(['К-001', 'К-002'])
  expect(await receipts({ daysAgo: 3 })).toEqual(['К-002'])
  expect(await receipts({ daysAgo: 2 })).toEqual([])
  expect(await receipts({ card: '654321', daysAgo: 0 })).toEqual(['К-001'])
  expect(await register.findPurchases({ card: 'https://example.org' })).toMatchObject({ code: 'not_a_card' })
})

it('names the till where something was sold, unless it is this one', async () => {
  await soldHere('Т-001')
  await soldThere('Т-002')
  expect((await find({ daysAgo: 0 })).purchases.map(({ register }) => register)).toEqual(['Касса 9', null])
})

describe('the voucher of what another till has sold', () => {
  it.each(['usable', 'gone'])(
    'is %s, as the cloud says, before all of it comes back and after',
    async (said) => {
      voucherAfter = said
      await soldThere('В-001')
      const purchase = await findOne('В-001')
      expect(purchase.whole).toMatchObject({ voucherAfter: said })
      expect(await previewOf(purchase, 1000)).not.toHaveProperty('voucherAfter')
      expect(await previewOf(purchase, purchase.purchaseKopecks)).toMatchObject({ voucherAfter: said })
      expect(await giveBack(purchase)).toMatchObject({ voucherAfter: said })
    },
  )

  it('is not spoken of where a part comes back, or in a word that is new here', async () => {
    voucherAfter = 'usable'
    await soldThere('В-002')
    expect(await giveBack(await findOne('В-002'), 1000)).not.toHaveProperty('voucherAfter')
    voucherAfter = 'at_full_moon'
    await soldThere('В-003')
    const purchase = await findOne('В-003')
    expect(purchase.whole).not.toHaveProperty('voucherAfter')
    expect(await giveBack(purchase)).not.toHaveProperty('voucherAfter')
  })
})

it('a late return needs the PIN, and somebody to ask where there is none', async () => {
  await soldThere('П-001', { at: Date.now() - 14 * DAY + 60_000 })
  await soldThere('П-002', { at: Date.now() - 15 * DAY })
  expect(await findOne('П-001')).toMatchObject({ isLate: false })
  const late = await findOne('П-002')
  expect(late.isLate).toBe(true)
  const operationId = late.id
  expect(await register.returnPurchase({ operationId })).toMatchObject({ code: 'late_return_no_pin' })
  await register.saveSettings({ newPin: '2580' })
  expect(await register.returnPurchase({ operationId })).toMatchObject({ code: 'late_return' })
  expect(await register.returnPurchase({ operationId, pin: '0000' })).toMatchObject({ code: 'wrong_pin' })
  expect(await balance()).toBe(5080)
  expect(await register.returnPurchase({ operationId, pin: '2580' })).toMatchObject({ ok: true })
  await when(register, ({ act }) => act?.type === 'success' && !act.isQueued)
  expect(await balance()).toBe(5040)
})

describe.each(['down', 'old cloud'] as const)('with the cloud %s', (state) => {
  it('what this till has sold is found, comes back, and the ledger does what was said', async () => {
    await soldHere('О-001', { points: 200 })
    await soldThere('О-002')
    network = state
    const { purchases, of } = await find({ daysAgo: 0 })
    expect([purchases.map(({ receipt }) => receipt), of]).toEqual([['О-001'], 'register'])
    expect((await find({ receipt: '001' })).purchases).toEqual(purchases)
    expect((await find({ card: '654321' })).purchases).toEqual(purchases)
    const [purchase] = purchases
    if (!purchase) throw new Error('one purchase')
    expect(purchase).toMatchObject({
      spent: 200,
      earned: 32,
      whole: { kopecks: 80_050, givenBack: 200, taken: 32 },
    })
    const told = await previewOf(purchase, 40_000)
    await register.returnPurchase({ operationId: purchase.id, refundKopecks: 40_000 })
    await when(register, ({ act }) => act?.type === 'success')
    await register.cancel({})
    // What waits counts already, so that nothing is promised twice.
    expect((await find({ receipt: '001' })).purchases).toMatchObject([
      { refundedKopecks: 40_000, whole: { kopecks: 40_050 } },
    ])
    network = 'up'
    await when(register, ({ cloud }) => cloud.queued === 0 && cloud.line === 'online')
    expect(await balance()).toBe(4832 + 40 + (told.givenBack - (told.taken ?? 0)))
    expect(register.snapshot().recent).toMatchObject([
      { refund: 'done', isPartly: true, isRefundable: false },
    ])
    await giveBack(await findOne('О-001'))
    expect(await balance()).toBe(5040)
  })
})

it('a sale that the cloud has not heard of yet is found beside those it has, and comes back after it', async () => {
  await soldThere('Ж-001')
  await bringCustomer(shop, register, { purchaseKopecks: 50_000, receipt: 'Ж-002' })
  network = 'down'
  await register.earn({ purchaseKopecks: 50_000 })
  await when(register, ({ act }) => act?.type === 'success' && act.isQueued)
  await register.cancel({})
  const { purchases } = await find({ receipt: 'Ж-002' })
  expect(purchases).toMatchObject([{ receipt: 'Ж-002', whole: { kopecks: 50_000, givenBack: 0, taken: 20 } }])
  await register.returnPurchase({ operationId: purchases[0]?.id ?? '' })
  await when(register, ({ act }) => act?.type === 'success' && act.kind === 'refund')
  network = 'up'
  await when(register, ({ cloud }) => cloud.queued === 0 && cloud.line === 'online')
  expect(await balance()).toBe(5040)
})

it('a sale of which only a part came back stays finished, though its file still lies there', async () => {
  await soldHere('Ф-001')
  await giveBack(await findOne('Ф-001'), 10_000)
  expect(register.snapshot()).toMatchObject({ phase: 'idle', sale: null })
  await register.stop()
  register = await shop.start()
  await when(register, ({ exchange, cloud }) => exchange.state === 'ok' && cloud.line === 'online')
  expect(register.snapshot()).toMatchObject({ sale: null, recent: [{ isPartly: true }] })
})

it('nothing comes back that was not found, and nothing twice', async () => {
  await soldThere('Н-001')
  const { id: operationId } = await findOne('Н-001')
  await find({ receipt: 'none' })
  expect(await register.returnPurchase({ operationId })).toMatchObject({ code: 'not_refundable' })
  await giveBack(await findOne('Н-001'))
  expect(await register.returnPurchase({ operationId })).toMatchObject({ code: 'not_refundable' })
  const again = operation(cloud.clock, { kind: 'refund', originalId: operationId })
  expect((await cloud.send(other, again)).outcomes).toMatchObject([{ code: 'over_refund' }])
})
