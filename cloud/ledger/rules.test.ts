import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Book, bookDocumentSchema } from '../../shared/rules/book.ts'
import { DAY } from '../../shared/time.ts'
import {
  admin,
  apply,
  type Customer,
  customerOf,
  customerWith,
  earn,
  noon,
  redeem,
  refund,
  release,
  run,
} from './testing/makers.ts'

const rule = (id: string, rest: object) => ({
  id,
  title: id,
  award: { type: 'points', points: 100 },
  ...rest,
})
const bookOf = (...rules: object[]): Book => ({
  ...bookDocumentSchema.parse({ base: { max_discount_basis_points: 10_000 }, rules }),
  ...{ version: 2, validFrom: 0, timeZone: 'Europe/Moscow' },
})

/** What it earns or gives back by this book, and why the rules of the book gave nothing. */
function ask(customer: Customer, request: Parameters<typeof run>[1], book: Book, now = request.at) {
  const outcome = run(customer, request, now, undefined, book)
  if (outcome.status !== 'accepted') throw new Error(outcome.code)
  const { quote } = customer.operations.get(request.id) ?? {}
  return { earned: outcome.earned, skipped: quote?.skipped.map(({ why }) => why) ?? [] }
}

const met = (earned: number) => ({ earned, skipped: [] })
const usesOf = ({ uses }: Customer) => Object.fromEntries(uses)

describe('a rule that a customer can have so many times', () => {
  const twice = bookOf(rule('gift', { uses: { total: 2 } }))
  const usedUp = { earned: 40, skipped: ['used_up'] }

  it('gives nothing more once it was had', () => {
    const customer = customerWith()
    expect([1, 2, 3].map((day) => ask(customer, earn(100_000, { at: noon + day * DAY }), twice))).toEqual([
      ...[met(140), met(140), usedUp],
    ])
    expect(usesOf(customer)).toEqual({ 'total gift': 2 })
  })

  it('is counted by the local day of the sale', () => {
    const daily = bookOf(rule('gift', { uses: { per_day: 1 } }))
    const customer = customerWith()
    const at = (text: string) => earn(100_000, { at: Date.parse(text) })
    const days = ['2025-12-07T20:59:00.000Z', '2025-12-07T21:01:00.000Z', '2025-12-08T20:00:00.000Z']
    expect(days.map((text) => ask(customer, at(text), daily).earned)).toEqual([140, 140, 40])
    // A queue brings one of the first day late: that day has had its gift.
    const now = noon + 2 * DAY
    expect(ask(customer, at('2025-12-07T10:00:00.000Z'), daily, now)).toEqual(usedUp)
    expect(usesOf(customer)).toEqual({ '2025-12-07 gift': 1, '2025-12-08 gift': 1 })
  })

  it('comes back with the purchase that drew it, into the period that it was drawn from', () => {
    const once = bookOf(rule('gift', { uses: { total: 1, per_day: 1 } }))
    const customer = customerWith()
    const purchase = earn(100_000)
    ask(customer, purchase, once)
    expect(ask(customer, refund(purchase, { refundKopecks: 99_999 }), once).earned).toBe(-40)
    expect(usesOf(customer)).toEqual({ 'total gift': 1, '2025-12-07 gift': 1 })
    ask(customer, refund(purchase, { at: noon + DAY }), once)
    expect(usesOf(customer)).toEqual({ 'total gift': 0, '2025-12-07 gift': 0 })
    expect(ask(customer, earn(100_000, { at: noon + DAY }), once)).toEqual(met(140))
  })

  it('comes back as soon as the kept money does not meet its rule', () => {
    const large = bookOf(
      rule('gift', { when: [{ type: 'min_purchase', kopecks: 90_000 }], uses: { total: 1 } }),
    )
    const customer = customerWith()
    const purchase = earn(100_000)
    ask(customer, purchase, large)
    ask(customer, refund(purchase, { refundKopecks: 10_001 }), large)
    expect(usesOf(customer)).toEqual({ 'total gift': 0 })
    ask(customer, refund(purchase), large)
    expect(usesOf(customer)).toEqual({ 'total gift': 0 })
  })

  it('is reserved by a hold, and comes free with it', () => {
    const once = bookOf(rule('gift', { uses: { total: 1 } }))
    const customer = customerOf(1000)
    const hold = redeem(100, { purchaseKopecks: 100_000 })
    ask(customer, hold, once)
    expect(ask(customer, earn(100_000), once)).toEqual(usedUp)
    ask(customer, release(hold), once)
    expect(ask(customer, earn(100_000, { at: noon + 60_000 }), once)).toEqual(met(140))
  })

  it('is drawn again by a discount that 1C proves to have taken, for it was promised', () => {
    const once = bookOf(rule('gift', { uses: { total: 1 } }))
    const customer = customerOf(1000)
    const hold = redeem(100, { purchaseKopecks: 100_000 })
    ask(customer, hold, once)
    ask(customer, release(hold, { author: admin }), once)
    ask(customer, earn(100_000), once)
    expect(ask(customer, apply(hold), once).earned).toBe(136)
    expect(usesOf(customer)).toEqual({ 'total gift': 2 })
  })

  it('is not drawn by an award that is outdone', () => {
    const best = { stacking: { group: 'g', how: 'best' } }
    const book = bookOf(rule('gift', { ...best, uses: { total: 1 } }), {
      ...rule('more', best),
      award: { type: 'points', points: 101 },
    })
    const customer = customerWith()
    expect(ask(customer, earn(100_000), book)).toEqual({ earned: 141, skipped: ['not_best'] })
    expect(usesOf(customer)).toEqual({})
  })
})

