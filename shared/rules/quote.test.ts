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
  ...{ validFrom: 0, timeZone: 'Europe/Moscow' },
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
    expect(spendable(book({ base }), { kopecks: 100_000 }, {}, { available: 0, debt: 0, ...wallet })).toEqual(
      {
        maxPoints,
        why,
      },
    )
  })
})

describe('rules of one group', () => {
  const points = (id: string, points: number, rest: object = {}) => ({
    ...{ id, title: id, award: { type: 'points', points }, ...rest },
  })
  const of = (group: string, how: string) => ({ stacking: { group, how } })
  /** In each group a smaller award that goes first, and a larger one. */
  const groupOf = (name: string, how: string, sizes: [number, number]) => [
    points(`${name}-a`, sizes[0], of(name, how)),
    points(`${name}-b`, sizes[1], of(name, how)),
  ]
  const given = { add: ['a', 'b'], best: ['b'], exclusive: ['a'] }
  const reason = { add: null, best: 'not_best', exclusive: 'excluded' }
  const hows = ['add', 'best', 'exclusive'] as const
  const pairs = hows.flatMap((one) => hows.map((other) => [one, other] as const))

  it.each(pairs)(
    'of which one is %s and another %s: each decides for itself, and both add up',
    (one, other) => {
      const rules = [
        ...groupOf('left', one, [3, 5]),
        ...groupOf('right', other, [20, 70]),
        points('alone', 100),
      ]
      const judged = quote(book({ rules: rules.toReversed() }), purchase(100_000), noDiscount)
      expect(judged.awards.map(({ ruleId }) => ruleId)).toEqual([
        ...[null, 'alone'],
        ...given[one].map((id) => `left-${id}`),
        ...given[other].map((id) => `right-${id}`),
      ])
      const losers = (name: string, how: (typeof hows)[number]) =>
        ['a', 'b'].flatMap((id) =>
          given[how].includes(id) ? [] : [{ ruleId: `${name}-${id}`, why: reason[how] }],
        )
      expect(judged.skipped).toEqual([...losers('left', one), ...losers('right', other)])
    },
  )

  it.each<[string, object[], string[]]>([
    [
      'the larger priority goes first',
      [points('a', 5, of('g', 'exclusive')), points('b', 1, { ...of('g', 'exclusive'), priority: 1 })],
      ['b'],
    ],
    ['then the id', [points('b', 5, of('g', 'exclusive')), points('a', 1, of('g', 'exclusive'))], ['a']],
    [
      'one that is not met keeps nobody out',
      [
        points('a', 1, { ...of('g', 'exclusive'), when: [{ type: 'stores', ids: [9] }] }),
        points('b', 5, of('g', 'exclusive')),
      ],
      ['b'],
    ],
    [
      'nor does one that comes to nothing',
      [
        { id: 'a', title: 'a', award: { type: 'percent', basis_points: 1 }, ...of('g', 'exclusive') },
        points('b', 5, of('g', 'exclusive')),
      ],
      ['b'],
    ],
    [
      'of two that give the same, the first is the best',
      [points('b', 5, of('g', 'best')), points('a', 5, of('g', 'best'))],
      ['a'],
    ],
    [
      'the best is so after its cap',
      [points('a', 90, { ...of('g', 'best'), cap_points: 4 }), points('b', 5, of('g', 'best'))],
      ['b'],
    ],
  ])('%s', (_what, rules, ids) => {
    const judged = quote(book({ base: { cashback_basis_points: 0 }, rules }), purchase(1000), noDiscount)
    expect(judged.awards.map(({ ruleId }) => ruleId)).toEqual(ids)
  })
})

describe('an award', () => {
  const items = [
    { sku: 'c', category: 'coffee', quantity: 1, kopecks: 30_000 },
    { sku: 'b', category: 'bread', quantity: 1, kopecks: 70_000 },
  ]
  const ofCoffee = { when: [{ type: 'items', categories: ['coffee'] }] }
  it.each<[string, object, object, number, number]>([
    // what, base, rule, points spent, points
    ['is a share of what is paid', {}, { award: { type: 'percent', basis_points: 250 } }, 0, 25],
    [
      'of all of it where it says so',
      {},
      { award: { type: 'percent', basis_points: 250, of: 'paid' } },
      200,
      20,
    ],
    [
      'or of the matching items',
      {},
      { ...ofCoffee, award: { type: 'percent', basis_points: 1000, of: 'matching_items' } },
      0,
      30,
    ],
    [
      'as far as they are paid',
      {},
      { ...ofCoffee, award: { type: 'percent', basis_points: 1000, of: 'matching_items' } },
      200,
      24,
    ],
    ['half up', {}, { award: { type: 'percent', basis_points: 5 } }, 0, 1],
    ['half up, once', {}, { award: { type: 'multiply', times_basis_points: 12_625 } }, 0, 51],
    ['is the base again', {}, { award: { type: 'multiply', times_basis_points: 10_000 } }, 0, 40],
    ['of what is paid', {}, { award: { type: 'multiply', times_basis_points: 10_000 } }, 200, 32],
    [
      'not of the rounded points',
      { cashback_basis_points: 4 },
      { award: { type: 'multiply', times_basis_points: 100_000 } },
      0,
      4,
    ],
    [
      'of no base is none',
      { cashback_basis_points: 0 },
      { award: { type: 'multiply', times_basis_points: 20_000 } },
      0,
      0,
    ],
    ['is not above its cap', {}, { award: { type: 'percent', basis_points: 250 }, cap_points: 24 }, 0, 24],
    ['is what it is below it', {}, { award: { type: 'percent', basis_points: 250 }, cap_points: 26 }, 0, 25],
    ['a gift is capped too', {}, { award: { type: 'points', points: 9 }, cap_points: 4 }, 0, 4],
  ])('%s', (_what, base, rule, spent, points) => {
    const rules = [{ id: 'it', title: 'It', ...rule }]
    const discount = { points: spent, voucherKopecks: 0 }
    const { awards } = quote(book({ base, rules }), purchase(100_000, { items }), discount)
    expect(awards.find(({ ruleId }) => ruleId === 'it')?.points ?? 0).toBe(points)
  })

  it('is exact for the largest purchase, share and multiple', () => {
    const rules = [{ id: 'it', title: 'It', award: { type: 'multiply', times_basis_points: 99_999 } }]
    const judged = quote(
      book({ base: { cashback_basis_points: 9999 }, rules }),
      purchase(999_999_999),
      noDiscount,
    )
    // 999,999,999 × 9,999 × 99,999 ÷ 10¹⁰ = 99,989,000.00001…
    expect(judged.awards[1]?.points).toBe(99_989_000)
  })

  it('says in which periods it counts', () => {
    const rules = [
      { ...bigBasket, uses: { per_day: 1, total: 9 } },
      { ...bigBasket, id: 'often', uses: { per_day: 2 } },
    ]
    const at = Date.parse('2025-12-07T21:30:00.000Z')
    const { awards } = quote(book({ rules }), purchase(100_000, { at }), noDiscount, { uses: {} })
    expect(awards.map(({ countedIn }) => countedIn)).toEqual([
      undefined,
      ['total', '2025-12-08'],
      ['2025-12-08'],
    ])
  })
})

