import { expect, it } from 'vitest'
import { pluralOf } from './plural.ts'

const forms = { ru: ['балл', 'балла', 'баллов'], en: ['point', 'points'] } satisfies Parameters<
  typeof pluralOf
>[2]

it.each([
  [0, 'баллов', 'points'],
  [1, 'балл', 'point'],
  [2, 'балла', 'points'],
  [5, 'баллов', 'points'],
  [11, 'баллов', 'points'],
  [14, 'баллов', 'points'],
  [21, 'балл', 'points'],
  [101, 'балл', 'points'],
  [111, 'баллов', 'points'],
  [-1, 'балл', 'point'],
])('%i goes with %s and %s', (count, ru, en) => {
  expect([pluralOf('ru', count, forms), pluralOf('en', count, forms)]).toEqual([ru, en])
})

it('agrees with Unicode on every number', () => {
  const [ru, en] = [new Intl.PluralRules('ru'), new Intl.PluralRules('en')]
  const names = { ru: ['one', 'few', 'many'], en: ['one', 'other'] } satisfies Parameters<typeof pluralOf>[2]
  for (let count = 0; count <= 1200; count += 1) {
    expect(pluralOf('ru', count, names)).toBe(ru.select(count))
    expect(pluralOf('en', count, names)).toBe(en.select(count))
  }
})
