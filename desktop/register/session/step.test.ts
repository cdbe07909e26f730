import { describe, expect, it } from 'vitest'
import type { KnownCustomer, NoRedemption } from '../../../shared/bridge.ts'
import { offerOf } from './offer.ts'
import { type Event, phaseOf, resetAfterMs } from './state.ts'
import {
  accepted,
  anna,
  codeOf,
  committed,
  earn,
  offered,
  play,
  ready,
  redeem,
  refused,
  saleOf,
  search,
  world,
} from './testing.ts'
import type { World } from './world.ts'

/** Where spending needs a live code. */
const strict = { ...world.settings, redeem_proof: 'signed_code' } as const

const phaseAfter = (...events: Event[]) => phaseOf(play(events).session)

describe('a code that is no customer’s', () => {
  const scan = (code: string): Event => ({ type: 'search', id: 9, code })
  const product = scan('4606272031139')
  it.each<[string, Event[]]>([
    ['found', search],
    ['about to choose', ready],
    ['looking at what was done', [...ready, earn, { type: 'outcome', id: 'op', outcome: accepted() }]],
    ['reading an error', [...ready, earn, { type: 'commit_failed', id: 'op', code: 'failed' }]],
  ])('leaves a customer who is %s where they are', (_what, events) => {
    const before = play(events).session
    for (const [code, why] of [
      [product, 'product_code'],
      [scan('https://example.org'), 'not_a_card'],
    ] as const)
      expect(play([code], { from: before })).toEqual({ session: before, effects: [], refused: why })
  })

  it('is told to whoever stands before an empty till', () => {
    expect(play([product]).refused).toBe('product_code')
    expect(play([scan('https://example.org')]).effects).toMatchObject([{ type: 'find' }])
  })

  it('is a card where the cards of the programme are as long', () => {
    const long = { ...world, settings: { ...world.settings, card_digits: 12 } }
    expect(play([scan('036000291452')]).refused).toBe('product_code')
    expect(play([scan('036000291452')], { in: long }).refused).toBeNull()
  })
})

describe('a debt', () => {
  const indebted = { ...anna, available: 0, debt: 30 }
  const search: Event[] = [
    { type: 'search', id: 7, code: '654321' },
    { type: 'found', searchId: 7, customer: indebted },
  ]
  const sale: Event = { type: 'sale', sale: saleOf(100_000) }
  it.each([
    ['is said to be paid where all that was earned has gone into it', 20, 10, { repaid: 20, debt: 10 }],
    ['and what is left of an earning is on the card', 40, 0, { repaid: 30, debt: 0 }],
  ])('%s', (_what, earned, debt, told) => {
    const customer = { card: '654321', firstName: 'Анна', held: 0, expiresNext: null, debt }
    const outcome = accepted({ earned, customer: { ...customer, available: earned - told.repaid } })
    const { session } = play([...search, sale, earn, { type: 'outcome', id: 'op', outcome }])
    expect(session.act).toMatchObject({ type: 'success', earned, ...told })
  })
})

describe('the most that can be spent', () => {
  it.each([
    ['is a share of the purchase where the card has more', 500, 200, { by: 'share', basisPoints: 2000 }],
    ['is all where the card has no more', 150, 150, { by: 'balance' }],
    ['is all where both are the same', 200, 200, { by: 'balance' }],
  ])('%s', (_what, available, maxPoints, bound) => {
    const { redeem } = offerOf(
      { sale: saleOf(100_000), customer: { ...anna, available }, chosen: null },
      world,
    )
    expect(redeem).toMatchObject({ isPossible: true, maxPoints, bound })
  })
})

describe('the phases of a session', () => {
  const sale: Event = { type: 'sale', sale: saleOf(100_000) }
  const outcome: Event = { type: 'outcome', id: 'op', outcome: accepted() }
  it.each<[string, Event[], string]>([
    ['idle when nobody stands there', [], 'idle'],
    ['idle while 1C has a sale and nobody showed a card', [sale], 'idle'],
    ['customer_found when there is no amount yet', search, 'customer_found'],
    ['ready in whichever order customer and amount come', [...search, sale], 'ready'],
    ['ready when the card came second', ready, 'ready'],
    ['processing from the tap on', [...ready, earn], 'processing'],
    ['success when the ledger has accepted', [...ready, earn, committed, outcome], 'success'],
    [
      'processing while the points of a redemption are held',
      [...ready, redeem, committed, outcome],
      'processing',
    ],
    [
      'success when 1C has taken the discount',
      [...ready, redeem, committed, outcome, offered, { type: 'taken', id: 'op' }],
      'success',
    ],
    [
      'error when it has not',
      [...ready, redeem, offered, { type: 'withdrawn', id: 'op', code: 'not_taken' }],
      'error',
    ],
    [
      'ready again once the error was read',
      [...ready, redeem, { type: 'withdrawn', id: 'op', code: 'not_taken' }, { type: 'cancel' }],
      'ready',
    ],
    ['idle once the success was read', [...ready, earn, outcome, { type: 'cancel' }], 'idle'],
    ['customer_found when 1C ends the receipt', [...ready, { type: 'sale_gone' }], 'customer_found'],
    ['idle when the cashier turns away', [...ready, { type: 'cancel' }], 'idle'],
  ])('%s', (_what, events, phase) => {
    expect(phaseAfter(...events)).toBe(phase)
  })
})