describe('who looks ahead', () => {
  const gold = {
    id: 'gold',
    title: 'Gold',
    when: [{ type: 'status', names: ['gold'] }],
    award: { type: 'points', points: 30 },
  }
  it('hopes for what is not known, and says that it is not sure', () => {
    const rules = [gold, bigBasket]
    expect(quote(book({ rules }), purchase(100_000), noDiscount).skipped).toEqual([
      { ruleId: 'gold', why: 'not_known' },
    ])
    const hoped = quote(book({ rules }), purchase(100_000), noDiscount, {}, { hopes: true })
    expect(hoped.awards.map(({ ruleId, isSure }) => [ruleId, isSure])).toEqual([
      [null, undefined],
      ['big-basket', undefined],
      ['gold', false],
    ])
  })

  it('is sure where the rule is outdone either way', () => {
    const best = { stacking: { group: 'g', how: 'best' } }
    const rules = [
      { ...gold, ...best },
      { ...bigBasket, ...best },
    ]
    const hoped = quote(book({ rules }), purchase(100_000), noDiscount, {}, { hopes: true })
    expect(hoped.awards.map(({ ruleId, isSure }) => [ruleId, isSure])).toEqual([
      [null, undefined],
      ['big-basket', undefined],
    ])
    expect(hoped.skipped).toEqual([{ ruleId: 'gold', why: 'not_best' }])
  })
})

describe('a status', () => {
  const status = (name: string, from: number, rest: object) => ({
    ...{ name, title: name, colour: '#808080', from, ...rest },
  })
  const twice = { id: 'twice', title: 'x2', award: { type: 'multiply', times_basis_points: 10_000 } }
  const forGold = {
    ...{ id: 'for-gold', title: 'Золотым', award: { type: 'points', points: 7 } },
    when: [{ type: 'status', names: ['gold'] }],
  }
  const withStatuses = book({
    statuses: [
      status('bronze', 0, { cashback_basis_points: 500 }),
      status('gold', 9, { cashback_basis_points: 1500, max_discount_basis_points: 1000 }),
    ],
    rules: [twice, forGold],
  })
  const ask = (facts: object, hopes = false) =>
    quote(withStatuses, purchase(100_000), noDiscount, facts, { hopes })

  it.each<[string, object, boolean, [string | null, number, boolean][]]>([
    [
      'has its own cashback, and rules for it',
      { status: 'gold' },
      false,
      [
        [null, 150, true],
        ['for-gold', 7, true],
        ['twice', 150, true],
      ],
    ],
    [
      'of the lowest step',
      { status: 'bronze' },
      false,
      [
        [null, 50, true],
        ['twice', 50, true],
      ],
    ],
    [
      'that is none has the cashback of the base',
      { status: null },
      false,
      [
        [null, 40, true],
        ['twice', 40, true],
      ],
    ],
    [
      'of another book has the cashback of the base',
      { status: 'tin' },
      false,
      [
        [null, 40, true],
        ['twice', 40, true],
      ],
    ],
    [
      'that is not known speaks against what it brings',
      {},
      false,
      [
        [null, 40, true],
        ['twice', 40, true],
      ],
    ],
    [
      'that is not known is hoped to be the best',
      {},
      true,
      [
        [null, 150, false],
        ['for-gold', 7, false],
        ['twice', 150, false],
      ],
    ],
  ])('%s', (_what, facts, hopes, awards) => {
    expect(
      ask(facts, hopes).awards.map(({ ruleId, points, isSure }) => [ruleId, points, isSure !== false]),
    ).toEqual(awards)
  })

  it('is named by its award, and taken back at its rate', () => {
    const [award] = ask({ status: 'gold' }).awards
    expect(award).toMatchObject({ statusName: 'gold', basisPoints: 1500 })
    expect(ask({ status: 'gold' }).facts).toEqual({ status: 'gold' })
  })

  it('bounds the discount where it says so', () => {
    const most = (status: string) =>
      spendable(withStatuses, { kopecks: 100_000 }, { status }, { available: 999, debt: 0 }).maxPoints
    expect([most('bronze'), most('gold')]).toEqual([200, 100])
  })
})
