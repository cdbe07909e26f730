import { describe, expect, it } from 'vitest'
import { bookOfBase, defaultProgramme } from '../../shared/programme.ts'
import type { RefusalCode } from '../../shared/refusal.ts'
import { DAY, MINUTE, SECOND, toIso } from '../../shared/time.ts'
import { viewOf } from './account.ts'
import { decide } from './decide.ts'
import {
  adjust,
  admin,
  apply,
  type Customer,
  card,
  customerOf,
  customerWith,
  earn,
  expire,
  mintId,
  neighbour,
  noon,
  redeem,
  refund,
  release,
  remainingOf,
  run,
  showing,
  stranger,
  system,
  till,
} from './testing/makers.ts'

/** A customer who has done these things before. */
const having = (customer: Customer, ...requests: Parameters<typeof run>[1][]) => {
  for (const request of requests) expect(run(customer, request)).toMatchObject({ status: 'accepted' })
  return customer
}

const early = noon - 6 * MINUTE
const erased = () => customerWith({ status: 'erased' })
const frozen = (points = 0) => customerWith({ status: 'frozen', lots: [{ points }] })
const indebted = () => customerWith({ debt: 7 })
const held = redeem(50)
const bought = earn(100_000)
const returned = refund(bought)
const given = release(held, { at: noon + 1 })
const settled = apply(held, { at: noon + 1, author: admin })
const unknown = { id: mintId() }
/** As many open redemptions as a register may have. */
const five = Array.from({ length: 5 }, () => redeem(1, { confirmDuplicate: true }))

const shownOnce = redeem(50, showing())
const { expiresAt } = showing().shown ?? { expiresAt: noon }
/** Where a live code is asked for. */
const strict = { ...defaultProgramme, redeem_proof: 'signed_code' } as const

const rules = {
  settings: defaultProgramme,
  book: bookOfBase({}),
  spentOf: () => 0,
  voucher: null,
  frozenAt: null,
}
const notAsked = (request: Parameters<typeof run>[1], now = request.at) => {
  const decision = decide({ request, account: null, other: null, prior: null, quota: null, now, ...rules })
  return decision.status === 'refused' ? decision.refused : decision
}

describe('in a frozen programme', () => {
  const decideIn = (request: Parameters<typeof run>[1], account = customerOf(1000)) => {
    const frozen = { ...rules, frozenAt: noon }
    return decide({ request, account, other: null, prior: null, quota: null, now: noon + MINUTE, ...frozen })
  }
  const refusedFor = (request: Parameters<typeof run>[1]) => {
    const decision = decideIn(request)
    return decision.status === 'refused' ? decision.refused : decision.status
  }

  it('nobody earns or spends, and it is said that it is not the card', () => {
    for (const request of [earn(100_000, { at: noon }), redeem(1, { at: noon }), redeem(1, { at: noon - 1 })])
      expect(refusedFor(request)).toMatchObject({
        code: 'customer_frozen',
        details: { card, isProgrammeFrozen: true },
      })
  })

  it('what was sold before is earned, and what people do by hand is done', () => {
    expect(refusedFor(earn(100_000, { at: noon - 1 }))).toBe('posted')
    expect(refusedFor(adjust(5, { at: noon }))).toBe('posted')
  })

  it('what already happened is recorded', () => {
    const account = customerOf(1000)
    const held = redeem(50, { at: noon - MINUTE })
    run(account, held)
    expect(decideIn(apply(held, { at: noon + 1 }), account)).toMatchObject({ status: 'posted' })
  })
})

