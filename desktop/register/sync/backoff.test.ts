import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../../shared/time.ts'
import { backoffMs } from './backoff.ts'

test.each([
  // failures in a row, the longest wait in seconds
  [1, 2],
  [2, 4],
  [5, 32],
  [6, 60],
  [1000, 60],
])('after %i failures the line stays away for up to %i seconds', (failures, seconds) => {
  expect(backoffMs(failures, () => 1)).toBe(seconds * SECOND)
})

test('the line never stays away for less than a second or more than a minute', () => {
  const chance = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), chance, (failures, random) => {
      const ms = backoffMs(failures, () => random)
      expect(ms).toBeGreaterThanOrEqual(SECOND)
      expect(ms).toBeLessThanOrEqual(MINUTE)
    }),
  )
})
