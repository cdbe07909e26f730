import { describe, expect, it } from 'vitest'
import { bookDocumentSchema } from '../rules/book.ts'
import { campaignSchema, hasBegun, isOver } from './campaign.ts'
import { effectOf, type Group } from './effect.ts'
import { withCampaign, withoutCampaign } from './inBook.ts'

const written = { name: 'spring', title: 'Весна', purpose: 'вернуть', gift: { points: 50 } }
const rule = (id: string, rest: object = {}) => ({
  id,
  title: id,
  award: { type: 'points', points: 5 },
  ...rest,
})

describe('what is no campaign', () => {
  it.each<[string, object]>([
    ['one that gives nothing', { gift: undefined }],
    ['a budget of no rules', { budget_points: 100 }],
    ['an end before the beginning', { from: '2026-03-02', until: '2026-03-01' }],
    ['a rule for somebody else', { rules: [rule('a', { audience: 'vip' })] }],
    ['a rule that leaves others out', { rules: [rule('a', { holdout_percent: 5 })] }],
    ['a rule of another campaign', { rules: [rule('a', { campaign: 'summer' })] }],
    ['a gift of nothing', { gift: { points: 0 } }],
  ])('%s', (_what, change) => {
    expect(campaignSchema.safeParse({ ...written, ...change }).success).toBe(false)
  })
})

it('its rules stand in the book with whom they are for, and leave it as it was', () => {
  const before = bookDocumentSchema.parse({ rules: [rule('always')] })
  const campaign = campaignSchema.parse({
    ...{ ...written, audience: 'inactive', holdout_percent: 20, budget_points: 500, until: '2026-03-31' },
    rules: [rule('wake'), rule('short', { until: '2026-03-08' })],
  })
  const during = withCampaign(before, campaign)
  const ofCampaign = {
    campaign: 'spring',
    audience: 'inactive',
    holdout_percent: 20,
    budget: 'campaign-spring',
  }
  expect(during.rules).toEqual([
    bookDocumentSchema.parse({ rules: [rule('always')] }).rules[0],
    expect.objectContaining({ id: 'wake', ...ofCampaign, until: '2026-03-31' }),
    expect.objectContaining({ id: 'short', ...ofCampaign, until: '2026-03-08' }),
  ])
  expect(during.budgets).toMatchObject([{ id: 'campaign-spring', limit_points: 500, period: 'total' }])
  expect(bookDocumentSchema.parse(during)).toEqual(during)
  expect(withCampaign(during, campaign)).toEqual(during)
  expect(withoutCampaign(during, 'spring')).toEqual(before)
})

it('goes from its first moment to the end of its last day', () => {
  const campaign = { from: '2026-03-01', until: '2026-03-08' }
  const at = (local: string) => hasBegun(campaign, local) && !isOver(campaign, local)
  expect(['2026-02-28T23:59', '2026-03-01T00:00', '2026-03-08T23:59', '2026-03-09T00:00'].map(at)).toEqual([
    ...[false, true, true, false],
  ])
  expect(isOver({ until: '2026-03-08T18:00' }, '2026-03-08T17:59')).toBe(false)
  expect(isOver({ until: '2026-03-08T18:00' }, '2026-03-08T18:00')).toBe(true)
  expect(hasBegun({ from: '2026-03-08T18:00' }, '2026-03-08T17:59')).toBe(false)
})

describe('the effect', () => {
  /** So many who bought for one sum, and as many who bought for another. */
  const group = (each: number, one: number, other: number): Group => ({
    ...{ people: 2 * each, buyers: 2 * each, purchases: 2 * each, kopecks: each * (one + other) },
    squares: each * (one * one + other * other),
  })

  it('is the difference of a person, with the interval in which it lies', () => {
    // Means of 150 and 100, variances of 2525.25 of a person: 50 ± 1.96 · √(25.2525 + 25.2525).
    expect(effectOf(group(50, 100, 200), group(50, 50, 150))).toEqual({
      ...{ kopecksEach: 50, from: 36, to: 64, verdict: 'more' },
    })
    expect(effectOf(group(50, 50, 150), group(50, 100, 200))).toMatchObject({ from: -64, verdict: 'less' })
  })

  it.each<[string, Group, Group]>([
    ['the interval has nothing in it', group(50, 0, 300), group(50, 0, 290)],
    ['there are too few people', group(10, 1000, 1001), group(10, 1, 2)],
    ['nobody was left out', group(50, 1000, 1001), { ...group(0, 0, 0) }],
  ])('it is too early to tell where %s', (_why, audience, holdout) => {
    expect(effectOf(audience, holdout).verdict).toBe('too_early')
  })
})
