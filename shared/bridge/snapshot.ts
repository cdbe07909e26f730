import type { DisplayState, DisplayWish } from '../display.ts'
import type { Programme } from '../programme.ts'
import type { Reading } from '../reading.ts'
import type { UpdateState } from '../update.ts'
import type { Failure, Processing, Success } from './act.ts'
import type { JoinedCustomer, KnownCustomer, MergeShown, NotFoundReason } from './customer.ts'
import type { ParkedOperation, RecentOperation, WaitingOperation } from './journal.ts'
import type { Offer } from './offer.ts'
import type { Preferences } from './preferences.ts'
import type { Sale } from './sale.ts'
import type { CloudState, ExchangeState, Notice } from './station.ts'
import type { VoucherShown } from './voucher.ts'

export type Phase = 'idle' | 'customer_found' | 'ready' | 'processing' | 'success' | 'error'

export interface Snapshot {
  version: string
  phase: Phase
  sale: Sale | null
  /** The amount changed since the customer was found. */
  isAmountNew: boolean
  search: { code: string } | null
  /** Beside a customer: a newer code that they showed was no good. */
  notFound: { code: string; reason: NotFoundReason; message?: string } | null
  customer: KnownCustomer | null
  offer: Offer | null
  voucher: VoucherShown | null
  merge: MergeShown | null
  act: Processing | Success | Failure | null
  register: { id: number; name: string } | null
  store: { id: number; name: string } | null
  programme: Reading<Programme>
  /** Where a customer is helped with what the shop cannot do, if the chain has said so. */
  supportContact: string | null
  /** Where a customer joins, if the chain has said so; at this till, where the cloud can tell of it. */
  joinUrl: string | null
  /** Customers who joined at this till a moment ago, the latest first, until they are opened or hidden. */
  joined: JoinedCustomer[]
  /** Of the shops; where the cloud has not said so, this machine's. */
  timeZone: string
  exchange: ExchangeState
  /** 1C has written or taken something since this register began to look into its folder. */
  is1cHeard: boolean
  cloud: CloudState
  /** What this device's clock must be corrected by; shown when it is far off. */
  clock: { offsetMs: number | null; isFarOff: boolean }
  recent: RecentOperation[]
  /** What was not answered yet, the oldest first; `cloud.queued` says how many there are. */
  waiting: WaitingOperation[]
  parked: ParkedOperation[]
  /** What the chain's people have now, the latest first. */
  handedOver: ParkedOperation[]
  settings: { cloudUrl: string | null; exchangeFolder: string; hasPin: boolean; display: DisplayWish }
  preferences: Preferences
  /** Where the customer sees their side; null where this shell cannot show it. */
  display: DisplayState | null
  /** Null where this shell does not update itself. */
  update: UpdateState | null
  /** What went wrong and needs a person: until the register starts anew, or until it is over. */
  notices: Notice[]
}