describe('the number of a purchase', () => {
  const second = bookOf(rule('second', { when: [{ type: 'purchase_number', is: 2 }] }))
  const another = { earned: 40, skipped: ['other_purchase'] }

  it('counts those of before', () => {
    const customer = customerWith()
    expect([0, 1, 2].map((day) => ask(customer, earn(100_000, { at: noon + day * DAY }), second))).toEqual([
      ...[another, met(140), another],
    ])
  })

  it('does not count a purchase that was wholly returned, and does one that was returned in part', () => {
    const customer = customerWith()
    const [first, next] = [earn(100_000), earn(200_000)]
    ask(customer, first, second)
    ask(customer, refund(first, { refundKopecks: 99_999 }), second)
    expect(ask(customer, next, second).earned).toBe(180)
    ask(customer, refund(first), second)
    expect(customer.purchases).toBe(1)
    expect(ask(customer, earn(300_000), second).earned).toBe(220)
  })

  it('counts a redemption from its hold on, and not one that was given up', () => {
    const customer = customerOf(1000)
    const hold = redeem(100, { purchaseKopecks: 100_000 })
    ask(customer, hold, second)
    expect(customer.purchases).toBe(1)
    ask(customer, release(hold), second)
    expect(customer.purchases).toBe(0)
    const taken = redeem(100, { purchaseKopecks: 100_000, at: noon + 60_000 })
    ask(customer, taken, second)
    ask(customer, apply(taken, { at: noon + 60_000 }), second)
    expect(customer.purchases).toBe(1)
    ask(customer, refund(taken, { at: noon + 60_000 }), second)
    expect(customer.purchases).toBe(0)
  })

  it('counts one that cost no money until it was returned', () => {
    const customer = customerOf(1000)
    const free = redeem(1000, { purchaseKopecks: 100_000 })
    ask(customer, free, second)
    ask(customer, apply(free), second)
    expect(customer.purchases).toBe(1)
    ask(customer, refund(free), second)
    expect(customer.purchases).toBe(0)
  })
})

describe('the first purchase of a day', () => {
  const first = bookOf(rule('first', { when: [{ type: 'first_of_day' }] }))
  it('is the first again when the one before was wholly returned', () => {
    const customer = customerWith()
    const purchase = earn(100_000)
    expect(ask(customer, purchase, first)).toEqual(met(140))
    expect(ask(customer, earn(200_000), first)).toEqual({ earned: 80, skipped: ['not_first_of_day'] })
    const [returned] = [...customer.operations.values()].slice(-1)
    ask(customer, refund(returned ?? purchase), first)
    ask(customer, refund(purchase), first)
    expect(ask(customer, earn(300_000), first)).toEqual(met(220))
  })
})

describe('a purchase of every kind of award', () => {
  const all = bookOf(
    rule('gift', { uses: { total: 1 } }),
    rule('large', { when: [{ type: 'min_purchase', kopecks: 60_000 }], uses: { per_day: 1 } }),
    rule('share', { award: { type: 'percent', basis_points: 250 }, cap_points: 20, lifetime_days: 9 }),
    rule('again', { award: { type: 'multiply', times_basis_points: 5500 }, activation_days: 5 }),
  )
  // 40 and 100 and 100 and 20 of 25 and 22.
  const EARNED = 282

  it('loses each by its own terms, in whatever parts it comes back, and all of it in the end', () => {
    const parts = fc
      .uniqueArray(fc.integer({ min: 1, max: 99_999 }), { maxLength: 5 })
      .map((cuts) => [0, ...cuts.sort((a, b) => a - b), 100_000])
      .map((edges) => edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0)))
      .chain((amounts) => fc.shuffledSubarray(amounts, { minLength: amounts.length }))
    fc.assert(
      fc.property(parts, (amounts) => {
        const customer = customerWith()
        const purchase = earn(100_000)
        expect(ask(customer, purchase, all).earned).toBe(EARNED)
        let kept = 100_000
        for (const refundKopecks of amounts) {
          ask(customer, refund(purchase, { refundKopecks }), all)
          kept -= refundKopecks
          const share = (basisPoints: number) => Math.round((kept * basisPoints) / 1_000_000)
          const left =
            kept === 0
              ? 0
              : share(400) + 100 + (kept >= 60_000 ? 100 : 0) + Math.min(20, share(250)) + share(220)
          expect(customer.balance).toBe(left)
        }
        expect([customer.balance, customer.debt, customer.purchases]).toEqual([0, 0, 0])
        expect(Object.values(usesOf(customer))).toEqual([0, 0])
      }),
      { numRuns: 200 },
    )
  })
})
