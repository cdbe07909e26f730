import type { HeardOutcome, Operation } from '../../../shared/operation.ts'
import type { Instant } from '../../../shared/time.ts'

/** The part of the outbox that the line uses. */
export interface Queue {
  /** The operations that wait longest, in order; without those that are aside, and what must come after them. */
  next(limit: number, aside?: ReadonlySet<string>): Operation[]
  settle(outcomes: HeardOutcome[]): void
  /** Parks an operation that cannot be executed for a reason that is not mended here: a person must look at it. */
  reject(id: string, why: { code: string; message: string }): void
  /** `oldestAt` by the clock of this device. */
  depth(): { queued: number; oldestAt: Instant | null; parked: number }
}
