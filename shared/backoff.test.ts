import { expect, it } from 'vitest'
import { backoff } from './backoff.ts'

it.each([
  [0, 2],
  [1, 4],
  [2, 8],
  [3, 15],
  [4, 15],
  [2000, 15],
])('after %d failures before it the wait is %d', (failures, wait) => {
  expect(backoff(failures, { first: 2, longest: 15 })).toBe(wait)
})

it('a wait grows as fast as it is told', () => {
  const rule = { first: 10, growth: 3, longest: 900 }
  expect([0, 1, 2, 3, 4, 5].map((failures) => backoff(failures, rule))).toEqual([10, 30, 90, 270, 810, 900])
})