describe('a customer for whom nobody tapped', () => {
  const sale = (receipt: string | null, kopecks = 100_000, id = 1): Event => ({
    type: 'sale',
    sale: { ...saleOf(kopecks, id), receipt },
  })
  const gone: Event = { type: 'sale_gone' }

  it('waits for three minutes where there is no receipt yet, and for ten seconds where theirs is over', () => {
    expect(resetAfterMs(play(search).session)).toBe(180_000)
    const over = play([...search, sale('1'), gone]).session
    expect(resetAfterMs(over)).toBe(10_000)
    expect(over.turn).toBeGreaterThan(play([...search, sale('1')]).session.turn)
    expect(resetAfterMs(play([...search, sale('1'), gone, sale('1')]).session)).toBe(180_000)
    expect(resetAfterMs(play([...search, sale('1'), gone, ...search]).session)).toBe(180_000)
  })

  it.each<[string, Event[], 'ready' | 'idle']>([
    ['is not there at the next receipt', [...search, sale('1'), gone, sale('2', 50_000, 2)], 'idle'],
    [
      'is not there at a receipt that takes the place of theirs',
      [...search, sale('1'), sale('2', 50_000, 2)],
      'idle',
    ],
    [
      'is at the same receipt with another amount',
      [...search, sale('1'), gone, sale('1', 50_000, 2)],
      'ready',
    ],
    ['came before the receipt', [...search, sale('1')], 'ready'],
    ['has shown the card once more', [...search, sale('1'), gone, ...search, sale('2', 50_000, 2)], 'ready'],
    [
      'is not known to be another where 1C tells no numbers',
      [...search, sale(null), gone, sale(null, 50_000, 2)],
      'ready',
    ],
  ])('%s', (_what, events, phase) => {
    const { session } = play(events)
    expect(phaseOf(session)).toBe(phase)
    expect(session.sale).not.toBeNull()
  })

  it('is told that it is another amount, though theirs was gone in between', () => {
    expect(play([...search, sale(null), gone, sale(null, 50_000, 2)]).session.isAmountNew).toBe(true)
    expect(play([...search, sale(null), gone, sale(null, 100_000, 2)]).session.isAmountNew).toBe(false)
  })

  it('stays where 1C cannot be heard: an amount may be typed for them', () => {
    const unheard = { ...world, is1cHeard: false }
    expect(resetAfterMs(play([...search, sale('1'), gone], { in: unheard }).session)).toBe(180_000)
  })

  it('leaves whoever is just being looked for', () => {
    const looking: Event = { type: 'search', id: 8, code: '111111' }
    const found: Event = { type: 'found', searchId: 8, customer: { ...anna, card: '111111' } }
    const { session } = play([...search, sale('1'), gone, looking, sale('2', 50_000, 2), found])
    expect(session.customer?.card).toBe('111111')
  })

  describe('of whom the cloud tells once more, as when the line is back', () => {
    const told: Event = { type: 'found', searchId: 7, customer: { ...anna, available: 600 } }
    const failed: Event = { type: 'commit_failed', id: 'op', code: 'failed' }
    const next = sale('2', 50_000, 2)

    it('came before the receipt still, and stays for it', () => {
      expect(phaseOf(play([...search, told, sale('1')]).session)).toBe('ready')
      expect(phaseOf(play([...search, sale('1'), told]).session)).toBe('ready')
    })

    it('is of the receipt that is over still', () => {
      const over = play([...search, sale('1'), gone, told]).session
      expect(over.customer?.available).toBe(600)
      expect(resetAfterMs(over)).toBe(10_000)
      expect(phaseOf(play([next], { from: over }).session)).toBe('idle')
    })

    it('is of the receipt that an error is about, and not of the one that 1C has open by now', () => {
      const error = [...search, sale('1'), earn, failed, gone, next]
      expect(phaseOf(play([...error, told, { type: 'cancel' }]).session)).toBe('idle')
    })
  })

  it('is not there once the error about their receipt was read at the next one', () => {
    const failed: Event = { type: 'commit_failed', id: 'op', code: 'failed' }
    const error = [...search, sale('1'), earn, failed]
    expect(phaseOf(play([...error, { type: 'cancel' }]).session)).toBe('ready')
    expect(phaseOf(play([...error, gone, sale('2', 50_000, 2)]).session)).toBe('error')
    expect(phaseOf(play([...error, gone, sale('2', 50_000, 2), { type: 'cancel' }]).session)).toBe('idle')
  })

  it('leaves what is under way', () => {
    const { session } = play([...search, sale('1'), earn, sale('2', 50_000, 2)])
    expect(session).toMatchObject({ customer: anna, act: { type: 'processing' } })
  })
})

