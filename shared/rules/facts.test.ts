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
