import { describe, expect, it } from 'vitest'
import { offerOf } from './offer.ts'
import type { Event, Session } from './state.ts'
import { resetAfterMs } from './state.ts'
import {
  accepted,
  anna,
  committed,
  earn,
  offered,
  world as plain,
  play,
  ready,
  refused,
  saleOf,
  search,
} from './testing.ts'

const world = { ...plain, operationFields: ['voucher', 'items'] }
const code = 'TR7KX2WQ9P'
const show: Event = { type: 'show_voucher', searchId: 8, code }
const good = (gives: object, terms: object = {}): Event[] => [
  show,
  {
    ...{ type: 'voucher_found', searchId: 8 },
    terms: { title: 'Купон', gives, min_purchase_kopecks: 0, uses_per_code: 1, with_points: true, ...terms },
  },
]
const off = { type: 'discount_kopecks', kopecks: 20_050 }
const coffee = { type: 'product', sku: 'coffee', name: 'Кофе', cap_kopecks: 18_000 }
const redeem = (points: number): Event => ({
  ...{
    type: 'redeem',
    id: 'op',
    purchaseKopecks: 100_000,
    confirmDuplicate: false,
    withVoucher: true,
    points,
  },
})

function offerIn({ sale, customer, chosen, voucher }: Session, around = world) {
  if (!sale || !customer) throw new Error('nothing is sold')
  return offerOf({ sale, customer, chosen, voucher }, around)
}

describe('a voucher', () => {
  it('that is shown before the card waits for it, and for no longer than a minute', () => {
    const { session, effects } = play([{ type: 'sale', sale: saleOf(100_000) }, show], { in: world })
    expect(session.voucher).toMatchObject({ code, state: 'waiting' })
    expect(effects).toEqual([])
    expect(resetAfterMs(session)).toBe(60_000)
    const found = play(search, { from: session, in: world })
    expect(found.session.voucher).toMatchObject({ code, state: 'asked' })
    expect(found.effects).toEqual([{ type: 'find_voucher', searchId: 8, code, card: anna.card }])
    const left = play([{ type: 'reset', turn: session.turn }], { from: session, in: world })
    expect(left.session).toMatchObject({ voucher: null, sale: { purchaseKopecks: 100_000 } })
  })

  it('still waits when the first card was nobody’s, and not for the customer after', () => {
    const miss: Event[] = [
      { type: 'search', id: 5, code: '111111' },
      { type: 'not_found', searchId: 5, reason: 'customer_not_found' },
    ]
    const waiting = play([show, ...miss], { in: world })
    expect(waiting.session.voucher).toMatchObject({ state: 'waiting' })
    const next: Event[] = [{ type: 'search', id: 9, code: '777777' }]
    expect(play([...ready, ...good(off), ...next], { in: world }).session.voucher).toBeNull()
  })

  it('that a scanner reads twice is asked about once; one that was no good is asked about again', () => {
    const once = play([...ready, ...good(off)], { in: world }).session
    expect(play([{ ...show, searchId: 9 }], { from: once, in: world })).toMatchObject({
      ...{ session: { voucher: { state: 'good' } }, effects: [] },
    })
    const missed: Event = { type: 'voucher_missed', searchId: 8, reason: 'in_use', title: null }
    const again = play([...ready, show, missed, { ...show, searchId: 9 }], { in: world })
    expect(again.effects).toMatchObject([{ type: 'find_voucher', searchId: 9 }])
  })

  it('needs the cloud, and says so instead of asking', () => {
    const { session, effects } = play([...ready, show], { in: { ...world, isOnline: false } })
    expect(session.voucher).toMatchObject({ state: 'bad', reason: 'cloud_away' })
    expect(effects).toEqual([])
  })

  it('is nobody’s of a frozen card, nor of a sale that is under way', () => {
    const frozen: Event = { type: 'found', searchId: 7, customer: { ...anna, status: 'frozen' } }
    expect(play([search[0] as Event, frozen, show], { in: world }).refused).toBe('card_frozen')
    const waited = play([show, search[0] as Event, frozen], { in: world })
    expect(waited).toMatchObject({ session: { voucher: null }, effects: [] })
    expect(play([...ready, earn, show], { in: world }).refused).toBe('busy')
  })
})