describe('an amount that is typed while 1C cannot be heard', () => {
  const sale: Event = { type: 'sale', sale: { ...saleOf(100_000), receipt: '7' } }
  const gone: Event = { type: 'sale_gone' }
  const type = (purchaseKopecks = 100_000): Event => ({ type: 'amount_typed', id: -1, purchaseKopecks })
  const unheard = { ...world, is1cHeard: false, isExchangeReady: false }
  const typedSale = (events: Event[], around: Partial<World> = {}) =>
    play(events, { in: { ...unheard, ...around } }).session.sale

  it('is the sale that 1C had open, whose journal knows it again', () => {
    const itself = { id: 1, key: 'key-1', source: 'typed' }
    expect(typedSale([sale, ...search, gone, type()])).toMatchObject({ ...itself, receipt: '7' })
    // Who comes now did not stand at that receipt.
    expect(typedSale([sale, gone, ...search, type()])).toMatchObject({ ...itself, receipt: null })
  })

  it.each<[string, Event[], Partial<World>]>([
    ['its amount is another', [sale, ...search, gone, type(90_000)], {}],
    ['1C has ended its receipt itself', [sale, ...search, gone, type()], { is1cHeard: true }],
    ['1C had none', [...search, type()], {}],
  ])('is a sale of its own where %s', (_what, events, around) => {
    expect(typedSale(events, around)).toMatchObject({ id: -1, key: null, receipt: null })
  })

  it('is a sale of its own once 1C was heard again and has none open', () => {
    const lost = play([sale, ...search, gone], { in: unheard }).session
    const heard = play([gone], { from: lost }).session
    expect(play([type()], { from: heard }).session.sale).toMatchObject({ id: -1, key: null })
  })

  it('earns nothing while the discount of its sale is not settled', () => {
    const busy: Event = { type: 'folder_busy', id: 'op' }
    const events: Event[] = [
      sale,
      ...search,
      redeem,
      offered,
      busy,
      gone,
      { type: 'cancel' },
      ...search,
      type(),
    ]
    const { session } = play(events.slice(0, 5))
    const away = { ...unheard, isUnsettled: (key: string) => key === 'key-1' }
    expect(play([...events.slice(5), earn], { from: session, in: away }).refused).toBe('busy')
    expect(play([...events.slice(5), earn], { from: session, in: unheard }).refused).toBeNull()
  })
})

describe('a tap', () => {
  it('commits what was seen, once', () => {
    const { effects, session } = play([...ready, earn])
    expect(effects).toMatchObject([{ type: 'commit_earn', id: 'op', customer: anna, sale: { key: 'key-1' } }])
    expect(play([{ ...earn, id: 'second' }], { from: session })).toMatchObject({ refused: 'busy', session })
  })

  it.each<[string, Event[], string]>([
    ['no customer', [{ type: 'sale', sale: saleOf(100_000) }, earn], 'no_customer'],
    ['no amount', [...search, earn], 'no_amount'],
    [
      'an amount that has changed since',
      [...ready, { type: 'sale', sale: saleOf(90_000, 2) }, earn],
      'amount_changed',
    ],
    [
      'an amount that the programme does not take: without a network it would be promised, and parked',
      [...ready, { type: 'sale', sale: saleOf(100_000_001, 2) }, { ...earn, purchaseKopecks: 100_000_001 }],
      'amount_out_of_range',
    ],
    ['more than may be spent', [...ready, { ...redeem, points: 201 }], 'cannot_redeem'],
    [
      'an earning after a success',
      [...ready, earn, { type: 'outcome', id: 'op', outcome: accepted() }, earn],
      'busy',
    ],
    [
      'a typed amount where 1C has given one',
      [...ready, { type: 'amount_typed', id: -1, purchaseKopecks: 5 }],
      'amount_is_of_1c',
    ],
    [
      'a search while an operation is under way',
      [...ready, earn, { type: 'search', id: 8, code: '1' }],
      'busy',
    ],
    ['taking back an earning', [...ready, earn, { type: 'cancel' }], 'busy'],
  ])('does nothing with %s', (_what, events, refusal) => {
    const before = play(events.slice(0, -1)).session
    expect(play(events)).toMatchObject({ refused: refusal, session: before, effects: [] })
  })

  it.each<[NoRedemption, Partial<World>, Partial<KnownCustomer>]>([
    ['cloud_away', { isOnline: false }, {}],
    ['balance_not_current', {}, { source: 'copy' }],
    ['exchange_away', { isExchangeReady: false }, {}],
    ['exchange_unwritable', { isExchangeWritable: false }, {}],
    ['discount_not_settled', { hasOpenRedemption: true }, {}],
    ['discount_not_settled', { isUnsettled: (key) => key === 'key-1' }, {}],
    ['in_debt', {}, { debt: 1 }],
    ['no_points', {}, { available: 0 }],
    ['code_needed', { settings: strict }, {}],
    ['no_points', { settings: strict }, { available: 0 }],
  ])('spends nothing, and the screen says why: %s', (reason, around, change) => {
    const customer = { ...anna, ...change }
    const events: Event[] = [
      { type: 'sale', sale: saleOf(100_000) },
      { type: 'search', id: 7, code: '654321' },
      { type: 'found', searchId: 7, customer },
      redeem,
    ]
    const then = { ...world, ...around }
    expect(play(events, { in: then }).refused).toBe('cannot_redeem')
    expect(offerOf({ sale: saleOf(100_000), customer, chosen: null }, then).redeem).toEqual({
      isPossible: false,
      reason,
    })
  })

  it('may answer "yes, a second equal purchase"', () => {
    const asked = play([
      ...ready,
      earn,
      { type: 'outcome', id: 'op', outcome: refused('duplicate_transaction') },
    ])
    const { effects } = play([{ ...earn, id: 'again', confirmDuplicate: true }], { from: asked.session })
    expect(effects).toMatchObject([{ type: 'commit_earn', id: 'again', confirmDuplicate: true }])
  })
})

