import { describe, expect, it } from 'vitest'
import { nextSale } from './saleIdentity.ts'

describe('a reading of amount.json is', () => {
  const open = { fingerprint: 'a', version: '1', isFinished: false }
  const finished = { ...open, isFinished: true }

  it.each([
    // what, the last sale, the reading, what it is
    ['a new sale when there was none', null, { fingerprint: 'a', version: '1' }, 'new'],
    ['a new sale when the content changed', open, { fingerprint: 'b', version: '2' }, 'new'],
    ['a new sale when the content changed after it', finished, { fingerprint: 'b', version: '2' }, 'new'],
    ['a new sale when only the content changed', open, { fingerprint: 'b', version: '1' }, 'new'],
    ['the same sale when 1C saved it again', open, { fingerprint: 'a', version: '2' }, 'same'],
    ['a new sale when 1C saved the finished one again', finished, { fingerprint: 'a', version: '2' }, 'new'],
    ['the same sale when nothing changed', open, { fingerprint: 'a', version: '1' }, 'same'],
    ['the finished sale after a restart', finished, { fingerprint: 'a', version: '1' }, 'same'],
  ])('%s', (_what, current, reading, expected) => {
    expect(nextSale(current, reading)).toBe(expected)
  })
})
