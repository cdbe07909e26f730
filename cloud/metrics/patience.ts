import { SECOND } from '../../shared/time.ts'
import { withDeadline } from '../deadline.ts'

const KEPT_MS = 5 * SECOND
const ANSWER_WITHIN_MS = 2 * SECOND

interface Patience<T> {
  read: () => Promise<T>
  onFailure: (error: Error) => void
  keptMs?: number
  answerWithinMs?: number
}

/**
 * Reads at most one at a time and not more often than every few seconds, however often it is asked. Null where the
 * answer failed or did not come in time; a read that hangs is waited for by the next that asks, not begun again.
 */
export function readPatiently<T>({
  read,
  onFailure,
  keptMs = KEPT_MS,
  answerWithinMs = ANSWER_WITHIN_MS,
}: Patience<T>): () => Promise<T | null> {
  let kept: { value: T; at: number } | null = null
  let reading: Promise<T> | null = null

  async function readAndKeep(): Promise<T> {
    try {
      const value = await read()
      kept = { value, at: performance.now() }
      return value
    } finally {
      reading = null
    }
  }

  return async () => {
    if (kept && performance.now() - kept.at < keptMs) return kept.value
    reading ??= readAndKeep()
    try {
      return await withDeadline(reading, answerWithinMs, () => new Error('it did not answer in time'))
    } catch (error) {
      onFailure(error as Error)
      return null
    }
  }
}