describe('an earning', () => {
  const patience: Event = { type: 'patience_over', id: 'op', stage: 'asking' }

  it('shows what the ledger says, not the preview', () => {
    const { act } = play([
      ...ready,
      earn,
      { type: 'outcome', id: 'op', outcome: accepted({ earned: 41 }) },
    ]).session
    expect(act).toMatchObject({ type: 'success', earned: 41, available: 540, isQueued: false })
  })

  it('is queued at once without a network, and after a short wait with one', () => {
    const queued = { type: 'success', earned: 40, available: null, isQueued: true }
    const offline = { ...world, isOnline: false }
    expect(play([...ready, earn, committed], { in: offline }).session.act).toMatchObject(queued)
    expect(play([...ready, earn, committed]).effects).toMatchObject([{ type: 'be_patient', stage: 'asking' }])
    expect(play([...ready, earn, committed, patience]).session.act).toMatchObject(queued)
  })

  it('that was queued tells its balance when the answer comes in time', () => {
    const { act } = play([
      ...ready,
      earn,
      patience,
      { type: 'outcome', id: 'op', outcome: accepted() },
    ]).session
    expect(act).toMatchObject({ type: 'success', available: 540, isQueued: false })
  })

  it('that the journal did not take is an error, and nothing was touched', () => {
    const { act } = play([...ready, earn, { type: 'commit_failed', code: 'failed', id: 'op' }]).session
    expect(act).toMatchObject({ type: 'error', code: 'failed', fate: 'untouched' })
  })

  it('that was refused tells why, and what the customer really has', () => {
    const no: Event = { type: 'outcome', id: 'op', outcome: refused('insufficient_points', { available: 3 }) }
    const { session } = play([...ready, redeem, no])
    expect(session.act).toMatchObject({ type: 'error', code: 'insufficient_points', fate: 'untouched' })
    expect(session.customer?.available).toBe(3)
  })

  it('is not disturbed by news of other operations', () => {
    const { session } = play([...ready, earn])
    const news: Event[] = [
      { type: 'outcome', id: 'other', outcome: refused('in_debt') },
      { type: 'taken', id: 'other' },
      { type: 'withdrawn', id: 'other', code: 'not_taken' },
      { type: 'patience_over', id: 'other', stage: 'asking' },
    ]
    expect(play(news, { from: session }).session).toEqual(session)
  })
})

