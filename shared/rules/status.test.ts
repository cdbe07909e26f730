import { describe, expect, it } from 'vitest'
import { DAY } from '../time.ts'
import {
  type Cause,
  type Entry,
  type Given,
  isAboutToRise,
  type Ladder,
  type Measured,
  nextStatus,
  periodAt,
  progressOf,
  type Standing,
  statusSchema,
  statusTermsSchema,
} from './status.ts'

const status = (name: string, from: number, keep: number) =>
  statusSchema.parse({ name, title: name, colour: '#808080', from, keep, cashback_basis_points: 500 })

const ladder = (terms: object = {}): Ladder => ({
  statuses: [
    status('bronze', 0, 0),
    status('silver', 100, 80),
    status('gold', 200, 150),
    status('platinum', 400, 300),
  ],
  status_terms: statusTermsSchema.parse({ notice_days: 14, grace_days: 2, ...terms }),
})

const now = Date.parse('2026-05-01T06:00:00.000Z')
const standing = (
  status: string | null,
  cause: Cause = 'reached',
  more: Partial<Standing> = {},
): Standing => ({
  ...{ at: now - DAY, status, cause, until: null, value: 0, ...more },
})
const entered = (before: string | null, needed: number | null, left: number | null): Entry => ({
  ...{ before, needed, left },
})

interface Case {
  has?: Standing | null
  given?: Given
  entry?: Entry | null
  brought?: Standing[]
  value: number | Measured
  by?: 'purchase' | 'book' | 'day'
  terms?: object
}

const next = ({ has = null, given, entry = null, brought = [], value, by = 'day', terms }: Case) => {
  const change = nextStatus({
    ladder: ladder(terms),
    standing: has,
    ...(given && { given }),
    brought,
    entry,
    measured: typeof value === 'number' ? { value, before: null } : value,
    ...{ by, now },
    dayFrom: (days) => now + days * DAY,
  })
  return (
    change &&
    `${change.cause} ${change.status} ${change.needed ?? '-'}${change.until === null ? '' : ` +${(change.until - now) / DAY}`}`
  )
}

const given = (status: string, left: number, value = 0): Given => ({ status, until: now + left * DAY, value })
const noticed = (status: string, left: number) => standing(status, 'notice', { until: now + left * DAY })

