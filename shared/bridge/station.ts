import type { Instant } from '../time.ts'

/** How the register stands with 1C. */
export interface ExchangeState {
  /** Away: not there at all. Alert: amount.json cannot be understood. Unwritable: 1C is heard, and can be told nothing. */
  state: 'ok' | 'away' | 'alert' | 'unwritable'
  /** What is wrong with amount.json or the folder. */
  problem: string | null
}

/** How it stands with the cloud. */
export interface CloudState {
  line: 'not_enrolled' | 'starting' | 'online' | 'offline' | 'unauthorised' | 'revoked'
  since: Instant
  queued: number
  oldestAt: Instant | null
}

/** What the people of the shop must be told. */
export interface Notice {
  code:
    | 'journal_set_aside'
    | 'orphan_removed'
    | 'version_failed'
    | 'disk_failing'
    | 'cloud_not_https'
    | 'items_ignored'
  at: Instant
  text: string
}
