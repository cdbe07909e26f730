import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { isOutage } from '../database/outage.ts'
import type { Talk } from './context.ts'
import { answerInTime } from './meet.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('a database that is silent is an outage too: nobody waits for ever', async () => {
  const answered = Promise.resolve(answerInTime({} as Talk, () => new Promise(() => {})))
  const failure = answered.then(
    () => null,
    (error: unknown) => error,
  )
  await vi.advanceTimersByTimeAsync(60_000)
  expect(isOutage(await failure)).toBe(true)
})
