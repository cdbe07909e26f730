import { describe, expect, it } from 'vitest'
import { formatCard, formatKopecks, formatSigned, formatWhole } from './numbers.ts'

/** Spaces that do not break, as ordinary ones. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('a number on the screen', () => {
  it.each([
    [0, '0'],
    [7, '7'],
    [999, '999'],
    [1000, '1 000'],
    [1044, '1 044'],
    [1_234_567, '1 234 567'],
    [-400, '−400'],
    [-1064, '−1 064'],
  ])('%d is written %s', (value, text) => {
    expect(plain(formatWhole(value))).toBe(text)
  })

  it('is parted by thin spaces that do not break', () => {
    expect(formatWhole(1044)).toBe('1\u202f044')
  })

  it.each([
    [26, '+26'],
    [-400, '−400'],
    [0, '0'],
  ])('%d as a change is written %s', (value, text) => {
    expect(formatSigned(value)).toBe(text)
  })

  it.each([
    [0, '0,00 ₽'],
    [1, '0,01 ₽'],
    [99, '0,99 ₽'],
    [100, '1,00 ₽'],
    [123_456, '1 234,56 ₽'],
    [100_000_000, '1 000 000,00 ₽'],
  ])('%d kopecks are written %s', (kopecks, text) => {
    expect(plain(formatKopecks(kopecks, ','))).toBe(text)
  })

  it.each([
    ['654321', '654 321'],
    ['6543210', '654 321 0'],
    ['123456789012', '123 456 789 012'],
  ])('the card %s is read in threes', (card, text) => {
    expect(plain(formatCard(card))).toBe(text)
  })
})
