import { expect, it } from 'vitest'
import { createRandom } from '../desktop/register/rig/random.ts'
import type { Code } from './codes.ts'
import { type Options, thisVersion } from './options.ts'
import { planDay } from './plan.ts'

const options: Options = {
  seed: '7',
  registers: 3,
  sales: 200,
  customers: 50,
  minutes: 1,
  takeMs: 400,
  registersFrom: thisVersion,
}
const terms = { title: 'Купон', gives: { type: 'points', points: 5 } } as const
const codes: Code[] = [
  { code: 'anybodys', batch: 1, owner: null, terms },
  { code: 'annas', batch: 1, owner: '200001', terms },
]

const planOf = (seed: string, more: Partial<Options> = {}) =>
  planDay({ ...options, codes, ...more }, createRandom(seed))

it('the same seed decides the same day', () => {
  expect(planOf('7')).toEqual(planOf('7'))
})

it('another seed decides another day', () => {
  expect(planOf('8')).not.toEqual(planOf('7'))
})

it('one more register leaves the days of the others as they were', () => {
  const [first, second] = planOf('7', { registers: 2, sales: 100 }).shops
  expect(planOf('7', { registers: 3, sales: 150 }).shops.slice(0, 2)).toEqual([first, second])
})

it('the registers share the sales out evenly', () => {
  expect(planOf('7').shops.map(({ sales }) => sales.length)).toEqual([67, 67, 66])
})

it('a day has every kind of trouble', () => {
  const sales = planOf('7', { sales: 2000 }).shops.flatMap((shop) => shop.sales)
  const twists = new Set(sales.map(({ twist }) => twist))
  const behaviours = new Set(sales.map(({ oneC }) => oneC?.behaviour.kind))
  expect([...twists].sort()).toEqual([
    ...['abandons', 'cancels', 'hurries', 'none', 'taps_twice', 'tries_again', 'undoes'],
  ])
  expect(behaviours.size).toBe(9)
  expect(sales.some(({ end }) => end?.how === 'killed')).toBe(true)
  expect(new Set(sales.map(({ code }) => code)).size).toBeGreaterThan(3)
  expect(sales.some(({ awayForMs }) => awayForMs !== null)).toBe(true)
})