describe('a redemption', () => {
  const held: Event = { type: 'outcome', id: 'op', outcome: accepted({ kind: 'redeem', earned: 0 }) }
  const withdraw = (code: string) => [{ type: 'withdraw', id: 'op', code }]

  it.each<[string, Event, string]>([
    ['the cashier cancels', { type: 'cancel' }, 'cancelled'],
    ['the amount changes', { type: 'sale', sale: saleOf(90_000, 2) }, 'sale_changed'],
    ['1C ends the receipt', { type: 'sale_gone' }, 'cancelled'],
  ])('is taken back when %s, and it counts what the folder says', (_what, event, code) => {
    const during = play([...ready, redeem, committed, held, offered, event])
    expect(during.effects).toEqual(withdraw(code))
    expect(during.session.act).toMatchObject({ type: 'processing', stage: 'withdrawing' })
    const won = play([{ type: 'taken', id: 'op' }], { from: during.session })
    expect(won.session.act).toMatchObject({ type: 'success', spent: 200, paidKopecks: 80_000 })
    const lost = play([{ type: 'withdrawn', id: 'op', code: 'cancelled' }], { from: during.session })
    expect(lost.session.act).toMatchObject({ type: 'error', code: 'cancelled', fate: 'returned' })
  })

  it.each<[string, Event, string]>([
    ['the cashier cancels', { type: 'cancel' }, 'cancelled'],
    ['the amount changes', { type: 'sale', sale: saleOf(90_000, 2) }, 'sale_changed'],
    ['1C ends the receipt', { type: 'sale_gone' }, 'cancelled'],
  ])('whose points are held already promises nothing back when %s', (_what, event, code) => {
    const during = play([...ready, redeem, committed, held, event])
    expect(during.effects).toEqual(withdraw(code))
    expect(during.session.act).toMatchObject({ type: 'processing', stage: 'withdrawing' })
    const won = play([{ type: 'taken', id: 'op' }], { from: during.session })
    expect(won.session.act).toMatchObject({ type: 'success', spent: 200 })
    const lost = play([{ type: 'withdrawn', id: 'op', code: 'cancelled' }], { from: during.session })
    expect(lost.session.act).toMatchObject({ type: 'error', code: 'cancelled', fate: 'returned' })
  })

  it('whose points are held, and whose discount does not come into the folder in time, says that they are held', () => {
    const late: Event = { type: 'patience_over', id: 'op', stage: 'asking' }
    const { session, effects } = play([...ready, redeem, committed, held, late])
    expect(effects).toEqual(withdraw('folder_busy'))
    expect(session.act).toMatchObject({ type: 'error', code: 'folder_busy', fate: 'held' })
  })

  it('is given up when the ledger does not answer in time', () => {
    const { session, effects } = play([
      ...ready,
      redeem,
      committed,
      { type: 'patience_over', id: 'op', stage: 'asking' },
    ])
    expect(effects).toEqual(withdraw('cloud_away'))
    expect(session.act).toMatchObject({ type: 'error', code: 'cloud_away', fate: 'returned' })
    expect(play([held], { from: session }).session).toEqual(session)
  })

  it('that was given up a moment too late, because 1C had it, is a success', () => {
    const { session } = play([...ready, redeem, { type: 'cancel' }, { type: 'taken', id: 'op' }])
    expect(session.act).toMatchObject({ type: 'success', spent: 200 })
  })

  it('does not end by the patience for an answer once the discount is on offer', () => {
    const { session } = play([...ready, redeem, held, offered])
    expect(play([{ type: 'patience_over', id: 'op', stage: 'asking' }], { from: session }).session).toEqual(
      session,
    )
  })

  it('that is not settled yet keeps its sale from earning, and no other', () => {
    const given = play([...ready, redeem, { type: 'cancel' }]).session
    const unsettled = { ...world, isUnsettled: (key: string) => key === 'key-1' }
    const again = { ...earn, id: 'again' }
    expect(play([again], { from: given, in: unsettled }).refused).toBe('busy')
    expect(play([{ type: 'cancel' }, ...search, again], { from: given, in: unsettled }).refused).toBe('busy')
    expect(play([again], { from: given }).effects).toMatchObject([{ type: 'commit_earn' }])
    const other: Event = { type: 'sale', sale: saleOf(100_000, 2) }
    expect(play([other, again], { from: given, in: unsettled }).effects).toMatchObject([
      { type: 'commit_earn' },
    ])
  })

  it('whose discount cannot be had back says that the points are held, until it is known', () => {
    const { session } = play([...ready, redeem, offered, { type: 'folder_busy', id: 'op' }])
    expect(session.act).toMatchObject({ type: 'error', code: 'folder_busy', fate: 'held' })
    const known = play([{ type: 'withdrawn', id: 'op', code: 'not_taken' }], { from: session })
    expect(known.session.act).toMatchObject({ type: 'error', code: 'not_taken', fate: 'returned' })
  })

  it('that 1C has and does not confirm holds the points when the next receipt begins', () => {
    const confirming: Event[] = [...ready, redeem, offered, { type: 'confirming', id: 'op' }]
    expect(play([...confirming, { type: 'sale_gone' }]).session.act).toMatchObject({ stage: 'confirming' })
    const next = play([...confirming, { type: 'sale', sale: saleOf(5000, 2) }])
    expect(next.session.act).toMatchObject({ type: 'error', code: 'not_confirmed', fate: 'held' })
    expect(next.effects).toEqual([])
  })

  it('that 1C has and does not confirm within its time says just that', () => {
    const confirming: Event = { type: 'confirming', id: 'op' }
    const late: Event = { type: 'patience_over', id: 'op', stage: 'confirming' }
    const { session } = play([...ready, redeem, committed, held, offered, confirming])
    const over = play([late], { from: session })
    expect(over.session.act).toMatchObject({ type: 'error', code: 'not_confirmed', fate: 'held' })
    expect(over.effects).toEqual([])
    const confirmed = play([{ type: 'taken', id: 'op' }], { from: over.session })
    expect(confirmed.session.act).toMatchObject({ type: 'success', spent: 200 })
  })
})