describe('a status', () => {
  it.each<[string, Case, string | null]>([
    // up
    ['of the beginning stays below the first step', { value: 99, by: 'purchase' }, null],
    ['is reached by what its step says', { value: 100, by: 'purchase' }, 'reached silver 100'],
    ['is reached over several steps at once', { value: 999, by: 'purchase' }, 'reached platinum 400'],
    ['is not reached twice', { has: standing('gold'), value: 399, by: 'purchase' }, null],
    [
      'is reached from one that was held',
      { has: standing('silver'), value: 200, by: 'purchase' },
      'reached gold 200',
    ],
    ['is given by a new book, and says so', { value: 150, by: 'book' }, 'book silver 100'],
    [
      'that a book has no more is measured anew',
      { has: standing('tin'), value: 120, by: 'book' },
      'book silver 100',
    ],
    ['that a book has no more goes by a day, too', { has: standing('tin'), value: 0 }, 'reached bronze 0'],
    ['is never lowered by a purchase', { has: standing('gold'), value: 100, by: 'purchase' }, null],
    // brought along by a card that was merged
    [
      'of a merged card goes on, though it is only kept by now',
      { brought: [standing('silver'), standing('gold')], value: 160, by: 'purchase' },
      'merged gold -',
    ],
    [
      'of a merged card goes on until its end, where a person has set one',
      { brought: [standing('gold', 'set', { until: now + 9 * DAY })], value: 0, by: 'purchase' },
      'set gold - +9',
    ],
    [
      'of a merged card comes over the lower one that a person gave for longer',
      {
        has: standing('silver', 'set', { until: now + 60 * DAY }),
        brought: [standing('gold', 'set', { until: now + 9 * DAY })],
        ...{ value: 0, by: 'purchase' },
      },
      'set gold - +9',
    ],
    ['of a merged card keeps its notice', { brought: [noticed('gold', 3)], value: 90 }, 'notice gold - +3'],
    [
      'of a merged card that is over by now is none',
      { brought: [standing('gold', 'set', { until: now })], value: 0, by: 'purchase' },
      null,
    ],
    [
      'is not lowered by that of a merged card',
      { has: standing('gold'), brought: [standing('silver')], value: 160, by: 'purchase' },
      null,
    ],
    [
      'is reached by what both have bought, where that is more',
      { brought: [standing('silver')], value: 200, by: 'purchase' },
      'reached gold 200',
    ],
    // down by days
    ['that is kept stays', { has: standing('gold'), value: 150 }, null],
    ['that is not kept is told of first', { has: standing('gold'), value: 149 }, 'notice gold - +16'],
    ['is told of once', { has: noticed('gold', 3), value: 149 }, null],
    [
      'holds to the last moment of its notice',
      { has: standing('gold', 'notice', { until: now + 1 }), value: 0 },
      null,
    ],
    ['is lost when its notice is over', { has: noticed('gold', 0), value: 149 }, 'lost silver 100'],
    ['is lost to what is kept of it', { has: noticed('platinum', -1), value: 90 }, 'lost silver -'],
    ['is lost to the lowest', { has: noticed('platinum', -1), value: 10 }, 'lost bronze 0'],
    [
      'is lost by one step where the book says so',
      { has: noticed('platinum', -1), value: 10, terms: { down: 'one_step' } },
      'lost gold -',
    ],
    [
      'is kept by who buys in time, though not enough to reach it',
      { has: noticed('gold', 3), value: 150, by: 'purchase' },
      'kept gold -',
    ],
    [
      'may rise out of a notice',
      { has: noticed('gold', 3), value: 400, by: 'purchase' },
      'reached platinum 400',
    ],
    [
      'is lost by one step a day, however often that day is asked',
      {
        has: standing('gold', 'lost', { at: now }),
        ...{ value: 10, terms: { down: 'one_step', notice_days: 0, grace_days: 0 } },
      },
      null,
    ],
    [
      'is lost by the next step on the next day',
      {
        has: standing('gold', 'lost', { at: now - 1 }),
        ...{ value: 10, terms: { down: 'one_step', notice_days: 0, grace_days: 0 } },
      },
      'lost silver -',
    ],
    [
      'goes at once where there is no notice',
      { has: standing('gold'), value: 0, terms: { notice_days: 0, grace_days: 0 } },
      'lost bronze 0',
    ],
    ['of the lowest step is lost by nobody', { has: standing('bronze'), value: 0 }, null],
    // returns
    [
      'that was never reached after all ends at once',
      { has: standing('gold'), entry: entered('silver', 200, 190), value: 190, by: 'purchase' },
      'returned silver 100',
    ],
    [
      'falls back to what was held before, where that is kept',
      { has: standing('gold'), entry: entered('silver', 200, 90), value: 90, by: 'purchase' },
      'returned silver -',
    ],
    [
      'falls through what was held before, where that is not',
      { has: standing('gold'), entry: entered('silver', 200, 10), value: 10, by: 'purchase' },
      'returned bronze 0',
    ],
    [
      'does not fall for goods that it was not reached with',
      { has: standing('gold'), entry: entered('silver', 200, 200), value: 160, by: 'purchase' },
      null,
    ],
    [
      'stays where enough was bought since',
      { has: standing('gold'), entry: entered('silver', 200, 50), value: 210, by: 'purchase' },
      null,
    ],
    // by a person
    [
      'that a person has set is not lost before its end',
      { has: standing('gold', 'set', { until: now + 1 }), value: 0 },
      null,
    ],
    [
      'that a person has set ends with what is deserved',
      { has: standing('gold', 'set', { until: now, beforeSet: 'bronze' }), value: 120 },
      'ended silver 100',
    ],
    [
      'that a person has set ends with what was held before',
      { has: standing('gold', 'set', { until: now, beforeSet: 'silver' }), value: 85 },
      'ended silver -',
    ],
    [
      'that a person has set over the same one ends with it where it is kept',
      {
        has: standing('gold', 'set', { until: now, beforeSet: 'gold' }),
        entry: entered('silver', 200, 200),
        value: 160,
      },
      'ended gold -',
    ],
    [
      'that people have set twice ends without the first of them',
      {
        has: standing('platinum', 'set', { until: now, beforeSet: 'silver' }),
        entry: entered('gold', null, null),
        value: 160,
      },
      'ended silver 100',
    ],
    [
      'that a person has set rises all the same',
      { has: standing('gold', 'set', { until: now + 1 }), value: 400, by: 'purchase' },
      'reached platinum 400',
    ],
    [
      'that a person has lowered is not undone by what was reached before',
      { has: standing('bronze', 'set', { until: now + 1, value: 250 }), value: 260, by: 'purchase' },
      null,
    ],
    [
      'that a person has lowered rises by what is reached after',
      { has: standing('bronze', 'set', { until: now + 1, value: 250 }), value: 400, by: 'purchase' },
      'reached platinum 400',
    ],
    [
      'that a person has set goes on when one that was brought over it ends',
      {
        has: standing('gold', 'set', { until: now, beforeSet: 'bronze' }),
        given: given('silver', 51),
        value: 0,
      },
      'set silver - +51',
    ],
    [
      'that a person has set goes on when what was reached over it is lost',
      { has: noticed('gold', 0), given: given('silver', 51), value: 0 },
      'set silver - +51',
    ],
    [
      'that a person has set goes on when goods come back that had reached a higher one',
      {
        has: standing('platinum'),
        given: given('gold', 51),
        ...{ entry: entered('gold', 400, 0), value: 0, by: 'purchase' },
      },
      'set gold - +51',
    ],
    [
      'that a person has lowered is not undone by goods that come and go',
      {
        has: standing('platinum'),
        given: given('bronze', 51, 250),
        ...{ entry: entered('bronze', 400, 250), value: 250, by: 'purchase' },
      },
      'set bronze - +51',
    ],
    [
      'that a person has set goes on below what is kept of what came over it',
      { has: noticed('platinum', 0), given: given('silver', 51), value: 160 },
      'lost gold -',
    ],
    [
      'that a person has set and that is over by then goes on no more',
      { has: noticed('gold', 0), given: given('silver', 0), value: 0 },
      'lost bronze 0',
    ],
    [
      'that a person has set and that a book has no more goes on no more',
      { has: noticed('gold', 0), given: given('tin', 51), value: 0 },
      'lost bronze 0',
    ],
    // a year holds for the next
    ['of the year before holds this one', { has: standing('gold'), value: { value: 0, before: 150 } }, null],
    [
      'of the year before last does not',
      { has: standing('gold'), value: { value: 0, before: 10 } },
      'notice gold - +16',
    ],
  ])('%s', (_what, given, change) => {
    expect(next(given)).toBe(change)
  })

  it('of a book without statuses is nobody’s', () => {
    const nothing = { statuses: [], status_terms: statusTermsSchema.parse({}) }
    const measured = { value: 999, before: null }
    const judged = { ladder: nothing, standing: null, entry: null, measured, by: 'book' as const, now }
    expect(nextStatus({ ...judged, dayFrom: () => now })).toBe(null)
  })
})

