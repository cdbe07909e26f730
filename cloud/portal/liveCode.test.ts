import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MyCode } from '../../shared/me.ts'
import { SECOND, toIso } from '../../shared/time.ts'
import { keepLiveCode, type LiveCode } from './liveCode.ts'
import { createSteadyClock } from './steadyClock.ts'

const LIFE_MS = 60 * SECOND
/** The cloud's clock is an hour ahead of the phone's: only how long a code lives counts. */
const AHEAD_MS = 3600 * SECOND

let asked: number
let isAway: boolean
let isVisible: boolean
let answerMs: number
let shown: LiveCode
let keeper: ReturnType<typeof keepLiveCode>

async function fetchCode(): Promise<MyCode> {
  asked += 1
  const code = `code ${asked}`
  const now = Date.now() + AHEAD_MS
  if (answerMs > 0) await new Promise((resolve) => setTimeout(resolve, answerMs))
  if (isAway) throw new Error('away')
  return { code, expiresAt: toIso(now + LIFE_MS), serverTime: toIso(now) }
}

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * SECOND)
const isLive = (number: number) => expect(shown).toMatchObject({ status: 'live', code: `code ${number}` })

describe('the code on the screen', () => {
  beforeEach(async () => {
    vi.useFakeTimers()
    asked = 0
    isAway = false
    isVisible = true
    answerMs = 0
    shown = { status: 'loading' }
    keeper = keepLiveCode({
      fetchCode,
      onChange: (code) => {
        shown = code
      },
      now: createSteadyClock(Date.now, () => performance.now()),
      isVisible: () => isVisible,
    })
    await pass(0)
  })
  afterEach(() => {
    keeper.stop()
    vi.useRealTimers()
  })

  it('lives as long as the cloud says, by whatever clock', () => {
    expect(shown).toEqual({ status: 'live', code: 'code 1', lifeMs: LIFE_MS, endsAt: Date.now() + LIFE_MS })
  })

  it('is replaced 15 seconds before it ends, again and again', async () => {
    await pass(44)
    isLive(1)
    await pass(1)
    isLive(2)
    await pass(45)
    isLive(3)
    expect(asked).toBe(3)
  })

  it('lives shorter after a slow answer, never longer', async () => {
    answerMs = 9 * SECOND
    await pass(45)
    isLive(1)
    await pass(9)
    expect(shown).toMatchObject({ code: 'code 2', endsAt: Date.now() + LIFE_MS - answerMs })
  })

  it('gives way to nothing at the very moment it ends, and to a live one when there is one', async () => {
    isAway = true
    await pass(59.999)
    isLive(1)
    await pass(0.001)
    expect(shown).toEqual({ status: 'unavailable' })
    isAway = false
    await pass(15)
    expect(shown.status).toBe('live')
  })

  it('is never shown ended while the answer is awaited', async () => {
    await pass(44)
    answerMs = 20 * SECOND
    await pass(16)
    expect(shown).toEqual({ status: 'loading' })
    await pass(5)
    isLive(2)
  })

  it.each([
    ['back', -3600 * SECOND],
    ['forward', 3600 * SECOND],
  ])('is never shown ended when the clock of the phone is set %s', async (_where, byMs) => {
    isAway = true
    await pass(30)
    vi.setSystemTime(Date.now() + byMs)
    await pass(30)
    expect(shown).toEqual({ status: 'unavailable' })
  })

  it('has ended when the phone wakes, though one of its clocks slept too', async () => {
    isAway = true
    vi.setSystemTime(Date.now() + LIFE_MS)
    keeper.look()
    await pass(0)
    expect(shown).toEqual({ status: 'unavailable' })
  })

  it('is asked for less and less often while there is no answer', async () => {
    isAway = true
    await pass(45)
    const before = asked
    await pass(2 + 4 + 8 + 15)
    expect(asked - before).toBe(4)
  })

  it('asks for nothing while nobody sees it, and for a new one when somebody does', async () => {
    isVisible = false
    await pass(600)
    expect(asked).toBe(1)
    isVisible = true
    keeper.look()
    expect(shown).toEqual({ status: 'loading' })
    await pass(0)
    isLive(2)
  })

  it('is asked for at once when the network is back', async () => {
    isAway = true
    await pass(75)
    isAway = false
    keeper.look()
    await pass(0)
    expect(shown.status).toBe('live')
  })

  it('is asked for no more once it was left', async () => {
    keeper.stop()
    await pass(600)
    expect(asked).toBe(1)
  })
})
