import { describe, expect, it } from 'vitest'
import type { Item } from '../items.ts'
import { noDiscount } from '../money.ts'
import { type Book, bookDocumentSchema } from './book.ts'
import type { Skipped } from './conditions.ts'
import type { Facts } from './facts.ts'
import { quote } from './quote.ts'

const bookOf = (rule: object, timeZone: string): Book => ({
  ...bookDocumentSchema.parse({
    base: { cashback_basis_points: 0 },
    rules: [{ id: 'it', title: 'It', award: { type: 'points', points: 5 }, ...rule }],
  }),
  ...{ version: 1, validFrom: 0, timeZone },
})

interface Sold {
  kopecks?: number
  at?: string
  storeId?: number | null
  points?: number
  items?: Item[]
  zone?: string
  facts?: Facts
}

/** Why a rule gave nothing; null: it gave its points. */
function whyNot(rule: object, sold: Sold): Skipped | null {
  const { kopecks = 100_000, at = '2025-12-07T12:00:00.000Z', storeId = 1, points = 0, items, facts } = sold
  const discount = { ...noDiscount, points }
  const purchase = { kopecks, at: Date.parse(at), storeId, items }
  const { awards, skipped } = quote(bookOf(rule, sold.zone ?? 'Europe/Moscow'), purchase, discount, facts)
  expect(awards.map((award) => award.points)).toEqual(skipped.length === 0 ? [5] : [])
  return skipped[0]?.why ?? null
}

const when = (...conditions: object[]) => ({ when: conditions })

describe('what is paid in money', () => {
  const rule = when({ type: 'min_purchase', kopecks: 50_000 })
  it.each<[Sold, Skipped | null]>([
    [{ kopecks: 49_999 }, 'below_min_purchase'],
    [{ kopecks: 50_000 }, null],
    [{ kopecks: 60_000, points: 101 }, 'below_min_purchase'],
    [{ kopecks: 60_000, points: 100 }, null],
    [{ kopecks: 60_000, points: 600 }, 'nothing_paid'],
  ])('%j: %s', (sold, why) => {
    expect(whyNot(rule, sold)).toBe(why)
  })
})

describe('where', () => {
  it.each<[number | null, Skipped | null]>([
    [2, null],
    [3, null],
    [1, 'other_store'],
    [null, 'other_store'],
  ])('store %s: %s', (storeId, why) => {
    expect(whyNot(when({ type: 'stores', ids: [2, 3] }), { storeId })).toBe(why)
  })
})

describe('at which hours, by the clock of the programme', () => {
  const day = { type: 'hours', from: '09:00', to: '18:00' }
  const night = { type: 'hours', from: '22:00', to: '02:00' }
  const fridayNight = { ...night, days: [5] }
  it.each<[string, object, string, Skipped | null]>([
    // Moscow is three hours ahead of UTC.
    ['a minute before it begins', day, '2025-12-07T05:59:59.999Z', 'other_hours'],
    ['at its first moment', day, '2025-12-07T06:00:00.000Z', null],
    ['at its last moment', day, '2025-12-07T14:59:59.999Z', null],
    ['when it is over', day, '2025-12-07T15:00:00.000Z', 'other_hours'],
    ['in the evening of one past midnight', night, '2025-12-07T19:00:00.000Z', null],
    ['at midnight of one past midnight', night, '2025-12-07T21:00:00.000Z', null],
    ['after midnight of one past midnight', night, '2025-12-07T22:59:59.999Z', null],
    ['when one past midnight is over', night, '2025-12-07T23:00:00.000Z', 'other_hours'],
    ['in the middle of the day of one past midnight', night, '2025-12-07T12:00:00.000Z', 'other_hours'],
    ['on Friday evening', fridayNight, '2025-12-05T20:00:00.000Z', null],
    ['on the Saturday morning that it ends on', fridayNight, '2025-12-05T22:00:00.000Z', null],
    ['on the Friday morning before', fridayNight, '2025-12-04T22:00:00.000Z', 'other_hours'],
    ['on Saturday evening', fridayNight, '2025-12-06T20:00:00.000Z', 'other_hours'],
    ['on Sunday, a day of the list', { ...day, days: [6, 7] }, '2025-12-07T08:00:00.000Z', null],
    ['on Monday, which is none', { ...day, days: [6, 7] }, '2025-12-08T08:00:00.000Z', 'other_hours'],
  ])('%s', (_what, condition, at, why) => {
    expect(whyNot(when(condition), { at })).toBe(why)
  })

  const early = { type: 'hours', from: '02:00', to: '03:00' }
  it.each<[string, object, string, Skipped | null]>([
    // In Berlin there is no 02:00 on the 29th of March, and two of them on the 25th of October.
    ['before the clock jumps', early, '2026-03-29T00:59:59.999Z', 'other_hours'],
    ['after the clock jumped over all of it', early, '2026-03-29T01:00:00.000Z', 'other_hours'],
    ['the first time that it is two', early, '2026-10-25T00:00:00.000Z', null],
    ['the second time that it is two', early, '2026-10-25T01:00:00.000Z', null],
    ['when it is three at last', early, '2026-10-25T02:00:00.000Z', 'other_hours'],
    ['on a winter day', { ...early, from: '09:00', to: '10:00' }, '2026-03-28T08:00:00.000Z', null],
    [
      'an hour earlier of UTC on a summer day',
      { ...early, from: '09:00', to: '10:00' },
      '2026-03-29T07:00:00.000Z',
      null,
    ],
  ])('%s', (_what, condition, at, why) => {
    expect(whyNot(when(condition), { at, zone: 'Europe/Berlin' })).toBe(why)
  })
})

