import { beforeEach, describe, expect, it } from 'vitest'
import type { Display } from '../../shared/display.ts'
import { SILENCE_MS } from '../screen/display/pace.ts'
import { watchTill } from './till.ts'

const anna: Display = {
  version: '1.0.0',
  look: { language: 'ru', brand: 'Копилка', colour: '#0b6b4a', theme: 'light', hasMotion: true },
  joinUrl: null,
  scene: { type: 'customer', firstName: 'Анна', available: 840, expiresNext: null },
}
const idle: Display = { ...anna, scene: { type: 'idle' } }

describe('a display', () => {
  let lines: { hear(text: string): void; lost(): void; isClosed: boolean }[]
  let shown: Display[]
  let reloads: number
  let timers: { at: number; act: () => void }[]
  let now: number

  beforeEach(() => {
    ;[lines, shown, reloads, timers, now] = [[], [], 0, [], 0]
    watchTill({
      open(listener) {
        const line = { ...listener, isClosed: false }
        lines.push(line)
        return () => {
          line.isClosed = true
        }
      },
      show: (display) => shown.push(display),
      after(ms, act) {
        const timer = { at: now + ms, act }
        timers.push(timer)
        return () => {
          timers = timers.filter((other) => other !== timer)
        }
      },
      reload: () => {
        reloads += 1
      },
    })
  })

  const line = () => {
    const last = lines.at(-1)
    if (!last) throw new Error('no line was opened')
    return last
  }
  const hear = (display: Display) => line().hear(JSON.stringify(display))
  function pass(ms: number): void {
    const end = now + ms
    for (;;) {
      const next = timers.toSorted((one, other) => one.at - other.at)[0]
      if (!next || next.at > end) break
      timers = timers.filter((timer) => timer !== next)
      now = next.at
      next.act()
    }
    now = end
  }

  it('shows what the till says, for as long as it says something', () => {
    hear(anna)
    for (let told = 0; told < 10; told += 1) {
      pass(SILENCE_MS - 1)
      hear(anna)
    }
    expect(shown.every(({ scene }) => scene.type === 'customer')).toBe(true)
    expect(lines).toHaveLength(1)
  })

  it('shows nobody when the till is silent, and asks again until it answers', () => {
    hear(anna)
    pass(SILENCE_MS)
    expect(shown.at(-1)).toEqual(idle)
    expect(lines[0]?.isClosed).toBe(true)
    pass(10 * SILENCE_MS)
    expect(lines.length).toBeGreaterThan(5)
    expect(lines.filter(({ isClosed }) => !isClosed).length).toBeLessThanOrEqual(1)
    hear(anna)
    expect(shown.at(-1)).toEqual(anna)
  })

  it('shows nobody when the line breaks, and asks again though it was refused', () => {
    hear(anna)
    line().lost()
    expect(shown.at(-1)).toEqual(idle)
    pass(3000)
    expect(lines).toHaveLength(2)
    line().lost()
    pass(3000)
    expect(lines).toHaveLength(3)
    expect(timers).toHaveLength(1)
  })

  it('loads itself anew when the register has become another version', () => {
    hear(anna)
    hear({ ...anna, version: '1.1.0' })
    expect(reloads).toBe(1)
    expect(shown).toHaveLength(1)
  })
})
