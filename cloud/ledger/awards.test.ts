import { describe, expect, it } from 'vitest'
import { type Book, bookDocumentSchema } from '../../shared/rules/book.ts'
import { DAY } from '../../shared/time.ts'
import { viewOf } from './account.ts'
import {
  adjust,
  apply,
  type Customer,
  customerWith,
  dayOf,
  earn,
  expire,
  movesOf,
  noon,
  redeem,
  refund,
  remainingOf,
  run,
} from './testing/makers.ts'

const death = Date.parse('2026-01-21T00:00:00.000Z') // of what was earned at noon, 7 December

const bookOf = (document: object): Book => ({
  ...bookDocumentSchema.parse(document),
  ...{ version: 2, validFrom: 0, timeZone: 'Europe/Moscow' },
})
const gift = (minKopecks: number, terms: object = {}) => ({
  id: 'gift',
  title: 'Подарок',
  when: [{ type: 'min_purchase', kopecks: minKopecks }],
  award: { type: 'points', points: 100 },
  ...terms,
})
const withGift = (minKopecks: number, terms: object = {}) => bookOf({ rules: [gift(minKopecks, terms)] })

/** A purchase of 1,000 ₽: 40 points of the base and, where the book says so, 100 of a gift. */
function bought(book: Book, customer: Customer = customerWith()) {
  const purchase = earn(100_000)
  run(customer, purchase, noon, undefined, book)
  return { customer, purchase }
}

describe('two awards of one purchase', () => {
  it('are two entries, each with its rule, and one lot where they live as long', () => {
    const { customer } = bought(withGift(90_000))
    expect(customer.journal.at(-1)?.entries).toMatchObject([
      { kind: 'earn', points: 40, ruleId: null },
      { kind: 'earn', points: 100, ruleId: 'gift' },
    ])
    expect(remainingOf(customer)).toEqual([[dayOf(death), 140]])
  })

  it('are two lots where they do not, each with its own activation and death', () => {
    const { customer } = bought(withGift(90_000, { lifetime_days: 10, activation_days: 3 }))
    expect(remainingOf(customer)).toEqual([
      ['2025-12-17', 100],
      ['2026-01-21', 40],
    ])
    expect(viewOf(customer, noon)).toMatchObject({
      available: 40,
      waiting: { points: 100, from: '2025-12-10T00:00:00.000Z' },
      expiresNext: { points: 40, at: '2026-01-21T00:00:00.000Z' },
    })
    expect(viewOf(customer, noon + 3 * DAY)).toMatchObject({
      available: 140,
      expiresNext: { points: 100, at: '2025-12-17T00:00:00.000Z' },
    })
    expect(viewOf(customer, noon + 10 * DAY)).toMatchObject({ available: 40 })
  })

  it.each([
    // the least purchase of the gift, what comes back in kopecks, points taken
    [90_000, 10_000, 4],
    [90_001, 10_000, 104],
    [90_000, 10_001, 104],
    [0, 99_999, 40],
    [0, 100_000, 140],
  ])(
    'with a gift from %i kopecks on lose, when %i come back, %i points',
    (minKopecks, refundKopecks, taken) => {
      const { customer, purchase } = bought(withGift(minKopecks))
      expect(run(customer, refund(purchase, { refundKopecks }))).toMatchObject({
        earned: 0 - taken,
        customer: { available: 140 - taken, debt: 0 },
      })
    },
  )

  it.each([[[10_000, 50_000, 40_000]], [[50_000, 10_000, 40_000]], [[40_000, 50_000, 10_000]]])(
    'leave nothing when everything is returned: %s',
    (amounts) => {
      const { customer, purchase } = bought(withGift(70_000))
      for (const refundKopecks of amounts) run(customer, refund(purchase, { refundKopecks }))
      expect(customer).toMatchObject({ balance: 0, debt: 0 })
    },
  )

  it('are taken back by their own terms, whatever book is valid by then', () => {
    const { customer, purchase } = bought(withGift(90_000))
    const generous = bookOf({ base: { cashback_basis_points: 10_000 } })
    run(customer, refund(purchase, { refundKopecks: 50_000 }), noon, undefined, generous)
    expect(customer.balance).toBe(20)
  })
})

describe('points that cannot be spent yet', () => {
  const slow = bookOf({ base: { activation_days: 5 } })

  it('are not there for a redemption or a subtraction', () => {
    const { customer } = bought(slow)
    expect(run(customer, redeem(1))).toMatchObject({ code: 'insufficient_points', details: { available: 0 } })
    expect(run(customer, adjust(-1))).toMatchObject({ code: 'insufficient_points' })
    expect(run(customer, redeem(40, { at: noon + 5 * DAY }))).toMatchObject({ status: 'accepted' })
  })

  it('are taken back first', () => {
    const { customer } = bought(bookOf({}))
    const purchase = earn(50_000)
    run(customer, purchase, noon, undefined, slow)
    run(customer, earn(75_000), noon, undefined, slow)
    const spent = earn(25_000)
    run(customer, spent, noon, undefined, bookOf({ base: { lifetime_days: 3 } }))
    run(customer, adjust(-10))
    run(customer, refund(spent))
    // The 10 of that purchase were spent: what waits pays for them, not what could be spent today.
    expect(viewOf(customer, noon)).toMatchObject({ available: 40, waiting: { points: 40 } })
  })

  it('pay a debt all the same', () => {
    const { customer } = bought(slow, customerWith({ debt: 15 }))
    expect(viewOf(customer, noon)).toMatchObject({ available: 0, debt: 0, waiting: { points: 25 } })
  })
})

describe('what a lot let expire', () => {
  it('is forgiven once, however many purchases of its day come back', () => {
    const [first, second] = [earn(100_000), earn(100_000, { confirmDuplicate: true })]
    const customer = customerWith()
    run(customer, first)
    run(customer, second)
    run(customer, adjust(-30)) // of the 80, 50 expire
    run(customer, expire(death))
    const at = death + DAY
    expect(run(customer, refund(first, { at }))).toMatchObject({ earned: 0, customer: { debt: 0 } })
    expect(run(customer, refund(second, { at }))).toMatchObject({ earned: -30, customer: { debt: 30 } })
  })

  it('is forgiven to the same purchase once, in however many parts it comes back', () => {
    const { customer, purchase } = bought(bookOf({}))
    run(customer, earn(50_000))
    run(customer, adjust(-50)) // of the 60, 10 expire
    run(customer, expire(death))
    const at = death + DAY
    for (const refundKopecks of [25_000, 25_000, 50_000])
      run(customer, refund(purchase, { at, refundKopecks }))
    expect(customer.debt).toBe(30)
  })
})

describe('a redemption', () => {
  it('earns by the book of its own time, and its refund takes that back', () => {
    const customer = customerWith({ lots: [{ points: 100 }] })
    const redemption = redeem(100, { purchaseKopecks: 100_000 })
    run(customer, redemption, noon, undefined, withGift(90_000))
    expect(run(customer, apply(redemption, { at: noon + DAY }))).toMatchObject({ earned: 136, spent: 100 })
    expect(run(customer, refund(redemption, { refundKopecks: 1, at: noon + DAY }))).toMatchObject({
      earned: -100,
      spent: 0,
    })
    expect(movesOf(customer)).toEqual([{ kind: 'clawback', dies: dayOf(death), points: -100, debt: 0 }])
  })
})