describe('progress', () => {
  it.each<[string, string | null, number, { paidKopecks: number; earned: number } | null, unknown]>([
    ['to the next', 'silver', 150, null, ['gold', 50, null]],
    ['with a purchase that is too small', 'silver', 150, { paidKopecks: 49, earned: 9 }, ['gold', 50, null]],
    ['with a purchase that reaches it', 'silver', 150, { paidKopecks: 50, earned: 9 }, ['gold', 50, 'gold']],
    [
      'with one that reaches further',
      'bronze',
      0,
      { paidKopecks: 400, earned: 9 },
      ['silver', 100, 'platinum'],
    ],
    ['of who has reached it a moment ago', 'silver', 250, null, ['platinum', 150, null]],
    ['of the highest', 'platinum', 900, { paidKopecks: 50, earned: 9 }, [undefined, undefined, null]],
    ['that pays nothing', 'silver', 250, { paidKopecks: 0, earned: 0 }, ['platinum', 150, null]],
  ])('%s', (_what, status, value, brings, said) => {
    const { next, reaches } = progressOf(ladder(), { status, value }, brings)
    expect([next?.status.name, next?.missing, reaches?.name ?? null]).toEqual(said)
  })

  it.each([
    ['net_purchases', 250, false],
    ['net_purchases', 399, false],
    ['net_purchases', 400, true],
  ])('of %s %i is about to rise: %s', (metric, value, isAbout) => {
    expect(isAboutToRise(ladder({ metric }), { status: 'gold', value })).toBe(isAbout)
  })

  it.each([
    ['purchases', 1],
    ['earned_points', 30],
    ['net_purchases', 700],
  ] as const)('by %s counts what a purchase brings of it', (metric, brought) => {
    const at = (value: number) =>
      progressOf(ladder({ metric }), { status: 'silver', value }, { paidKopecks: 700, earned: 30 }).reaches
    expect(at(200 - brought)).not.toBe(null)
    expect(at(199 - brought)).toBe(null)
  })
})

describe('a period', () => {
  const months = (months: number) => ({ period: { type: 'rolling_months' as const, months } })
  it.each([
    [months(12), '2026-11-29', '2025-11-29', null],
    [months(1), '2026-03-31', '2026-02-28', null],
    [months(12), '2024-02-29', '2023-02-28', null],
    [months(3), '2026-01-15', '2025-10-15', null],
    [{ period: { type: 'calendar_year' as const } }, '2026-11-29', '2026-01-01', '2025-01-01'],
    [{ period: { type: 'calendar_year' as const } }, '2026-01-01', '2026-01-01', '2025-01-01'],
  ])('of %j on %s begins on %s', (terms, today, from, before) => {
    expect(periodAt(terms, today)).toEqual({ from, before })
  })
})
