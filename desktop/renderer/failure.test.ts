import { describe, expect, it } from 'vitest'
import type { Failure, KnownCustomer, Offer, Sale } from '../../shared/bridge.ts'
import { keyOfWay, type WayOn, wayOnFrom } from './failure.ts'

const customer: KnownCustomer = {
  ...{ card: '654321', firstName: 'Анна', available: 1250, debt: 0, expiresNext: null },
  ...{ code: null, status: 'active', source: 'cloud', asOf: 0 },
}
const sale: Sale = { purchaseKopecks: 123_456, receipt: null, source: '1c' }
const choice = { points: 246, paidKopecks: 98_856, earned: 40, remains: 1044, isSure: true }
const offer: Offer = {
  bookVersion: 1,
  status: null,
  earn: {
    earned: 49,
    atOnce: 49,
    paidKopecks: 123_456,
    isSure: true,
    parts: [{ title: null, points: 49 }],
    more: null,
  },
  becomes: 1299,
  redeem: { isPossible: true, maxPoints: 246, bound: { by: 'share', basisPoints: 2000 }, choice },
}
const away: Offer = { ...offer, redeem: { isPossible: false, reason: 'cloud_away' } }

const alone = { ...choice, points: 0, discountRubles: 200 }
const usable: Offer['voucher'] = {
  ...{ isPossible: true, title: 'Купон', kopecks: 20_000, maxPoints: 246, isWithPoints: true },
  ...{ isLarger: true, itemKopecks: null, alone, ...choice, discountRubles: 446 },
}
const voucher = { title: 'Купон', kopecks: 20_000, discountRubles: 200 }

const failureOf = (change: Partial<Failure>): Failure => ({
  ...{ type: 'error', kind: 'redeem', operationId: 'op', purchaseKopecks: 123_456, points: 246 },
  ...{ code: 'not_taken', details: {}, fate: 'returned' },
  ...change,
})

describe('the way on after a failure', () => {
  it.each<[string, Partial<Failure>, Partial<Parameters<typeof wayOnFrom>[1]>, string, boolean]>([
    ['1C did not take it: the same again, or earn', {}, {}, 'retry', true],
    ['held points: nothing until it is known', { code: 'not_confirmed', fate: 'held' }, {}, 'back', false],
    [
      'a second equal purchase: asked',
      { kind: 'earn', code: 'duplicate_transaction', fate: 'untouched' },
      {},
      'confirm_duplicate',
      false,
    ],
    ['too few points: choose again', { code: 'insufficient_points', fate: 'untouched' }, {}, 'choose', true],
    ['cancelled by the cashier: choose again', { code: 'cancelled' }, {}, 'choose', true],
    ['no cloud: earn only', { code: 'cloud_away' }, { offer: away }, 'back', true],
    [
      'another receipt: look at it',
      { code: 'sale_changed' },
      { sale: { ...sale, purchaseKopecks: 5 } },
      'back',
      false,
    ],
    ['the receipt is gone', { code: 'cancelled' }, { sale: null, offer: null }, 'back', false],
    ['a frozen card: nothing', { code: 'customer_frozen', fate: 'untouched' }, {}, 'back', false],
    [
      'an earning that the disk did not take: again',
      { kind: 'earn', code: 'failed', fate: 'untouched' },
      {},
      'retry',
      false,
    ],
    [
      'an earning that will never pass: back',
      { kind: 'earn', code: 'customer_not_found', fate: 'untouched' },
      {},
      'back',
      false,
    ],
    [
      'an undo that failed: back',
      { kind: 'refund', code: 'over_refund', fate: 'untouched' },
      { customer: null },
      'back',
      false,
    ],
    [
      'a code that is no good: the same again would be refused, so back to the sale',
      { code: 'proof_refused', fate: 'untouched' },
      {},
      'back',
      true,
    ],
    ['more points than there are now: no retry', { points: 300 }, {}, 'back', true],
    [
      'a voucher that 1C did not take: the same again, also without points',
      { points: 0, voucher },
      { offer: { ...away, voucher: usable } },
      'retry',
      true,
    ],
    [
      'one that was cancelled: back to the sale, where it still is',
      { points: 0, voucher, code: 'cancelled' },
      { offer: { ...offer, voucher: usable } },
      'back',
      true,
    ],
    ['one that is gone: no retry with the points alone', { voucher }, {}, 'back', true],
  ])('%s', (_what, failure, around, main, canEarnOnly) => {
    const snapshot = { customer, sale, offer, ...around }
    expect(wayOnFrom(failureOf(failure), snapshot)).toEqual({ main, canEarnOnly })
  })
})

describe('Enter after a failure, which many hands press from habit', () => {
  it.each<[string, WayOn['main'], Failure['kind'], string]>([
    ['never spends again', 'retry', 'redeem', 'f3'],
    ['never confirms a second purchase', 'confirm_duplicate', 'earn', 'f2'],
    ['nor one with points', 'confirm_duplicate', 'redeem', 'f3'],
    ['tries an earning again', 'retry', 'earn', 'enter'],
    ['leads back to the choice', 'choose', 'redeem', 'enter'],
    ['leads back', 'back', 'refund', 'enter'],
  ])('%s', (_what, main, kind, key) => {
    expect(keyOfWay({ main, canEarnOnly: false }, kind)).toBe(key)
  })
})