describe('what a voucher does for the sale', () => {
  it('is said with points and without, and with fewer', () => {
    const { session } = play([...ready, ...good(off)], { in: world })
    expect(offerIn(session).voucher).toEqual({
      ...{ isPossible: true, title: 'Купон', kopecks: 20_000, maxPoints: 200, isWithPoints: true },
      ...{ isLarger: true, itemKopecks: null },
      ...{ points: 200, discountRubles: 400, paidKopecks: 60_000, earned: 24, isSure: true, remains: 324 },
      alone: {
        ...{ points: 0, discountRubles: 200, paidKopecks: 80_000, earned: 32, isSure: true, remains: 532 },
      },
    })
    const fewer: Event = { type: 'choose', purchaseKopecks: 100_000, points: 50 }
    const chosen = play([fewer], { from: session, in: world }).session
    expect(offerIn(chosen).voucher).toMatchObject({ points: 50, discountRubles: 250, maxPoints: 200 })
  })

  it('does not say what is left where a debt takes of it what only the ledger can say', () => {
    const owing: Event = { type: 'found', searchId: 7, customer: { ...anna, available: 0, debt: 30 } }
    const { session } = play([...ready.slice(0, -1), owing, ...good(off)], { in: world })
    expect(offerIn(session).voucher).toMatchObject({ maxPoints: 0, alone: { earned: 32, remains: null } })
  })

  it.each<[string, object, boolean]>([
    ['takes more off than points would', { ...off, kopecks: 30_000 }, true],
    ['takes less off', { ...off, kopecks: 10_000 }, false],
    ['credits more than points would take off', { type: 'points', points: 201 }, true],
    ['credits fewer', { type: 'points', points: 199 }, false],
  ])('and does not go with points is the larger of the two where it %s', (_what, gives, isLarger) => {
    const { session } = play([...ready, ...good(gives, { with_points: false })], { in: world })
    expect(offerIn(session).voucher).toMatchObject({ maxPoints: 0, isWithPoints: false, isLarger })
  })

  it('is nothing where the purchase is too small, and says from which it would be', () => {
    const { session } = play([...ready, ...good(off, { min_purchase_kopecks: 500_000 })], { in: world })
    expect(offerIn(session).voucher).toEqual({
      ...{ isPossible: false, title: 'Купон', reason: 'below_min_purchase', minKopecks: 500_000 },
    })
    expect(play([redeem(0)], { from: session, in: world }).refused).toBe('cannot_redeem')
  })

  it('goes with a tap, whose act says what it takes off', () => {
    const { session, effects } = play([...ready, ...good(off), redeem(200)], { in: world })
    const voucher = { title: 'Купон', kopecks: 20_000, discountRubles: 400 }
    expect(session.act).toMatchObject({ type: 'processing', points: 200, voucher })
    expect(effects).toMatchObject([{ type: 'commit_redeem', points: 200, voucher: { code } }])
    expect(play([redeem(201)], { from: { ...session, act: null }, in: world }).refused).toBe('cannot_redeem')
  })

  it('takes off what the ledger says, in the end', () => {
    const hold = { state: 'processing' as const, points: 0, until: '2025-12-07T12:00:00.000Z' }
    const held = accepted({ kind: 'redeem', hold: { ...hold, voucherKopecks: 15_000 } })
    const { session } = play(
      [
        ...[...ready, ...good(off), redeem(0), committed],
        ...([{ type: 'outcome', id: 'op', outcome: held }, offered, { type: 'taken', id: 'op' }] as Event[]),
      ],
      { in: world },
    )
    expect(session.act).toMatchObject({
      ...{ type: 'success', paidKopecks: 85_000, voucher: { kopecks: 15_000, discountRubles: 150 } },
    })
  })

  it('is not used once more after the ledger has refused it', () => {
    const told: Event = { type: 'outcome', id: 'op', outcome: refused('voucher_refused', { reason: 'used' }) }
    const { session } = play([...ready, ...good(off), redeem(0), committed, told], { in: world })
    expect(session).toMatchObject({ voucher: null, act: { type: 'error', code: 'voucher_refused' } })
  })
})

