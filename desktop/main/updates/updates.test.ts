import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { MINUTE } from '../../../shared/time.ts'
import { createFakeClock, createMemoryFiles, type FakeClock } from '../../register/exchange/testing.ts'
import { reportOf } from '../../register/updates/updates.ts'
import { NotVerified } from './installer.ts'
import { nightOf } from './night.ts'
import { openUpdateRecord } from './record.ts'
import { createUpdates } from './updates.ts'

const HOUR = 60 * MINUTE
const log = pino({ level: 'silent' })
/** By the clock on the wall, wherever this runs. */
const at = (hour: number, minute = 0) => new Date(2026, 10, 21, hour, minute).getTime()

describe('the updates of a kiosk', () => {
  let clock: FakeClock
  let calls: string[]
  let feedVersion: string | null
  let failing: Partial<Record<'find' | 'fetch' | 'install', Error | 'hangs'>>
  let isFree: boolean
  let shown: string[]
  beforeEach(() => {
    calls = []
    feedVersion = '1.4.0'
    failing = {}
    isFree = true
    shown = []
  })

  async function open({ hour = 12, random = (): number => 0, isEnrolled = true } = {}) {
    clock = createFakeClock(at(hour))
    const files = createMemoryFiles(clock, '/data')
    const record = await openUpdateRecord({ dataFolder: '/data', files, log, version: '1.3.0' })
    async function call(name: 'find' | 'fetch' | 'install'): Promise<void> {
      calls.push(name)
      if (failing[name] === 'hangs') await new Promise(() => {})
      if (failing[name]) throw failing[name]
    }
    const updates = createUpdates({
      installer: {
        async find() {
          await call('find')
          return feedVersion
        },
        async fetch(onPercent) {
          onPercent(40.7)
          await call('fetch')
        },
        verify: async () => {},
        install: () => call('install'),
      },
      record,
      clock,
      random,
      log,
      feed: async () => (isEnrolled ? { url: 'http://cloud.test/updates/stable/', key: 'kop_x' } : null),
    })
    updates.subscribe(() => shown.push(updates.state().state))
    return updates
  }
  const register = { isFree: () => isFree }

  it('looks at the start, fetches, and waits for the night', async () => {
    const updates = await open()
    updates.begin(register)
    await clock.advance(MINUTE)
    expect(calls).toEqual(['find', 'fetch'])
    expect(shown).toEqual(['checking', 'downloading', 'downloading', 'ready'])
    expect(reportOf(updates)).toEqual({ state: 'ready', version: '1.4.0', problem: null })
    await clock.advance(14 * HOUR)
    expect(calls).not.toContain('install')
    await clock.advance(HOUR + MINUTE)
    expect(calls.slice(-3)).toEqual(['find', 'fetch', 'install'])
  })

  it('looks every hour or so', async () => {
    feedVersion = null
    const updates = await open({ random: () => 0.5 })
    updates.begin(register)
    await clock.advance(8 * HOUR)
    expect(calls).toEqual(Array(8).fill('find'))
  })

  it('does nothing before it is known whether there is a register, and nothing when it was stopped', async () => {
    const updates = await open()
    await clock.advance(4 * MINUTE)
    expect(updates.askNow()).toBe('busy')
    expect(calls).toEqual([])
    updates.begin(register)
    updates.stop()
    await clock.advance(HOUR)
    expect(calls).toEqual(['find'])
    expect(shown).toEqual(['checking'])
  })

  it('installs when IT says so, and not while somebody is at work', async () => {
    const updates = await open()
    updates.begin(register)
    await clock.advance(MINUTE)
    isFree = false
    expect(updates.askNow()).toBe('busy')
    isFree = true
    expect(updates.askNow()).toBe(null)
    await clock.advance(0)
    expect(calls).toEqual(['find', 'fetch', 'install'])
    expect(updates.state()).toMatchObject({ state: 'failed', problem: 'failed_installs' })
  })

  it('leaves the moment to a cashier who begins while it is being prepared', async () => {
    const updates = await open()
    updates.begin(register)
    await clock.advance(MINUTE)
    expect(updates.askNow()).toBe(null)
    isFree = false
    await clock.advance(MINUTE)
    expect(calls).toEqual(['find', 'fetch'])
    expect(updates.state().state).toBe('ready')
    isFree = true
    await clock.advance(MINUTE)
    expect(calls).toContain('install')
  })

  it('installs at once where the register could not start, once', async () => {
    const updates = await open()
    updates.begin(null)
    await clock.advance(2 * HOUR)
    expect(calls.filter((call) => call === 'install')).toEqual(['install'])
  })

  it('counts a register that hangs at its start as one that could not, until it is there', async () => {
    const updates = await open()
    await clock.advance(4 * MINUTE)
    isFree = false
    await clock.advance(2 * MINUTE)
    expect(calls).toEqual(['find', 'fetch', 'install'])
    updates.begin(register)
    expect(updates.askNow()).toBe('busy')
  })

  it('tells a cloud that is away from a file that is not genuine', async () => {
    const updates = await open()
    failing = { find: new Error('ECONNREFUSED') }
    updates.begin(register)
    await clock.advance(MINUTE)
    expect(updates.state()).toEqual({ state: 'failed', version: null, percent: null, problem: 'away' })
    failing = { fetch: new NotVerified('another publisher') }
    await clock.advance(HOUR)
    expect(updates.state()).toEqual({
      state: 'failed',
      version: '1.4.0',
      percent: null,
      problem: 'not_verified',
    })
  })

  it('gives up what hangs', async () => {
    const updates = await open()
    failing = { find: 'hangs' }
    updates.begin(register)
    await clock.advance(3 * MINUTE)
    expect(updates.state()).toMatchObject({ state: 'failed', problem: 'away' })
    failing = {}
    await clock.advance(HOUR)
    expect(updates.state().state).toBe('ready')
  })

  it('asks nobody before the register is enrolled', async () => {
    const updates = await open({ isEnrolled: false })
    updates.begin(register)
    await clock.advance(HOUR)
    expect(calls).toEqual([])
    expect(updates.state().state).toBe('none')
  })
})

describe('the night', () => {
  it.each([
    [0, at(2, 59), false],
    [0, at(3), true],
    [0, at(4, 59), true],
    [0, at(5), false],
    [0, at(15), false],
    [0.5, at(3, 44), false],
    [0.5, at(3, 45), true],
    [0.999, at(4, 30), true],
    [0.999, at(5), false],
  ])('of a register that drew %d', (drawn, now, isNight) => {
    expect(nightOf(() => drawn)(now)).toBe(isNight)
  })
})
