import { describe, expect, it } from 'vitest'
import type { Failure, KnownCustomer, Offer, Snapshot, Success } from '../../../shared/bridge.ts'
import { preferencesSchema } from '../../../shared/bridge.ts'
import { displayOf } from './display.ts'

const anna: KnownCustomer = {
  ...{ card: '654321', firstName: 'Анна', available: 840, debt: 0, code: 'K1.secret', status: 'active' },
  expiresNext: { points: 40, at: '2026-12-03T00:00:00.000Z' },
  ...{ source: 'cloud', asOf: 1 },
}
const sale = { purchaseKopecks: 123_456, receipt: 'ТД-000123', source: '1c' } as const
const choice = { points: 246, paidKopecks: 98_856, earned: 40, isSure: true, remains: 594 }
const offer: Offer = {
  ...{ bookVersion: 1, status: null },
  earn: { paidKopecks: 123_456, earned: 49, atOnce: 49, isSure: true, parts: [], more: null },
  becomes: 1299,
  redeem: { isPossible: true, maxPoints: 246, bound: { by: 'balance' }, choice },
}
const success: Success = {
  ...{ type: 'success', kind: 'redeem', operationId: 'op', firstName: 'Анна', purchaseKopecks: 123_456 },
  ...{ paidKopecks: 98_856, spent: 246, earned: 40, repaid: 0, debt: 0, available: 634, isQueued: false },
}
/** Of somebody who was here before, and of nobody who stands there. */
const others = {
  recent: [{ firstName: 'Борис', card: '777777', purchaseKopecks: 99_900 }],
  waiting: [{ firstName: 'Вера', card: '888888' }],
  search: { code: '99777777' },
}
const nobody = {
  ...{ version: '1.2.3', preferences: preferencesSchema.parse({}), joinUrl: 'https://t.me/bot' },
  ...{ timeZone: 'Europe/Moscow', supportContact: '@help', ...others },
  ...{ act: null, customer: null, sale: null, offer: null },
} as unknown as Snapshot
const withAnna: Snapshot = { ...nobody, customer: anna }
const ready: Snapshot = { ...withAnna, sale, offer }

const sceneOf = (snapshot: Snapshot) => displayOf(snapshot).scene

describe('what the customer sees', () => {
  it('is the brand and how to join while nobody is there, whatever amount 1C has', () => {
    expect(displayOf({ ...nobody, sale })).toEqual({
      version: '1.2.3',
      look: { language: 'ru', brand: 'Копилка', colour: '#0b6b4a', theme: 'light', hasMotion: true },
      joinUrl: 'https://t.me/bot',
      scene: { type: 'idle' },
    })
  })

  const wallet = {
    firstName: 'Анна',
    available: 840,
    expiresNext: { points: 40, lastDay: Date.parse('2026-12-02T00:00:00.000Z') },
  }

  it('is a first name and points once the card was found', () => {
    expect(sceneOf(withAnna)).toEqual({ type: 'customer', ...wallet })
  })

  it('is what is to pay, and what spending and earning would do, as it is chosen now', () => {
    expect(sceneOf(ready)).toEqual({
      type: 'sale',
      ...wallet,
      purchaseKopecks: 123_456,
      earn: { earned: 49, isSure: true },
      redeem: choice,
    })
    const cannot: Offer = { ...offer, redeem: { isPossible: false, reason: 'no_points' } }
    expect(sceneOf({ ...ready, offer: cannot })).toMatchObject({ type: 'sale', redeem: null })
  })

  it('is what a voucher does, alone and with points, and what it did', () => {
    const alone = {
      points: 0,
      paidKopecks: 103_456,
      earned: 41,
      isSure: true,
      remains: 881,
      discountRubles: 200,
    }
    const together = { ...choice, discountRubles: 446 }
    const possible: Offer['voucher'] = {
      ...{
        isPossible: true,
        title: 'Скидка 200 ₽',
        kopecks: 20_000,
        isLarger: true,
        itemKopecks: null,
      },
      ...{ maxPoints: 246, isWithPoints: true, alone, ...together },
    }
    const shown = (voucher: Offer['voucher']) =>
      sceneOf({ ...ready, offer: { ...offer, ...(voucher && { voucher }) } })
    expect(shown(possible)).toMatchObject({ voucher: { title: 'Скидка 200 ₽', alone, together } })
    expect(shown({ ...possible, maxPoints: 0 })).toMatchObject({ voucher: { together: null } })
    expect(shown({ isPossible: false, title: null, reason: 'used' })).not.toHaveProperty('voucher')
    const voucher = { title: 'Скидка 200 ₽', kopecks: 20_000, discountRubles: 446 }
    expect(sceneOf({ ...ready, act: { ...success, voucher } })).toMatchObject({
      voucher: { title: 'Скидка 200 ₽', kopecks: 20_000 },
    })
  })

  it('is that a frozen card does not work, and who helps, without a balance', () => {
    expect(sceneOf({ ...ready, customer: { ...anna, status: 'frozen' } })).toEqual({
      type: 'frozen',
      supportContact: '@help',
      isProgrammeFrozen: false,
    })
  })

  it('is what came', () => {
    expect(sceneOf({ ...ready, act: success })).toEqual({
      ...{ type: 'done', kind: 'redeem', paidKopecks: 98_856, spent: 246, earned: 40, repaid: 0 },
      ...{ debt: 0, available: 634, isQueued: false },
    })
  })

  it('is of a return only what it did: whose purchase it was need not be who stands there', () => {
    const refund: Success = { ...success, kind: 'refund', spent: -246, earned: -40, debt: 12 }
    expect(sceneOf({ ...ready, act: refund })).toEqual({
      ...{ type: 'done', kind: 'refund', paidKopecks: null, spent: -246, earned: -40, repaid: 0 },
      ...{ debt: 0, available: null, isQueued: false },
    })
  })

  it('is that it did not work, and what became of the points', () => {
    const act: Failure = {
      ...{ type: 'error', kind: 'redeem', operationId: 'op', purchaseKopecks: 1, points: 246 },
      ...{ code: 'not_taken', details: { card: '654321' }, fate: 'returned' },
    }
    expect(sceneOf({ ...ready, act })).toEqual({ type: 'failed', kind: 'redeem', fate: 'returned' })
    const voucher = { title: 'Купон', kopecks: 20_000, discountRubles: 446 }
    expect(sceneOf({ ...ready, act: { ...act, voucher } })).toMatchObject({ hasVoucher: true })
  })

  it.each([
    ['nobody', nobody],
    ['a customer', withAnna],
    ['a sale', ready],
    ['a success', { ...ready, act: success }],
  ])('has no card, code, receipt or anybody else in it: %s', (_what, snapshot) => {
    const text = JSON.stringify(displayOf(snapshot))
    for (const secret of ['654321', 'K1.secret', 'ТД-000123', 'Борис', 'Вера', '777777', '888888', '99900'])
      expect(text).not.toContain(secret)
  })
})
