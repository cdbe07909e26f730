import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pointsOfShare } from '../../shared/money.ts'
import { defaultProgramme } from '../../shared/programme.ts'
import { DAY, MINUTE } from '../../shared/time.ts'
import { keyOf } from './account.ts'
import {
  adjust,
  admin,
  apply,
  type Customer,
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
  release,
  remainingOf,
  run,
} from './testing/makers.ts'

const death = Date.parse('2026-01-21T00:00:00.000Z') // of what was earned at noon, 7 December

/** A customer who paid 1000 ₽ and earned 40 points. */
function withEarn(customer: Customer = customerWith()) {
  const purchase = earn(100_000)
  run(customer, purchase)
  return { customer, purchase }
}

/** A customer who spent 100 of 150 points on a purchase of 1000 ₽, paid 900 ₽ and earned 36. */
function withRedemption(customer: Customer = customerOf(150)) {
  const redemption = redeem(100, { purchaseKopecks: 100_000 })
  run(customer, redemption)
  const taken = apply(redemption)
  run(customer, taken)
  return { customer, redemption, taken }
}

describe('a refund of an earn', () => {
  it.each([
    // returned in kopecks, points taken back, points left
    [undefined, -40, 0],
    [100_000, -40, 0],
    [50_000, -20, 20],
    [1, 0, 40],
    [1250, 0, 40], // the money kept, 987.50 ₽, deserves 39.5, and half is rounded up
    [1251, -1, 39],
    [99_999, -40, 0],
  ])('of %s kopecks moves %i points and leaves %i', (refundKopecks, earned, available) => {
    const { customer, purchase } = withEarn()
    const request = refund(purchase, refundKopecks === undefined ? {} : { refundKopecks })
    expect(run(customer, request)).toMatchObject({ earned, spent: 0, customer: { available, debt: 0 } })
  })

  it('leaves what the kept money deserves, whatever the parts and their order', () => {
    const parts = fc.integer({ min: 1, max: 300_000 }).chain((total) =>
      fc
        .uniqueArray(fc.integer({ min: 1, max: Math.max(1, total - 1) }), { maxLength: 6 })
        .map((cuts) => [0, ...cuts.filter((cut) => cut < total).sort((a, b) => a - b), total])
        .map((edges) => edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0)))
        .chain((amounts) => fc.shuffledSubarray(amounts, { minLength: amounts.length }))
        .map((amounts) => ({ total, amounts })),
    )
    fc.assert(
      fc.property(parts, fc.nat(300_000), ({ total, amounts }, kept) => {
        const customer = customerWith()
        const purchase = earn(total + kept)
        run(customer, purchase)
        for (const refundKopecks of amounts) run(customer, refund(purchase, { refundKopecks }))
        const deserved = pointsOfShare(kept, defaultProgramme.cashback_basis_points)
        expect(customer).toMatchObject({ balance: deserved, debt: 0 })
      }),
    )
  })

  it('is counted once however often it is sent', () => {
    const { customer, purchase } = withEarn()
    const part = refund(purchase, { refundKopecks: 50_000 })
    run(customer, part)
    expect(run(customer, part)).toMatchObject({ replay: true, earned: -20 })
    expect(run(customer, refund(purchase, { refundKopecks: 50_001 }))).toMatchObject({
      code: 'over_refund',
      details: { paidKopecks: 100_000, refundedKopecks: 50_000, requestedKopecks: 50_001 },
    })
    expect(run(customer, refund(purchase))).toMatchObject({ earned: -20, customer: { available: 0 } })
    expect(customer.journal.at(-1)?.operation).toMatchObject({ refundKopecks: 50_000 })
  })

  it('takes points from their own lot first, then from the others in the order of spending', () => {
    const customer = customerWith({
      lots: [
        { points: 30, expiresAt: death + DAY },
        { points: 30, expiresAt: noon + DAY },
      ],
    })
    const { purchase } = withEarn(customer)
    run(customer, adjust(-60)) // all of the first to die and 30 of the 40 that were earned
    run(customer, refund(purchase))
    expect(movesOf(customer).map(({ dies, points }) => [dies, points])).toEqual([
      [dayOf(death), -10],
      [dayOf(death + DAY), -30],
    ])
  })

  it('of an earn that earned nothing moves nothing', () => {
    const customer = customerWith()
    const purchase = earn(100)
    run(customer, purchase)
    expect(run(customer, refund(purchase))).toMatchObject({ status: 'accepted', earned: 0, spent: 0 })
  })
})

