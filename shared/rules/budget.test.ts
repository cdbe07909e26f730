import { describe, expect, it } from 'vitest'
import { type Discount, noDiscount } from '../money.ts'
import type { Award } from './award.ts'
import { type Book, bookDocumentSchema, readBook } from './book.ts'
import { type Budget, drawnFrom, fitting, mondayOf, periodOf } from './budget.ts'
import { clawback } from './clawback.ts'
import { drawnBy, type Facts } from './facts.ts'
import { dayAfter } from './localTime.ts'
import { quote } from './quote.ts'
import { readWritten } from './written.ts'

const noon = Date.parse('2026-01-21T12:00:00.000Z')

const gift = (id: string, rest: object = {}) => ({
  ...{ id, title: id, award: { type: 'points', points: 100 }, budget: 'gifts', ...rest },
})
const share = (id: string, rest: object = {}) =>
  gift(id, { award: { type: 'percent', basis_points: 1000 }, ...rest })
const gifts = { id: 'gifts', title: 'Подарки', limit_points: 1000 }

const book = (rules: object[], document: object = {}): Book => ({
  ...bookDocumentSchema.parse({ rules, budgets: [gifts], ...document }),
  ...{ version: 1, validFrom: 0, timeZone: 'Europe/Moscow' },
})

/** What 1,000 ₽ earn by each rule (40 by the base), and why not more. */
function judged(book: Book, facts: Facts, discount: Discount = noDiscount, options = {}) {
  const purchase = { kopecks: 100_000, at: noon, storeId: 1 }
  const { awards, skipped } = quote(book, purchase, discount, facts, options)
  return {
    awards: awards.map(({ ruleId, points, cutBy }) => [ruleId ?? 'base', points, ...(cutBy ? [cutBy] : [])]),
    skipped: skipped.map(({ ruleId, why }) => [ruleId ?? 'base', why]),
  }
}
const spent = (points: number): Facts => ({ spent: { gifts: points } })
const BASE = ['base', 40]

describe('the period of a budget', () => {
  it.each<[Budget['period'], string, string]>([
    ['total', '2026-01-21', 'total'],
    ['month', '2026-01-21', '2026-01'],
    ['day', '2026-01-21', '2026-01-21'],
    ['week', '2026-01-21', '2026-W04'],
    ['week', '2026-01-18', '2026-W03'],
    ['week', '2026-01-19', '2026-W04'],
    // A week is of the year that most of its days are in.
    ['week', '2025-12-29', '2026-W01'],
    ['week', '2025-12-28', '2025-W52'],
    ['week', '2027-01-03', '2026-W53'],
    ['week', '2027-01-04', '2027-W01'],
    ['week', '2024-12-31', '2025-W01'],
  ])('of %s, on %s, is %s', (period, day, expected) => {
    expect(periodOf(period, day)).toBe(expected)
  })

  it('of a week begins on its Monday', () => {
    const mondays = Array.from({ length: 600 }, (_, week) => dayAfter('2024-01-01', week * 7))
    expect(mondays.map((day) => mondayOf(periodOf('week', day)))).toEqual(mondays)
  })

  it('begins at midnight of the programme, whatever its clock does', () => {
    const daily = [{ ...gifts, period: 'day' as const, per_store: true }]
    const inBerlin = { ...book([gift('a')], { budgets: daily }), timeZone: 'Europe/Berlin' }
    const periods = ['2026-03-28T22:59:59.999Z', '2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z'].map(
      (at) => drawnBy(inBerlin, { at: Date.parse(at), storeId: 7 }),
    )
    const of = (period: string) => [{ budgetId: 'gifts', period, storeId: 7 }]
    expect(periods).toEqual([of('2026-03-28'), of('2026-03-29'), of('2026-03-29')])
  })

  it('is asked only of budgets that rules draw on', () => {
    const other = { id: 'other', title: 'Другой', limit_points: 5 }
    const from = drawnBy(book([gift('a')], { budgets: [other, gifts] }), { at: noon, storeId: 7 })
    expect(from).toEqual([{ budgetId: 'gifts', period: 'total', storeId: null }])
    expect(drawnBy(book([], { budgets: [gifts] }), { at: noon, storeId: 7 })).toEqual([])
  })

  it('is of the store where each has its own', () => {
    const where = { day: '2026-01-21', storeId: 3 }
    expect(drawnFrom({ id: 'a', period: 'total', per_store: true }, where).storeId).toBe(3)
    expect(drawnFrom({ id: 'a', period: 'total', per_store: false }, where).storeId).toBeNull()
  })
})

