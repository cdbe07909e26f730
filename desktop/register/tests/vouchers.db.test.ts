import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testVoucherKey } from '../../../cloud/access/testing/voucherKey.ts'
import { runAudit } from '../../../cloud/ledger/audit.ts'
import { addVouchers, voucherOf } from '../../../cloud/ledger/testing/makers.ts'
import type { Voucher } from '../../../cloud/ledger/vouchers.ts'
import { voucherCodeOf } from '../../../shared/voucherCode.ts'
import type { Register } from '../register.ts'
import { fetchOf, openTestCloud, openTestShop, type TestShop, when } from '../testing.ts'

const purchaseKopecks = 100_000
const code = voucherCodeOf(123_456_789n)

let cloud: Awaited<ReturnType<typeof openTestCloud>>
let shop: TestShop
let register: Register
let isAway: boolean
beforeEach(async () => {
  cloud = await openTestCloud()
  await cloud.sql`update programmes set settings = '{"duplicate_window_seconds": 0}'`
  isAway = false
  const fetch = fetchOf(cloud)
  shop = await openTestShop({
    cloud,
    fetch: (input, init) =>
      isAway ? Promise.reject(new TypeError('the cloud is away')) : fetch(input, init),
  })
  register = await shop.start()
  await when(register, ({ store, cloud }) => store !== null && cloud.line === 'online')
})
afterEach(async () => {
  expect(await runAudit(cloud.sql)).toEqual([])
  await register.stop()
  await shop.close()
  await cloud.drop()
})

const give = (voucher: Voucher) => addVouchers(cloud.sql, { ...voucher, hash: testVoucherKey.hash(code) })
const discount = () => join(shop.exchangeFolder, 'discount.txt')
const standing = async () => [...(await cloud.sql`select held, used from vouchers`)]

async function open() {
  await writeFile(join(shop.exchangeFolder, 'amount.json'), JSON.stringify({ amount: purchaseKopecks / 100 }))
  await register.findCustomer({ code: '654321' })
  await when(register, ({ offer, customer }) => offer !== null && customer?.source === 'cloud')
}

async function show() {
  expect(await register.showVoucher({ code: code.toLowerCase() })).toMatchObject({ ok: true })
  const { offer } = await when(register, ({ offer }) => offer?.voucher !== undefined)
  return offer?.voucher
}

const done = () =>
  when(register, ({ act, cloud }) => act?.type === 'success' && act.available !== null && cloud.queued === 0)

