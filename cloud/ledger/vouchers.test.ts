import { describe, expect, it } from 'vitest'
import { defaultProgramme } from '../../shared/programme.ts'
import { DAY } from '../../shared/time.ts'
import type { VoucherProblem } from '../../shared/voucherCode.ts'
import {
  admin,
  apply,
  type Customer,
  customerOf,
  customerWith,
  movesOf,
  noon,
  redeem,
  refund,
  release,
  run,
  stranger,
  system,
  voucherOf,
  withVoucher,
} from './testing/makers.ts'
import type { VoucherStanding } from './vouchers.ts'

type Voucher = VoucherStanding['voucher']

const having = (customer: Customer, ...vouchers: Voucher[]): Customer => ({ ...customer, vouchers })
const standing = ({ vouchers }: Customer) => vouchers.map(({ held, used }) => [held, used])

/** So many points on a purchase of 1,000 ₽ with this voucher. */
const shown = (voucher: Voucher, points = 0, changes: Parameters<typeof redeem>[1] = {}) =>
  redeem(points, { purchaseKopecks: 100_000, ...withVoucher(voucher), ...changes })

const tea = { sku: 'tea', quantity: 2, kopecks: 30_001 }
const rest = { sku: 'rest', quantity: 1, kopecks: 69_999 }

describe('a voucher takes off', () => {
  it.each<[string, Voucher['terms']['gives'], Parameters<typeof redeem>[1], number]>([
    ['a sum', { type: 'discount_kopecks', kopecks: 20_000 }, {}, 20_000],
    ['whole roubles of it', { type: 'discount_kopecks', kopecks: 19_999 }, {}, 19_900],
    [
      'no more than the purchase',
      { type: 'discount_kopecks', kopecks: 20_000 },
      { purchaseKopecks: 15_099 },
      15_000,
    ],
    ['a share', { type: 'discount_percent', basis_points: 1000, cap_kopecks: 50_000 }, {}, 10_000],
    ['a share rounded down', { type: 'discount_percent', basis_points: 333, cap_kopecks: 50_000 }, {}, 3_300],
    [
      'a share up to its cap',
      { type: 'discount_percent', basis_points: 1000, cap_kopecks: 5_050 },
      {},
      5_000,
    ],
    [
      'the price of one of the goods',
      { type: 'product', sku: 'tea', name: 'Чай', cap_kopecks: 50_000 },
      { items: [tea, rest] },
      15_000,
    ],
    [
      'it up to the cap',
      { type: 'product', sku: 'tea', name: 'Чай', cap_kopecks: 10_000 },
      { items: [tea, rest] },
      10_000,
    ],
    [
      'what the cashier said',
      { type: 'product', sku: 'tea', name: 'Чай', cap_kopecks: 50_000 },
      { voucherItemKopecks: 12_050 },
      12_000,
    ],
    [
      'what 1C says, not the cashier',
      { type: 'product', sku: 'tea', name: 'Чай', cap_kopecks: 50_000 },
      { items: [tea, rest], voucherItemKopecks: 99_000 },
      15_000,
    ],
    ['nothing, where it gives points', { type: 'points', points: 100 }, {}, 0],
  ])('%s', (_what, gives, changes, voucherKopecks) => {
    const voucher = voucherOf(gives)
    const customer = having(customerWith(), voucher)
    const redemption = shown(voucher, 0, changes)
    expect(run(customer, redemption)).toMatchObject({
      status: 'accepted',
      hold: { state: 'processing', points: 0, voucherKopecks },
    })
    expect(standing(customer)).toEqual([[1, 0]])
    const { purchaseKopecks = 0 } = redemption
    expect(run(customer, apply(redemption))).toMatchObject({ status: 'accepted', spent: 0 })
    expect(customer.journal.at(-1)?.operation.quote).toMatchObject({
      discount: { points: 0, voucherKopecks },
      paidKopecks: purchaseKopecks - voucherKopecks,
    })
    expect(standing(customer)).toEqual([[0, 1]])
  })
})

