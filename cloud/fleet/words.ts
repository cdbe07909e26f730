import { DAY, MINUTE, SECOND } from '../../shared/time.ts'

/** `40 s`, `12 min`, `3 h`, `5 d`: one glance is enough. */
export function ago(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))} s`
  if (ms < 90 * MINUTE) return `${Math.floor(ms / MINUTE)} min`
  if (ms < 2 * DAY) return `${Math.floor(ms / (60 * MINUTE))} h`
  return `${Math.floor(ms / DAY)} d`
}

/** How far a register's clock is from ours: `+7 s`. Positive is behind, as the register adds it. */
export function offset(ms: number | null): string {
  if (ms === null) return '—'
  const seconds = Math.round(ms / SECOND)
  return seconds === 0
    ? '0 s'
    : `${seconds > 0 ? '+' : '−'}${Math.abs(seconds) < 120 ? `${Math.abs(seconds)} s` : ago(Math.abs(ms))}`
}