describe('a refund of points already spent', () => {
  it('never fails: the shortfall becomes a debt, and the balance stays at zero', () => {
    const { customer, purchase } = withEarn()
    run(customer, adjust(-30))
    expect(run(customer, refund(purchase))).toMatchObject({
      earned: -40,
      customer: { available: 0, debt: 30 },
    })
    expect(run(customer, redeem(1))).toMatchObject({ code: 'in_debt' })
    expect(run(customer, earn(50_000))).toMatchObject({ customer: { available: 0, debt: 10 } })
    expect(run(customer, earn(60_000))).toMatchObject({ customer: { available: 14, debt: 0 } })
  })

  it('in parts makes the same debt as in one', () => {
    const { customer, purchase } = withEarn()
    run(customer, adjust(-30))
    for (const refundKopecks of [20_001, 39_999, 40_000]) run(customer, refund(purchase, { refundKopecks }))
    expect(customer).toMatchObject({ balance: 0, debt: 30 })
  })

  it('leaves held points alone: what is held for 1C is as good as spent', () => {
    const { customer, purchase } = withEarn()
    const redemption = redeem(40)
    run(customer, redemption)
    expect(run(customer, refund(purchase))).toMatchObject({ customer: { held: 40, debt: 40 } })
    expect(run(customer, release(redemption))).toMatchObject({ customer: { available: 0, held: 0, debt: 0 } })
  })
})

describe('of points that expired unspent', () => {
  const returned = death + DAY

  it('nothing is owed', () => {
    const { customer, purchase } = withEarn()
    run(customer, expire(death))
    expect(run(customer, refund(purchase, { at: returned }))).toMatchObject({
      earned: 0,
      customer: { available: 0, debt: 0 },
    })
  })

  it('nothing is owed even before the nightly job has run', () => {
    const { customer, purchase } = withEarn()
    expect(run(customer, refund(purchase, { at: returned }))).toMatchObject({
      earned: 0,
      customer: { debt: 0 },
    })
  })

  it('only the spent ones are owed', () => {
    const { customer, purchase } = withEarn()
    run(customer, adjust(-15))
    run(customer, expire(death))
    expect(run(customer, refund(purchase, { at: returned }))).toMatchObject({
      earned: -15,
      customer: { debt: 15 },
    })
  })

  it.each([[[25_000, 75_000]], [[75_000, 25_000]], [[33_333, 33_333, 33_334]]])(
    'the same is owed when the money returns in parts: %s',
    (amounts) => {
      const { customer, purchase } = withEarn()
      run(customer, adjust(-15))
      for (const refundKopecks of amounts) run(customer, refund(purchase, { at: returned, refundKopecks }))
      expect(customer.debt).toBe(15)
    },
  )
})

