import { describe, expect, it } from 'vitest'
import type { CustomerCounts } from '../../../shared/api.ts'
import { bookDocumentSchema, readBook } from '../../../shared/rules/book.ts'
import { MINUTE, toIso } from '../../../shared/time.ts'
import { offerOf } from './offer.ts'
import { anna, saleOf, world } from './testing.ts'

const { now } = world
const rule = (id: string, points: number, rest: object = {}) => ({
  ...{ id, title: `«${id}»`, award: { type: 'points', points }, ...rest },
})
const happy = rule('happy', 25)
const first = rule('first', 100, { when: [{ type: 'purchase_number', is: 1 }] })
const once = rule('once', 7, { uses: { per_day: 1 } })
const today = rule('today', 10, { when: [{ type: 'first_of_day' }] })
const gold = rule('gold', 500, { when: [{ type: 'status', names: ['gold'] }] })

const worldOf = (rules: object[]) => ({
  ...world,
  book: { ...bookDocumentSchema.parse({ rules }), version: 2, validFrom: 0, timeZone: 'Europe/Moscow' },
})
const counts = (change: Partial<CustomerCounts> = {}): CustomerCounts => ({
  ...{ registeredAt: toIso(0), purchases: 0, lastPurchaseAt: null, uses: [], ...change },
})
const earnOf = (rules: object[], known: Partial<typeof anna> = {}) =>
  offerOf({ sale: saleOf(100_000), customer: { ...anna, asOf: now, ...known }, chosen: null }, worldOf(rules))
    .earn

describe('what a purchase brings', () => {
  it('is said with the rules that give it', () => {
    expect(earnOf([happy])).toEqual({
      ...{ paidKopecks: 100_000, earned: 65, atOnce: 65, isSure: true, more: null },
      parts: [
        { title: null, points: 40 },
        { title: '«happy»', points: 25 },
      ],
    })
  })

  it.each([5_000, 100_000_001])(
    'is nothing where the programme takes no purchase of %i kopecks',
    (purchaseKopecks) => {
      const { book } = worldOf([happy])
      const within = { ...world, book: { ...book, base: { ...book.base, min_purchase_kopecks: 5_001 } } }
      const { earn, redeem } = offerOf(
        { sale: saleOf(purchaseKopecks), customer: anna, chosen: null },
        within,
      )
      expect(earn).toEqual({
        ...{ paidKopecks: purchaseKopecks, earned: 0, atOnce: 0, isSure: true, parts: [], more: null },
      })
      expect(redeem).toEqual({ isPossible: false, reason: 'amount_out_of_range' })
    },
  )

  it('is said in one glance, however many rules there are', () => {
    const rules = [1, 2, 3, 4, 5].map((points) => rule(`rule-${points}`, points))
    expect(earnOf(rules)).toMatchObject({
      ...{ earned: 55, more: { rules: 3, points: 12 } },
      parts: [{ points: 40 }, { points: 1 }, { points: 2 }],
    })
    expect(earnOf(rules.slice(0, 3))).toMatchObject({ more: null, parts: { length: 4 } })
  })

  it.each<[string, object[], Partial<typeof anna>, number, boolean]>([
    // what, rules, what is known of the customer, points, sure
    ['as counted', [first], { counts: counts() }, 140, true],
    ['as counted, when it is not met', [first], { counts: counts({ purchases: 3 }) }, 40, true],
    ['so much at most, when nothing is counted', [first], {}, 140, false],
    [
      'so much at most, when it was counted too long ago',
      [first],
      { counts: counts(), asOf: now - MINUTE - 1 },
      140,
      false,
    ],
    [
      'by the day of the last purchase',
      [today],
      { counts: counts({ lastPurchaseAt: toIso(now - MINUTE) }) },
      40,
      true,
    ],
    [
      'by the uses of this day',
      [once],
      { counts: counts({ uses: [{ ruleId: 'once', period: '2025-12-07', uses: 1 }] }) },
      40,
      true,
    ],
    [
      'by the uses of this day, not of another',
      [once],
      { counts: counts({ uses: [{ ruleId: 'once', period: '2025-12-06', uses: 1 }] }) },
      47,
      true,
    ],
    ['so much at most, where a status is asked for', [gold], { counts: counts() }, 540, false],
  ])('%s', (_what, rules, known, earned, isSure) => {
    expect(earnOf(rules, known)).toMatchObject({ earned, isSure })
  })

  it('is no less than what is certain, where a rule that is hoped for would keep a better one out', () => {
    const group = { stacking: { group: 'g', how: 'exclusive' } }
    const rules = [rule('a', 5, { ...group, when: [{ type: 'first_of_day' }] }), rule('b', 50, group)]
    expect(earnOf(rules)).toMatchObject({ earned: 90, isSure: false })
  })

  it('is not sure by a book that has rules of a newer version', () => {
    const book = readBook(
      { base: {}, rules: [happy, { ...happy, id: 'moon', when: [{ type: 'moon' }] }] },
      { version: 2, validFrom: 0, timeZone: 'UTC' },
    )
    const { earn } = offerOf({ sale: saleOf(100_000), customer: anna, chosen: null }, { ...world, book })
    expect(earn).toMatchObject({ earned: 65, isSure: false })
  })
})

