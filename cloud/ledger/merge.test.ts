import { describe, expect, it } from 'vitest'
import { bookOfBase, defaultProgramme } from '../../shared/programme.ts'
import { DAY } from '../../shared/time.ts'
import type { Account } from './account.ts'
import { decide } from './decide.ts'
import {
  admin,
  card,
  customerWith,
  foreigner,
  lotOf,
  merge,
  noon,
  redeem,
  run,
  till,
} from './testing/makers.ts'

const plasticCard = '765432'
const phone = (given: Parameters<typeof customerWith>[0] = {}) =>
  customerWith({ isInTelegram: true, ...given })
const plastic = (given: Parameters<typeof customerWith>[0] = {}) =>
  customerWith({ customerId: 2, card: plasticCard, firstName: 'Анна П.', ...given })

function ask(
  account: Account | null,
  other: Account | null,
  changes: Parameters<typeof merge>[1] = {},
  now = noon,
) {
  const request = merge(other?.card ?? plasticCard, { card: account?.card ?? card, at: now, ...changes })
  const rules = {
    settings: defaultProgramme,
    book: bookOfBase({}),
    spentOf: () => 0,
    voucher: null,
    frozenAt: null,
  }
  return decide({ request, account, other, prior: null, quota: null, now, ...rules })
}

function merged(account: Account, other: Account, now = noon) {
  const decision = ask(account, other, {}, now)
  if (decision.status !== 'posted') throw new Error(`not merged: ${JSON.stringify(decision)}`)
  const { posting } = decision
  const moves = (entries: typeof posting.entries) =>
    entries.map(({ kind, points, debt }) => ({ kind, points, ...(debt !== 0 && { debt }) }))
  return {
    ...{ posting, kept: decision.account.card, into: moves(posting.entries) },
    out: moves(posting.merged?.entries ?? []),
  }
}

const refusal = (account: Account | null, other: Account | null, changes = {}) => {
  const decision = ask(account, other, changes)
  return decision.status === 'refused' ? [decision.refused.code, decision.refused.details] : decision.status
}

describe('two cards become one customer', () => {
  it('who is in Telegram stays, whichever card was shown first', () => {
    const lots = [{ points: 30 }]
    for (const [first, second] of [
      [phone(), plastic({ lots })],
      [plastic({ lots }), phone()],
    ] as const) {
      const { kept, posting, into, out } = merged(first, second)
      expect(kept).toBe(card)
      expect(posting.operation).toMatchObject({ customerId: 1, points: 30, earned: 0, spent: 0 })
      expect(posting.merged).toMatchObject({ customerId: 2, balance: 0, debt: 0 })
      expect(out).toEqual([{ kind: 'merge_out', points: -30 }])
      expect(into).toEqual([{ kind: 'merge_in', points: 30 }])
    }
  })

  it('points of one life are one lot afterwards, and others keep their own', () => {
    const tomorrow = lotOf(noon + DAY)
    const { posting } = merged(
      phone({ lots: [{ points: 10 }] }),
      plastic({
        lots: [
          { points: 50, remaining: 20 },
          { points: 5, ...tomorrow },
        ],
      }),
    )
    expect(posting.lots).toEqual([
      { ...lotOf(), points: 60, remaining: 30, expired: 0, forgiven: 0 },
      { ...tomorrow, points: 5, remaining: 5, expired: 0, forgiven: 0 },
    ])
    expect(posting.merged?.lots.map(({ remaining }) => remaining)).toEqual([0, 0])
    expect(posting.balance).toBe(35)
  })

  it('an empty lot is known there too, and what expired unspent may still be forgiven, once', () => {
    const dead = lotOf(noon - 60 * DAY)
    const { posting, into, out } = merged(
      phone(),
      plastic({ lots: [{ ...dead, points: 40, remaining: 0, expired: 30, forgiven: 10 }] }),
    )
    expect([into, out]).toEqual([[], []])
    expect(posting.lots).toEqual([{ ...dead, points: 40, remaining: 0, expired: 20, forgiven: 0 }])
    expect(posting.merged?.lots).toEqual([{ ...dead, points: 40, remaining: 0, expired: 30, forgiven: 30 }])
  })

  it('what is dead is written off where it was, and does not come to life by it', () => {
    const dead = lotOf(noon - 60 * DAY)
    const { posting, into, out } = merged(phone(), plastic({ lots: [{ ...dead, points: 40 }] }))
    expect(out).toEqual([{ kind: 'expire', points: -40 }])
    expect([into, posting.balance, posting.operation.points]).toEqual([[], 0, 0])
  })

  it.each([
    ['plastic that owes', { lots: [{ points: 50 }] }, { debt: 20 }],
    ['a phone that owes', { debt: 20 }, { lots: [{ points: 50 }] }],
  ])('%s is paid from the points of the other, at once', (_what, ofPhone, ofPlastic) => {
    const { posting } = merged(phone(ofPhone), plastic(ofPlastic))
    expect([posting.balance, posting.debt]).toEqual([30, 0])
    expect(posting.entries.at(-1)).toMatchObject({ kind: 'debt_payment', points: -20, debt: -20 })
  })

  it('two debts are one', () => {
    const { posting, out } = merged(phone({ debt: 5 }), plastic({ debt: 7 }))
    expect([posting.balance, posting.debt]).toEqual([0, 12])
    expect(out).toEqual([{ kind: 'merge_out', points: 0, debt: -7 }])
  })

  it('cards that are one customer already stay so, and nothing moves', () => {
    const one = phone({ lots: [{ points: 10 }] })
    const { posting, into } = merged(one, one)
    expect([posting.merged, into, posting.balance]).toEqual([null, [], 10])
  })
})

