import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../shared/time.ts'
import { openForMs } from './hours.ts'

const utc = (time: string) => Date.parse(`2025-12-07T${time}:00.000Z`)
const moscow = { opensAt: '09:00', closesAt: '21:00', timeZone: 'Europe/Moscow' }

describe('opening hours', () => {
  it.each([
    ['before the shop opens', moscow, '05:59', null],
    ['at the minute it opens', moscow, '06:00', 0],
    ['in the afternoon', moscow, '12:30', 390],
    ['in the last minute', moscow, '17:59', 719],
    ['when it has closed', moscow, '18:00', null],
    ['by the clock of another zone', { ...moscow, timeZone: 'Asia/Vladivostok' }, '23:00', 0],
    ['over midnight, in the evening', { ...moscow, opensAt: '22:00', closesAt: '06:00' }, '20:00', 60],
    ['over midnight, in the morning', { ...moscow, opensAt: '22:00', closesAt: '06:00' }, '02:59', 479],
    ['over midnight, by day', { ...moscow, opensAt: '22:00', closesAt: '06:00' }, '03:00', null],
    ['round the clock', { ...moscow, opensAt: '00:00', closesAt: '24:00' }, '20:59', 1439],
    ['round the clock, begun at noon', { ...moscow, opensAt: '12:00', closesAt: '12:00' }, '08:00', 1380],
  ])('%s', (_when, hours, time, minutes) => {
    expect(openForMs(hours, utc(time))).toBe(minutes === null ? null : minutes * MINUTE)
  })

  it('follow the clock on the wall when it is changed', () => {
    const berlin = { ...moscow, timeZone: 'Europe/Berlin' }
    expect(openForMs(berlin, Date.parse('2026-03-28T08:00:00.000Z'))).toBe(0)
    expect(openForMs(berlin, Date.parse('2026-03-29T07:00:00.000Z'))).toBe(0)
  })
})