describe('a refusal says what the cashier needs', () => {
  it.each<[RefusalCode, string, () => unknown, object]>([
    [
      'id_reused',
      'the id of an operation with other content',
      () => run(having(customerWith(), bought), earn(99_999, { id: bought.id })),
      { id: bought.id },
    ],
    [
      'id_reused',
      'the id of an operation of another kind',
      () => run(having(customerOf(100), bought), redeem(1, { id: bought.id })),
      { id: bought.id },
    ],
    [
      'not_your_operation',
      'the operation of another store, word for word',
      () => run(having(customerWith(), bought), { ...bought, author: stranger }),
      { id: bought.id },
    ],
    [
      'not_your_operation',
      'a hold of another store',
      () => run(having(customerOf(100), held), apply(held, { id: returned.id, author: stranger })),
      { id: returned.id },
    ],
    [
      'not_your_operation',
      'goods of another store',
      () => run(having(customerWith(), bought), { ...returned, author: stranger }),
      { id: returned.id },
    ],
    [
      'not_your_operation',
      'the discount of another store, which a person said was taken',
      () =>
        run(having(customerOf(100), held, settled), refund(settled, { id: returned.id, author: stranger })),
      { id: returned.id },
    ],
    ['customer_not_found', 'a card nobody has', () => notAsked(earn()), { card }],
    ['customer_not_found', 'an erased customer', () => run(erased(), redeem(1)), { card }],
    ['customer_not_found', 'points for an erased customer', () => run(erased(), adjust(1)), { card }],
    [
      'amount_out_of_range',
      'a debt of nothing that follows its person',
      () => run(customerWith(), adjust(0, { carriesDebt: true })),
      { points: 0 },
    ],
    ['customer_frozen', 'an earn', () => run(frozen(), earn()), { card }],
    ['customer_frozen', 'a redeem', () => run(frozen(100), redeem(1)), { card }],
    [
      'amount_out_of_range',
      'no money',
      () => run(customerWith(), earn(0)),
      { purchaseKopecks: 0, minKopecks: 1, maxKopecks: 100_000_000 },
    ],
    ['amount_out_of_range', 'less than no money', () => run(customerWith(), earn(-1)), {}],
    ['amount_out_of_range', 'a kopeck above the most', () => run(customerWith(), earn(100_000_001)), {}],
    [
      'amount_out_of_range',
      'a redeem above the most',
      () => run(customerOf(9), redeem(1, { purchaseKopecks: 100_000_001 })),
      { purchaseKopecks: 100_000_001 },
    ],
    [
      'amount_out_of_range',
      'a refund of nothing',
      () => run(having(customerWith(), bought), refund(bought, { refundKopecks: 0 })),
      { refundKopecks: 0, minKopecks: 1 },
    ],
    ['amount_out_of_range', 'an adjustment of nothing', () => run(customerWith(), adjust(0)), { points: 0 }],
    [
      'amount_out_of_range',
      'an adjustment above 10,000 points',
      () => run(customerWith(), adjust(10_001)),
      { points: 10_001, maxPoints: 10_000 },
    ],
    [
      'amount_out_of_range',
      'one of more than a million, though it is approved',
      () => run(customerWith(), adjust(1_000_001, { isApproved: true })),
      { points: 1_000_001, maxPoints: 1_000_000 },
    ],
    ['amount_out_of_range', 'one below -10,000', () => run(customerOf(20_000), adjust(-10_001)), {}],
    [
      'amount_out_of_range',
      'a bonus that takes points',
      () => run(customerOf(9), adjust(-1, { kind: 'bonus' })),
      {},
    ],
    [
      'amount_out_of_range',
      'an earn on a card that is full',
      () => run(customerOf(999_999_999), earn(5_000)),
      { balance: 999_999_999, maxBalance: 1_000_000_000 },
    ],
    [
      'amount_out_of_range',
      'an adjustment on a card that is full',
      () => run(customerOf(999_999_999), adjust(2)),
      { balance: 999_999_999, maxBalance: 1_000_000_000 },
    ],
    [
      'amount_out_of_range',
      'a bonus on a card that is full',
      () => run(customerOf(1_000_000_000), adjust(1, { kind: 'bonus' })),
      { balance: 1_000_000_000, maxBalance: 1_000_000_000 },
    ],
    [
      'clock_out_of_range',
      'more than 5 minutes ahead of the server',
      () => run(customerWith(), earn(), noon - 5 * MINUTE - 1),
      { at: toIso(noon), serverTime: toIso(noon - 5 * MINUTE - 1) },
    ],
    [
      'clock_out_of_range',
      'older than the lifetime',
      () => run(customerWith(), earn(), noon + 45 * DAY + 1),
      {},
    ],
    [
      'clock_out_of_range',
      'a redeem older than the hold time',
      () => run(customerOf(9), redeem(1), noon + 90 * SECOND + 1),
      {},
    ],
    [
      'proof_refused',
      'no code where the programme asks for one',
      () => run(customerOf(9), redeem(1), noon, strict),
      { reason: 'missing' },
    ],
    [
      'proof_refused',
      'a code that is not genuine, though none is asked for',
      () => run(customerOf(9), redeem(1, showing('altered'))),
      { reason: 'altered' },
    ],
    [
      'proof_refused',
      'a code that nobody has read',
      () => run(customerOf(9), redeem(1, { code: 'K1' })),
      { reason: 'altered' },
    ],
    [
      'proof_refused',
      'the code of another customer',
      () => run(customerOf(9), redeem(1, showing({ card: '654321' }))),
      { reason: 'other_customer' },
    ],
    [
      'proof_refused',
      'a code that ended more than three minutes ago',
      () => run(customerOf(9), redeem(1, { ...showing(), at: expiresAt + 3 * MINUTE + 1 })),
      { reason: 'too_old' },
    ],
    [
      'proof_refused',
      'a code that a hold has',
      () => run(having(customerOf(100), shownOnce), redeem(1, showing())),
      { reason: 'used' },
    ],
    [
      'proof_refused',
      'a code that a discount was given for',
      () => run(having(customerOf(100), shownOnce, apply(shownOnce)), redeem(1, showing())),
      { reason: 'used' },
    ],
    [
      'duplicate_transaction',
      'an equal purchase',
      () => run(having(customerWith(), bought), earn()),
      { duplicateOf: bought.id, at: toIso(noon) },
    ],
    [
      'original_not_found',
      'an apply of what never was',
      () => run(customerOf(9), apply(unknown)),
      { redeemId: unknown.id },
    ],
    [
      'original_not_found',
      'a release of what never was',
      () => notAsked(release(unknown)),
      { redeemId: unknown.id },
    ],
    [
      'original_not_found',
      'an apply of an earn',
      () => run(having(customerWith(), bought), apply(bought)),
      { redeemId: bought.id },
    ],
    [
      'original_not_found',
      'a refund of what never was',
      () => run(customerOf(9), refund(unknown)),
      { originalId: unknown.id },
    ],
    [
      'original_not_found',
      'a refund of a redemption that 1C has not taken',
      () => run(having(customerOf(100), held), refund(held)),
      { originalId: held.id, state: 'processing' },
    ],
    [
      'original_not_found',
      'a refund of a redemption that was released',
      () => run(having(customerOf(100), held, given), refund(held)),
      { originalId: held.id, state: 'released' },
    ],
    [
      'original_not_found',
      'a refund of a refund',
      () => run(having(customerWith(), bought, returned), refund(returned)),
      { originalId: returned.id },
    ],
    [
      'already_resolved',
      'an apply of what was released',
      () => run(having(customerOf(100), held, given), apply(held)),
      { resolution: 'released', resolvedBy: given.id },
    ],
    [
      'over_refund',
      'a kopeck more than was paid',
      () => run(having(customerWith(), bought), refund(bought, { refundKopecks: 100_001 })),
      { paidKopecks: 100_000, refundedKopecks: 0, requestedKopecks: 100_001 },
    ],
    [
      'over_refund',
      'the whole for the second time',
      () => run(having(customerWith(), bought, returned), refund(bought)),
      { paidKopecks: 100_000, refundedKopecks: 100_000, requestedKopecks: 0 },
    ],
    [
      'too_many_holds',
      'a redemption beside five that are open',
      () => run(having(customerOf(100), ...five), redeem(1, { purchaseKopecks: 1499 })),
      { open: 5, limit: 5 },
    ],
    [
      'too_many_holds',
      'one for an old file agent, whose holds count for the register that asked',
      () => run(having(customerOf(100), ...five), redeem(1, { purchaseKopecks: 1499, via: 'agent' })),
      { open: 5, limit: 5 },
    ],
    [
      'over_discount_limit',
      'a point above 20 %',
      () => run(customerOf(9), redeem(3, { purchaseKopecks: 1499 })),
      { limit: 2, requested: 3 },
    ],
    ['below_minimum', 'no points', () => run(customerOf(9), redeem(0)), { minimum: 1, requested: 0 }],
    ['below_minimum', 'less than no points', () => run(customerOf(9), redeem(-1)), { requested: -1 }],
    ['in_debt', 'a redemption before the debt is paid', () => run(indebted(), redeem(1)), { debt: 7 }],
    [
      'insufficient_points',
      'a point more than there is',
      () => run(customerOf(9), redeem(10)),
      { available: 9, requested: 10 },
    ],
    [
      'insufficient_points',
      'an adjustment below zero',
      () => run(customerOf(9), adjust(-10)),
      { available: 9, requested: 10 },
    ],
  ])('%s: %s', (code, _what, attempt, details) => {
    expect(attempt()).toMatchObject({ status: 'refused', replay: false, code, details })
  })
})

