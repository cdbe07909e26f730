import { backoff } from '../../shared/backoff.ts'
import { type Instant, MINUTE, SECOND } from '../../shared/time.ts'
import type { Fate } from '../campaigns/fate.ts'
import type { Begun } from './messages.ts'
import type { Sending } from './telegram.ts'

/** What becomes of a message after an attempt. */
export type Verdict =
  | { status: 'settled'; state: 'sent' | 'dropped' | 'parked'; problem?: string; fate?: Fate | undefined }
  /** As dropped; and nothing more is sent to them until they come back. */
  | { status: 'blocked'; problem: string }
  | { status: 'waits'; dueAt: Instant; problem: string; isFailure: boolean }

/** What Telegram refuses it would refuse again; it is asked more than once to be sure. */
const TRIES = { refused: 3, failed: 10 }
const WAITS = { first: 10 * SECOND, longest: 60 * MINUTE }

/** `away` is what the pace makes of a silence: whether it may be this message's own fault, and until when we wait. */
export function verdictOf(
  sending: Sending,
  { failures }: Pick<Begun, 'failures'>,
  { now, away }: { now: Instant; away: { isFirst: boolean; until: Instant } | null },
): Verdict {
  switch (sending.status) {
    case 'sent':
      return { status: 'settled', state: 'sent' }
    case 'blocked':
      return sending
    case 'slow_down': {
      const { seconds } = sending
      return again(now + seconds * SECOND, `429: asked to wait ${seconds} s`)
    }
    case 'refused':
    case 'failed':
      return failed(sending.problem, TRIES[sending.status])
    case 'away':
      return away && !away.isFirst
        ? again(away.until, sending.problem)
        : failed(sending.problem, TRIES.failed)
  }

  function failed(problem: string, tries: number): Verdict {
    if (failures + 1 >= tries) return givenUp(problem)
    const dueAt = now + backoff(failures, WAITS)
    return { status: 'waits', dueAt, problem, isFailure: true }
  }
}

export const givenUp = (problem: string): Verdict => ({ status: 'settled', state: 'parked', problem })
export const dropped = (problem: string, fate?: Fate): Verdict => ({
  ...{ status: 'settled', state: 'dropped', problem, fate },
})

/** No fault of the message: however often it happens, the message is not parked for it. */
export const again = (dueAt: Instant, problem: string): Verdict => ({
  status: 'waits',
  dueAt,
  problem,
  isFailure: false,
})
