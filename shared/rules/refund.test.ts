import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isNothingLeft, type Refunded, refundPoints, restOf, type Sold } from './refund.ts'

const none: Refunded = { refunds: 0, kopecks: 0 }
const base = { points: 40, basisPoints: 400, minPaidKopecks: 0, capPoints: null }
const sold = (changes: Partial<Sold> = {}): Sold => ({
  ...{ paidKopecks: 100_000, spent: 200, awards: [base] },
  ...changes,
})
const moved = (of: Sold, before: Refunded, kopecks: number) => {
  const { clawbacks, givebackPoints } = refundPoints(of, before, kopecks)
  return [clawbacks.reduce((total, { points }) => total + points, 0), givebackPoints]
}

it.each<[string, Sold, Refunded, number, number[]]>([
  // what, of, before, kopecks, points taken and given back
  ['the whole', sold(), none, 100_000, [40, 200]],
  ['a half', sold(), none, 50_000, [20, 100]],
  ['the other half', sold(), { refunds: 1, kopecks: 50_000 }, 50_000, [20, 100]],
  ['a third, whose points are rounded down', sold({ spent: 100 }), none, 33_333, [13, 33]],
  ['what cost no money at all', sold({ paidKopecks: 0, awards: [] }), none, 0, [0, 200]],
  ['nothing that was spent', sold({ spent: 0 }), none, 100_000, [40, 0]],
])('%s comes back', (_what, of, before, kopecks, expected) => {
  expect(moved(of, before, kopecks)).toEqual(expected)
})

it('knows when nothing is left', () => {
  expect(isNothingLeft(sold(), { refunds: 2, kopecks: 100_000 })).toBe(true)
  expect(isNothingLeft(sold(), { refunds: 2, kopecks: 99_999 })).toBe(false)
  expect(isNothingLeft(sold({ paidKopecks: 0 }), none)).toBe(false)
  expect(isNothingLeft(sold({ paidKopecks: 0 }), { refunds: 1, kopecks: 0 })).toBe(true)
})

it('parts, in any order and however many, are the whole', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.integer({ min: 0, max: 5000 }),
      fc.array(fc.integer({ min: 1, max: 300_000 }), { maxLength: 5 }),
      (paidKopecks, spent, wanted) => {
        const awards = [{ ...base, points: Math.floor((paidKopecks * 4 + 5000) / 10_000) }]
        const of = { paidKopecks, spent, awards }
        const before = { ...none }
        const total = [0, 0]
        const giveBack = (kopecks: number) => {
          const [taken = 0, givenBack = 0] = moved(of, before, kopecks)
          total[0] = (total[0] ?? 0) + taken
          total[1] = (total[1] ?? 0) + givenBack
          before.refunds += 1
          before.kopecks += kopecks
        }
        for (const kopecks of wanted) if (kopecks < restOf(of, before)) giveBack(kopecks)
        giveBack(restOf(of, before))
        expect(total).toEqual([awards[0]?.points, spent])
      },
    ),
  )
})
