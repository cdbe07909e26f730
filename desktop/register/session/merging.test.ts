import { describe, expect, it } from 'vitest'
import type { KnownCustomer } from '../../../shared/bridge.ts'
import { type Event, emptySession } from './state.ts'
import { accepted, anna, codeOf, earn, play, refused, saleOf, world } from './testing.ts'
import type { World } from './world.ts'

const around: World = { ...world, operationFields: ['cashier', 'typed', 'merge'] }
const phone: KnownCustomer = { ...anna, code: codeOf(anna.card) }
const plastic: KnownCustomer = { ...anna, card: '765432', firstName: 'Анна П.', available: 60 }
const cards = { card: phone.card, otherCard: plastic.card }

let searches = 0
const show = (customer: KnownCustomer): Event[] => {
  searches += 1
  return [
    { type: 'search', id: searches, code: customer.code ?? customer.card },
    { type: 'found', searchId: searches, customer },
  ]
}
const both = [...show(plastic), ...show(phone)]
const yes: Event = { type: 'merge', id: 'op', ...cards }
const no: Event = { type: 'keep_apart', ...cards }
const committed: Event = { type: 'committed', id: 'op' }
const played = (events: Event[], given: Partial<World> = {}) => play(events, { in: { ...around, ...given } })
const mergingAfter = (...events: Event[]) => played(events).session.merging

describe('whether two cards are one person’s', () => {
  it.each<[string, KnownCustomer, KnownCustomer]>([
    ['plastic and then a phone', plastic, phone],
    ['a phone and then plastic', phone, plastic],
    [
      'plastic and then a picture of the bot',
      plastic,
      { ...anna, code: null, inTelegram: true, card: phone.card },
    ],
    [
      'plastic that nobody here knows, without a network',
      { ...plastic, source: 'unknown', available: null },
      phone,
    ],
  ])('is asked after %s', (_what, first, second) => {
    const { session } = played([...show(first), ...show(second)])
    expect(session.merging).toMatchObject({
      ...{ state: 'offered', phone: { card: phone.card }, plastic: { card: plastic.card } },
    })
    expect(session.customer?.card).toBe(second.card)
  })

  it.each<[string, Event[], Partial<World>]>([
    ['of one card alone', show(phone), {}],
    ['of the same card twice', [...show(phone), ...show(phone)], {}],
    ['of two phones', [...show({ ...plastic, inTelegram: true }), ...show(phone)], {}],
    ['of two plastic cards', [...show(plastic), ...show(anna)], {}],
    ['of a frozen card', [...show({ ...plastic, status: 'frozen' }), ...show(phone)], {}],
    ['of a phone whose card is frozen', [...show(plastic), ...show({ ...phone, status: 'frozen' })], {}],
    ['where the cloud is too old for it', both, { operationFields: ['cashier'] }],
    ['of somebody who has gone', [...show(plastic), { type: 'cancel' }, ...show(phone)], {}],
    [
      'of somebody whose purchase is done',
      [
        { type: 'sale', sale: saleOf(100_000) },
        ...show(plastic),
        { ...earn, id: 'sold' },
        { type: 'outcome', id: 'sold', outcome: accepted({ id: 'sold' }) },
        ...show(phone),
      ],
      {},
    ],
    ['of somebody who is forgotten', [...both, { type: 'forget', cards: [plastic.card] }], {}],
  ])('is not asked %s', (_what, events, given) => {
    expect(played(events, given).session.merging).toBeNull()
  })

  it('is asked once', () => {
    expect(mergingAfter(...both, no)).toBeNull()
    expect(mergingAfter(...both, no, ...both)).toBeNull()
    expect(mergingAfter(...both, no, { type: 'cancel' }, ...both)).toBeNull()
    expect(mergingAfter(...both, no, ...show({ ...plastic, card: '111111' }), ...show(phone))).not.toBeNull()
  })

  it('is no obstacle to the sale', () => {
    const { session, effects } = played([{ type: 'sale', sale: saleOf(100_000) }, ...both, earn])
    expect(effects).toMatchObject([{ type: 'commit_earn', customer: { card: phone.card } }])
    expect(session.act).toMatchObject({ type: 'processing' })
  })
})

describe('a yes', () => {
  it('goes into the journal, and who has the phone stays on the screen', () => {
    for (const events of [both, [...show(phone), ...show(plastic)]]) {
      const { session, effects } = played([...events, yes])
      expect(effects).toEqual([{ type: 'commit_merge', id: 'op', ...cards, firstName: 'Анна' }])
      expect(session.customer?.card).toBe(phone.card)
      expect(session.merging).toMatchObject({ state: 'asked', otherCard: plastic.card })
    }
  })

  it('is about the two that were asked about, and about nobody else', () => {
    expect(played([...both, { ...yes, otherCard: '111111' } as Event]).refused).toBe('no_customer')
    expect(played([...show(phone), yes]).refused).toBe('no_customer')
    expect(played([...both, yes, yes]).refused).toBe('no_customer')
  })

  it('is done when the ledger has said so, and shows the points of both', () => {
    const { card, firstName } = phone
    const waiting = { points: 40, from: '2025-12-14T00:00:00.000Z' }
    const customer = { card, firstName, available: 560, held: 0, debt: 0, expiresNext: null, waiting }
    const outcome = accepted({ kind: 'merge', earned: 0, customer })
    const { session } = played([...both, yes, committed, { type: 'outcome', id: 'op', outcome }])
    expect(session.merging).toMatchObject({ state: 'done' })
    expect(session.customer).toMatchObject({ card: phone.card, available: 560, waiting })
  })

  it('waits in the queue where the cloud is away, or does not answer', () => {
    expect(played([...both, yes, committed], { isOnline: false }).session.merging).toMatchObject({
      state: 'queued',
    })
    const patience: Event = { type: 'patience_over', id: 'op', stage: 'asking' }
    expect(played([...both, yes, committed]).effects).toMatchObject([{ type: 'be_patient' }])
    expect(mergingAfter(...both, yes, committed, patience)).toMatchObject({ state: 'queued' })
  })

  it('that the ledger refuses says why', () => {
    const outcome = refused('cannot_merge', { reason: 'open_hold', points: 40 })
    expect(mergingAfter(...both, yes, committed, { type: 'outcome', id: 'op', outcome })).toMatchObject({
      ...{ state: 'refused', code: 'cannot_merge', details: { reason: 'open_hold' } },
    })
  })

  it('that the journal did not take says so', () => {
    const failed: Event = { type: 'commit_failed', id: 'op', code: 'not_written' }
    expect(mergingAfter(...both, yes, failed)).toMatchObject({ state: 'refused', code: 'not_written' })
  })

  it('is over for the screen with its customer', () => {
    const { session } = played([...both, yes, committed, { type: 'cancel' }])
    expect(session).toMatchObject({ ...emptySession, turn: session.turn, notOne: null })
  })
})
