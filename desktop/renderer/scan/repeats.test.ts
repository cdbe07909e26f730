import { describe, expect, it } from 'vitest'
import { createRepeatFilter } from './repeats.ts'

/** Codes as the camera reads them: when, which, and whether the last customer is done with. */
type Sight = [atMs: number, code: string, isServed?: boolean]

function news(sights: Sight[]): string[] {
  const filter = createRepeatFilter()
  return sights
    .filter(([atMs, code, isServed = false]) => filter.isNew(code, atMs, { isServed }))
    .map(([atMs, code]) => `${code}@${atMs}`)
}

describe('the camera', () => {
  it('does not find a customer again whose phone was in view while it looked away', () => {
    const filter = createRepeatFilter()
    filter.isNew('a', 0, { isServed: false })
    filter.lookAgain(20_000)
    expect(filter.isNew('a', 20_080, { isServed: false })).toBe(false)
    expect(filter.isNew('a', 24_000, { isServed: false })).toBe(true)
  })

  it.each<[string, Sight[], string[]]>([
    [
      'tells a code once',
      [
        [0, 'a'],
        [80, 'a'],
        [2900, 'a'],
      ],
      ['a@0'],
    ],
    [
      'does not tell it again however long it stays in view',
      [
        [0, 'a'],
        [2000, 'a'],
        [4000, 'a'],
        [6900, 'a'],
      ],
      ['a@0'],
    ],
    [
      'tells it again after it was away for three seconds',
      [
        [0, 'a'],
        [3000, 'a'],
      ],
      ['a@0', 'a@3000'],
    ],
    [
      'tells another code at once',
      [
        [0, 'a'],
        [80, 'b'],
        [160, 'a'],
      ],
      ['a@0', 'b@80', 'a@160'],
    ],
    [
      'does not begin again with the customer who was just served',
      [
        [0, 'a'],
        [9000, 'a', true],
      ],
      ['a@0'],
    ],
    [
      'nor when the screen is free again and the phone still lies there',
      [
        [0, 'a'],
        [9000, 'a', true],
        [11_000, 'a'],
      ],
      ['a@0'],
    ],
    [
      'takes the next customer while the last one reads the result',
      [
        [0, 'a'],
        [9000, 'b', true],
      ],
      ['a@0', 'b@9000'],
    ],
  ])('%s', (_what, sights, expected) => {
    expect(news(sights)).toEqual(expected)
  })
})