describe('goods that another store sold', () => {
  const everywhere = { ...defaultProgramme, returns_of: 'programme' } as const
  const inStranger = <R extends object>(request: R) => ({ ...request, author: stranger })

  it('come back where the programme says so, once', () => {
    const customer = having(customerWith(), bought)
    const outcome = run(customer, inStranger(returned), returned.at, everywhere)
    expect(outcome).toMatchObject({ status: 'accepted', earned: -40 })
    const again = refund(bought, { id: mintId(), at: returned.at })
    expect(run(customer, again, again.at, everywhere)).toMatchObject({ code: 'over_refund' })
  })

  it('are all that is not its own: neither a discount nor the word of another store is', () => {
    const customer = having(customerOf(100), held)
    for (const request of [apply(held, { id: mintId() }), release(held, { id: mintId() })])
      expect(run(customer, inStranger(request), request.at, everywhere)).toMatchObject({
        code: 'not_your_operation',
      })
    expect(run(customer, inStranger(held), held.at, everywhere)).toMatchObject({ code: 'not_your_operation' })
  })
})

describe('refusals come in the order of the list', () => {
  // Each row: a case that violates both, and the same case with the first one cured.
  it.each<[RefusalCode, RefusalCode, () => unknown, () => unknown]>([
    [
      'id_reused',
      'not_your_operation',
      () => run(having(customerWith(), bought), earn(1, { id: bought.id, author: stranger })),
      () => run(having(customerWith(), bought), { ...bought, author: stranger }),
    ],
    [
      'not_your_operation',
      'customer_not_found',
      () => run({ ...having(customerWith(), bought), status: 'erased' }, { ...bought, author: stranger }),
      () => run({ ...having(customerWith(), bought), status: 'erased' }, earn(1, { author: stranger })),
    ],
    [
      'not_your_operation',
      'clock_out_of_range',
      () => run(having(customerOf(100), held), apply(held, { author: stranger }), early),
      () => run(having(customerOf(100), held), apply(held), early),
    ],
    [
      'not_your_operation',
      'original_not_found',
      () => run(having(customerOf(100), held), refund(held, { author: stranger })),
      () => run(having(customerOf(100), held), refund(held)),
    ],
    [
      'not_your_operation',
      'already_resolved',
      () => run(having(customerOf(100), held, given), apply(held, { author: stranger })),
      () => run(having(customerOf(100), held, given), apply(held)),
    ],
    [
      'customer_not_found',
      'amount_out_of_range',
      () => notAsked(earn(0)),
      () => run(customerWith(), earn(0)),
    ],
    [
      'customer_frozen',
      'amount_out_of_range',
      () => run(frozen(), earn(0)),
      () => run(customerWith(), earn(0)),
    ],
    [
      'customer_frozen',
      'duplicate_transaction',
      () => run({ ...having(customerWith(), bought), status: 'frozen' }, earn()),
      () => run(having(customerWith(), bought), earn()),
    ],
    [
      'customer_frozen',
      'insufficient_points',
      () => run(frozen(), redeem(1)),
      () => run(customerWith(), redeem(1)),
    ],
    [
      'amount_out_of_range',
      'clock_out_of_range',
      () => run(customerWith(), earn(0), early),
      () => run(customerWith(), earn(1), early),
    ],
    [
      'amount_out_of_range',
      'original_not_found',
      () => run(customerWith(), refund(unknown, { refundKopecks: 0 })),
      () => run(customerWith(), refund(unknown, { refundKopecks: 1 })),
    ],
    [
      'amount_out_of_range',
      'over_refund',
      () => run(having(customerWith(), bought, returned), refund(bought, { refundKopecks: 0 })),
      () => run(having(customerWith(), bought, returned), refund(bought, { refundKopecks: 1 })),
    ],
    [
      'clock_out_of_range',
      'duplicate_transaction',
      () => run(having(customerWith(), bought), earn(), early),
      () => run(having(customerWith(), bought), earn()),
    ],
    [
      'customer_frozen',
      'proof_refused',
      () => run(frozen(100), redeem(1, showing('altered'))),
      () => run(customerOf(100), redeem(1, showing('altered'))),
    ],
    [
      'clock_out_of_range',
      'proof_refused',
      () => run(customerOf(100), redeem(1, showing('altered')), early),
      () => run(customerOf(100), redeem(1, showing('altered'))),
    ],
    [
      'proof_refused',
      'duplicate_transaction',
      () => run(having(customerOf(100), held), redeem(50, showing('altered'))),
      () => run(having(customerOf(100), held), redeem(50, showing())),
    ],
    [
      'proof_refused',
      'over_discount_limit',
      () => run(customerOf(100), redeem(2001, showing('altered'))),
      () => run(customerOf(100), redeem(2001, showing())),
    ],
    [
      'proof_refused',
      'insufficient_points',
      () => run(customerOf(9), redeem(10), noon, strict),
      () => run(customerOf(9), redeem(10, showing()), noon, strict),
    ],
    [
      'clock_out_of_range',
      'original_not_found',
      () => run(customerWith(), apply(unknown), early),
      () => run(customerWith(), apply(unknown)),
    ],
    [
      'clock_out_of_range',
      'already_resolved',
      () => run(having(customerOf(100), held, given), apply(held), early),
      () => run(having(customerOf(100), held, given), apply(held)),
    ],
    [
      'clock_out_of_range',
      'over_refund',
      () => run(having(customerWith(), bought, returned), refund(bought), early),
      () => run(having(customerWith(), bought, returned), refund(bought)),
    ],
    [
      'duplicate_transaction',
      'over_discount_limit',
      () => run(having(customerOf(100), held), redeem(2001)),
      () => run(having(customerOf(100), held), redeem(2001, { confirmDuplicate: true })),
    ],
    [
      'duplicate_transaction',
      'below_minimum',
      () => run(having(customerOf(100), held), redeem(0)),
      () => run(having(customerOf(100), held), redeem(0, { confirmDuplicate: true })),
    ],
    [
      'duplicate_transaction',
      'insufficient_points',
      () => run(having(customerOf(100), held), redeem(51)),
      () => run(having(customerOf(100), held), redeem(51, { confirmDuplicate: true })),
    ],
    [
      'over_refund',
      'too_many_holds',
      () => run(having(customerOf(100), bought, returned, ...five), refund(bought)),
      () => run(having(customerOf(100), ...five), redeem(1, { purchaseKopecks: 1499 })),
    ],
    [
      'duplicate_transaction',
      'too_many_holds',
      () => run(having(customerOf(100), ...five), redeem(1)),
      () => run(having(customerOf(100), ...five), redeem(1, { confirmDuplicate: true })),
    ],
    [
      'too_many_holds',
      'over_discount_limit',
      () => run(having(customerOf(100), ...five), redeem(3, { purchaseKopecks: 1499 })),
      () => run(customerOf(100), redeem(3, { purchaseKopecks: 1499 })),
    ],
    [
      'too_many_holds',
      'insufficient_points',
      () => run(having(customerOf(9), ...five), redeem(10, { confirmDuplicate: true })),
      () => run(customerOf(9), redeem(10)),
    ],
    [
      'over_discount_limit',
      'in_debt',
      () => run(indebted(), redeem(2001)),
      () => run(indebted(), redeem(2000)),
    ],
    [
      'over_discount_limit',
      'insufficient_points',
      () => run(customerOf(9), redeem(2001)),
      () => run(customerOf(9), redeem(2000)),
    ],
    ['below_minimum', 'in_debt', () => run(indebted(), redeem(0)), () => run(indebted(), redeem(1))],
    [
      'in_debt',
      'insufficient_points',
      () => run(indebted(), redeem(1)),
      () => run(customerWith(), redeem(1)),
    ],
  ])('%s before %s', (first, second, both, cured) => {
    expect(both()).toMatchObject({ status: 'refused', code: first })
    expect(cured()).toMatchObject({ status: 'refused', code: second })
  })
})

