import { describe, expect, it } from 'vitest'
import { bookDocumentSchema } from './book.ts'
import { factsOf, keyOfUse } from './facts.ts'

const rule = (id: string, rest: object) => ({ id, title: id, award: { type: 'points', points: 5 }, ...rest })
const book = (...rules: object[]) => ({
  ...{ ...bookDocumentSchema.parse({ rules }), version: 1, validFrom: 0, timeZone: 'Europe/Moscow' },
})
const at = (text: string) => Date.parse(text)
const now = at('2025-12-07T12:00:00.000Z')
const counts = (...moments: string[]) => ({
  card: '123456',
  registeredAt: at('2025-12-01T21:30:00.000Z'),
  purchases: moments.length,
  latest: new Map(moments.map((text) => [text, at(text)])),
  uses: new Map([
    [keyOfUse({ ruleId: 'often', period: 'total' }), 3],
    [keyOfUse({ ruleId: 'often', period: '2025-12-07' }), 1],
    [keyOfUse({ ruleId: 'often', period: '2025-12-06' }), 2],
  ]),
})

it('a book without rules is told nothing', () => {
  expect(factsOf(counts(), book(), now)).toEqual({})
})

it('a book is told what its rules ask, and no more', () => {
  expect(factsOf(counts(), book(rule('any', {})), now)).toEqual({ purchases: 0 })
})

describe('the days since the last purchase are local ones', () => {
  const asking = book(rule('first', { when: [{ type: 'first_of_day' }] }))
  it.each<[string, string[], number | null]>([
    ['of a first purchase there are none', [], null],
    ['one of the same day', ['2025-12-07T05:00:00.000Z'], 0],
    ['one of before midnight', ['2025-12-06T20:59:59.000Z'], 1],
    ['one of after midnight', ['2025-12-06T21:00:00.000Z'], 0],
    ['the latest counts', ['2025-11-07T12:00:00.000Z', '2025-12-04T12:00:00.000Z'], 3],
    ['one that happened later on the day of one that comes late', ['2025-12-07T20:59:59.999Z'], 0],
    ['but not one of a later day', ['2025-12-07T21:00:00.000Z'], null],
  ])('%s', (_what, moments, days) => {
    expect(factsOf(counts(...moments), asking, now).daysSinceLast).toBe(days)
  })
})

it('the days since the registration are local ones too', () => {
  const asking = book(rule('new', { when: [{ type: 'registered_within', days: 7 }] }))
  expect(factsOf(counts(), asking, now).daysSinceRegistered).toBe(5)
})

it('uses are told of the periods that their rule counts', () => {
  const asking = book(
    rule('often', { uses: { per_day: 2, total: 9 } }),
    rule('never', { uses: { total: 1 } }),
  )
  expect(factsOf(counts(), asking, now).uses).toEqual({
    often: { total: 3, '2025-12-07': 1 },
    never: { total: 0 },
  })
})

it('segments are told where a rule asks for them, and everybody is no question', () => {
  const known = { ...counts(), segments: ['inactive', 'vip'] }
  const asking = book(
    rule('some', { when: [{ type: 'segment', in: ['vip', 'all'], not_in: ['new'] }] }),
    rule('few', { audience: 'inactive' }),
  )
  expect(factsOf(known, asking, now).segments).toEqual(['inactive', 'vip'])
  expect(factsOf(counts(), asking, now)).not.toHaveProperty('segments')
  expect(factsOf(known, book(rule('all', { audience: 'all' })), now)).toEqual({ purchases: 0 })
})

it('who is left out is left out of all rules of a campaign, and of others are others', () => {
  const campaign = { campaign: 'spring', holdout_percent: 50 }
  const asking = book(rule('a', campaign), rule('b', campaign), rule('c', { holdout_percent: 50 }))
  const heldOut = (card: string) => factsOf({ ...counts(), card }, asking, now).heldOut ?? []
  const cards = Array.from({ length: 2000 }, (_, index) => String(100_000 + index))
  const found = cards.map(heldOut)
  expect(found.every((rules) => rules.includes('a') === rules.includes('b'))).toBe(true)
  const both = found.filter((rules) => rules.includes('a') && rules.includes('c')).length
  // A quarter of them, if the one has nothing to do with the other.
  expect(both).toBeGreaterThan(400)
  expect(both).toBeLessThan(600)
  expect(found.filter((rules) => rules.includes('a')).length).toBeGreaterThan(900)
  expect(found).toEqual(cards.map(heldOut))
})
