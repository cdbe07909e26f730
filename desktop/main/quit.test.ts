import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock, type FakeClock } from '../register/exchange/testing.ts'
import { type QuitTo, stopBeforeQuit } from './quit.ts'
import { app, fire, resetElectron, state } from './testing/electron.ts'

describe('the end', () => {
  let clock: FakeClock
  let stops: number
  let stopped: PromiseWithResolvers<void>
  let quitTo: QuitTo
  beforeEach(() => {
    resetElectron()
    clock = createFakeClock()
    stops = 0
    stopped = Promise.withResolvers()
    const stop = () => {
      stops += 1
      return stopped.promise
    }
    quitTo = stopBeforeQuit(stop, { clock, log: pino({ level: 'silent' }) }).quitTo
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

  it('lets an installer begin when the register has stopped, and begins again where none did', async () => {
    const seen: string[] = []
    const ended = quitTo(async () => {
      seen.push(`after ${stops} stop, exit ${state.exitCode}`)
      return false
    })
    await clock.advance(0)
    expect(seen).toEqual([])
    stopped.resolve()
    await ended
    expect(seen).toEqual(['after 1 stop, exit null'])
    expect([state.relaunches, state.exitCode]).toEqual([1, 0])
  })

  it('does not begin again after an installer, nor when somebody quits', async () => {
    stopped.resolve()
    await quitTo(async () => true)
    await quitTo(async () => false)
    expect([state.relaunches, state.exitCode, stops]).toEqual([0, 0, 1])
  })

  it('begins again where the start of the installer failed', async () => {
    stopped.resolve()
    await quitTo(() => Promise.reject(new Error('nothing was fetched')))
    expect([state.relaunches, state.exitCode]).toEqual([1, 0])
  })

  it('comes also when the register cannot stop', async () => {
    fire(app, 'before-quit')
    stopped.reject(new Error('disk I/O error'))
    await clock.advance(0)
    expect(state.exitCode).toBe(0)
  })
})