describe('a voucher is not good', () => {
  const own = (terms: Parameters<typeof voucherOf>[1], changes: Partial<Voucher> = {}) =>
    voucherOf({ type: 'discount_kopecks', kopecks: 20_000 }, terms, changes)
  it.each<[VoucherProblem, Voucher, Parameters<typeof redeem>[1] & { points?: number }, object]>([
    ['void', own({}, { isVoid: true }), {}, {}],
    ['other_customer', own({}, { ownerId: 2 }), {}, {}],
    ['used', own({}, { used: 1 }), {}, {}],
    ['used', own({ uses_per_code: 3 }, { used: 3 }), {}, {}],
    ['in_use', own({}, { held: 1 }), {}, {}],
    ['in_use', own({ uses_per_code: 3 }, { used: 1, held: 2 }), {}, {}],
    ['not_begun', own({ from: '2025-12-08' }), {}, { from: '2025-12-08' }],
    ['over', own({ until: '2025-12-06' }), {}, { until: '2025-12-06' }],
    ['over', own({ until: '2025-12-07T12:00' }), {}, {}],
    ['other_store', own({ stores: [1] }), { author: stranger }, {}],
    ['below_min_purchase', own({ min_purchase_kopecks: 100_001 }), {}, { minKopecks: 100_001 }],
    ['not_with_points', own({ with_points: false }), { points: 1 }, {}],
    ['no_product', voucherOf({ type: 'product', sku: 'tea', name: 'Чай', cap_kopecks: 100 }), {}, {}],
    [
      'no_product',
      voucherOf({ type: 'product', sku: 'tea', name: 'Чай', cap_kopecks: 100 }),
      { voucherItemKopecks: -1 },
      {},
    ],
    [
      'no_product',
      voucherOf({ type: 'product', sku: 'cup', name: 'Чашка', cap_kopecks: 100 }),
      { items: [tea, rest], voucherItemKopecks: 100 },
      {},
    ],
    ['too_little', own({}), { purchaseKopecks: 99 }, {}],
  ])('%s', (reason, voucher, { points = 0, ...changes }, details) => {
    const customer = having(customerOf(100), voucher)
    expect(run(customer, shown(voucher, points, changes))).toMatchObject({
      ...{ status: 'refused', code: 'voucher_refused' },
      details: { reason, title: 'Купон', ...details },
    })
    expect(standing(customer)).toEqual([[voucher.held, voucher.used]])
  })

  it.each<[string, Voucher]>([
    ['the minute before its end', own({ until: '2025-12-07T12:01' })],
    ['on its last day', own({ until: '2025-12-07' })],
    ['on its first day', own({ from: '2025-12-07' })],
    ['in its store', own({ stores: [2, 1] })],
    ['for its least purchase', own({ min_purchase_kopecks: 100_000 })],
    ['without points', own({ with_points: false })],
    ['for its owner', own({}, { ownerId: 1 })],
  ])('but it is good %s', (_when, voucher) => {
    expect(run(having(customerOf(100), voucher), shown(voucher))).toMatchObject({ status: 'accepted' })
  })

  it('where nobody knows the code, and nothing else is told', () => {
    const refused = run(customerWith(), shown(voucherOf()))
    expect(refused).toMatchObject({ code: 'voucher_refused', details: { reason: 'unknown' } })
    const foreign = voucherOf(undefined, {}, { programmeId: 2 })
    const elsewhere = run(having(customerWith(), foreign), shown(foreign))
    expect(elsewhere).toMatchObject({ details: { reason: 'unknown' } })
  })

  it('more often than its customer may use the batch, whichever code', () => {
    const [first, second] = [voucherOf(undefined, { uses_per_customer: 1 }), voucherOf()] as const
    const twin: Voucher = { ...second, batchId: first.batchId, terms: first.terms }
    const customer = having(customerWith(), first, twin)
    const redemption = shown(first)
    expect(run(customer, redemption)).toMatchObject({ status: 'accepted' })
    const again = () => run(customer, shown(twin, 0, { purchaseKopecks: 90_000 }))
    expect(again()).toMatchObject({ details: { reason: 'used_by_customer' } })
    run(customer, release(redemption))
    expect(again()).toMatchObject({ status: 'accepted' })
  })
})

