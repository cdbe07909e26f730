import { describe, expect, it } from 'vitest'
import { builtInSegments } from '../../../../shared/segments/builtIn.ts'
import type { Condition } from '../../../../shared/segments/definition.ts'
import { definitionOf, draftOf, fieldsOf, isGroup, newPart, newPlain } from './draft.ts'

const sleeping: Condition = {
  type: 'all',
  of: [
    { type: 'days_since', what: 'last_purchase', min: 30 },
    { type: 'not', of: { type: 'any', of: [{ type: 'consent' }, { type: 'telegram' }] } },
    { type: 'lately', months: 3, of: 'net_kopecks', max: 1_234_50 },
    { type: 'status', names: ['gold', 'Золото'] },
    { type: 'home_store', ids: [1, 2] },
    { type: 'sum', of: 'points_spent', min: 0, max: 10 },
  ],
}

describe('the form of a segment', () => {
  it.each([
    sleeping,
    { type: 'not', of: sleeping } satisfies Condition,
    ...builtInSegments([{ name: 'gold', title: 'Золото' }]).map(({ definition }) => definition),
  ])('says again what it was filled with: %j', (condition) => {
    expect(definitionOf(draftOf(condition))).toEqual(condition)
  })

  it('has the fields of the schema, money in roubles', () => {
    expect(fieldsOf.get('lately')).toEqual([
      { name: 'months', kind: 'number', isOptional: false, unit: null },
      { name: 'of', kind: 'choice', choices: ['purchases', 'net_kopecks'], isOptional: false, unit: null },
      { name: 'min', kind: 'number', isOptional: true, unit: null },
      { name: 'max', kind: 'number', isOptional: true, unit: null },
    ])
    const { of } = draftOf({ type: 'sum', of: 'net_kopecks', min: 5_000_000 })
    expect(isGroup(of) && of.of[0]?.of).toMatchObject({ typed: { of: 'net_kopecks', min: '50000' } })
  })

  it.each([
    [
      { months: '3', of: 'net_kopecks', min: '0,5' },
      { type: 'lately', months: 3, of: 'net_kopecks', min: 50 },
    ],
    [{ months: '3', of: 'purchases', min: '0,5' }, null],
    [{ months: '3', of: 'purchases' }, null],
    [{ months: '', of: 'purchases', min: '1' }, null],
    [{ months: '3', of: 'purchases', min: '5', max: '4' }, null],
  ])('takes %j for %j', (typed, condition) => {
    const part = newPart({ ...newPlain('lately'), typed })
    expect(definitionOf(newPart({ type: 'all', of: [part] }))).toEqual(condition)
  })
})