describe('from when until when', () => {
  it.each<[string, object, string, Skipped | null]>([
    ['before the day', { from: '2025-12-07' }, '2025-12-06T20:59:59.999Z', 'not_begun'],
    ['from its midnight on', { from: '2025-12-07' }, '2025-12-06T21:00:00.000Z', null],
    ['to the end of its last day', { until: '2025-12-07' }, '2025-12-07T20:59:59.999Z', null],
    ['not after it', { until: '2025-12-07' }, '2025-12-07T21:00:00.000Z', 'over'],
    ['from a minute on', { from: '2025-12-07T10:30' }, '2025-12-07T07:30:00.000Z', null],
    ['not the minute before', { from: '2025-12-07T10:30' }, '2025-12-07T07:29:59.999Z', 'not_begun'],
    ['until a minute', { until: '2025-12-07T10:30' }, '2025-12-07T07:29:59.999Z', null],
    ['not in that minute', { until: '2025-12-07T10:30' }, '2025-12-07T07:30:00.000Z', 'over'],
  ])('%s', (_what, terms, at, why) => {
    expect(whyNot(terms, { at })).toBe(why)
  })
})

describe('who buys', () => {
  const number = (said: object) => ({ type: 'purchase_number', ...said })
  const since = (said: object) => ({ type: 'days_since_last', ...said })
  const segment = (said: object) => ({ type: 'segment', ...said })
  it.each<[object, Facts, Skipped | null]>([
    [number({ is: 1 }), {}, 'not_known'],
    [number({ is: 1 }), { purchases: 0 }, null],
    [number({ is: 1 }), { purchases: 1 }, 'other_purchase'],
    [number({ is: 10 }), { purchases: 9 }, null],
    [number({ every: 5 }), { purchases: 4 }, null],
    [number({ every: 5 }), { purchases: 9 }, null],
    [number({ every: 5 }), { purchases: 0 }, 'other_purchase'],
    [number({ every: 5 }), { purchases: 5 }, 'other_purchase'],
    [{ type: 'first_of_day' }, {}, 'not_known'],
    [{ type: 'first_of_day' }, { daysSinceLast: null }, null],
    [{ type: 'first_of_day' }, { daysSinceLast: 1 }, null],
    [{ type: 'first_of_day' }, { daysSinceLast: 0 }, 'not_first_of_day'],
    [since({ max: 7 }), {}, 'not_known'],
    [since({ max: 7 }), { daysSinceLast: null }, 'no_purchase_before'],
    [since({ max: 7 }), { daysSinceLast: 0 }, null],
    [since({ max: 7 }), { daysSinceLast: 7 }, null],
    [since({ max: 7 }), { daysSinceLast: 8 }, 'too_late'],
    [since({ min: 30 }), { daysSinceLast: 29 }, 'too_soon'],
    [since({ min: 30 }), { daysSinceLast: 30 }, null],
    [since({ min: 30, max: 60 }), { daysSinceLast: 61 }, 'too_late'],
    [{ type: 'registered_within', days: 7 }, {}, 'not_known'],
    [{ type: 'registered_within', days: 7 }, { daysSinceRegistered: 7 }, null],
    [{ type: 'registered_within', days: 7 }, { daysSinceRegistered: 8 }, 'registered_before'],
    [{ type: 'registered_within', days: 0 }, { daysSinceRegistered: 0 }, null],
    // A sale of before the registration comes late.
    [{ type: 'registered_within', days: 0 }, { daysSinceRegistered: -1 }, null],
    [{ type: 'status', names: ['gold'] }, {}, 'not_known'],
    [{ type: 'status', names: ['silver', 'gold'] }, { status: 'gold' }, null],
    [{ type: 'status', names: ['silver'] }, { status: 'gold' }, 'other_status'],
    [segment({ in: ['a'] }), {}, 'not_known'],
    [segment({ in: ['a', 'b'] }), { segments: ['b'] }, null],
    [segment({ in: ['a'] }), { segments: ['c'] }, 'other_segment'],
    [segment({ not_in: ['a'] }), { segments: [] }, null],
    [segment({ not_in: ['a'] }), { segments: ['a', 'b'] }, 'other_segment'],
    [segment({ in: ['a'], not_in: ['b'] }), { segments: ['a', 'b'] }, 'other_segment'],
    [segment({ in: ['all', 'a'] }), {}, null],
    [segment({ not_in: ['all'] }), {}, 'other_segment'],
    [segment({ in: ['a'], not_in: ['all'] }), {}, 'other_segment'],
  ])('%j of %j: %s', (condition, facts, why) => {
    expect(whyNot(when(condition), { facts })).toBe(why)
  })

  it.each<[object, Facts, Skipped | null]>([
    [{ audience: 'a' }, {}, 'not_known'],
    [{ audience: 'a' }, { segments: ['a'] }, null],
    [{ audience: 'a' }, { segments: [] }, 'other_segment'],
    [{ audience: 'all' }, {}, null],
    [{ holdout_percent: 10 }, {}, 'not_known'],
    [{ holdout_percent: 10 }, { heldOut: [] }, null],
    [{ holdout_percent: 10 }, { heldOut: ['other'] }, null],
    [{ holdout_percent: 10 }, { heldOut: ['it'] }, 'held_out'],
    [{ audience: 'a', holdout_percent: 10 }, { heldOut: ['it'], segments: [] }, 'other_segment'],
  ])('%j of %j: %s', (rest, facts, why) => {
    expect(whyNot(rest, { facts })).toBe(why)
  })

  it('what is not known is said only where nothing else speaks against the rule', () => {
    const gold = { type: 'status', names: ['gold'] }
    expect(whyNot(when(gold, { type: 'stores', ids: [2] }), {})).toBe('other_store')
    expect(whyNot(when({ type: 'stores', ids: [1] }, gold), {})).toBe('not_known')
  })
})

