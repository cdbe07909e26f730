import { expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../shared/time.ts'
import { readConfig } from '../config.ts'
import { createLimiter, createLimiters } from './limits.ts'

test('a burst passes at once, and what comes after it waits for its token', () => {
  const limiter = createLimiter({ perMinute: 60, burst: 2 })
  for (const _ of [1, 2]) {
    expect(limiter.waitSeconds('a', 0)).toBe(0)
    limiter.spend('a', 0)
  }
  expect(limiter.waitSeconds('a', 0)).toBe(1)
  expect(limiter.waitSeconds('b', 0)).toBe(0)
  expect(limiter.waitSeconds('a', SECOND)).toBe(0)
})

test('after a quiet time no more than the burst is saved up', () => {
  const limiter = createLimiter({ perMinute: 60, burst: 2 })
  limiter.spend('a', 0, 2)
  limiter.spend('a', 10 * MINUTE, 2)
  expect(limiter.waitSeconds('a', 10 * MINUTE)).toBe(1)
})

test('a request larger than the burst passes when the bucket is full', () => {
  const limiter = createLimiter({ perMinute: 60, burst: 100 })
  expect(limiter.waitSeconds('a', 0, 500)).toBe(0)
  limiter.spend('a', 0, 500)
  expect(limiter.waitSeconds('a', 0)).toBeGreaterThan(0)
})

test('a clock that was set back locks nobody out', () => {
  const limiter = createLimiter({ perMinute: 60, burst: 2 })
  limiter.spend('a', 100 * MINUTE)
  expect(limiter.waitSeconds('a', 0)).toBe(0)
})

test('a register brings a whole outage at once by default, but cannot go on like that', () => {
  const { operations } = createLimiters(readConfig({}))
  const send = (at: number) => {
    const wait = operations.waitSeconds(7, at, 500)
    if (wait === 0) operations.spend(7, at, 500)
    return wait
  }
  expect(Array.from({ length: 40 }, () => send(0))).toEqual(Array(40).fill(0))
  // What is left is ten sales a second.
  expect(send(0)).toBe(50)
  expect(send(50 * SECOND)).toBe(0)
  expect(operations.waitSeconds(8, 0, 500)).toBe(0)
})
