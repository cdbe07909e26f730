import { describe, expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { type NewWord, type Reading, reading } from './reading.ts'

const written = z.object({
  state: z.enum(['open', 'closed']),
  kind: z.literal('sale'),
  note: z.string().max(5),
  colour: z.enum(['red', 'green']).nullable().default(null),
  count: z.int().max(9),
  digits: z.union([z.literal(6), z.literal(7)]).default(6),
  inner: z.strictObject({ size: z.enum(['small', 'large']).optional() }),
  items: z.array(
    z.discriminatedUnion('is', [
      z.object({ is: z.literal('a'), word: z.enum(['x', 'y']) }),
      z.object({ is: z.literal('b'), number: z.int() }),
    ]),
  ),
})
const today = {
  state: 'open',
  kind: 'sale',
  note: 'hello',
  colour: 'red',
  count: 1,
  digits: 6,
  inner: {},
  items: [],
} as const

describe('a reader', () => {
  test.each<[string, object, object]>([
    ['takes what a writer of its day says', {}, today],
    ['takes a word that is new', { state: 'ajar' }, { ...today, state: 'ajar' }],
    [
      'takes numbers that its day had no use for',
      { count: 10, digits: 8 },
      { ...today, count: 10, digits: 8 },
    ],
    ['leaves out a field that is new', { more: 1 }, today],
    [
      'does both deep inside, where a writer is strict',
      { inner: { size: 'huge', more: 1 } },
      { ...today, inner: { size: 'huge' } },
    ],
    ['keeps what a field is when it is missing', { colour: undefined }, { ...today, colour: null }],
    [
      'takes the items that it can read',
      {
        items: [
          { is: 'a', word: 'z', more: 1 },
          { is: 'c', word: 'x' },
          { is: 'b', number: 2 },
          { is: 'b', number: 'two' },
        ],
      },
      {
        ...today,
        items: [
          { is: 'a', word: 'z' },
          { is: 'b', number: 2 },
        ],
      },
    ],
  ])('%s', (_what, change, read) => {
    expect(reading(written).parse({ ...today, ...change })).toEqual(read)
  })

  test.each<[string, object]>([
    ['another kind of value', { state: 5 }],
    ['half a number', { count: 0.5 }],
    ['another form of the whole', { kind: 'purchase' }],
    ['a text that is out of bounds', { note: 'too long' }],
    ['no list', { items: null }],
  ])('does not take %s', (_what, change) => {
    expect(reading(written).safeParse({ ...today, ...change }).success).toBe(false)
  })

  test('has the type of what was written, with its lists open', () => {
    type Read = Reading<z.output<typeof written>>
    expectTypeOf<Read['state']>().toEqualTypeOf<'open' | 'closed' | NewWord>()
    expectTypeOf<Read['kind']>().toEqualTypeOf<'sale'>()
    expectTypeOf<Read['colour']>().toEqualTypeOf<'red' | 'green' | null | NewWord>()
    expectTypeOf<z.output<typeof written>>().toExtend<Read>()
  })
})

test('a writer is held to the form of its day', () => {
  expect(written.safeParse({ ...today, state: 'ajar' }).success).toBe(false)
  expect(written.safeParse({ ...today, inner: { more: 1 } }).success).toBe(false)
})