describe('a voucher of goods', () => {
  const price = (itemKopecks: number): Event => ({
    ...{ type: 'price_voucher_item', purchaseKopecks: 100_000, itemKopecks },
  })
  const shown = play([...ready, ...good(coffee)], { in: world }).session

  it('needs their price where 1C has not said what is bought', () => {
    expect(offerIn(shown).voucher).toMatchObject({ reason: 'no_product', needsPrice: true })
    const priced = play([price(15_050)], { from: shown, in: world }).session
    expect(offerIn(priced).voucher).toMatchObject({ kopecks: 15_000, itemKopecks: 15_050 })
    const { effects } = play([redeem(0)], { from: priced, in: world })
    expect(effects).toMatchObject([{ voucher: { code, itemKopecks: 15_050 } }])
  })

  it('takes no price above the receipt, of another amount, or of a voucher that has none', () => {
    expect(play([price(100_001)], { from: shown, in: world }).refused).toBe('item_above_purchase')
    expect(play([{ ...price(1), purchaseKopecks: 1 } as Event], { from: shown, in: world }).refused).toBe(
      'amount_changed',
    )
    expect(play([...ready, price(100)], { in: world }).refused).toBe('no_voucher')
    expect(play([...ready, ...good(off), price(100)], { in: world }).refused).toBe('no_voucher')
  })

  it('asks nobody where 1C has said what is bought', () => {
    const items = [{ sku: 'tea', quantity: 1, kopecks: 100_000 }]
    const sale: Event = { type: 'sale', sale: { ...saleOf(100_000), items } }
    const { session } = play([sale, ...search, ...good(coffee)], { in: world })
    expect(offerIn(session).voucher).toEqual({ isPossible: false, title: 'Купон', reason: 'no_product' })
  })
})

describe('the voucher of a purchase that comes back', () => {
  const of = { id: 'sale', firstName: 'Анна', purchaseKopecks: 100_000, spent: 0, earned: 32 }
  const voucher = { searchId: 8, code, card: anna.card }
  const refund: Event = { type: 'refund', id: 'op', of, refundKopecks: null, voucher }
  const done: Event = { type: 'outcome', id: 'op', outcome: accepted({ kind: 'refund' }) }
  const missed = (reason: string): Event => ({ type: 'voucher_missed', searchId: 8, reason, title: null })

  it('is asked about once the ledger has the return, and not before', () => {
    expect(play([refund, committed], { in: world }).effects).not.toContainEqual(
      expect.objectContaining({ type: 'find_voucher' }),
    )
    const { session, effects } = play([refund, committed, done], { in: world })
    expect(effects).toEqual([{ type: 'find_voucher', searchId: 8, code, card: anna.card }])
    expect(session.act).toMatchObject({ type: 'success', voucherAfter: 'asked' })
    const without = play([{ ...refund, voucher: null }, committed, done], { in: world })
    expect(without.effects).toEqual([])
    expect(without.session.act).not.toHaveProperty('voucherAfter')
  })

  it('of another till is what the cloud said of it when the purchase was found, and nobody is asked', () => {
    const told: Event = { ...refund, voucher: { after: 'usable' } }
    const { session, effects } = play([told, committed, done], { in: world })
    expect(effects).toEqual([])
    expect(session.act).toMatchObject({ type: 'success', voucherAfter: 'usable' })
    expect(play([told, committed], { in: world }).session.act).not.toHaveProperty('voucherAfter')
  })

  it.each<[string, Event]>([
    ['usable', { type: 'voucher_found', searchId: 8, terms: {} }],
    ['gone', missed('used')],
    ['unknown', missed('cloud_away')],
  ])('is %s by what the cloud says', (voucherAfter, event) => {
    const { session } = play([refund, committed, done, event], { in: world })
    expect(session).toMatchObject({ voucher: null, act: { type: 'success', voucherAfter } })
  })
})
