import { describe, expect, it } from 'vitest'
import { writeSignedCode } from '../../../shared/signedCode.ts'
import { createRepeatFilter } from './repeats.ts'

/** Codes as the camera reads them: when, which, and whether the last customer is done with. */
type Sight = [atMs: number, code: string, isServed?: boolean, isCodeAwaited?: boolean]

function news(sights: Sight[]): string[] {
  const filter = createRepeatFilter()
  return sights
    .filter(([atMs, code, isServed = false, isCodeAwaited = false]) =>
      filter.isNew(code, atMs, { isServed, isCodeAwaited }),
    )
    .map(([atMs, code]) => `${name(code)}@${atMs}`)
}

const around = { isServed: false, isCodeAwaited: false }

/** Two codes that one phone shows one after the other, and the plastic of its customer. */
const codeOf = (id: string, card: string) =>
  writeSignedCode({ id: id.repeat(16), card, expiresAt: 60_000 }, () => new Uint8Array(64))
const [first, renewed, others] = [codeOf('1', '654321'), codeOf('2', '654321'), codeOf('3', '111111')]
const plastic = '99654321'
const name = (code: string) =>
  ({ [first]: 'first', [renewed]: 'renewed', [others]: 'others', [plastic]: 'plastic' })[code] ?? code

describe('the camera', () => {
  it('does not find a customer again whose phone was in view while it looked away', () => {
    const filter = createRepeatFilter()
    filter.isNew('a', 0, around)
    filter.lookAgain(20_000)
    expect(filter.isNew('a', 20_080, around)).toBe(false)
    expect(filter.isNew('a', 24_000, around)).toBe(true)
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
    [
      'takes a code that renews for the phone it has seen all the time',
      [
        [0, first],
        [2000, first],
        [4000, renewed],
        [50_000, renewed, true],
        [52_000, renewed],
      ],
      ['first@0'],
    ],
    [
      'takes the code of another customer at once',
      [
        [0, first],
        [80, others],
      ],
      ['first@0', 'others@80'],
    ],
    [
      'tells the next code of the phone whose last one was no good, and that one never again',
      [
        [0, first],
        [80, first, false, true],
        [1000, renewed, false, true],
        [1080, renewed],
        [1160, renewed, true, true],
      ],
      ['first@0', 'renewed@1000'],
    ],
    [
      'tells the code of whom it has found by plastic, where a code is needed',
      [
        [0, plastic],
        [80, plastic, false, true],
        [1000, first, false, true],
      ],
      ['plastic@0', 'first@1000'],
    ],
  ])('%s', (_what, sights, expected) => {
    expect(news(sights)).toEqual(expected)
  })
})
