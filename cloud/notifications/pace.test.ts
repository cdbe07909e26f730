import { expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../shared/time.ts'
import { createPace, type Pace } from './pace.ts'
import { createTestClock } from './testing.ts'

const start = Date.parse('2025-12-07T12:00:00.000Z')

it.each<[string, (pace: Pace) => void]>([
  ['a message was sent', (pace) => pace.sends()],
  ['Telegram asked to wait', (pace) => pace.holdUntil(start + 5 * SECOND)],
  ['Telegram was silent', (pace) => pace.away(start)],
  ['somebody was told something', (pace) => pace.release(1)],
])('a clock that is set back by an hour after %s makes nobody wait for an hour', async (_, happen) => {
  const clock = createTestClock(start)
  const pace = createPace(clock, new AbortController().signal)
  await pace.turn()
  happen(pace)
  clock.advance(-60 * MINUTE)
  await pace.turn()
  expect(clock.now()).toBe(start - 60 * MINUTE)
  expect(pace.busy()).toEqual([])
})

it('a clock that is set right by a moment ends no pause that Telegram asked for', async () => {
  const clock = createTestClock(start)
  const pace = createPace(clock, new AbortController().signal)
  await pace.turn()
  pace.holdUntil(start + 5 * SECOND)
  clock.advance(-100)
  await pace.turn()
  expect(clock.now()).toBe(start + 5 * SECOND)
})