describe('how often', () => {
  const uses = (said: object) => ({ uses: said })
  const today = '2025-12-07'
  it.each<[object, Facts, Skipped | null]>([
    [{ total: 2 }, {}, 'not_known'],
    [{ total: 2 }, { uses: {} }, null],
    [{ total: 2 }, { uses: { it: { total: 1 } } }, null],
    [{ total: 2 }, { uses: { it: { total: 2 } } }, 'used_up'],
    [{ total: 2 }, { uses: { other: { total: 2 } } }, null],
    [{ per_day: 1 }, { uses: { it: { [today]: 1 } } }, 'used_up'],
    [{ per_day: 1 }, { uses: { it: { '2025-12-06': 1 } } }, null],
    [{ per_day: 3, total: 5 }, { uses: { it: { [today]: 2, total: 4 } } }, null],
    [{ per_day: 3, total: 5 }, { uses: { it: { [today]: 3, total: 4 } } }, 'used_up'],
    [{ per_day: 3, total: 5 }, { uses: { it: { [today]: 0, total: 5 } } }, 'used_up'],
  ])('%j of %j: %s', (limits, facts, why) => {
    expect(whyNot(uses(limits), { facts })).toBe(why)
  })
})

describe('what is bought', () => {
  const coffee: Item = { sku: 'c-1', category: 'coffee', quantity: 2, kopecks: 40_000 }
  const bread: Item = { sku: 'b-1', category: 'bread', quantity: 1, kopecks: 10_000 }
  const plain: Item = { sku: 'x-1', quantity: 0.5, kopecks: 50_000 }
  const items = (said: object) => when({ type: 'items', ...said })
  it.each<[object, Item[] | undefined, Skipped | null]>([
    [{ skus: ['c-1'] }, undefined, 'no_items'],
    [{ skus: ['c-1'] }, [coffee, bread, plain], null],
    [{ skus: ['c-2'] }, [coffee, bread, plain], 'other_items'],
    [{ categories: ['bread', 'milk'] }, [coffee, bread, plain], null],
    [{ categories: ['milk'] }, [coffee, bread, plain], 'other_items'],
    [{ skus: ['c-1'], categories: ['bread'] }, [coffee, bread, plain], 'other_items'],
    [{ categories: ['coffee'], min_kopecks: 40_000 }, [coffee, bread, plain], null],
    [{ categories: ['coffee'], min_kopecks: 40_001 }, [coffee, bread, plain], 'other_items'],
    [{ categories: ['coffee', 'bread'], min_kopecks: 50_000 }, [coffee, bread, plain], null],
    [{ categories: ['coffee'], min_quantity: 2 }, [coffee, bread, plain], null],
    [{ categories: ['coffee'], min_quantity: 3 }, [coffee, bread, plain], 'other_items'],
    [{ skus: ['x-1'], min_quantity: 0.5 }, [coffee, bread, plain], null],
  ])('%j in %j: %s', (condition, bought, why) => {
    expect(whyNot(items(condition), { ...(bought && { items: bought }) })).toBe(why)
  })
})
