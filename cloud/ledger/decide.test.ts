import { describe, expect, it } from 'vitest'
import { defaultProgramme } from '../../shared/programme.ts'
import { DAY, toIso } from '../../shared/time.ts'
import { availablePoints, keyOf, viewOf } from './account.ts'
import {
  adjust,
  customerOf,
  customerWith,
  dayOf,
  earn,
  expire,
  lotOf,
  movesOf,
  noon,
  redeem,
  refund,
  remainingOf,
  run,
} from './testing/makers.ts'

const death = Date.parse('2026-01-21T00:00:00.000Z') // of what was earned at noon, 7 December

describe('an earn', () => {
  it.each([
    // paid in kopecks, points
    [1249, 0],
    [1250, 1],
    [100_000, 40],
    [100_000_000, 40_000],
  ])('of %i kopecks earns %i points in the lot of its day', (paid, points) => {
    const customer = customerWith()
    const purchase = earn(paid)
    expect(run(customer, purchase)).toMatchObject({
      earned: points,
      spent: 0,
      customer: { available: points },
    })
    expect(remainingOf(customer)).toEqual(points > 0 ? [['2026-01-21', points]] : [])
    expect(customer.journal.at(-1)?.entries).toHaveLength(points > 0 ? 1 : 0)
  })

  it('gives its lot the expiry of the day it happened, not of the day it arrived', () => {
    const customer = customerWith()
    const purchase = earn(100_000)
    run(customer, purchase, noon + 10 * DAY)
    expect(remainingOf(customer)).toEqual([[dayOf(death), 40]])
  })

  it('fixes the expiry and the cashback: a later change of the settings touches new lots only', () => {
    const customer = customerWith()
    const [first, second] = [earn(100_000), earn(200_000)]
    run(customer, first)
    run(customer, second, noon, { ...defaultProgramme, lifetime_days: 10, cashback_basis_points: 1000 })
    expect(remainingOf(customer)).toEqual([
      ['2025-12-17', 200],
      [dayOf(death), 40],
    ])
    run(customer, refund(first, { refundKopecks: 50_000 }), noon, {
      ...defaultProgramme,
      cashback_basis_points: 0,
    })
    expect(remainingOf(customer)).toEqual([
      ['2025-12-17', 200],
      [dayOf(death), 20],
    ])
  })

  it('that arrives after its points died is recorded, and nobody ever sees them', () => {
    const customer = customerWith()
    const at = Date.parse('2025-12-07T00:00:01.000Z')
    const purchase = earn(100_000, { at })
    expect(run(customer, purchase, at + 45 * DAY)).toMatchObject({
      customer: { available: 0, expiresNext: null },
    })
  })

  it('that arrives after its points died still pays a debt with them', () => {
    const customer = customerWith({ debt: 10 })
    const at = Date.parse('2025-12-07T00:00:01.000Z')
    expect(run(customer, earn(100_000, { at }), at + 45 * DAY)).toMatchObject({
      customer: { debt: 0, available: 0 },
    })
  })
})

describe('points are spent by earliest expiry first, then oldest', () => {
  const lots = [
    { points: 30, expiresAt: noon + 9 * DAY, activeFrom: noon - 9 * DAY },
    { points: 20, expiresAt: noon + 5 * DAY, activeFrom: noon - 1 * DAY },
    { points: 10, expiresAt: noon + 5 * DAY, activeFrom: noon - 2 * DAY },
  ]

  it.each([
    // points, what is left
    [1, [9, 20, 30]],
    [10, [20, 30]],
    [11, [19, 30]],
    [30, [30]],
    [31, [29]],
    [60, []],
  ])('%i of 60', (points, left) => {
    const [redeemed, adjusted] = [customerWith({ lots }), customerWith({ lots })]
    run(redeemed, redeem(points))
    run(adjusted, adjust(-points))
    for (const customer of [redeemed, adjusted])
      expect(remainingOf(customer).map(([, remaining]) => remaining)).toEqual(left)
  })
})

