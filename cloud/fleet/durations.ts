import { DAY, MINUTE, SECOND } from '../../shared/time.ts'

interface Units {
  second: string
  minute: string
  hour: string
  day: string
}

/** How durations are written in a language. */
export function durationsIn({ second, minute, hour, day }: Units) {
  /** `40 s`, `12 min`, `3 h`, `5 d`: one glance is enough. */
  function ago(ms: number): string {
    if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))} ${second}`
    if (ms < 90 * MINUTE) return `${Math.floor(ms / MINUTE)} ${minute}`
    if (ms < 2 * DAY) return `${Math.floor(ms / (60 * MINUTE))} ${hour}`
    return `${Math.floor(ms / DAY)} ${day}`
  }

  /** How far a register's clock is from ours: `+7 s`. Positive is behind, as the register adds it. */
  function offset(ms: number | null): string {
    if (ms === null) return '—'
    const seconds = Math.round(ms / SECOND)
    if (seconds === 0) return `0 ${second}`
    const size = Math.abs(seconds) < 120 ? `${Math.abs(seconds)} ${second}` : ago(Math.abs(ms))
    return `${seconds > 0 ? '+' : '−'}${size}`
  }

  return { ago, offset }
}
