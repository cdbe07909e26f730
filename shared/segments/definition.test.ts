import { describe, expect, it } from 'vitest'
import { DAY } from '../time.ts'
import { builtInSegments } from './builtIn.ts'
import { type Condition, segmentSchema } from './definition.ts'
import { isMember, monthBefore, type Subject } from './isMember.ts'

const noon = Date.parse('2025-12-07T09:00:00.000Z')
const day = { today: '2025-12-07', timeZone: 'Europe/Moscow' }
const nobody: Subject = {
  ...{
    registeredAt: noon - 100 * DAY,
    purchases: 0,
    netKopecks: 0,
    firstPurchaseAt: null,
    lastPurchaseAt: null,
  },
  ...{ homeStoreId: null, pointsEarned: 0, pointsSpent: 0, pointsExpired: 0, months: new Map() },
  ...{ status: null, hasConsent: false, isInTelegram: false },
}
const buyer: Subject = {
  ...{
    ...nobody,
    purchases: 3,
    netKopecks: 100_001,
    firstPurchaseAt: noon - 90 * DAY,
    lastPurchaseAt: noon - 10 * DAY,
  },
  ...{ homeStoreId: 2, pointsEarned: 40, status: 'gold', hasConsent: true, isInTelegram: true },
  months: new Map([
    ['2025-09', { purchases: 2, netKopecks: 60_001 }],
    ['2025-11', { purchases: 1, netKopecks: 40_000 }],
  ]),
}

describe('a condition', () => {
  const since = (what: string, rest: object) => ({ type: 'days_since', what, ...rest })
  const lately = (months: number, rest: object) => ({ type: 'lately', months, of: 'net_kopecks', ...rest })
  it.each<[object, isTrueOfBuyer: boolean, isTrueOfNobody: boolean]>([
    [{ type: 'all', of: [] }, true, true],
    [{ type: 'any', of: [] }, false, false],
    [{ type: 'not', of: { type: 'consent' } }, false, true],
    [{ type: 'telegram' }, true, false],
    [{ type: 'sum', of: 'purchases', min: 3 }, true, false],
    [{ type: 'sum', of: 'purchases', min: 4 }, false, false],
    [{ type: 'sum', of: 'purchases', max: 0 }, false, true],
    // 100,001 kopecks in three purchases: 33,333.67.
    [{ type: 'sum', of: 'average_kopecks', min: 33_334 }, true, false],
    [{ type: 'sum', of: 'average_kopecks', max: 33_333 }, false, false],
    [{ type: 'sum', of: 'points_earned', min: 40, max: 40 }, true, false],
    [since('last_purchase', { min: 10, max: 10 }), true, false],
    [since('last_purchase', { min: 11 }), false, false],
    [since('first_purchase', { min: 90 }), true, false],
    [since('registration', { min: 100 }), true, true],
    [since('registration', { max: 99 }), false, false],
    [lately(1, { max: 0 }), true, true],
    [lately(2, { min: 40_000, max: 40_000 }), true, false],
    [lately(4, { min: 100_001 }), true, false],
    [{ type: 'lately', months: 12, of: 'purchases', min: 4 }, false, false],
    [{ type: 'status', names: ['silver', 'gold'] }, true, false],
    [{ type: 'home_store', ids: [1, 2] }, true, false],
    [{ type: 'all', of: [{ type: 'consent' }, { type: 'home_store', ids: [1] }] }, false, false],
    [{ type: 'any', of: [{ type: 'consent' }, { type: 'home_store', ids: [1] }] }, true, false],
  ])('%j', (definition, ofBuyer, ofNobody) => {
    const read = segmentSchema.parse({ name: 'it', title: 'It', definition }).definition
    expect([isMember(read, buyer, day), isMember(read, nobody, day)]).toEqual([ofBuyer, ofNobody])
  })

  it('counts days by the calendar of the shops', () => {
    // At 23:59 and at 00:01 in Moscow.
    const [before, after] = [Date.parse('2025-12-05T20:59:00.000Z'), Date.parse('2025-12-05T21:01:00.000Z')]
    const twoDays: Condition = { type: 'days_since', what: 'last_purchase', min: 2, max: 2 }
    expect(isMember(twoDays, { ...buyer, lastPurchaseAt: before }, day)).toBe(true)
    expect(isMember(twoDays, { ...buyer, lastPurchaseAt: after }, day)).toBe(false)
  })

  it.each([
    ['2025-12-07', 0, '2025-12'],
    ['2025-12-07', 11, '2025-01'],
    ['2025-01-31', 1, '2024-12'],
    ['2025-01-31', 13, '2023-12'],
  ])('%s, %i months before: %s', (of, months, month) => {
    expect(monthBefore(of, months)).toBe(month)
  })
})

describe('what is no segment', () => {
  function nested(depth: number): object {
    let inner: object = { type: 'consent' }
    for (let level = 0; level < depth; level += 1) inner = { type: 'not', of: inner }
    return inner
  }
  it.each<[string, object]>([
    ['a name with a space', { name: 'a b' }],
    ['no condition at all', { definition: {} }],
    ['a condition that nobody knows', { definition: { type: 'birthday', within: 7 } }],
    ['no bounds', { definition: { type: 'sum', of: 'purchases' } }],
    ['bounds in the wrong order', { definition: { type: 'sum', of: 'purchases', min: 2, max: 1 } }],
    ['more than there is to ask', { definition: { type: 'consent', of: 'whom' } }],
    ['conditions that lie too deep', { definition: nested(6) }],
    ['conditions without end', { definition: nested(10_000) }],
    [
      'too many conditions',
      {
        definition: {
          type: 'all',
          of: Array.from({ length: 4 }, () => ({ type: 'any', of: Array(16).fill({ type: 'consent' }) })),
        },
      },
    ],
  ])('%s', (_what, change) => {
    const segment = { name: 'it', title: 'It', definition: { type: 'consent' }, ...change }
    expect(segmentSchema.safeParse(segment).success).toBe(false)
  })

  it('what lies just deep enough is one', () => {
    const segment = { name: 'it', title: 'It', definition: nested(5) }
    expect(segmentSchema.safeParse(segment).error).toBeUndefined()
  })
})

it('those that are built in are segments, and each status has one', () => {
  const built = builtInSegments([
    { name: 'gold', title: 'Золото' },
    { name: 'Золото', title: 'Золото' },
  ])
  expect(built.map(({ name }) => name)).toEqual(['all', 'inactive', 'high_value', 'status_gold'])
  for (const segment of built) expect(segmentSchema.parse(segment)).toEqual(segment)
  const inIt = (subject: Subject) =>
    built.filter(({ definition }) => isMember(definition, subject, day)).map(({ name }) => name)
  expect(inIt(nobody)).toEqual(['all', 'inactive'])
  expect(inIt(buyer)).toEqual(['all', 'status_gold'])
  expect(inIt({ ...nobody, registeredAt: noon })).toEqual(['all'])
  expect(inIt({ ...buyer, netKopecks: 5_000_000, lastPurchaseAt: noon - 30 * DAY })).toEqual(
    ...[['all', 'inactive', 'high_value', 'status_gold']],
  )
})
