import type { CustomerCounts, Standing } from '../api.ts'
import type { CustomerView } from '../operation.ts'
import type { NewWord } from '../reading.ts'
import type { Instant } from '../time.ts'
import type { FailureCode } from './act.ts'

/** What waits to be spendable is known only from the cloud. */
export interface KnownCustomer
  extends Pick<CustomerView, 'card' | 'firstName' | 'expiresNext' | 'waiting' | 'debt'> {
  /** Unknown where there is no network and no copy of this customer. */
  available: number | null
  /** The live code of the Mini App that they have shown, as it was scanned. */
  code: string | null
  source: 'cloud' | 'copy' | 'unknown'
  /** Frozen: neither earns nor spends, and the screen says so before anybody tries. */
  status: 'active' | 'frozen' | NewWord
  /** The whole programme is frozen, not this card. */
  isProgrammeFrozen?: boolean | undefined
  /** When the balance was true. */
  asOf: Instant | null
  /** What rules ask to be counted, as of then; only from the cloud. */
  counts?: CustomerCounts | undefined
  /** In which of the segments that rules ask for they are; of an older cloud it is not known. */
  segments?: string[] | undefined
  /** Among the statuses of the programme, as of then. */
  standing?: Standing | null | undefined
  /** The number that was shown, where it is an old one: it stands for this customer since two cards became one. */
  replaced?: string | undefined
  /** The card is in somebody's phone, as far as the cloud has said so. */
  inTelegram?: boolean | undefined
}

export interface JoinedCustomer {
  card: string
  firstName: string | null
}

export type NotFoundReason =
  | 'not_a_card'
  | 'customer_not_found'
  | 'code_altered'
  | 'code_too_old'
  | 'cloud_away'
  /** The cloud has a reason that is new here, and its message tells it. */
  | 'refused'

/** Two cards that were shown one after the other: whether they are one person's, or what became of the answer. */
export interface MergeShown {
  state: 'offered' | 'asked' | 'queued' | 'done' | 'refused'
  /** Of the phone. */
  card: string
  otherCard: string
  /** Why not. */
  code?: FailureCode
  message?: string
  details?: Record<string, unknown>
}
