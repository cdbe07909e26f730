import { expect, it } from 'vitest'
import { formatPercent } from '../../shared/numbers.ts'
import { DAY } from '../../shared/time.ts'
import { dayOf } from './formats.ts'

it.each([
  [0, '0'],
  [5, '0,05'],
  [50, '0,5'],
  [400, '4'],
  [425, '4,25'],
  [450, '4,5'],
  [1000, '10'],
  [2005, '20,05'],
  [10_000, '100'],
])('%d basis points are %s %%', (basisPoints, percent) => {
  expect(formatPercent(basisPoints, ',')).toBe(percent)
})

it('a day is that of the shops, not of the server', () => {
  const at = Date.parse('2025-12-07T22:30:00Z')
  expect(dayOf(at, 'ru-RU', { timeZone: 'Europe/Moscow', now: at })).toBe('8 декабря')
  expect(dayOf(at, 'ru-RU', { timeZone: 'Europe/Kaliningrad', now: at })).toBe('8 декабря')
  expect(dayOf(at, 'en-GB', { timeZone: 'UTC', now: at })).toBe('7 December')
})

it('a far day has its year', () => {
  const at = Date.parse('2025-12-07T12:00:00Z')
  expect(dayOf(at, 'ru-RU', { timeZone: 'UTC', now: at + 365 * DAY })).toBe('7 декабря 2025 г.')
  expect(dayOf(at, 'en-GB', { timeZone: 'UTC', now: at - 365 * DAY })).toBe('7 December 2025')
})