describe('just inside the limits an operation is accepted', () => {
  it.each([
    ['a purchase of 0.01 ₽', () => run(customerWith(), earn(1))],
    ['a purchase of 1,000,000 ₽', () => run(customerWith(), earn(100_000_000))],
    ['exactly 5 minutes ahead', () => run(customerWith(), earn(), noon - 5 * MINUTE)],
    ['exactly as old as the lifetime', () => run(customerWith(), earn(12), noon + 45 * DAY)],
    ['a redeem exactly as old as the hold time', () => run(customerOf(9), redeem(1), noon + 90 * SECOND)],
    ['an earning without a code where one is asked for', () => run(customerWith(), earn(), noon, strict)],
    [
      'a redemption with a code where one is asked for',
      () => run(customerOf(9), redeem(1, showing()), noon, strict),
    ],
    [
      'a code that ended three minutes ago',
      () => run(customerOf(9), redeem(1, { ...showing(), at: expiresAt + 3 * MINUTE })),
    ],
    [
      'the code of a redemption that was given up',
      () => run(having(customerOf(100), shownOnce, release(shownOnce)), redeem(1, showing())),
    ],
    [
      'another code of the same customer',
      () =>
        run(
          having(customerOf(100), shownOnce),
          redeem(1, { ...showing({ id: 'fedcba9876543210' }), confirmDuplicate: true }),
        ),
    ],
    [
      'a redemption beside four that are open and one that has ended',
      () =>
        run(
          having(customerOf(100), ...five, release(five[0] ?? unknown)),
          redeem(1, { confirmDuplicate: true }),
        ),
    ],
    [
      'a redemption beside five of another register',
      () => run(having(customerOf(100), ...five), redeem(1, { author: neighbour, confirmDuplicate: true })),
    ],
    [
      'a redemption beside five that nobody claimed in time',
      () =>
        run(
          having(customerOf(100), ...five.map((held) => ({ ...held, via: 'agent' as const }))),
          redeem(1, { at: noon + 90 * SECOND, confirmDuplicate: true }),
        ),
    ],
    [
      'an apply much older than the hold time',
      () => run(having(customerOf(50), held), apply(held), noon + DAY),
    ],
    ['exactly 20 % of the purchase', () => run(customerOf(9), redeem(2, { purchaseKopecks: 1499 }))],
    ['all the points there are', () => run(customerOf(9), redeem(9))],
    ['all the money that was paid', () => run(having(customerWith(), bought), refund(bought))],
    ['an adjustment of 10,000 points', () => run(customerWith(), adjust(10_000))],
    ['an adjustment of -10,000 points', () => run(customerOf(10_000), adjust(-10_000))],
    [
      'the hold of the neighbour',
      () => run(having(customerOf(50), held), apply(held, { author: neighbour })),
    ],
    [
      'the goods of the neighbour',
      () => run(having(customerOf(0), bought), refund(bought, { author: neighbour })),
    ],
    ['a refund by an admin', () => run(having(customerOf(0), bought), refund(bought, { author: admin }))],
  ])('%s', (_what, attempt) => {
    expect(attempt()).toMatchObject({ status: 'accepted' })
  })
})