describe('the balance that is promised', () => {
  const offer = (document: object, known: Partial<typeof anna> = {}) => {
    const book = { ...bookDocumentSchema.parse(document), version: 2, validFrom: 0, timeZone: 'UTC' }
    return offerOf(
      { sale: saleOf(100_000), customer: { ...anna, asOf: now, ...known }, chosen: null },
      { ...world, book },
    )
  }

  it('has what is earned', () => {
    expect(offer({})).toMatchObject({
      becomes: 540,
      redeem: { choice: { points: 200, earned: 32, remains: 332 } },
    })
  })

  it('has nothing of what can be spent later only', () => {
    const base = { activation_days: 7 }
    expect(offer({ base })).toMatchObject({
      ...{ earn: { earned: 40, atOnce: 0 }, becomes: 500 },
      redeem: { choice: { points: 200, earned: 32, remains: 300 } },
    })
    const gift = { ...rule('gift', 25), activation_days: 0 }
    expect(offer({ base, rules: [gift] })).toMatchObject({ earn: { earned: 65, atOnce: 25 }, becomes: 525 })
  })

  it('is not known where the balance is not, or a debt takes of it what the ledger says', () => {
    expect(offer({}, { available: null })).toMatchObject({ becomes: null })
    expect(offer({}, { available: 0, debt: 30 })).toMatchObject({ becomes: null })
  })
})

describe('what only the ledger knows for certain', () => {
  const offer = (document: object, known: Partial<typeof anna> = {}) => {
    const book = { ...bookDocumentSchema.parse(document), version: 2, validFrom: 0, timeZone: 'UTC' }
    return offerOf(
      { sale: saleOf(100_000), customer: { ...anna, asOf: now, ...known }, chosen: null },
      { ...world, book },
    ).earn
  }
  const budgets = [{ id: 'gifts', title: 'Подарки', limit_points: 10 }]
  const gift = { ...rule('gift', 25), budget: 'gifts' }

  it('is what a budget has left: so much at most', () => {
    expect(offer({ budgets, rules: [gift] }, { counts: counts() })).toMatchObject({
      earned: 65,
      isSure: false,
    })
  })

  it('is no matter where no rule that is met draws on a budget', () => {
    const never = { ...gift, when: [{ type: 'min_purchase', kopecks: 100_001 }] }
    expect(offer({ budgets, rules: [never] }, { counts: counts() })).toMatchObject({
      earned: 40,
      isSure: true,
    })
  })

  it('is not what a customer may still earn today, where the cloud has just said it', () => {
    const limits = { points_per_customer_day: 100 }
    const today = { day: '1970-01-01', points: 70, purchases: 2 }
    const day = new Date(now).toISOString().slice(0, 10)
    expect(offer({ limits }, { counts: counts({ today: { ...today, day } }) })).toMatchObject({
      ...{ earned: 30, isSure: true },
    })
    // Another day has begun since.
    expect(offer({ limits }, { counts: counts({ today }) })).toMatchObject({ earned: 40, isSure: true })
    expect(offer({ limits }, { counts: counts({ today }), asOf: now - MINUTE - 1 })).toMatchObject({
      ...{ earned: 40, isSure: false },
    })
    expect(offer({ limits }, { counts: counts() })).toMatchObject({ earned: 40, isSure: false })
  })
})

