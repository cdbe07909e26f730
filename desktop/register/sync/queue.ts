import type { HeardOutcome, Operation } from '../../../shared/operation.ts'
import type { Instant } from '../../../shared/time.ts'

/** What the line asks of the outbox. */
export interface Queue {
  /** The operations that wait longest, in order; without those that are aside, and what must come after them. */
  next(limit: number, aside?: ReadonlySet<string>): Operation[]
  settle(outcomes: HeardOutcome[]): void
  /** Why it was not done cannot be mended here: a person must look at it. */
  reject(id: string, why: { code: string; message: string }): void
  /** `oldestAt` by the clock of this device. */
  depth(): { queued: number; oldestAt: Instant | null; parked: number }
}