it.each<[number, number, Budget['when_short'], number]>([
  [100, 100, 'partial', 100],
  [100, 99, 'partial', 99],
  [100, 0, 'partial', 0],
  [100, -5, 'partial', 0],
  [100, 100, 'none', 100],
  [100, 99, 'none', 0],
])('of %i points, with %i left and %s when short, %i fit', (points, left, when_short, expected) => {
  expect(fitting(points, left, { when_short })).toBe(expected)
})

describe('an award from a budget', () => {
  const partial = book([gift('a')])
  const none = book([gift('a')], { budgets: [{ ...gifts, when_short: 'none' }] })
  const two = book([gift('a', { priority: 1 }), gift('b')])
  const best = { group: 'g', how: 'best' }
  it.each<[string, Book, Facts, unknown[], unknown[]]>([
    ['is given', partial, spent(0), [BASE, ['a', 100]], []],
    ['is the last that fits', partial, spent(900), [BASE, ['a', 100]], []],
    ['is what is left', partial, spent(901), [BASE, ['a', 99, 'budget_short']], []],
    ['is nothing where nothing is left', partial, spent(1000), [BASE], [['a', 'budget_short']]],
    ['is nothing where too much was given', partial, spent(1500), [BASE], [['a', 'budget_short']]],
    ['is nothing where it does not fit as a whole', none, spent(901), [BASE], [['a', 'budget_short']]],
    ['is given as a whole', none, spent(900), [BASE, ['a', 100]], []],
    ['is not known where the budget is not', partial, {}, [BASE], [['a', 'not_known']]],
    ['leaves less for the next one', two, spent(850), [BASE, ['a', 100], ['b', 50, 'budget_short']], []],
    [
      'may leave nothing for the next one',
      two,
      spent(950),
      [BASE, ['a', 50, 'budget_short']],
      [['b', 'budget_short']],
    ],
    [
      'that is outdone leaves the budget to the others',
      book([
        gift('a', { stacking: best, priority: 1 }),
        gift('b', { stacking: best, budget: undefined, award: { type: 'points', points: 101 } }),
        gift('c'),
      ]),
      spent(900),
      [BASE, ['b', 101], ['c', 100]],
      [['a', 'not_best']],
    ],
    [
      'that gets nothing keeps nobody out of its group',
      book([
        gift('a', { stacking: best, priority: 1 }),
        gift('b', { stacking: best, budget: undefined, award: { type: 'points', points: 3 } }),
      ]),
      spent(1000),
      [BASE, ['b', 3]],
      [['a', 'budget_short']],
    ],
    [
      'that is cut is compared by what it gives',
      book([
        gift('a', { stacking: best, priority: 1 }),
        gift('b', { stacking: best, budget: undefined, award: { type: 'points', points: 30 } }),
      ]),
      spent(980),
      [BASE, ['b', 30]],
      [['a', 'not_best']],
    ],
  ])('%s', (_, judges, facts, awards, skipped) => {
    expect(judged(judges, facts)).toEqual({ awards, skipped })
  })

  it('is hoped for by who looks ahead, and is not sure', () => {
    const purchase = { kopecks: 100_000, at: noon, storeId: 1 }
    const { awards } = quote(partial, purchase, noDiscount, {}, { hopes: true })
    expect(awards.map(({ points, isSure }) => [points, isSure])).toEqual([
      ...[
        [40, undefined],
        [100, false],
      ],
    ])
  })

  it('of a share is a cap of it: a refund leaves what the kept money still deserves', () => {
    const purchase = { kopecks: 100_000, at: noon, storeId: 1 }
    const { awards } = quote(book([share('a')]), purchase, noDiscount, spent(970))
    const award = awards[1] as Award
    expect(award).toMatchObject({ points: 30, basisPoints: 1000, capPoints: 30, cutBy: 'budget_short' })
    const after = (refundedAfter: number) =>
      clawback([award], { paidKopecks: 100_000, refundedBefore: 0, refundedAfter })[0]?.points
    expect([50_000, 70_000, 90_000, 100_000].map(after)).toEqual([0, 0, 20, 30])
  })

  it('of a number of points stays or goes as a whole, however much of it was given', () => {
    const purchase = { kopecks: 100_000, at: noon, storeId: 1 }
    const large = { when: [{ type: 'min_purchase', kopecks: 90_000 }] }
    const { awards } = quote(book([gift('a', large)]), purchase, noDiscount, spent(970))
    const after = (refundedAfter: number) =>
      clawback(awards, { paidKopecks: 100_000, refundedBefore: 0, refundedAfter })[1]?.points
    expect([10_000, 10_001, 100_000].map(after)).toEqual([0, 30, 30])
  })
})