describe('a rule on goods', () => {
  const tea = rule('tea', 25, { when: [{ type: 'items', categories: ['tea'] }] })
  const book = { ...bookDocumentSchema.parse({ rules: [tea] }), version: 2, validFrom: 0, timeZone: 'UTC' }
  const items = [{ sku: '1', category: 'tea', quantity: 1, kopecks: 100_000 }]
  const earned = (goods: object, operationFields = ['items']) =>
    offerOf(
      {
        sale: { ...saleOf(100_000), ...goods },
        customer: { ...anna, asOf: now, counts: counts() },
        chosen: null,
      },
      { ...world, book, operationFields },
    ).earn

  it('counts what 1C says is bought, where the cloud is told', () => {
    expect(earned({ items })).toMatchObject({ earned: 65, isSure: true })
    expect(earned({})).toMatchObject({ earned: 40, isSure: true })
    expect(earned({ items }, [])).toMatchObject({ earned: 40, isSure: true })
  })
})

describe('a status', () => {
  const status = (name: string, from: number, cashback_basis_points: number, rest: object = {}) => ({
    ...{ name, title: name, colour: '#d4a017', from, cashback_basis_points, ...rest },
  })
  const statuses = [
    status('bronze', 0, 500),
    status('gold', 100_000, 1500, { max_discount_basis_points: 3000 }),
    status('platinum', 200_000, 2000),
  ]
  const book = { ...bookDocumentSchema.parse({ statuses }), version: 2, validFrom: 0, timeZone: 'UTC' }
  const offer = (known: Partial<typeof anna>, kopecks = 10_000) =>
    offerOf(
      { sale: saleOf(kopecks), customer: { ...anna, asOf: now, ...known }, chosen: null },
      { ...world, book },
    )
  const known = (standing: { status: string; value: number }) => ({ standing, counts: counts({ standing }) })

  it('gives its own cashback and largest discount', () => {
    expect(offer(known({ status: 'gold', value: 120_000 }))).toMatchObject({
      earn: { earned: 15, isSure: true },
      redeem: { maxPoints: 30, bound: { by: 'share', basisPoints: 3000 } },
      status: {
        title: 'gold',
        colour: '#d4a017',
        next: { title: 'platinum', missing: 80_000 },
        reaches: null,
      },
    })
  })

  it('is said to be reached by the purchase that reaches it', () => {
    const { status } = offer(known({ status: 'gold', value: 120_000 }), 80_000)
    expect(status).toMatchObject({ title: 'gold', reaches: 'platinum' })
    expect(offer(known({ status: 'gold', value: 120_000 }), 79_999).status).toMatchObject({ reaches: null })
  })

  it('that was reached a moment ago may be known to the ledger or not: so much at most', () => {
    expect(offer(known({ status: 'bronze', value: 100_000 })).earn).toMatchObject({
      earned: 20,
      isSure: false,
    })
  })

  it('of a copy is better than none, and not sure', () => {
    const standing = { status: 'gold', value: 120_000 }
    const copied = { standing, source: 'copy' as const, asOf: now - MINUTE - 1 }
    expect(offer(copied)).toMatchObject({ earn: { earned: 15, isSure: false }, status: { title: 'gold' } })
  })

  it('of somebody unknown is not shown, and the most is hoped for', () => {
    expect(offer({})).toMatchObject({ status: null, earn: { earned: 20, isSure: false } })
  })
})

describe('a segment', () => {
  const wake = rule('wake', 30, { audience: 'inactive' })
  const others = rule('others', 20, { when: [{ type: 'segment', not_in: ['inactive'] }] })
  const left = rule('left', 15, { holdout_percent: 90, campaign: 'spring' })

  it.each<[string, object[], Partial<typeof anna>, number, boolean]>([
    ['that they are in', [wake, others], { counts: counts(), segments: ['inactive'] }, 70, true],
    ['that they are not in', [wake, others], { counts: counts(), segments: [] }, 60, true],
    ['of which nothing is known any more', [wake], { counts: counts() }, 70, false],
    ['of a copy is better than none, and not sure', [wake], { segments: ['inactive'] }, 70, false],
    ['of a copy they are not in', [wake], { segments: [] }, 40, false],
    ['everybody is in, known or not', [rule('all', 30, { audience: 'all' })], {}, 70, true],
    // The card 654321 is one of those ninety.
    ['does not count for who is left out, which a till knows by itself', [left], {}, 40, true],
  ])('%s', (_what, rules, known, earned, isSure) => {
    expect(earnOf(rules, known)).toMatchObject({ earned, isSure })
  })
})
