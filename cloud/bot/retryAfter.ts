import type { Transformer } from 'grammy'
import { SECOND } from '../../shared/time.ts'

/** Longer than this neither people nor a webhook wait for an answer. */
const PATIENCE_SECONDS = 6

export type Wait = (milliseconds: number) => Promise<void>

/** Telegram says how long to wait when it is asked too much; that is obeyed, within what a reply is worth. */
export function obeyRetryAfter(wait: Wait): Transformer {
  return async (call, method, payload, signal) => {
    let left = PATIENCE_SECONDS
    for (;;) {
      const answer = await call(method, payload, signal)
      const seconds = answer.ok ? undefined : answer.parameters?.retry_after
      if (seconds === undefined || seconds > left) return answer
      left -= Math.max(1, seconds)
      await wait(seconds * SECOND)
    }
  }
}