describe('dead points', () => {
  const lots = [
    { points: 10, expiresAt: death },
    { points: 5, expiresAt: death + DAY },
  ]

  it.each([
    // when, what counts
    ['a millisecond before', death - 1, { available: 15, expiresNext: { points: 10, at: toIso(death) } }],
    ['at 00:00', death, { available: 5, expiresNext: { points: 5, at: toIso(death + DAY) } }],
    ['a millisecond after', death + 1, { available: 5 }],
  ])('are neither shown nor counted, written off or not: %s', (_when, now, view) => {
    const customer = customerWith({ lots })
    expect(viewOf(customer, now)).toMatchObject(view)
    expect(availablePoints(customer, now)).toBe(view.available)
  })

  it('are spent to the last millisecond', () => {
    const customer = customerWith({ lots })
    expect(run(customer, redeem(15, { at: death - 1 }))).toMatchObject({ status: 'accepted' })
  })

  it('are never spent from the first millisecond on', () => {
    const customer = customerWith({ lots })
    expect(run(customer, redeem(6, { at: death }))).toMatchObject({
      code: 'insufficient_points',
      details: { available: 5, requested: 6 },
    })
    expect(run(customer, adjust(-6, { at: death }))).toMatchObject({ code: 'insufficient_points' })
  })

  it('are written off by a redemption that meets them', () => {
    const customer = customerWith({ lots })
    run(customer, redeem(4, { at: death }))
    expect(movesOf(customer)).toEqual([
      { kind: 'expire', dies: dayOf(death), points: -10, debt: 0 },
      { kind: 'hold', dies: dayOf(death + DAY), points: -4, debt: 0 },
    ])
    expect(customer.lots.get(keyOf(lotOf()))).toMatchObject({ remaining: 0, expired: 10 })
  })

  it('are written off by the nightly job, which is safe to run twice', () => {
    const customer = customerWith({ lots })
    run(customer, expire(death))
    expect(customer.journal.at(-1)?.operation).toMatchObject({ kind: 'expire', points: 10 })
    expect(remainingOf(customer)).toEqual([[dayOf(death + DAY), 5]])
    run(customer, expire(death + 1))
    expect(movesOf(customer)).toEqual([])
  })

  it('of several lots with one expiry are announced as one number', () => {
    const customer = customerWith({
      lots: [{ points: 3 }, { points: 4, activeFrom: noon - DAY }, { points: 5, expiresAt: death + DAY }],
    })
    expect(viewOf(customer, noon).expiresNext).toEqual({ points: 7, at: toIso(death) })
  })
})

describe('a debt', () => {
  it.each([
    // what, debt, earned in kopecks, what is left of both
    ['is paid in part by a small earning', 50, 100_000, { debt: 10, available: 0 }],
    ['is paid exactly', 40, 100_000, { debt: 0, available: 0 }],
    ['is paid first, and the rest is the customer’s', 15, 100_000, { debt: 0, available: 25 }],
    ['is not paid by an earning of nothing', 15, 100, { debt: 15, available: 0 }],
  ])('%s', (_what, debt, paid, view) => {
    const customer = customerWith({ debt })
    expect(run(customer, earn(paid))).toMatchObject({ status: 'accepted', customer: view })
  })

  it.each(['bonus', 'adjust'] as const)('is paid by a %s too', (kind) => {
    const customer = customerWith({ debt: 15 })
    expect(run(customer, adjust(20, { kind }))).toMatchObject({ customer: { debt: 0, available: 5 } })
    expect(movesOf(customer).map(({ kind, points, debt }) => [kind, points, debt])).toEqual([
      [kind, 20, 0],
      ['debt_payment', -15, -15],
    ])
  })

  it('makes redemption wait until it is paid', () => {
    const customer = customerWith({ debt: 15 })
    const wish = () => run(customer, redeem(1))
    expect(wish()).toMatchObject({ code: 'in_debt', details: { debt: 15 } })
    run(customer, earn(50_000))
    expect(wish()).toMatchObject({ status: 'accepted', customer: { debt: 0, available: 4, held: 1 } })
  })
})

describe('a debt that follows its person to another card', () => {
  const erased = () => customerWith({ status: 'erased', debt: 160 })
  it.each([
    // what the new card has, what is left of it
    ['is owed there from the beginning', 0, { debt: 160, available: 0 }],
    ['takes the points that are there first', 50, { debt: 110, available: 0 }],
    ['leaves what is more than it', 170, { debt: 0, available: 10 }],
  ])('%s', (_what, points, view) => {
    const customer = points > 0 ? customerOf(points) : customerWith()
    const taken = run(customer, adjust(-160, { carriesDebt: true }))
    expect(taken).toMatchObject({ status: 'accepted', earned: -160, customer: view })
  })

  it('is paid on the erased card, so that it stands in one place', () => {
    const customer = erased()
    expect(run(customer, adjust(160, { carriesDebt: true }))).toMatchObject({
      status: 'accepted',
      customer: { debt: 0, available: 0 },
    })
    expect(movesOf(customer).map(({ kind, points, debt }) => [kind, points, debt])).toEqual([
      ['adjust', 160, 0],
      ['debt_payment', -160, -160],
    ])
  })

  it('may be larger than what a person may adjust', () => {
    expect(run(customerWith(), adjust(-40_000, { carriesDebt: true }))).toMatchObject({
      customer: { debt: 40_000 },
    })
  })
})

describe('an adjustment', () => {
  it.each([
    ['adjust', 25, 34],
    ['adjust', -9, 0],
    ['bonus', 25, 34],
  ] as const)('%s of %i points is recorded with its reason and who did it', (kind, points, available) => {
    const customer = customerOf(9)
    expect(run(customer, adjust(points, { kind, reason: 'sorry' }))).toMatchObject({
      earned: points,
      customer: { available },
    })
    expect(customer.journal.at(-1)?.operation).toMatchObject({
      kind,
      points,
      reason: 'sorry',
      author: { type: 'admin', name: 'anna' },
    })
  })

  it('gives points a life of their own', () => {
    const customer = customerWith()
    run(customer, adjust(25))
    expect(viewOf(customer, noon).expiresNext).toEqual({ points: 25, at: toIso(death) })
  })
})
