import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noDiscount } from '../money.ts'
import { DAY, toIso } from '../time.ts'
import { type Book, bookDocumentSchema } from './book.ts'
import { earnedPoints, lifeOf, type Quote, quote, spendable } from './quote.ts'

const noon = Date.parse('2025-12-07T12:00:00.000Z')

const book = (document: object = {}): Book => ({
  ...bookDocumentSchema.parse(document),
  version: 7,
  validFrom: 0,
})
const purchase = (kopecks: number, changes: object = {}) => ({ kopecks, at: noon, storeId: 1, ...changes })
const told = ({ awards }: Quote) => awards.map(({ ruleId, points }) => [ruleId, points])

const bigBasket = {
  id: 'big-basket',
  title: 'Большая покупка',
  when: [{ type: 'min_purchase', kopecks: 90_000 }],
  award: { type: 'points', points: 100 },
}
const inStoreTwo = {
  id: 'store-two',
  title: 'Второй магазин',
  when: [{ type: 'stores', ids: [2] }],
  award: { type: 'percent', basis_points: 150 },
}

describe('a purchase earns the cashback of the base', () => {
  it.each([
    // paid in kopecks, points
    [1249, 0],
    [1250, 1],
    [100_000, 40],
    [100_000_000, 40_000],
  ])('of %i kopecks: %i points', (kopecks, points) => {
    expect(earnedPoints(quote(book(), purchase(kopecks), noDiscount))).toBe(points)
  })

  it('on what is paid in money, less points and voucher', () => {
    const discount = { points: 200, voucherKopecks: 30_000 }
    expect(quote(book(), purchase(100_000), discount)).toMatchObject({
      version: 7,
      discount,
      paidKopecks: 50_000,
      awards: [{ ruleId: null, points: 20, basisPoints: 400 }],
    })
  })

  it('and an award of nothing is none', () => {
    expect(quote(book(), purchase(100), noDiscount).awards).toEqual([])
  })
})

describe('a rule adds to it', () => {
  it.each<[string, number, object, [string | null, number][], [string, string][]]>([
    // what, kopecks, discount, awards, skipped
    [
      'when it is met',
      100_000,
      noDiscount,
      [
        [null, 40],
        ['big-basket', 100],
      ],
      [['store-two', 'other_store']],
    ],
    [
      'to the kopeck',
      90_000,
      noDiscount,
      [
        [null, 36],
        ['big-basket', 100],
      ],
      [['store-two', 'other_store']],
    ],
    [
      'and says why it did not',
      89_999,
      noDiscount,
      [[null, 36]],
      [
        ['big-basket', 'below_min_purchase'],
        ['store-two', 'other_store'],
      ],
    ],
    [
      'judged by the money, not by the purchase',
      100_000,
      { points: 101, voucherKopecks: 0 },
      [[null, 36]],
      [
        ['big-basket', 'below_min_purchase'],
        ['store-two', 'other_store'],
      ],
    ],
    [
      'but nothing to a purchase that cost no money',
      10_000,
      { points: 100, voucherKopecks: 0 },
      [],
      [
        ['big-basket', 'nothing_paid'],
        ['store-two', 'nothing_paid'],
      ],
    ],
  ])('%s', (_what, kopecks, discount, awards, skipped) => {
    const judged = quote(book({ rules: [bigBasket, inStoreTwo] }), purchase(kopecks), {
      ...noDiscount,
      ...discount,
    })
    expect(told(judged)).toEqual(awards)
    expect(judged.skipped.map(({ ruleId, why }) => [ruleId, why])).toEqual(skipped)
  })

  it('where it happened, on its own terms', () => {
    const rules = [{ ...inStoreTwo, lifetime_days: 10, activation_days: 3, cap_points: 12 }]
    expect(quote(book({ rules }), purchase(100_000, { storeId: 2 }), noDiscount).awards[1]).toEqual({
      ruleId: 'store-two',
      points: 12,
      basisPoints: 150,
      minPaidKopecks: 0,
      capPoints: 12,
      activeFrom: Date.parse('2025-12-10T00:00:00.000Z'),
      expiresAt: Date.parse('2025-12-17T00:00:00.000Z'),
    })
  })
})

describe('points die at 00:00 UTC of the 45th day after the day they were earned', () => {
  it.each([
    // earned, dead
    ['2025-12-06T23:59:59.999Z', '2026-01-20T00:00:00.000Z'],
    ['2025-12-07T00:00:00.000Z', '2026-01-21T00:00:00.000Z'],
    ['2025-12-07T12:34:56.789Z', '2026-01-21T00:00:00.000Z'],
    ['2025-12-07T23:59:59.999Z', '2026-01-21T00:00:00.000Z'],
    ['2025-12-08T00:00:00.000Z', '2026-01-22T00:00:00.000Z'],
    ['2024-01-15T10:00:00.000Z', '2024-02-29T00:00:00.000Z'],
    ['2026-03-01T00:00:00.000Z', '2026-04-15T00:00:00.000Z'],
  ])('earned %s, dead %s', (earned, dead) => {
    const [award] = quote(book(), purchase(100_000, { at: Date.parse(earned) }), noDiscount).awards
    expect(toIso(award?.expiresAt ?? 0)).toBe(dead)
  })

  it('whatever the time of the day, and can be spent from its first moment', () => {
    const day = Date.parse('2025-12-07T00:00:00.000Z')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: DAY - 1 }), (time) => {
        const life = { activeFrom: day, expiresAt: Date.parse('2026-01-21T00:00:00.000Z') }
        expect(lifeOf(day + time, { activationDays: 0, lifetimeDays: 45 })).toEqual(life)
      }),
    )
  })

  it('or of another day, and are active later, when the book says so', () => {
    const base = { lifetime_days: 30, activation_days: 14 }
    const [award] = quote(book({ base }), purchase(100_000), noDiscount).awards
    expect(toIso(award?.activeFrom ?? 0)).toBe('2025-12-21T00:00:00.000Z')
    expect(toIso(award?.expiresAt ?? 0)).toBe('2026-01-06T00:00:00.000Z')
  })
})

describe('what can be spent', () => {
  it.each<[string, object, object, number, string | null]>([
    // what, wallet, base, points, why not more
    ['is bounded by the book', { available: 500 }, {}, 200, null],
    ['is bounded by the wallet', { available: 199 }, {}, 199, null],
    ['is nothing for who owes', { available: 500, debt: 1 }, {}, 0, 'in_debt'],
    ['is nothing for who has nothing', { available: 0 }, {}, 0, 'no_points'],
    [
      'is nothing where a point is too much',
      { available: 5 },
      { max_discount_basis_points: 9 },
      0,
      'purchase_too_small',
    ],
  ])('%s', (_what, wallet, base, maxPoints, why) => {
    expect(spendable(book({ base }), { kopecks: 100_000 }, { available: 0, debt: 0, ...wallet })).toEqual({
      maxPoints,
      why,
    })
  })
})
