import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { discountLimitPoints, noDiscount, paidKopecks, pointsOfShare } from './money.ts'

describe('a share of a payment is rounded half up to whole points', () => {
  it.each([
    // paid in kopecks, basis points, points
    [0, 400, 0],
    [1, 400, 0],
    [12, 400, 0],
    [1249, 400, 0],
    [1250, 400, 1],
    [1251, 400, 1],
    [3749, 400, 1],
    [3750, 400, 2],
    [99_999_999, 400, 40_000],
    [100_000_000, 400, 40_000],
    [100_000_000, 10_000, 1_000_000],
    [100_000_000, 0, 0],
    [49, 10_000, 0],
    [50, 10_000, 1],
    [499_999, 1, 0],
    [500_000, 1, 1],
  ])('%i kopecks at %i basis points earn %i', (paid, basisPoints, points) => {
    expect(pointsOfShare(paid, basisPoints)).toBe(points)
  })
})

describe('the largest discount is rounded down to whole points', () => {
  it.each([
    // purchase in kopecks, basis points, points
    [1, 2000, 0],
    [12, 2000, 0],
    [499, 2000, 0],
    [500, 2000, 1],
    [999, 2000, 1],
    [1249, 2000, 2],
    [1250, 2000, 2],
    [100_000_000, 2000, 200_000],
    [100_000_000, 10_000, 1_000_000],
    [99, 10_000, 0],
    [100_000_000, 0, 0],
  ])('%i kopecks at %i basis points allow %i', (purchase, basisPoints, points) => {
    expect(discountLimitPoints(purchase, basisPoints)).toBe(points)
  })
})

describe('money and points', () => {
  const kopecks = fc.integer({ min: 0, max: 1_000_000_000 })
  const basisPoints = fc.integer({ min: 0, max: 10_000 })

  it('are exact to the last kopeck over the whole range of the settings', () => {
    fc.assert(
      fc.property(kopecks, basisPoints, (amount, rate) => {
        const product = BigInt(amount) * BigInt(rate)
        expect(BigInt(pointsOfShare(amount, rate))).toBe((product + 500_000n) / 1_000_000n)
        expect(BigInt(discountLimitPoints(amount, rate))).toBe(product / 1_000_000n)
      }),
    )
  })

  it('never leave a negative amount to pay', () => {
    fc.assert(
      fc.property(kopecks, basisPoints, (amount, rate) => {
        expect(
          paidKopecks(amount, { ...noDiscount, points: discountLimitPoints(amount, rate) }),
        ).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it.each([
    [100_000, 0, 0, 100_000],
    [100_000, 200, 0, 80_000],
    [1249, 2, 0, 1049],
    [1249, 2, 49, 1000],
  ])(
    'of %i kopecks less %i points and a voucher of %i kopecks %i are paid',
    (purchase, points, voucherKopecks, paid) => {
      expect(paidKopecks(purchase, { points, voucherKopecks })).toBe(paid)
    },
  )
})
