import { describe, expect, it } from 'vitest'
import { toIso } from '../time.ts'
import {
  dayAfter,
  localDayOf,
  localTimeOf,
  momentOf,
  numberOfDay,
  startOfLocalDay,
  weekdayBefore,
} from './localTime.ts'

describe('the clock on the wall', () => {
  it.each([
    // UTC, zone, day, time, weekday
    ['2025-12-07T20:59:59.999Z', 'Europe/Moscow', '2025-12-07', '23:59', 7],
    ['2025-12-07T21:00:00.000Z', 'Europe/Moscow', '2025-12-08', '00:00', 1],
    ['2025-12-31T21:00:00.000Z', 'Europe/Moscow', '2026-01-01', '00:00', 4],
    ['2024-02-28T23:30:00.000Z', 'Europe/Berlin', '2024-02-29', '00:30', 4],
    // The clock jumps from 02:00 to 03:00, and in autumn shows 02:00 to 02:59 twice.
    ['2026-03-29T00:59:59.000Z', 'Europe/Berlin', '2026-03-29', '01:59', 7],
    ['2026-03-29T01:00:00.000Z', 'Europe/Berlin', '2026-03-29', '03:00', 7],
    ['2026-10-25T00:30:00.000Z', 'Europe/Berlin', '2026-10-25', '02:30', 7],
    ['2026-10-25T01:30:00.000Z', 'Europe/Berlin', '2026-10-25', '02:30', 7],
    ['1969-12-31T23:59:00.000Z', 'UTC', '1969-12-31', '23:59', 3],
    ['2026-01-01T09:15:00.000Z', 'Asia/Kathmandu', '2026-01-01', '15:00', 4],
  ])('at %s in %s it is %s %s', (utc, zone, day, time, weekday) => {
    expect(localTimeOf(Date.parse(utc), zone)).toEqual({ day, time, weekday })
  })
})

it('days lie as far apart as their numbers, also where one has 23 or 25 hours', () => {
  expect(numberOfDay('2026-03-30') - numberOfDay('2026-03-28')).toBe(2)
  expect(numberOfDay('2026-03-01') - numberOfDay('2026-02-28')).toBe(1)
  expect([1, 2, 7].map(weekdayBefore)).toEqual([7, 1, 6])
})

it.each([
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-29T09:30', 'Europe/Berlin', '2026-03-29T07:30:00.000Z'],
  ['2026-10-25T09:30', 'Europe/Berlin', '2026-10-25T08:30:00.000Z'],
  ['2026-01-01T00:00', 'Europe/Moscow', '2025-12-31T21:00:00.000Z'],
  ['2026-09-06T23:59', 'America/Santiago', '2026-09-07T02:59:00.000Z'],
])('a clock shows %s in %s at %s', (local, timeZone, at) => {
  expect(toIso(momentOf(local, timeZone))).toBe(at)
})

describe('a local day', () => {
  it.each([
    ['2026-01-01', 'Europe/Moscow', '2025-12-31T21:00:00.000Z'],
    ['2026-01-01', 'UTC', '2026-01-01T00:00:00.000Z'],
    // The clocks of Berlin are changed on the day itself.
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
    ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    // In Santiago there is no midnight on the day on which summer begins.
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
    ['2026-04-05', 'America/Santiago', '2026-04-05T04:00:00.000Z'],
    ['2026-07-01', 'Pacific/Auckland', '2026-06-30T12:00:00.000Z'],
  ])('%s in %s begins at %s', (day, timeZone, at) => {
    const begins = startOfLocalDay(day, timeZone)
    expect(toIso(begins)).toBe(at)
    expect(localDayOf(begins, timeZone)).toBe(day)
    expect(localDayOf(begins - 1, timeZone)).toBe(dayAfter(day, -1))
  })
})