describe('a sale', () => {
  const done: Event[] = [...ready, earn, { type: 'outcome', id: 'op', outcome: accepted() }]

  it('is over when its operation has succeeded', () => {
    expect(play(done).session.sale).toBeNull()
  })

  it('that came while the one before was under way stays', () => {
    const next = saleOf(100_000, 2)
    const { session } = play([
      ...ready,
      earn,
      { type: 'sale', sale: next },
      { type: 'outcome', id: 'op', outcome: accepted() },
    ])
    expect(session.sale).toEqual(next)
  })

  it('that 1C writes anew is the same sale by another key', () => {
    const { session } = play([...ready, { type: 'sale_rewritten', key: 'other' }, earn])
    expect(session).toMatchObject({ sale: { id: 1, key: 'other' }, isAmountNew: false })
  })

  it('clears the folder of an earlier discount', () => {
    expect(play([{ type: 'sale', sale: saleOf(1) }]).effects).toEqual([{ type: 'clear_discount' }])
    expect(play([...ready, { type: 'sale_gone' }]).effects).toEqual([{ type: 'clear_discount' }])
  })

  it('whose amount changes before the customer says so', () => {
    expect(play([...ready, { type: 'sale', sale: saleOf(90_000, 2) }]).session.isAmountNew).toBe(true)
    expect(play([{ type: 'sale', sale: saleOf(90_000, 2) }]).session.isAmountNew).toBe(false)
  })

  it('typed by hand earns, and gives way to the one of 1C', () => {
    const typed: Event[] = [...search, { type: 'amount_typed', id: -1, purchaseKopecks: 5000 }]
    expect(play([...typed, { type: 'sale_gone' }]).session.sale).toMatchObject({ source: 'typed' })
    expect(play([...typed, { ...redeem, purchaseKopecks: 5000 }]).refused).toBe('cannot_redeem')
    expect(play([...typed, { type: 'sale', sale: saleOf(7000) }]).session.sale).toEqual(saleOf(7000))
  })
})

describe('a search', () => {
  it('is answered by the copy first, and then by the cloud', () => {
    const copied = { ...anna, source: 'copy', available: 3 } as const
    const events: Event[] = [
      { type: 'search', id: 7, code: '654321' },
      { type: 'found', searchId: 7, customer: copied },
      { type: 'found', searchId: 7, customer: anna },
    ]
    expect(play(events).session.customer).toEqual(anna)
  })

  it('by an old number says so for as long as that card is the one that was shown', () => {
    const old = { ...anna, replaced: '111111' }
    const shown: Event[] = [
      { type: 'search', id: 1, code: '111111' },
      { type: 'found', searchId: 1, customer: { ...old, source: 'copy' } },
    ]
    const byCloud: Event = { type: 'found', searchId: 1, customer: anna }
    expect(play([...shown, byCloud]).session.customer).toMatchObject({ source: 'cloud', replaced: '111111' })
    const again: Event[] = [
      { type: 'search', id: 2, code: '654321' },
      { type: 'found', searchId: 2, customer: anna },
    ]
    expect(play([...shown, ...again]).session.customer?.replaced).toBeUndefined()
  })

  it('whose answer comes after another search, or after the tap, changes nothing', () => {
    const late: Event = { type: 'found', searchId: 7, customer: anna }
    expect(play([...search, { type: 'search', id: 8, code: '111111' }, late]).session.customer).toBeNull()
    const tapped = play([...ready, earn]).session
    expect(play([late], { from: tapped }).session).toEqual(tapped)
  })

  it('that finds nobody says so, and forgets who was there', () => {
    const { session } = play([
      ...ready,
      { type: 'search', id: 8, code: '111111' },
      { type: 'not_found', searchId: 8, reason: 'customer_not_found' },
    ])
    expect(session).toMatchObject({
      customer: null,
      search: null,
      notFound: { code: '111111', reason: 'customer_not_found' },
    })
  })
})

describe('a customer who is to be forgotten', () => {
  const forget = (cards: 'all' | string[]): Event => ({ type: 'forget', cards })
  it.each<[string, Event[], string | null | undefined, string]>([
    ['is looked for again, where nothing is under way', [...ready, forget(['654321'])], undefined, 'idle'],
    ['is gone like everybody', [...ready, forget('all')], undefined, 'idle'],
    ['is somebody else', [...ready, forget(['777777'])], 'Анна', 'ready'],
    ['is served to the end, without the name', [...ready, earn, forget(['654321'])], null, 'processing'],
  ])('%s', (_what, events, name, phase) => {
    const { session } = play(events)
    expect([session.customer?.firstName, phaseOf(session)]).toEqual([name, phase])
  })

  it('who shows the card once more meanwhile is found by that', () => {
    const again: Event = { type: 'search', id: 8, code: '654321' }
    const { session } = play([...ready, again, forget('all')])
    expect(session).toMatchObject({ customer: null, search: { id: 8 } })
    const answer: Event = { type: 'found', searchId: 8, customer: anna }
    expect(play([...ready, again, forget('all'), answer]).session).toMatchObject({
      customer: { card: anna.card },
      search: null,
    })
  })

  it('has no name in what was done', () => {
    const { session } = play([
      ...ready,
      earn,
      committed,
      { type: 'outcome', id: 'op', outcome: accepted() },
      forget('all'),
    ])
    expect(session.act).toMatchObject({ type: 'success', firstName: null, earned: 40 })
  })
})

