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
