import { expect, it } from 'vitest'
import { russianPlural } from './plural.ts'

it.each([
  [0, 'баллов'],
  [1, 'балл'],
  [2, 'балла'],
  [5, 'баллов'],
  [11, 'баллов'],
  [14, 'баллов'],
  [21, 'балл'],
  [101, 'балл'],
  [111, 'баллов'],
  [-1, 'балл'],
])('%i goes with %s', (count, word) => {
  expect(russianPlural(count, 'балл', 'балла', 'баллов')).toBe(word)
})

it('agrees with Unicode on every number', () => {
  const unicode = new Intl.PluralRules('ru')
  for (let count = 0; count <= 1200; count += 1)
    expect(russianPlural(count, 'one', 'few', 'many')).toBe(unicode.select(count))
})
