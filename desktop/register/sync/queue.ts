import type { Operation, Outcome } from '../../../shared/operation.ts'
import type { Instant } from '../../../shared/time.ts'

/** What the line asks of the outbox. */
export interface Queue {
  /** The operations that wait longest, in order. */
  next(limit: number): Operation[]
  settle(outcomes: Outcome[]): void
  /** The cloud will not take this operation in any form: a person must look at it. */
  reject(id: string, message: string): void
  /** `oldestAt` by the clock of this device. */
  depth(): { queued: number; oldestAt: Instant | null; parked: number }
}