describe('with points', () => {
  it('both come off, and what is paid is the rest', () => {
    const voucher = voucherOf()
    const customer = having(customerOf(500), voucher)
    const redemption = shown(voucher, 200)
    expect(run(customer, redemption)).toMatchObject({ hold: { points: 200, voucherKopecks: 20_000 } })
    expect(run(customer, apply(redemption))).toMatchObject({ spent: 200, earned: 24 })
  })

  it.each([
    [200, 'accepted'],
    [201, 'over_discount_limit'],
  ])('%i are no more than the programme lets come off', (points, answer) => {
    const voucher = voucherOf()
    const outcome = run(having(customerOf(500), voucher), shown(voucher, points))
    expect('code' in outcome ? outcome.code : outcome.status).toBe(answer)
  })

  it('no more come off than the voucher has left of the purchase', () => {
    const voucher = voucherOf({ type: 'discount_kopecks', kopecks: 90_000 })
    const ask = (points: number) => run(having(customerOf(500), voucher), shown(voucher, points))
    expect(ask(101)).toMatchObject({ code: 'over_discount_limit', details: { limit: 100 } })
    expect(ask(100)).toMatchObject({ status: 'accepted' })
  })

  it.each([
    ['none at all', customerWith(), 0, 'accepted'],
    ['none of who owes some', customerWith({ debt: 7 }), 0, 'accepted'],
    ['none that are owed', customerWith({ debt: 7 }), 1, 'in_debt'],
    ['none that there are not', customerWith(), 1, 'insufficient_points'],
    ['no fewer than none', customerOf(5), -1, 'below_minimum'],
  ])('%s', (_what, customer, points, answer) => {
    const voucher = voucherOf()
    const outcome = run(having(customer, voucher), shown(voucher, points))
    expect('code' in outcome ? outcome.code : outcome.status).toBe(answer)
  })

  it('without a voucher one at least', () => {
    expect(run(customerOf(5), redeem(0))).toMatchObject({ code: 'below_minimum', details: { minimum: 1 } })
  })
})

describe('a voucher of points', () => {
  const gift = (terms: Parameters<typeof voucherOf>[1] = {}) =>
    voucherOf({ type: 'points', points: 100, lifetime_days: 10 }, terms)

  it('is credited when 1C has the receipt, beside the cashback', () => {
    const voucher = gift()
    const customer = having(customerOf(500), voucher)
    const redemption = shown(voucher, 100)
    run(customer, redemption)
    expect(run(customer, apply(redemption))).toMatchObject({ earned: 136 })
    expect(movesOf(customer)).toMatchObject([
      { kind: 'earn', points: 36, dies: '2026-01-21' },
      { kind: 'earn', points: 100, dies: '2025-12-17' },
    ])
  })

  it.each([
    ['stays while what is kept still meets its least purchase', 50_000, 20],
    ['goes whole when it does not', 50_001, 120],
  ])('%s', (_what, refundKopecks, taken) => {
    const voucher = gift({ min_purchase_kopecks: 40_000 })
    const customer = having(customerOf(500), voucher)
    const redemption = shown(voucher, 100)
    run(customer, redemption)
    run(customer, apply(redemption))
    // 900 ₽ were paid: of 400 ₽ it is good.
    expect(run(customer, refund(redemption, { refundKopecks }))).toMatchObject({
      status: 'accepted',
      earned: -taken,
    })
  })
})

