import { expect, it } from 'vitest'
import { lastDayOf } from './lastDay.ts'

// Points die at midnight UTC.
it.each([
  ['2026-01-21', 'Europe/Moscow', '2026-01-20'],
  ['2026-01-21', 'Asia/Vladivostok', '2026-01-20'],
  ['2026-01-21', 'UTC', '2026-01-20'],
  ['2026-01-21', 'America/New_York', '2026-01-19'],
  ['2026-03-01', 'Europe/Kaliningrad', '2026-02-28'],
  ['2026-01-01', 'Asia/Kamchatka', '2025-12-31'],
  ['2026-01-21', 'Mars/Olympus', '2026-01-20'],
])('points that die on %s can be spent in %s until the end of %s', (dies, timeZone, last) => {
  expect(new Date(lastDayOf(Date.parse(dies), timeZone)).toISOString().slice(0, 10)).toBe(last)
})