describe('what already happened to a frozen customer is still recorded', () => {
  const laterFrozen = (...requests: Parameters<typeof run>[1][]): Customer => ({
    ...having(customerOf(50), ...requests),
    status: 'frozen',
  })

  it.each([
    ['a discount taken', () => run(laterFrozen(held), apply(held))],
    ['a discount not taken', () => run(laterFrozen(held), release(held))],
    ['goods returned', () => run(laterFrozen(bought), refund(bought))],
    ['an adjustment by a person', () => run(frozen(9), adjust(1))],
    ['the death of points', () => run(frozen(9), expire(noon + 45 * DAY))],
  ])('%s', (_what, attempt) => {
    expect(attempt()).toMatchObject({ status: 'accepted' })
  })
})

describe('a full card takes no new points, and everything that already happened', () => {
  const full = (...requests: Parameters<typeof run>[1][]) => {
    const customer = having(customerOf(1_000_000_000), ...requests)
    const gone = 1_000_000_000 - viewOf(customer, noon).available
    return gone > 0 ? having(customer, adjust(gone)) : customer
  }
  const fullLater = (request: Parameters<typeof run>[1]) => run(full(held), request)

  it.each([
    ['the last point', () => run(customerOf(999_999_999), earn(2_500))],
    ['a purchase that earns nothing', () => run(full(), earn(1_249))],
    ['points taken away', () => run(full(), adjust(-1))],
    ['a redemption', () => run(full(), redeem(1))],
    ['a discount not taken', () => fullLater(release(held))],
    ['a discount taken, and what it earns', () => fullLater(apply(held))],
    ['the points of returned goods', () => run(full(held, apply(held)), refund(held))],
    [
      'points where others are dead but not written off',
      () => run(full(), adjust(1, { at: noon + 45 * DAY })),
    ],
  ])('%s', (_what, attempt) => {
    expect(attempt()).toMatchObject({ status: 'accepted' })
  })
})

