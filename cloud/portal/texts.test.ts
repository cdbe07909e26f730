import { describe, expect, it } from 'vitest'
import { DAY } from '../../shared/time.ts'
import { monthsOf } from './dates.ts'
import { english } from './texts.en.ts'
import { russian, type Texts } from './texts.ts'

const languages: [string, Texts][] = [
  ['Russian', russian],
  ['English', english],
]
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')
const noon = new Date(2026, 11, 7, 12).getTime()

describe.each(languages)('in %s', (_language, texts) => {
  it.each(Object.entries(texts.problems))(
    'the problem %s says what it is and what to do',
    (_code, problem) => {
      expect(problem.title).toMatch(/^[\p{Lu}][^.!?]*$/u)
      expect(problem.next).toMatch(/^[\p{Lu}][^!?]*\.$/u)
    },
  )

  it.each([0, 1, 2, 5, 11, 21, 1044])('%d points have a word that fits', (count) => {
    for (const text of [
      texts.points(count),
      texts.card.onCard(count),
      texts.card.held(count),
      texts.erase.lost(count),
      texts.erase.debt(count),
    ])
      expect(text).not.toMatch(/undefined|NaN/)
  })
})

it('the two languages have the same keys, and English no Cyrillic', () => {
  const keysOf = (texts: object, path = ''): string[] =>
    Object.entries(texts).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null ? keysOf(value, `${path}${key}.`) : [`${path}${key}`],
    )
  expect(keysOf(english).sort()).toEqual(keysOf(russian).sort())
  const own = JSON.stringify(english, (key, value: unknown) => (key === 'languageNames' ? undefined : value))
  expect(own).not.toMatch(/\p{Script=Cyrillic}/u)
})

it.each([
  [0, 'сегодня', 'today'],
  [1, 'завтра', 'tomorrow'],
  [2, 'через 2 дня', 'in 2 days'],
  [21, 'через 21 день', 'in 21 days'],
])('in %d days is said %s', (days, inRussian, inEnglish) => {
  const at = noon + days * DAY
  expect(plain(russian.expiry.inDays(at, noon))).toBe(inRussian)
  expect(plain(english.expiry.inDays(at, noon))).toBe(inEnglish)
})

it.each([
  [64, '64 балла можно потратить по 20 января включительно'],
  [1, '1 балл можно потратить по 20 января включительно'],
  [111, '111 баллов можно потратить по 20 января включительно'],
])('%d points that die are said as a person would', (count, text) => {
  expect(plain(russian.card.expires(count, new Date(2027, 0, 20).getTime()))).toBe(text)
})

it.each<[Parameters<Texts['history']['award']>[0], string, string]>([
  [
    { by: 'cashback', title: null, points: 40, basisPoints: 425, from: '' },
    '+40 возврат 4,25 %',
    '+40 cashback 4.25%',
  ],
  [
    { by: 'status', title: 'Gold', points: 150, basisPoints: 1500, from: '' },
    '+150 статус «Gold» 15 %',
    '+150 status “Gold” 15%',
  ],
  [
    { by: 'rule', title: 'Happy hours', points: 25, basisPoints: null, from: '' },
    '+25 «Happy hours»',
    '+25 “Happy hours”',
  ],
  [{ by: 'voucher', title: null, points: 5, basisPoints: null, from: '' }, '+5 купон', '+5 voucher'],
  // Of a newer cloud.
  [{ by: 'moon', title: null, points: 5, basisPoints: null, from: '' }, '+5 подарок', '+5 a gift'],
])('why it brought points is said of %o', (award, inRussian, inEnglish) => {
  expect(plain(russian.history.award(award))).toBe(inRussian)
  expect(plain(english.history.award(award))).toBe(inEnglish)
})

it('the calendar has the months that matter, the present one from this week on', () => {
  const at = (year: number, month: number, day: number) => new Date(year, month - 1, day, 3).getTime()
  const moments = [at(2027, 1, 21), at(2026, 12, 20), at(2026, 12, 31)]
  // 9 December 2026 is a Wednesday, 1 January 2027 a Friday.
  expect(monthsOf(moments, at(2026, 12, 9))).toEqual([
    { at: new Date(2026, 11, 1).getTime(), from: 7, to: 31, offset: 0 },
    { at: new Date(2027, 0, 1).getTime(), from: 1, to: 31, offset: 4 },
  ])
  expect(monthsOf([at(2026, 12, 20)], at(2026, 12, 2))).toMatchObject([{ from: 1, offset: 1 }])
})
