import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clawback } from './clawback.ts'
import type { Award } from './quote.ts'

const award = (changes: Partial<Award>): Award => ({
  ruleId: null,
  points: 40,
  basisPoints: 400,
  minPaidKopecks: 0,
  capPoints: null,
  activeFrom: 0,
  expiresAt: 1,
  ...changes,
})
const base = award({})
const fixed = (minPaidKopecks: number) =>
  award({ ruleId: 'fixed', points: 100, basisPoints: null, minPaidKopecks })

/** What each refund in turn takes of each award of a purchase of 1,000 ₽. */
function taken(awards: Award[], ...refunds: number[]) {
  let refundedBefore = 0
  return refunds.map((kopecks) => {
    const refund = { paidKopecks: 100_000, refundedBefore, refundedAfter: refundedBefore + kopecks }
    refundedBefore += kopecks
    return clawback(awards, refund).map(({ points }) => points)
  })
}

const multiplied = award({ ruleId: 'again', points: 22, timesBasisPoints: 5500 })
const ofItems = award({ ruleId: 'coffee', points: 30, basisPoints: 1000, ofKopecks: 30_000 })

describe('a refund takes back', () => {
  it.each<[string, Award[], number[], number[][]]>([
    // what, awards, refunds in kopecks, what each takes of each award
    ['a share by the share of the money', [base], [10_000], [[4]]],
    ['all of it with all of the money', [base], [100_000], [[40]]],
    ['nothing of a fixed award that the rest still deserves', [base, fixed(90_000)], [10_000], [[4, 0]]],
    ['the whole of one that it does not', [base, fixed(90_001)], [10_000], [[4, 100]]],
    [
      'a fixed award once',
      [base, fixed(90_001)],
      [10_000, 40_000, 50_000],
      [
        [4, 100],
        [16, 0],
        [20, 0],
      ],
    ],
    ['a fixed award without a minimum with the last kopeck', [fixed(0)], [99_999, 1], [[0], [100]]],
    [
      'a capped share only below its cap',
      [award({ points: 30, capPoints: 30 })],
      [20_000, 10_000],
      [[0], [2]],
    ],
    ['a multiple of the base by its own share', [multiplied], [10_000, 90_000], [[2], [20]]],
    ['a share of items by the share of the money', [ofItems], [10_000, 90_000], [[3], [27]]],
    [
      'two awards, half and the rest',
      [base, fixed(60_000)],
      [50_000, 50_000],
      [
        [20, 100],
        [20, 0],
      ],
    ],
  ])('%s', (_what, awards, refunds, points) => {
    expect(taken(awards, ...refunds)).toEqual(points)
  })

  it('the same in all, in whatever parts and order, and everything in the end', () => {
    const awards = [
      base,
      fixed(90_001),
      fixed(33_333),
      award({ points: 25, capPoints: 25 }),
      multiplied,
      ofItems,
    ]
    const parts = fc
      .uniqueArray(fc.integer({ min: 1, max: 99_999 }), { maxLength: 6 })
      .map((cuts) => [0, ...cuts.sort((a, b) => a - b), 100_000])
      .map((edges) => edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0)))
      .chain((amounts) => fc.shuffledSubarray(amounts, { minLength: amounts.length }))
    fc.assert(
      fc.property(parts, (amounts) => {
        const sums = taken(awards, ...amounts).reduce((total, each) =>
          total.map((points, i) => points + (each[i] ?? 0)),
        )
        expect(sums).toEqual(awards.map(({ points }) => points))
      }),
    )
  })
})

it('says once of each award that nothing is left of it', () => {
  const awards = [base, fixed(90_001)]
  const gone = (refundedBefore: number, refundedAfter: number) =>
    clawback(awards, { paidKopecks: 100_000, refundedBefore, refundedAfter }).map(({ isGone }) => isGone)
  expect(gone(0, 5_000)).toEqual([false, false])
  expect(gone(5_000, 10_000)).toEqual([false, true])
  expect(gone(10_000, 100_000)).toEqual([true, false])
})
