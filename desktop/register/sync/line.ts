import type { Instant } from '../../../shared/time.ts'
import type { Log } from '../machine/log.ts'
import type { Clock } from '../time/clock.ts'
import type { CloudTime } from '../time/cloudTime.ts'
import type { Notice } from './client.ts'
import { type Failure, isAnswered } from './reply.ts'

/** `failed`: not the cloud but this register, as with a full disk; the log has it. */
export type Reason = Failure | 'failed'

export interface LineState {
  line: 'starting' | 'online' | 'offline' | 'unauthorised' | 'revoked'
  reason: Reason | null
  /** By the clock of this device, as is `lastContactAt`. */
  since: Instant
  lastContactAt: Instant | null
  /** What the clock of this device had to be corrected by at the last contact; null until that was measured. */
  offsetMs: number | null
}

export interface LineOptions {
  clock: Clock
  time: CloudTime
  log: Log
  onChange: (state: LineState) => void
}

/** The state of the line to the cloud. `onChange` is not called for a mere contact: every reply is one. */
export function createLine({ clock, time, log, onChange }: LineOptions) {
  let state: LineState = {
    line: 'starting',
    reason: null,
    since: clock.now(),
    lastContactAt: null,
    offsetMs: time.offsetMs(),
  }

  function change(next: Partial<LineState>): void {
    state = { ...state, ...next }
    try {
      onChange(state)
    } catch (error) {
      log.error({ err: error }, 'a listener of the line failed')
    }
  }

  function move(line: LineState['line'], reason: Reason | null): boolean {
    if (state.line === line && state.reason === reason) return false
    change({ line, reason, ...(line !== state.line && { since: clock.now() }) })
    return true
  }

  return {
    state: () => state,

    up(): void {
      if (move('online', null)) log.info('the line to the cloud is up')
    },

    down(reason: Reason, message?: string): void {
      const isMoved = move(reason === 'unauthorised' || reason === 'revoked' ? reason : 'offline', reason)
      if (isMoved && reason !== 'failed') log.warn({ reason, message }, 'the line to the cloud is down')
    },

    heard({ reply, measurement }: Notice): void {
      if (isAnswered(reply)) state = { ...state, lastContactAt: clock.now() }
      if (!measurement) return
      time.measured(measurement)
      const offsetMs = time.offsetMs()
      if (offsetMs !== state.offsetMs) change({ offsetMs })
    },
  }
}
