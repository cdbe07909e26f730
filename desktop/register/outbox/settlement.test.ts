import { describe, expect, it } from 'vitest'
import type { HeardOutcome } from '../../../shared/operation.ts'
import { accepted, refused } from '../session/testing.ts'
import { type Asked, settle } from './settlement.ts'

const resolved = (resolution: string): HeardOutcome =>
  refused('already_resolved', { resolution, resolvedBy: null })

describe('an operation with its outcome', () => {
  it.each<[string, Asked['kind'], boolean, Asked['original'], HeardOutcome, string]>([
    ['accepted', 'earn', false, null, accepted(), 'accepted'],
    ['an earning that the cashier sees refused', 'earn', true, null, refused('customer_frozen'), 'refused'],
    ['an earning that nobody sees refused', 'earn', false, null, refused('customer_frozen'), 'parked'],
    ['a refund that nobody sees refused', 'refund', false, null, refused('over_refund'), 'parked'],
    ['an earning that the cloud fails at, seen', 'earn', true, null, refused('internal'), 'parked'],
    ['a refund with an unreadable answer, seen', 'refund', true, null, refused('unreadable'), 'parked'],
    ['an apply that the cloud fails at', 'apply', false, 'accepted', refused('internal'), 'parked'],
    ['a redemption that the cloud fails at', 'redeem', false, null, refused('internal'), 'refused'],
    ['an earning refused for a new reason, seen', 'earn', true, null, refused('tomorrow'), 'refused'],
    ['an earning refused for a new reason, unseen', 'earn', false, null, refused('tomorrow'), 'parked'],
    ['a redemption refused, seen', 'redeem', true, null, refused('insufficient_points'), 'refused'],
    ['a redemption refused, unseen', 'redeem', false, null, refused('clock_out_of_range'), 'refused'],
    ['a release of what was released', 'release', false, 'accepted', resolved('released'), 'refused'],
    ['a release of what has expired', 'release', false, 'accepted', resolved('expired'), 'refused'],
    ['a release of what a person has applied', 'release', false, 'accepted', resolved('applied'), 'parked'],
    [
      'a release of a refused redemption',
      'release',
      false,
      'refused',
      refused('original_not_found'),
      'refused',
    ],
    ['a release of a lost redemption', 'release', false, 'accepted', refused('original_not_found'), 'parked'],
    ['a release of an unknown redemption', 'release', false, null, refused('original_not_found'), 'parked'],
    ['an apply of what a person has applied', 'apply', false, 'accepted', resolved('applied'), 'refused'],
    ['an apply of what was released', 'apply', false, 'accepted', resolved('released'), 'parked'],
    ['an apply of a lost redemption', 'apply', true, 'refused', refused('original_not_found'), 'parked'],
    ['a refund of what was refused', 'refund', false, 'refused', refused('original_not_found'), 'refused'],
    ['a refund of what needs a person', 'refund', false, 'parked', refused('original_not_found'), 'parked'],
  ])('%s', (_what, kind, isAttended, original, outcome, state) => {
    expect(settle({ kind, isAttended, isUndone: false, original }, outcome)).toBe(state)
  })

  it.each([
    ['customer_frozen', 'refused'],
    ['internal', 'parked'],
  ])('that was undone before it was refused: %s', (code, state) => {
    const undone = { kind: 'earn', isAttended: false, isUndone: true, original: null }
    expect(settle(undone, refused(code))).toBe(state)
  })
})
