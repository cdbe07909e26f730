import type { Outcome } from '../../shared/operation.ts'

/** What the rooms of the cloud tell of their work, each at the moment it happens. */
export interface Meters {
  /** `route` is the pattern of the route and never the path, which holds ids; null where there is none. */
  requestAnswered(fact: { route: Route | null; status: number; seconds: number }): void
  /** A transaction of the ledger ended, and what it answered. */
  groupCommitted(fact: { outcomes: Outcome[]; seconds: number }): void
  groupFailed(): void
  /** Operations that were refused before the ledger saw them. */
  refusedAtTheDoor(outcomes: Outcome[]): void
  jobEnded(fact: { job: string; result: JobEnd; seconds: number }): void
}

interface Route {
  method: string
  pattern: string
}

export type JobEnd = 'done' | 'skipped' | 'failed'

/** Where nobody has asked for metrics. */
export const unread: Meters = {
  requestAnswered() {},
  groupCommitted() {},
  groupFailed() {},
  refusedAtTheDoor() {},
  jobEnded() {},
}
