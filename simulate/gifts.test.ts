import { expect, it } from 'vitest'
import type { Evidence } from './evidence.ts'
import { checkGifts, type Gifts } from './gifts.ts'

/** Anna and Boris have phones, Boris is left out; Vera's plastic is Anna's by now. */
const phones = new Set(['anna', 'boris'])
const good: Gifts = {
  people: [
    { card: 'anna', isLeftOut: false },
    { card: 'boris', isLeftOut: true },
  ],
  posted: [{ card: 'anna', points: 25 }],
}
const mergedInto = new Map([['vera', 'anna']])
const violations = (changes: Partial<Gifts>) =>
  checkGifts({ gifts: { ...good, ...changes }, mergedInto } as unknown as Evidence, { phones }).violations

it.each<[string, Partial<Gifts>, string[]]>([
  ['as they should be', {}, []],
  ['before the campaign began', { people: [], posted: [] }, []],
  ['given twice', { posted: [...good.posted, ...good.posted] }, ['card anna has 2 gifts, not 1']],
  ['forgotten', { posted: [] }, ['card anna has 0 gifts, not 1']],
  [
    'given to who is left out',
    { posted: [...good.posted, { card: 'boris', points: 25 }] },
    ['card boris has 1 gifts, not 0'],
  ],
  ['of other points', { posted: [{ card: 'anna', points: 24 }] }, ['the gift of card anna was 24']],
  [
    'given to who has no phone',
    {
      people: [...good.people, { card: 'olga', isLeftOut: false }],
      posted: [...good.posted, { card: 'olga', points: 25 }],
    },
    ['card olga has no phone'],
  ],
  ['without one who has', { people: good.people.slice(0, 1) }, ['card boris was not chosen']],
  ['of a phone that was merged later', { people: [...good.people, { card: 'vera', isLeftOut: true }] }, []],
])('gifts %s', (_name, changes, expected) => {
  expect(violations(changes)).toEqual(expected)
})