describe('a refund of an applied redemption', () => {
  it.each([
    // returned in kopecks of the 90,000 paid, cashback taken back, points given back
    [undefined, -36, 100],
    [45_000, -18, 50],
    [900, 0, 1],
    [899, 0, 0],
    [89_999, -36, 99],
  ])('of %s kopecks takes %i back and gives %i back', (refundKopecks, earned, givenBack) => {
    const { customer, redemption } = withRedemption()
    const request = refund(redemption, refundKopecks === undefined ? {} : { refundKopecks })
    expect(run(customer, request)).toMatchObject({
      earned,
      spent: 0 - givenBack,
      customer: { available: 50 + 36 + earned + givenBack, held: 0, debt: 0 },
    })
  })

  it('ends at the same points whatever the parts and their order', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(amounts, fc.boolean(), (wishes, byApply) => {
        const { customer, redemption, taken } = withRedemption()
        const accepted = wishes
          .map((refundKopecks, index) =>
            refund(byApply && index % 2 === 0 ? taken : redemption, { refundKopecks }),
          )
          .filter((request) => run(customer, request).status === 'accepted')
        const returned = accepted.reduce(
          (total, request) => total + ('refundKopecks' in request ? (request.refundKopecks ?? 0) : 0),
          0,
        )
        const { customer: atOnce, redemption: same } = withRedemption()
        if (returned > 0) run(atOnce, refund(same, { refundKopecks: returned }))
        expect(customer.balance).toBe(atOnce.balance)
        expect(run(customer, refund(redemption)).status).toBe(returned < 90_000 ? 'accepted' : 'refused')
        expect(customer.balance).toBe(150)
      }),
    )
  })

  it('by the id of the apply counts together with one by the id of the redeem', () => {
    const { customer, redemption, taken } = withRedemption()
    run(customer, refund(taken, { refundKopecks: 60_000 }))
    expect(run(customer, refund(redemption, { refundKopecks: 30_001 }))).toMatchObject({
      code: 'over_refund',
      details: { paidKopecks: 90_000, refundedKopecks: 60_000 },
    })
    expect(run(customer, refund(redemption))).toMatchObject({ status: 'accepted' })
    expect(run(customer, refund(taken))).toMatchObject({ code: 'over_refund' })
    expect(customer.balance).toBe(150)
  })

  it('gives the points back to the lots they came from, the last taken first', () => {
    const customer = customerWith({
      lots: [
        { points: 60, expiresAt: noon + 5 * DAY },
        { points: 60, expiresAt: noon + 6 * DAY },
      ],
    })
    const { redemption } = withRedemption(customer)
    run(customer, refund(redemption, { refundKopecks: 45_000 }))
    expect(remainingOf(customer)).toEqual([
      ['2025-12-12', 10],
      ['2025-12-13', 60],
      [dayOf(death), 18],
    ])
  })

  it('gives points back alive', () => {
    const { customer, redemption } = withRedemption()
    const at = death + 3 * DAY + MINUTE
    run(customer, refund(redemption, { at }))
    expect(remainingOf(customer)).toEqual([['2026-01-26', 100]])
    expect(customer.lots.get(keyOf(lotOf()))).toMatchObject({ remaining: 0, expired: 86, forgiven: 36 })
  })

  it('lets the points that come back pay for the cashback that was spent', () => {
    const { customer, redemption } = withRedemption()
    run(customer, adjust(-86))
    expect(run(customer, refund(redemption))).toMatchObject({ customer: { available: 64, debt: 0 } })
  })

  it('is possible where the points paid for everything, once', () => {
    const programme = { ...defaultProgramme, max_discount_basis_points: 10_000 }
    const customer = customerOf(100)
    const redemption = redeem(100, { purchaseKopecks: 10_000 })
    run(customer, redemption, noon, programme)
    run(customer, apply(redemption))
    expect(run(customer, refund(redemption))).toMatchObject({ spent: -100, customer: { available: 100 } })
    expect(run(customer, refund(redemption))).toMatchObject({ code: 'over_refund' })
  })
})

describe('a refund of a redemption that was proved late', () => {
  function provedLate() {
    const customer = customerOf(100)
    const redemption = redeem(100, { purchaseKopecks: 100_000 })
    run(customer, redemption)
    run(customer, release(redemption, { author: admin }))
    run(customer, redeem(70, { purchaseKopecks: 200_000 }))
    run(customer, apply(redemption))
    expect(customer).toMatchObject({ balance: 0, debt: 34 }) // 70 were missing, 36 were earned
    return { customer, redemption }
  }

  it.each([[[90_000]], [[45_000, 45_000]], [[1, 89_998, 1]]])(
    'gives the points back and cancels the debt: %s',
    (amounts) => {
      const { customer, redemption } = provedLate()
      for (const refundKopecks of amounts) run(customer, refund(redemption, { refundKopecks }))
      expect(customer).toMatchObject({ balance: 30, debt: 0 })
    },
  )

  it('gives points back alive when it arrives late', () => {
    const { customer, redemption } = provedLate()
    run(customer, adjust(34)) // the debt is paid
    const at = Date.parse('2025-12-08T00:00:01.000Z')
    expect(run(customer, refund(redemption, { at }), at + 45 * DAY)).toMatchObject({
      customer: { available: 64, debt: 0 },
    })
  })
})