describe('two customers stay two', () => {
  const held = () => {
    const customer = plastic({ lots: [{ points: 100 }] })
    run(customer, redeem(40, { card: plasticCard }))
    return customer
  }

  it.each<[string, () => unknown, unknown]>([
    ['the first card is nobody’s', () => refusal(null, plastic()), ['customer_not_found', { card }]],
    [
      'the other card is nobody’s',
      () => refusal(phone(), null),
      ['customer_not_found', { card: plasticCard }],
    ],
    [
      'the other one is erased',
      () => refusal(phone(), plastic({ status: 'erased' })),
      ['customer_not_found', { card: plasticCard }],
    ],
    [
      'the first one is erased',
      () => refusal(phone({ status: 'erased' }), plastic()),
      ['customer_not_found', { card }],
    ],
    [
      'they are of two programmes, and staff ask',
      () => refusal(phone(), plastic({ programmeId: 2 }), { author: admin }),
      ['customer_not_found', { card: plasticCard }],
    ],
    [
      'the first one is frozen',
      () => refusal(phone({ status: 'frozen' }), plastic()),
      ['customer_frozen', { card }],
    ],
    [
      'the other one is frozen',
      () => refusal(phone(), plastic({ status: 'frozen' })),
      ['customer_frozen', { card: plasticCard }],
    ],
    [
      'both are in Telegram',
      () => refusal(phone(), plastic({ isInTelegram: true })),
      ['cannot_merge', { reason: 'both_in_telegram' }],
    ],
    [
      'neither is in Telegram, and a till asks',
      () => refusal(customerWith(), plastic()),
      ['cannot_merge', { reason: 'none_in_telegram' }],
    ],
    [
      'points of the plastic card are held',
      () => refusal(phone(), held()),
      ['cannot_merge', { reason: 'open_hold', card: plasticCard, points: 40 }],
    ],
    [
      'points of the plastic card are held, and it was shown first',
      () => refusal(held(), phone()),
      ['cannot_merge', { reason: 'open_hold', card: plasticCard, points: 40 }],
    ],
  ])('where %s', (_why, asked, expected) => {
    expect(asked()).toEqual(expected)
  })

  it('points that the phone holds are in nobody’s way', () => {
    const customer = phone({ lots: [{ points: 100 }] })
    run(customer, redeem(40))
    expect(ask(customer, plastic()).status).toBe('posted')
  })

  it('a lost card is merged into a new one by staff, and the one that they name stays', () => {
    const [lost, fresh] = [plastic({ lots: [{ points: 9 }] }), customerWith()]
    expect(ask(fresh, lost, { author: till }).status).toBe('refused')
    const decision = ask(fresh, lost, { author: admin })
    expect(decision).toMatchObject({ status: 'posted', account: { card }, posting: { balance: 9 } })
  })

  it('a till of another programme is not told that there are such cards', () => {
    expect(refusal(null, null, { author: foreigner })).toEqual(['customer_not_found', { card }])
  })
})