describe('the day of a customer', () => {
  const most = book([gift('a'), gift('b', { budget: undefined })], {
    limits: { points_per_customer_day: 150 },
  })
  const today = (points: number, purchases = 1): Facts => ({ today: { points, purchases }, ...spent(0) })
  it.each<[string, Facts, unknown[], unknown[]]>([
    ['has room for some', today(0), [BASE, ['a', 100], ['b', 10, 'day_limit']], []],
    ['has room for fewer', today(50), [BASE, ['a', 60, 'day_limit']], [['b', 'day_limit']]],
    [
      'has room for a part of the cashback',
      today(120),
      [['base', 30, 'day_limit']],
      [
        ['a', 'day_limit'],
        ['b', 'day_limit'],
      ],
    ],
    [
      'is full',
      today(150),
      [],
      [
        ['base', 'day_limit'],
        ['a', 'day_limit'],
        ['b', 'day_limit'],
      ],
    ],
    [
      'is not known',
      spent(0),
      [],
      [
        ['base', 'not_known'],
        ['a', 'not_known'],
        ['b', 'not_known'],
      ],
    ],
  ])('%s', (_, facts, awards, skipped) => {
    expect(judged(most, facts)).toEqual({ awards, skipped })
  })

  it('draws no more from a budget than the day lets be given', () => {
    expect(judged(most, { ...today(50), spent: { gifts: 950 } })).toEqual({
      awards: [BASE, ['a', 50, 'budget_short'], ['b', 10, 'day_limit']],
      skipped: [],
    })
  })

  it.each<[number, boolean, number]>([
    // purchases before, whether a person is told, points
    [0, false, 40],
    [1, false, 40],
    [2, true, 40],
    [3, true, 0],
  ])('after %i purchases: told %s, %i points', (purchases, isFlagged, points) => {
    const limits = { purchases_per_customer_day: { soft: 2, hard: 3 } }
    const purchase = { kopecks: 100_000, at: noon, storeId: 1 }
    const judgement = quote(book([], { budgets: [], limits }), purchase, noDiscount, today(0, purchases))
    expect(judgement.counted).toEqual({ day: '2026-01-21', isFlagged })
    expect(judgement.awards.map((award) => award.points)).toEqual(points > 0 ? [points] : [])
    expect(judgement.skipped).toEqual(points > 0 ? [] : [{ ruleId: null, why: 'too_many_purchases' }])
  })

  it('is no matter to a book without limits', () => {
    const purchase = { kopecks: 100_000, at: noon, storeId: 1 }
    expect(quote(book([], { budgets: [] }), purchase, noDiscount)).not.toHaveProperty('counted')
  })
})

describe('a book', () => {
  it.each<[string, object, string, string]>([
    [
      'of a rule with a budget that is not there',
      { rules: [gift('a')] },
      'rules[0].budget',
      'there is no budget gifts',
    ],
    ['with two budgets of one id', { budgets: [gifts, gifts] }, 'budgets', 'two budgets have the same id'],
    [
      'that stops before it tells',
      { limits: { purchases_per_customer_day: { soft: 3, hard: 2 } } },
      'limits.purchases_per_customer_day.soft',
      'it is above the hard one: nobody would be told before',
    ],
  ])('%s is none', (_, document, path, message) => {
    expect(readWritten(document)).toEqual({ document: null, problems: [{ path, message }] })
  })

  it('with a budget or limits of a newer version is known in part', () => {
    const of = { version: 9, validFrom: 1, timeZone: 'UTC' }
    const newer = readBook({ base: {}, rules: [gift('a')], budgets: [{ ...gifts, period: 'moon' }] }, of)
    // Nothing is known of the budget: what draws on it is hoped for.
    expect(newer.isPartial).toBeUndefined()
    const purchase = { kopecks: 100_000, at: noon, storeId: 1 }
    const hoped = quote(newer, purchase, noDiscount, spent(0), { hopes: true })
    expect(hoped.awards.map(({ isSure }) => isSure)).toEqual([undefined, false])
    expect(quote(newer, purchase, noDiscount, spent(0)).skipped).toEqual([{ ruleId: 'a', why: 'not_known' }])
    expect(readBook({ base: {}, limits: { points_per_moon: 3 } }, of).isPartial).toBe(true)
  })
})
