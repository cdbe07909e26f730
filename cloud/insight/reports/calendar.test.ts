import { describe, expect, it } from 'vitest'
import { toIso } from '../../../shared/time.ts'
import { daysBetween, monthAfter, monthsAhead, monthsBetween } from './calendar.ts'

const at = (moment: string) => Date.parse(moment)
const told = (spans: { name: string; begins: number }[]) =>
  spans.map(({ name, begins }) => [name, toIso(begins)])

describe('the calendar of a report', () => {
  it('has each day once, also where a clock is set back or forward', () => {
    const back = daysBetween(at('2026-10-31T12:00Z'), at('2026-11-02T12:00Z'), 'America/New_York')
    expect(told(back)).toEqual([
      ['2026-10-31', '2026-10-31T04:00:00.000Z'],
      ['2026-11-01', '2026-11-01T04:00:00.000Z'],
      ['2026-11-02', '2026-11-02T05:00:00.000Z'],
    ])
    const year = daysBetween(at('2026-01-01T12:00Z'), at('2026-12-31T12:00Z'), 'America/New_York')
    expect(new Set(year.map(({ name }) => name)).size).toBe(365)
    expect(year).toHaveLength(365)
  })

  it('has the months by the clock of the shops, over the end of a year', () => {
    expect(told(monthsBetween(at('2026-11-30T21:30Z'), at('2027-01-15T00:00Z'), 'Europe/Moscow'))).toEqual([
      ['2026-12', '2026-11-30T21:00:00.000Z'],
      ['2027-01', '2026-12-31T21:00:00.000Z'],
    ])
    expect([monthAfter('2026-01', -12), monthAfter('2026-12', 1)]).toEqual(['2025-01', '2027-01'])
  })

  it('goes as far as any points live', () => {
    const months = monthsAhead(at('2026-02-10T00:00Z'), 'Europe/Moscow')
    expect([months[0]?.name, months.at(-1)?.name]).toEqual(['2026-02', '2036-02'])
  })
})