describe('a refusal for a reason that is new here', () => {
  it('is shown with the words of the cloud, and the points were not touched', () => {
    const outcome = { ...refused('in_debt'), code: 'owner_must_confirm', message: 'Ask the owner.' } as const
    const { session } = play([...ready, redeem, committed, { type: 'outcome', id: 'op', outcome }])
    expect(session.act).toMatchObject({
      type: 'error',
      code: 'owner_must_confirm',
      message: 'Ask the owner.',
      fate: 'untouched',
    })
  })

  it('of a look-up too', () => {
    const { session } = play([
      { type: 'search', id: 7, code: '654321' },
      { type: 'not_found', searchId: 7, reason: 'refused', message: 'The card was replaced.' },
    ])
    expect(session.notFound).toEqual({ code: '654321', reason: 'refused', message: 'The card was replaced.' })
  })
})

describe('a code of the Mini App', () => {
  const [first, second] = [codeOf(anna.card, 1), codeOf(anna.card, 2)]
  const shown = (code: string, id: number): Event[] => [
    { type: 'search', id, code },
    { type: 'found', searchId: id, customer: { ...anna, code } },
  ]
  const byCode: Event[] = [{ type: 'sale', sale: saleOf(100_000) }, ...shown(first, 7)]

  it('goes with the redemption of whom it found, and lets them spend where it is asked for', () => {
    const { effects } = play([...byCode, redeem], { in: { ...world, settings: strict } })
    expect(effects).toMatchObject([{ type: 'commit_redeem', customer: { code: first } }])
  })

  it('that follows another of the same card leaves the screen as it is, and counts from then on', () => {
    const waiting = play([...byCode, { type: 'search', id: 8, code: second }])
    expect(waiting.effects).toEqual([{ type: 'find', searchId: 8, code: second }])
    expect(phaseOf(waiting.session)).toBe('ready')
    expect(waiting.session.customer?.code).toBe(first)
    const { session } = play([...byCode, ...shown(second, 8)])
    expect(session).toMatchObject({ customer: { code: second }, search: null })
    expect(phaseOf(session)).toBe('ready')
  })

  it('that is shown after the card was typed proves the customer who is there', () => {
    const typed = play(ready, { in: { ...world, settings: strict } }).session
    expect(typed.customer?.code).toBeNull()
    expect(play(shown(first, 8), { from: typed }).session.customer?.code).toBe(first)
  })

  it('stays when the same card is shown without one, or the copy answers for the next one', () => {
    const again: Event[] = [
      { type: 'search', id: 8, code: `99${anna.card}` },
      { type: 'found', searchId: 8, customer: { ...anna, available: 3, code: null, source: 'copy' } },
    ]
    expect(play([...byCode, ...again]).session.customer).toEqual({ ...anna, code: first })
  })

  it('of another card begins with that customer', () => {
    const { session } = play([...byCode, { type: 'search', id: 8, code: codeOf('111111') }])
    expect(session.customer).toBeNull()
  })

  it.each(['code_altered', 'code_too_old'] as const)(
    'that is no good (%s) is told, and nobody is thrown back',
    (reason) => {
      const events: Event[] = [...byCode, { type: 'search', id: 8, code: second }]
      const { session } = play([...events, { type: 'not_found', searchId: 8, reason }])
      expect(session).toMatchObject({ customer: { code: first }, search: null, notFound: { reason } })
      expect(phaseOf(session)).toBe('ready')
    },
  )

  it('that the cloud refuses after the copy took it finds nobody', () => {
    const copied = { ...anna, code: first, source: 'copy' } as const
    const { session } = play([
      { type: 'search', id: 7, code: first },
      { type: 'found', searchId: 7, customer: copied },
      { type: 'not_found', searchId: 7, reason: 'code_too_old' },
    ])
    expect(session).toMatchObject({ customer: null, notFound: { reason: 'code_too_old' } })
  })

  it('that renews before an error leaves the error to be read, and tries again with the newer one', () => {
    const failed: Event[] = [...byCode, redeem, { type: 'withdrawn', id: 'op', code: 'not_taken' }]
    const { session } = play([...failed, ...shown(second, 8)])
    expect(session.act).toMatchObject({ type: 'error', code: 'not_taken' })
    expect(session.turn).toBe(play(failed).session.turn)
    const { effects } = play([{ ...redeem, id: 'again' }], { from: session })
    expect(effects).toMatchObject([{ type: 'commit_redeem', customer: { code: second } }])
  })

  it('that the ledger refused is no proof any more, and the next one goes on with the sale', () => {
    const no: Event = { type: 'outcome', id: 'op', outcome: refused('proof_refused', { reason: 'used' }) }
    const around = { in: { ...world, settings: strict } }
    const { session } = play([...byCode, redeem, no], around)
    expect(session).toMatchObject({
      act: { code: 'proof_refused', fate: 'untouched' },
      customer: { code: null },
    })
    expect(play([{ ...redeem, id: 'again' }], { from: session, ...around }).refused).toBe('cannot_redeem')
    const next = play(shown(second, 8), { from: session, ...around })
    expect(phaseOf(next.session)).toBe('ready')
    expect(play([{ ...redeem, id: 'again' }], { from: next.session, ...around }).effects).toMatchObject([
      { type: 'commit_redeem', customer: { code: second } },
    ])
  })

  it('whose answer comes after the tap changes nothing but that nobody is looked for', () => {
    const tapped = play([...byCode, { type: 'search', id: 8, code: second }, redeem]).session
    const answer: Event = { type: 'found', searchId: 8, customer: { ...anna, code: second } }
    expect(play([answer], { from: tapped }).session).toMatchObject({
      act: tapped.act,
      customer: { code: first },
      search: null,
    })
  })
})

