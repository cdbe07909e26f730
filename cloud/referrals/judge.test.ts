import { describe, expect, it } from 'vitest'
import { referralTermsSchema } from '../../shared/rules/referral.ts'
import { DAY, MINUTE } from '../../shared/time.ts'
import { isInCrowd, judge, type Standing } from './judge.ts'

const terms = referralTermsSchema.parse({
  ...{ referrer_points: 200, referee_points: 100, min_purchase_kopecks: 50_000, wait_days: 14, per_month: 2 },
})
const at = Date.parse('2026-03-01T09:00:00.000Z')
const purchase = { id: 'p', at, registerId: 1, keptKopecks: 50_000, terms }
const waiting: Standing = {
  state: 'waiting',
  isReleased: false,
  problem: null,
  purchase,
  rewardedThisMonth: 0,
  isCrowd: false,
  now: at + 14 * DAY,
}

describe('an invitation', () => {
  it.each<[string, Partial<Standing>, string]>([
    ['that nobody has bought by waits for it', { purchase: null }, 'waiting'],
    ['waits to the last moment', { now: at + 14 * DAY - 1 }, `waiting until ${at + 14 * DAY}`],
    ['is rewarded at the end of its wait', {}, 'rewarded'],
    ['of which enough is kept is rewarded', { purchase: { ...purchase, keptKopecks: 50_000 } }, 'rewarded'],
    [
      'of which too little is kept is not',
      { purchase: { ...purchase, keptKopecks: 49_999 } },
      'rejected returned',
    ],
    [
      'is over with the return, before its wait is',
      { purchase: { ...purchase, keptKopecks: 0 }, now: at + 1 },
      'rejected returned',
    ],
    ['of oneself', { problem: 'self' }, 'rejected self'],
    ['of a customer', { problem: 'customer_before', purchase: null }, 'rejected customer_before'],
    ['in a circle', { problem: 'circle' }, 'rejected circle'],
    ['of the staff', { problem: 'staff' }, 'rejected staff'],
    ['of who has left', { problem: 'left', purchase: null }, 'rejected left'],
    ['is the last of the month', { rewardedThisMonth: 1 }, 'rewarded'],
    ['is one over the number of the month', { rewardedThisMonth: 2 }, 'rejected over_month'],
    [
      'is not over it before it would be paid',
      { rewardedThisMonth: 2, now: at },
      `waiting until ${at + 14 * DAY}`,
    ],
    ['of a crowd is for a person', { isCrowd: true, now: at }, 'flagged'],
    ['of a crowd stays so when its wait is over', { state: 'flagged' }, 'flagged'],
    [
      'of a crowd is over with the return',
      { state: 'flagged', purchase: { ...purchase, keptKopecks: 0 } },
      'rejected returned',
    ],
    [
      'that a person released waits on',
      { isReleased: true, isCrowd: true, now: at },
      `waiting until ${at + 14 * DAY}`,
    ],
    [
      'that a person released is rewarded',
      { isReleased: true, isCrowd: true, problem: 'circle', rewardedThisMonth: 9 },
      'rewarded',
    ],
    [
      'that a person released is not for who has left',
      { isReleased: true, problem: 'left' },
      'rejected left',
    ],
    [
      'that a person released is over with the return',
      { isReleased: true, purchase: { ...purchase, keptKopecks: 1 } },
      'rejected returned',
    ],
    ['that was rewarded stays so', { state: 'rewarded', rewardedThisMonth: 9, isCrowd: true }, 'rewarded'],
    [
      'that was rewarded is taken back with the goods',
      { state: 'rewarded', isReleased: true, purchase: { ...purchase, keptKopecks: 0 } },
      'taken_back returned',
    ],
    ['that was rewarded and became a circle', { state: 'rewarded', problem: 'circle' }, 'taken_back circle'],
    ['that was rewarded and whose friend left', { state: 'rewarded', problem: 'left' }, 'rewarded'],
    [
      'that was rewarded and whose friend works here now',
      { state: 'rewarded', problem: 'staff' },
      'rewarded',
    ],
  ])('%s', (_name, changes, expected) => {
    const { state, reason, dueAt } = judge({ ...waiting, ...changes })
    expect(
      [state, reason, dueAt === null ? null : `until ${dueAt}`].filter((part) => part !== null).join(' '),
    ).toBe(expected)
  })

  it('that is over is judged no more', () => {
    expect(() => judge({ ...waiting, state: 'rejected' })).toThrow('is over')
    expect(() => judge({ ...waiting, state: 'taken_back' })).toThrow('is over')
  })
})

describe('first purchases at one register', () => {
  it.each([
    ['alone', [], false],
    ['two', [1], false],
    ['three in a minute', [1, 2], true],
    ['three in a day to the last moment', [0, 24 * 60], true],
    ['three in a little more than a day', [0, 24 * 60 + 1], false],
    ['three of which it is the last', [-10, -20], true],
    ['three of which it is the middle', [-10, 10], true],
    ['three others in a day, long after it', [5000, 5001, 5002], false],
    ['two before and two after, no three in a day', [-24 * 60, -24 * 60, 1, 24 * 60 + 1], true],
    ['one a day before, one a day after', [-24 * 60, 24 * 60], false],
  ])('%s', (_name, others, expected) => {
    expect(
      isInCrowd(
        at,
        others.map((minutes) => at + minutes * MINUTE),
      ),
    ).toBe(expected)
  })
})