describe('what becomes of a code', () => {
  const redeemed = (
    terms: Parameters<typeof voucherOf>[1] = {},
    changes: Parameters<typeof redeem>[1] = {},
  ) => {
    const voucher = voucherOf(undefined, terms)
    const customer = having(customerOf(500), voucher)
    const redemption = shown(voucher, 10, changes)
    run(customer, redemption)
    return { customer, redemption, voucher }
  }

  it('held twice it is not, and released it is free', () => {
    const { customer, redemption, voucher } = redeemed()
    const other = { ...customerOf(1), vouchers: customer.vouchers }
    expect(run(other, shown(voucher))).toMatchObject({ details: { reason: 'in_use' } })
    expect(run(customer, release(redemption))).toMatchObject({ status: 'accepted' })
    expect(standing(customer)).toEqual([[0, 0]])
  })

  it('a hold that lapsed frees it as it frees its points', () => {
    const { customer, redemption } = redeemed({}, { via: 'agent' })
    const later = noon + 91_000
    expect(run(customer, release(redemption, { author: system, at: later }), later)).toMatchObject({
      hold: { state: 'expired' },
    })
    expect(standing(customer)).toEqual([[0, 0]])
  })

  it('released by a person and proved later it is used, whoever has it by then', () => {
    const { customer, redemption } = redeemed()
    run(customer, release(redemption, { author: admin }))
    customer.vouchers = customer.vouchers.map((voucher) => ({ ...voucher, used: 1 }))
    expect(run(customer, apply(redemption))).toMatchObject({ status: 'accepted' })
    expect(standing(customer)).toEqual([[0, 2]])
  })

  const applied = (terms: Parameters<typeof voucherOf>[1] = {}) => {
    const all = redeemed(terms)
    run(all.customer, apply(all.redemption))
    return all
  }

  it('a return of everything gives its use back, once', () => {
    const { customer, redemption } = applied()
    expect(run(customer, refund(redemption, { refundKopecks: 30_000 }))).toMatchObject({ status: 'accepted' })
    expect(standing(customer)).toEqual([[0, 1]])
    expect(run(customer, refund(redemption))).toMatchObject({ status: 'accepted' })
    expect(standing(customer)).toEqual([[0, 0]])
    expect(run(customer, refund(redemption))).toMatchObject({ code: 'over_refund' })
    expect(standing(customer)).toEqual([[0, 0]])
  })

  it.each<[string, Parameters<typeof voucherOf>[1], Partial<Voucher>]>([
    ['its terms keep it', { on_refund: 'keep' }, {}],
    ['its time is over', { until: '2025-12-07' }, {}],
    ['it is void', {}, { isVoid: true }],
  ])('but not where %s', (_why, terms, changes) => {
    const { customer, redemption } = applied(terms)
    customer.vouchers = customer.vouchers.map((voucher) => ({ ...voucher, ...changes }))
    const at = noon + DAY
    expect(run(customer, refund(redemption, { at }))).toMatchObject({ status: 'accepted' })
    expect(standing(customer)).toEqual([[0, 1]])
  })

  it('a purchase that it paid wholly can be returned, and gives it back', () => {
    const voucher = voucherOf({ type: 'discount_kopecks', kopecks: 100_000 })
    const customer = having(customerWith(), voucher)
    const redemption = shown(voucher)
    run(customer, redemption)
    expect(run(customer, apply(redemption))).toMatchObject({ earned: 0 })
    expect(run(customer, refund(redemption))).toMatchObject({ status: 'accepted' })
    expect(standing(customer)).toEqual([[0, 0]])
    expect(run(customer, refund(redemption))).toMatchObject({ code: 'over_refund' })
  })

  it('the hold time is that of points', () => {
    const { customer, redemption } = redeemed()
    expect(customer.holds.get(redemption.id)?.until).toBe(noon + defaultProgramme.hold_seconds * 1000)
  })
})
