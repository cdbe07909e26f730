import { expect, it } from 'vitest'
import { englishStatusWords, russianStatusWords } from './status.ts'

const plain = (text: string) => text.replaceAll(/\s/g, ' ')

it.each([
  ['net_purchases', 34_000, 'Платина', 'ещё 340 ₽ до Платины'],
  // A kopeck is a ruble that is still missing.
  ['net_purchases', 33_901, 'Золото', 'ещё 340 ₽ до Золота'],
  ['purchases', 1, 'Бронза', 'ещё 1 покупка до Бронзы'],
  ['purchases', 3, 'Шашка', 'ещё 3 покупки до Шашки'],
  ['earned_points', 40, 'Друг дома', 'ещё 40 баллов до статуса «Друг дома»'],
  ['smiles', 1200, 'Gold', 'ещё 1 200 до статуса «Gold»'],
])('of %s %i is missing to %s', (metric, count, title, said) => {
  expect(plain(russianStatusWords.missing(metric, count, title))).toBe(said)
})

it('of which English says less', () => {
  expect(plain(englishStatusWords.missing('purchases', 1, 'Gold'))).toBe('1 purchase more to Gold')
})
