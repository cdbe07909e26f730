import { expect, test } from 'vitest'
import { laterOrBetter, measureByDateHeader, measureByTime } from './clockOffset.ts'

const at = Date.parse('2025-12-07T10:00:00.000Z')

test('a time in the answer is the time in the middle of the round trip', () => {
  const measurement = measureByTime({ endedAt: at, tookMs: 80 }, at + 5000)
  expect(measurement).toEqual({ offsetMs: 5040, errorMs: 41 })
})

test('a Date header is half a second behind on average, and half a second less exact', () => {
  const measurement = measureByDateHeader({ endedAt: at, tookMs: 80 }, at + 5000)
  expect(measurement).toEqual({ offsetMs: 5540, errorMs: 541 })
})

test.each([
  // what, known, measured, which counts
  ['the first one counts', null, [7, 100], 'measured'],
  ['one that agrees and is no better changes nothing', [0, 50], [90, 50], 'known'],
  ['one that agrees and is coarser changes nothing', [0, 5], [400, 540], 'known'],
  ['one that agrees and is more exact replaces the coarser', [400, 540], [0, 5], 'measured'],
  ['one that contradicts replaces a better one: a clock was set', [0, 5], [3600_000, 540], 'measured'],
  ['one that just touches what is known agrees', [0, 50], [100, 50], 'known'],
] as const)('of two measurements %s', (_what, known, measured, which) => {
  const of = ([offsetMs, errorMs]: readonly [number, number]) => ({ offsetMs, errorMs })
  const counts = laterOrBetter(known && of(known), of(measured))
  expect(counts).toEqual(which === 'known' ? known && of(known) : of(measured))
})
