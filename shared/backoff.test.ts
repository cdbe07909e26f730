import { describe, expect, it } from 'vitest'
import { backoffMs, spreadMs } from './backoff.ts'

describe('a wait after failures', () => {
  it.each([
    [0, 300],
    [1, 600],
    [4, 4800],
    [5, 5000],
    [5000, 5000],
  ])('after %i of them is %i ms', (failures, ms) => {
    expect(backoffMs(failures, { firstMs: 300, longestMs: 5000 })).toBe(ms)
  })

  it('grows as fast as it is told', () => {
    const rule = { firstMs: 10, growth: 3, longestMs: 900 }
    expect([0, 1, 2, 3, 4, 5].map((failures) => backoffMs(failures, rule))).toEqual([
      10, 30, 90, 270, 810, 900,
    ])
  })

  it.each([
    [0, 750],
    [0.5, 1000],
    [1, 1250],
  ])('is spread: of a second, by %d, %i ms', (random, ms) => {
    expect(spreadMs(1000, random)).toBe(ms)
  })
})
