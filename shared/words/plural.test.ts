import { describe, expect, it } from 'vitest'
import { plural } from './plural.ts'

describe('the word for points', () => {
  it.each([
    [0, 'баллов'],
    [1, 'балл'],
    [2, 'балла'],
    [4, 'балла'],
    [5, 'баллов'],
    [11, 'баллов'],
    [12, 'баллов'],
    [14, 'баллов'],
    [21, 'балл'],
    [22, 'балла'],
    [100, 'баллов'],
    [101, 'балл'],
    [111, 'баллов'],
    [112, 'баллов'],
    [1044, 'балла'],
    [-1, 'балл'],
  ])('after %d is %s', (count, word) => {
    expect(plural(count, 'балл', 'балла', 'баллов')).toBe(word)
  })

  it('agrees with Unicode on every number', () => {
    const unicode = new Intl.PluralRules('ru')
    for (let count = 0; count <= 1200; count += 1)
      expect(plural(count, 'one', 'few', 'many')).toBe(unicode.select(count))
  })

  it.each([
    [0, 'points'],
    [1, 'point'],
    [2, 'points'],
    [21, 'points'],
  ])('in English after %d is %s', (count, word) => {
    expect(plural(count, 'point', 'points')).toBe(word)
  })
})