describe('a voucher at the till', () => {
  it('says what it does, and 1C gets the points and the voucher in one sum', async () => {
    await give(voucherOf({ type: 'discount_kopecks', kopecks: 20_050 }))
    await open()
    const offer = await show()
    expect(offer).toMatchObject({ isPossible: true, kopecks: 20_000, title: 'Купон' })
    const points = offer?.isPossible ? offer.points : 0
    expect(points).toBeGreaterThan(0)
    expect(await register.redeem({ purchaseKopecks, points, withVoucher: true })).toMatchObject({ ok: true })
    await when(register, ({ act }) => act?.type === 'processing' && act.stage === 'offered')
    expect(await readFile(discount(), 'utf8')).toBe(String(points + 200))
    await rm(discount())
    const { act } = await done()
    const paid = purchaseKopecks - 20_000 - points * 100
    expect(act).toMatchObject({ paidKopecks: paid, spent: points, earned: Math.round((paid * 4) / 10_000) })
    expect(await standing()).toEqual([{ held: 0, used: 1 }])
    // Without the cloud the till knows itself what was paid in money.
    isAway = true
    expect(await register.findPurchases({ daysAgo: 0 })).toMatchObject({
      ...{ ok: true, value: { of: 'register', purchases: [{ whole: { kopecks: paid } }] } },
    })
    isAway = false
    await when(register, ({ cloud }) => cloud.line === 'online')
    await register.cancel({})
    const operationId = register.snapshot().recent[0]?.id ?? ''
    expect(await register.refund({ operationId })).toMatchObject({ ok: true })
    await when(register, ({ act }) => act?.type === 'success' && act.voucherAfter === 'usable')
    expect(await standing()).toEqual([{ held: 0, used: 0 }])
  })

  it('is found by the field of a card, also before the card; goods are given at the price that the cashier says', async () => {
    await give(voucherOf({ type: 'product', sku: 'coffee', name: 'Кофе', cap_kopecks: 18_000 }))
    const wrong = code.slice(0, -1) + (code.endsWith('2') ? '3' : '2')
    expect(await register.findCustomer({ code: wrong })).toMatchObject({ ok: false, code: 'not_a_voucher' })
    expect(await register.findCustomer({ code: ` ${code.toLowerCase()}` })).toMatchObject({ ok: true })
    expect(register.snapshot().voucher).toEqual({ code, state: 'waiting' })
    await open()
    const { offer } = await when(register, ({ offer }) => offer?.voucher !== undefined)
    expect(offer?.voucher).toMatchObject({ isPossible: false, reason: 'no_product', needsPrice: true })
    expect(await register.priceVoucherItem({ purchaseKopecks, itemKopecks: 15_050 })).toMatchObject({
      ok: true,
    })
    await register.redeem({ purchaseKopecks, points: 0, withVoucher: true })
    await when(register, ({ act }) => act?.type === 'processing' && act.stage === 'offered')
    expect(await readFile(discount(), 'utf8')).toBe('150')
    await rm(discount())
    const { act } = await done()
    expect(act).toMatchObject({
      ...{ paidKopecks: 85_000, voucher: { kopecks: 15_000, discountRubles: 150 } },
    })
    expect(await standing()).toEqual([{ held: 0, used: 1 }])
  })

  it('that 1C does not take is free again', async () => {
    await give(voucherOf())
    await open()
    await show()
    await register.redeem({ purchaseKopecks, points: 0, withVoucher: true })
    await when(register, ({ act }) => act?.type === 'processing' && act.stage === 'offered')
    expect(await readFile(discount(), 'utf8')).toBe('200')
    await register.cancel({})
    await when(register, ({ act, cloud }) => act?.type === 'error' && cloud.queued === 0)
    expect(existsSync(discount())).toBe(false)
    expect(await standing()).toEqual([{ held: 0, used: 0 }])
  })

  it('of points takes nothing off the receipt, and 1C is given nothing', async () => {
    await give(voucherOf({ type: 'points', points: 70 }))
    await open()
    expect(await show()).toMatchObject({ isPossible: true, kopecks: 0 })
    await register.redeem({ purchaseKopecks, points: 0, withVoucher: true })
    const { act } = await done()
    expect(act).toMatchObject({ paidKopecks: purchaseKopecks, spent: 0, earned: 110 })
    expect(existsSync(discount())).toBe(false)
    expect(await standing()).toEqual([{ held: 0, used: 1 }])
  })

  it('is refused with its reason, before anything is held', async () => {
    await give(voucherOf(undefined, { until: '2020-01-01' }))
    await open()
    expect(await show()).toMatchObject({ isPossible: false, reason: 'over', title: 'Купон' })
    expect(await register.redeem({ purchaseKopecks, points: 0, withVoucher: true })).toMatchObject({
      ...{ ok: false, code: 'cannot_redeem' },
    })
    expect(await register.dropVoucher({})).toMatchObject({ ok: true })
    expect(await register.redeem({ purchaseKopecks, points: 0 })).toMatchObject({ code: 'malformed' })
    expect(await register.showVoucher({ code: 'no code' })).toMatchObject({ code: 'not_a_voucher' })
  })

  it('that somebody else has meanwhile is told by the ledger, and the sale goes on without it', async () => {
    await give(voucherOf())
    await open()
    await show()
    await cloud.sql`update vouchers set voided_at = now()`
    await register.redeem({ purchaseKopecks, points: 0, withVoucher: true })
    const { act } = await when(register, ({ act }) => act?.type === 'error')
    expect(act).toMatchObject({ code: 'voucher_refused', details: { reason: 'void' }, fate: 'untouched' })
    await register.cancel({})
    const { offer } = await when(register, ({ act, offer }) => act === null && offer !== null)
    expect(offer?.voucher).toBeUndefined()
  })
})
