import { expect, it } from 'vitest'
import { englishWords, russianWords } from './words.ts'

it('a number never breaks from its word', () => {
  expect(russianWords.points(1_234)).toBe('1\u202f234\u00a0балла')
  expect(englishWords.points(1)).toBe('1\u00a0point')
})

it.each([
  [1, '1 день', '1 day'],
  [3, '3 дня', '3 days'],
  [45, '45 дней', '45 days'],
])('%d days are %s, %s', (count, russian, english) => {
  expect([russianWords.days(count), englishWords.days(count)]).toEqual([
    russian.replace(' ', '\u00a0'),
    english.replace(' ', '\u00a0'),
  ])
})

it('no two kinds of movement, and no two operations, go by one word', () => {
  for (const words of [russianWords, englishWords])
    for (const names of [Object.values(words.history), Object.values(words.operations)])
      expect(new Set(names).size).toBe(names.length)
})
