import type { Outcome } from '../../shared/operation.ts'
import type { JobMeters } from '../jobs/schedule.ts'

/** What the rooms of the cloud tell of their work, each at the moment it happens. */
export interface Meters extends JobMeters {
  /** `route` is the pattern of the route and never the path, which holds ids; null where there is none. */
  requestAnswered(fact: { route: Route | null; status: number; seconds: number }): void
  /** A transaction of the ledger ended, and what it answered. */
  groupCommitted(fact: { outcomes: Outcome[]; seconds: number }): void
  groupFailed(): void
  /** Operations that were refused before the ledger saw them. */
  refusedAtTheDoor(outcomes: Outcome[]): void
}

interface Route {
  method: string
  pattern: string
}

/** Counts nothing: the metrics are not set up. */
export const unread: Meters = {
  requestAnswered() {},
  groupCommitted() {},
  groupFailed() {},
  refusedAtTheDoor() {},
  jobEnded() {},
}