describe('what nobody touches goes back to idle', () => {
  it.each<[string, Event[], number | null]>([
    ['a success', [...ready, earn, { type: 'outcome', id: 'op', outcome: accepted() }], 5000],
    ['an error', [...ready, earn, { type: 'commit_failed', code: 'failed', id: 'op' }], 60_000],
    ['a customer', search, 180_000],
    ['an operation never', [...ready, earn], null],
    ['idle never', [], null],
  ])('%s', (_what, events, ms) => {
    const { session } = play(events)
    expect(resetAfterMs(session)).toBe(ms)
    const after = play([{ type: 'reset', turn: session.turn }], { from: session }).session
    expect(phaseOf(after)).toBe(ms === null ? phaseOf(session) : 'idle')
  })

  it('unless somebody did something since', () => {
    const { session } = play(search)
    const { turn } = session
    const touched = play([{ type: 'sale', sale: saleOf(100) }], { from: session }).session
    expect(play([{ type: 'reset', turn }], { from: touched }).session).toEqual(touched)
  })
})

describe('fewer points than all', () => {
  const choose = (points: number, purchaseKopecks = 100_000): Event => ({
    type: 'choose',
    purchaseKopecks,
    points,
  })
  const shown = (...events: Event[]) => {
    const { sale, customer, chosen } = play([...ready, ...events]).session
    const offer = sale && customer && offerOf({ sale, customer, chosen }, world)
    return offer?.redeem.isPossible ? offer.redeem.choice : null
  }

  it.each<[string, Event[], object]>([
    ['all, unless somebody chooses', [], { points: 200, paidKopecks: 80_000, earned: 32, remains: 332 }],
    ['as many as were chosen', [choose(50)], { points: 50, paidKopecks: 95_000, earned: 38, remains: 488 }],
    ['the latest choice', [choose(50), choose(10)], { points: 10 }],
    ['never more than may be spent', [choose(100_000)], { points: 200 }],
    [
      'all again for another amount',
      [choose(50), { type: 'sale', sale: saleOf(50_000, 2) }],
      { points: 100 },
    ],
  ])('are shown with what they would do: %s', (_what, events, choice) => {
    expect(shown(...events)).toMatchObject(choice)
  })

  it('are chosen for the amount that was seen, and by who is there', () => {
    expect(play([...ready, choose(50, 90_000)]).refused).toBe('amount_changed')
    expect(play([{ type: 'sale', sale: saleOf(100_000) }, choose(50)]).refused).toBe('no_customer')
  })

  it('are forgotten with the customer', () => {
    expect(play([...ready, choose(50), { type: 'cancel' }]).session.chosen).toBeNull()
  })
})

describe('goods that come back', () => {
  const of = { id: 'sold', firstName: 'Вера', purchaseKopecks: 90_000, spent: 0, earned: 36 }
  const back = (refundKopecks: number | null): Event => ({ type: 'refund', id: 'op', of, refundKopecks })

  it.each([
    ['whole', null, {}],
    ['in part', 30_000, { refundKopecks: 30_000 }],
  ])('%s are told of as such until it is done', (_what, refundKopecks, shown) => {
    const asked = play([...ready, back(refundKopecks)])
    expect(asked.effects).toEqual([{ type: 'commit_refund', id: 'op', originalId: 'sold', refundKopecks }])
    expect(asked.session.customer).toBeNull()
    const done = play([committed, { type: 'outcome', id: 'op', outcome: accepted({ earned: -12 }) }], {
      from: asked.session,
    })
    for (const { act } of [asked.session, done.session])
      expect(act).toMatchObject({ kind: 'refund', purchaseKopecks: 90_000, ...shown })
    expect(done.session.act).toMatchObject({ type: 'success', earned: -12, isQueued: false })
  })

  it('wait for what is under way', () => {
    expect(play([...ready, earn, back(null)]).refused).toBe('busy')
  })

  it('leave the sale that 1C has open, also where it was tried before', () => {
    const tried = play([...ready, earn, { type: 'commit_failed', id: 'op', code: 'failed' }])
    const late: Event = { type: 'patience_over', id: 'op', stage: 'asking' }
    const { session } = play([back(null), committed, late], { from: tried.session })
    expect(session).toMatchObject({ act: { type: 'success', isQueued: true }, sale: saleOf(100_000) })
  })
})