describe('an id is used once, for ever', () => {
  it('the same content again answers the stored outcome', () => {
    const customer = customerWith()
    const first = run(customer, bought)
    run(customer, earn(50_000))
    expect(run(customer, bought, noon + DAY)).toEqual({ ...first, replay: true })
    expect(customer.journal).toHaveLength(2)
  })

  it.each([
    ['out of range', earn(0)],
    ['without the points', redeem(10)],
  ])('a refusal is stored too: %s', (_what, request) => {
    const customer = customerOf(9)
    const first = run(customer, request)
    run(customer, adjust(100))
    expect(run(customer, request, noon + DAY)).toEqual({ ...first, replay: true })
  })

  it('from another register of the same store it is a replay', () => {
    const customer = having(customerWith(), bought)
    expect(run(customer, { ...bought, author: neighbour })).toMatchObject({
      status: 'accepted',
      replay: true,
    })
  })

  it('an absent field and an undefined one are the same content', () => {
    const customer = having(customerWith(), bought)
    const spelt = Object.fromEntries(Object.entries(bought).toReversed()) as typeof bought
    expect(run(customer, spelt)).toMatchObject({ status: 'accepted', replay: true })
  })

  it.each([
    ['the amount', { purchaseKopecks: 100_001 }],
    ['the time', { at: noon + 1 }],
    ['the receipt', { receipt: '17' }],
    ['the card', { card: '654321' }],
  ])('%s makes it other content', (_what, change) => {
    expect(
      run(having(customerWith(), bought), { ...bought, ...change } as typeof bought, noon),
    ).toMatchObject({
      code: 'id_reused',
    })
  })

  it('the code is a part of the content, and what was read out of it is not', () => {
    const customer = having(customerOf(100), shownOnce)
    expect(run(customer, { ...shownOnce, shown: null })).toMatchObject({ status: 'accepted', replay: true })
    expect(run(customer, { ...shownOnce, code: 'K1OTHER' })).toMatchObject({ code: 'id_reused' })
  })

  it('a second redemption by the same code that is also an equal purchase needs another code', () => {
    const customer = having(customerOf(100), shownOnce)
    const second = redeem(50, showing({ id: 'fedcba9876543210' }))
    expect(run(customer, redeem(50, showing()))).toMatchObject({ details: { reason: 'used' } })
    expect(run(customer, second)).toMatchObject({ code: 'duplicate_transaction' })
    expect(run(customer, { ...second, confirmDuplicate: true })).toMatchObject({ status: 'accepted' })
  })

  it('an outage or an unknown customer stores nothing, so that the id stays free', () => {
    const isFinal = (request: Parameters<typeof run>[1], account: Customer | null) => {
      const decision = decide({
        request,
        account,
        other: null,
        prior: null,
        quota: null,
        now: noon,
        ...rules,
      })
      return decision.status === 'refused' && decision.isFinal
    }
    expect(isFinal(earn(), null)).toBe(false)
    expect(isFinal(apply(unknown), null)).toBe(false)
    expect(isFinal(earn(), erased())).toBe(false)
    expect(isFinal(earn(), having(customerWith(), bought))).toBe(false)
    expect(isFinal(earn(0), customerWith())).toBe(true)
    expect(isFinal(redeem(10), customerOf(9))).toBe(true)
  })

  it.each([
    ['a register for an admin', admin, till],
    ['an admin for a register', till, admin],
    ['the system for a register', till, system],
  ])('%s cannot execute it a second time', (_what, first, second) => {
    const customer = having(customerWith(), bought)
    const undo = refund(bought, { refundKopecks: 50_000, author: first })
    having(customer, undo)
    run(customer, { ...undo, author: second })
    expect(remainingOf(customer)).toEqual([['2026-01-21', 20]])
  })
})
