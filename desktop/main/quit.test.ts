import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock, type FakeClock } from '../register/exchange/testing.ts'
import { stopBeforeQuit } from './quit.ts'
import { app, fire, resetElectron, state } from './testing/electron.ts'

describe('the end', () => {
  let clock: FakeClock
  let stops: number
  let stopped: PromiseWithResolvers<void>
  beforeEach(() => {
    resetElectron()
    clock = createFakeClock()
    stops = 0
    stopped = Promise.withResolvers()
    const stop = () => {
      stops += 1
      return stopped.promise
    }
    stopBeforeQuit(stop, { clock, log: pino({ level: 'silent' }) })
  })

  it('waits until the register has stopped, and stops it once', async () => {
    expect(fire(app, 'before-quit').isPrevented).toBe(true)
    expect(fire(app, 'before-quit').isPrevented).toBe(true)
    await clock.advance(1000)
    expect([stops, state.exitCode]).toEqual([1, null])
    stopped.resolve()
    await clock.advance(0)
    expect([stops, state.exitCode]).toEqual([1, 0])
  })

  it('does not wait for ever', async () => {
    fire(app, 'before-quit')
    await clock.advance(5000)
    expect(state.exitCode).toBe(0)
  })

  it('comes also when the register cannot stop', async () => {
    fire(app, 'before-quit')
    stopped.reject(new Error('disk I/O error'))
    await clock.advance(0)
    expect(state.exitCode).toBe(0)
  })
})
