import { z } from 'zod'
import type { CustomerCounts, Standing } from './api.ts'
import { cardSchema } from './card.ts'
import { type DisplayState, type DisplayWish, displayWishSchema } from './display.ts'
import type { CustomerView } from './operation.ts'
import { operationIdSchema } from './operation.ts'
import type { Programme } from './programme.ts'
import type { NewWord, Reading } from './reading.ts'
import type { RefusalCode } from './refusal.ts'
import type { JudgedTerms } from './rules/voucher.ts'
import { textSchema } from './text.ts'
import type { Instant } from './time.ts'
import type { UpdateState } from './update.ts'
import type { VoucherProblem } from './voucherCode.ts'

/** What a screen may ask of the register. An amount goes along, so that what was tapped is what was seen. */
const kopecksSchema = z.int().min(1).max(1_000_000_000)
const codeSchema = z.string().trim().min(1).max(500)
const pinSchema = z.string().regex(/^\d{4,8}$/, '4 to 8 digits')
const folderSchema = textSchema(500)
const cloudUrlSchema = z.url({ protocol: /^https?$/ }).max(300)

/** How the screen looks and sounds; the chain's own name and colour. */
export const preferencesSchema = z.object({
  language: z.enum(['ru', 'en']).default('ru'),
  brand: textSchema(40).default('Копилка'),
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .default('#0b6b4a'),
  theme: z.enum(['light', 'dark', 'system']).default('light'),
  hasSound: z.boolean().default(true),
  hasMotion: z.boolean().default(true),
  /** The latest operations are open at once; folded, nobody who looks over the counter reads names and sums. */
  showsRecent: z.boolean().default(false),
})
export type Preferences = z.infer<typeof preferencesSchema>

export const commandSchemas = {
  /** A card, what somebody shows instead of one, or a voucher. */
  findCustomer: z.strictObject({ code: codeSchema }),
  /** Above the limit of the programme the PIN goes along. */
  typeAmount: z.strictObject({ purchaseKopecks: kopecksSchema, pin: pinSchema.optional() }),
  earn: z.strictObject({ purchaseKopecks: kopecksSchema, confirmDuplicate: z.boolean().optional() }),
  redeem: z
    .strictObject({
      purchaseKopecks: kopecksSchema,
      points: z.int().min(0),
      confirmDuplicate: z.boolean().optional(),
      /** The voucher that was shown goes along. */
      withVoucher: z.boolean().optional(),
    })
    .refine(({ points, withVoucher }) => points >= 1 || withVoucher === true, 'no points need a voucher'),
  /** A voucher of the customer who stands there, or of the next one: typed, or scanned. */
  showVoucher: z.strictObject({ code: codeSchema }),
  /** What the goods cost that the voucher gives, where 1C has not said it. */
  priceVoucherItem: z.strictObject({ purchaseKopecks: kopecksSchema, itemKopecks: kopecksSchema }),
  /** Goes on without it. */
  dropVoucher: z.strictObject({}),
  /** Shows what fewer points than all would do; nothing moves. */
  choosePoints: z.strictObject({ purchaseKopecks: kopecksSchema, points: z.int().min(1) }),
  /** Two cards are one person's: the phone's, and the plastic one. Points and purchases become one customer's. */
  merge: z.strictObject({ card: cardSchema, otherCard: cardSchema }),
  /** They are two people's, and nobody is asked again. */
  keepApart: z.strictObject({ card: cardSchema, otherCard: cardSchema }),
  /** The screen shows the code by which a customer joins here, and is told of whoever does. */
  expectJoin: z.strictObject({}),
  /** Who has joined is not to be told of any more. */
  hideJoined: z.strictObject({ card: cardSchema }),
  /** Takes back what can be taken back, and otherwise leaves what the screen shows. */
  cancel: z.strictObject({}),
  refund: z.strictObject({ operationId: operationIdSchema, refundKopecks: kopecksSchema.optional() }),
  /** Purchases whose goods could come back: by one of these, those of this register where the cloud does not answer. */
  findPurchases: z.strictObject({
    receipt: textSchema(200).optional(),
    /** A card, or what somebody shows instead. */
    card: codeSchema.optional(),
    daysAgo: z.int().min(0).max(400).optional(),
  }),
  /** What returning so much of its money would do; nothing moves. */
  previewReturn: z.strictObject({ operationId: operationIdSchema, refundKopecks: kopecksSchema }),
  /** Of a purchase that was found: the whole, or so much of its money. Late, the PIN goes along. */
  returnPurchase: z.strictObject({
    operationId: operationIdSchema,
    refundKopecks: kopecksSchema.optional(),
    pin: pinSchema.optional(),
  }),
  retryParked: z.strictObject({ operationId: operationIdSchema }),
  handOverParked: z.strictObject({ operationId: operationIdSchema }),
  /** The PIN is asked for once one was set. */
  enrol: z.strictObject({
    cloudUrl: cloudUrlSchema,
    code: codeSchema,
    exchangeFolder: folderSchema,
    /** What the chain's people call this register; where nothing is said, the name of the machine. */
    name: textSchema(100).optional(),
    pin: pinSchema.optional(),
  }),
  /** Writes, reads and removes a file where 1C and the register would meet. */
  testExchange: z.strictObject({ folder: folderSchema }),
  saveSettings: z.strictObject({
    pin: pinSchema.optional(),
    newPin: pinSchema.optional(),
    exchangeFolder: folderSchema.optional(),
    preferences: preferencesSchema.optional(),
    display: displayWishSchema.optional(),
  }),
  /** Writes what an engineer needs to know of this register into a file. */
  writeDiagnostics: z.strictObject({ pin: pinSchema.optional() }),
  /** Looks for a newer version, and installs it as soon as nobody is at work. */
  installUpdate: z.strictObject({ pin: pinSchema.optional() }),
} as const

export type CommandName = keyof typeof commandSchemas
export type CommandInput<K extends CommandName> = z.input<(typeof commandSchemas)[K]>

interface CommandValues {
  findPurchases: FoundPurchases
  previewReturn: Returned
  enrol: { register: string; store: string }
  writeDiagnostics: { path: string }
}
type CommandValue<K> = K extends keyof CommandValues ? CommandValues[K] : null

/** Why a command did nothing at all. */
export type CommandRefusal =
  | 'malformed'
  | 'busy'
  | 'not_enrolled'
  | 'product_code'
  | 'not_a_card'
  | 'not_a_voucher'
  | 'no_voucher'
  | 'item_above_purchase'
  | 'no_customer'
  | 'no_amount'
  | 'amount_changed'
  | 'amount_is_of_1c'
  | 'card_frozen'
  | 'cannot_redeem'
  | 'not_refundable'
  | 'more_than_paid'
  | 'late_return'
  | 'late_return_no_pin'
  | 'not_parked'
  | 'cloud_away'
  | 'pin_needed'
  | 'no_pin'
  | 'wrong_pin'
  | 'too_many_attempts'
  | 'wrong_code'
  | 'not_a_cloud'
  | 'folder_not_usable'
  | 'not_https'
  | 'not_written'
  | 'no_updates'
  | 'failed'

export type CommandReply<K extends CommandName> =
  | { ok: true; value: CommandValue<K> }
  | { ok: false; code: CommandRefusal; message: string }

/** The register, as any screen sees it: commands in, one snapshot out. */
export type RegisterApi = { [K in CommandName]: (input: CommandInput<K>) => Promise<CommandReply<K>> } & {
  snapshot(): Snapshot
  /** Calls with every later snapshot, until the function it returns is called. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void
}

export interface Sale {
  purchaseKopecks: number
  receipt: string | null
  source: '1c' | 'typed'
}

export interface KnownCustomer extends Pick<CustomerView, 'card' | 'firstName' | 'expiresNext' | 'debt'> {
  /** Unknown where there is no network and no copy of this customer. */
  available: number | null
  /** The live code of the Mini App that they have shown, as it was scanned. */
  code: string | null
  source: 'cloud' | 'copy' | 'unknown'
  /** Frozen: neither earns nor spends, and the screen says so before anybody tries. */
  status: 'active' | 'frozen' | NewWord
  /** It is not the card: the whole programme is frozen. */
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

/** What a purchase brings, and by which rules. */
export interface Earning {
  paidKopecks: number
  earned: number
  /** False: so much at most, for it depends on what only the ledger knows. */
  isSure: boolean
  /** As many as a glance can take. A title of null is the cashback of every purchase. */
  parts: { title: string | null; points: number }[]
  /** What all the others bring. */
  more: { rules: number; points: number } | null
}

export interface FoundPurchases {
  purchases: FoundPurchase[]
  /** There are older ones, too. */
  hasMore: boolean
  /** All registers of the store, or only this one: the cloud has not answered, or is too old to be asked. */
  of: 'store' | 'register'
}

/** A purchase whose goods come back. */
export interface FoundPurchase {
  id: string
  at: Instant
  /** Null: this one. */
  register: string | null
  card: string
  firstName: string | null
  receipt: string | null
  purchaseKopecks: number
  spent: number
  earned: number
  /** Whether its voucher can be used again once all of it is back; absent: it had none, or the cloud has not said it. */
  voucherAfter?: 'usable' | 'gone'
  /** Money that was returned before. */
  refundedKopecks: number
  /** What returning the whole would do, or what is left of it; null where nothing is. */
  whole: Returned | null
  /** So long ago that it needs the PIN. */
  isLate: boolean
}

/** What a return does; the ledger decides. */
export interface Returned {
  kopecks: number
  /** Points that were spent and come back. */
  givenBack: number
  /** Points that were earned and are taken; null: only the cloud can tell. */
  taken: number | null
}

/** Where a customer stands among the statuses of the programme. */
export interface StatusShown {
  /** Null: they have none yet. */
  title: string | null
  colour: string | null
  /** Null: there is no higher one. */
  next: { title: string; metric: string; missing: number } | null
  /** What this very purchase reaches. */
  reaches: string | null
}

/** What the sale would do, by the rules the ledger uses; the ledger decides. */
export interface Offer {
  /** By which rule book. */
  bookVersion: number
  /** Null: the programme has no statuses, or nothing is known of this customer. */
  status: StatusShown | null
  earn: Earning
  redeem:
    | {
        isPossible: true
        maxPoints: number
        /** What it is that no more can be spent: all that the card has, or the share of a purchase that may be points. */
        bound: { by: 'balance' } | { by: 'share'; basisPoints: number }
        choice: Choice
      }
    | { isPossible: false; reason: NoRedemption }
  /** What the voucher that was shown does for this sale; absent: none was, or the cloud has not answered. */
  voucher?: VoucherOffer
}

export type VoucherOffer =
  | ({
      isPossible: true
      title: string
      voucherKopecks: number
      /** The most that may go with it: none where it does not go with points. */
      maxPoints: number
      /** Whether points can be spent beside it at all. */
      isWithPoints: boolean
      /** It takes more off than points alone would. */
      isLarger: boolean
      /** What the goods are said to cost, where the cashier has said it. */
      itemKopecks: number | null
      /** What it does without points. */
      alone: VoucherChoice
    } & VoucherChoice)
  | {
      isPossible: false
      title: string | null
      reason: NoVoucher
      /** From which purchase on it is good. */
      minKopecks?: number
      /** The cashier has to say what the goods cost: 1C has not. */
      needsPrice?: true
    }

/** So many points as are chosen, beside the voucher. */
export interface VoucherChoice extends Choice {
  /** What 1C is given: the voucher and the points in one sum. */
  discountRubles: number
}

/** Why the voucher is not good, or why nothing can be spent now. A newer cloud may have other reasons. */
export type NoVoucher = VoucherProblem | NoRedemption | 'unreadable' | NewWord

/** The voucher that was shown: whatever the sale is. */
export type VoucherShown = {
  code: string
} /** Waiting: for the card of its customer. Asked: the cloud has not answered yet. */ & (
  | { state: 'waiting' | 'asked' }
  | { state: 'good'; terms: JudgedTerms }
  | { state: 'bad'; title: string | null; reason: NoVoucher }
)

/** So many points as are chosen, and what spending them leaves: to pay, to earn, and of the balance. */
export interface Choice {
  points: number
  paidKopecks: number
  earned: number
  isSure: boolean
  remains: number
}
export type NoRedemption =
  | 'cloud_away'
  | 'balance_not_current'
  | 'amount_not_of_1c'
  | 'exchange_away'
  | 'exchange_unwritable'
  | 'discount_not_settled'
  | 'in_debt'
  | 'no_points'
  | 'purchase_too_small'
  | 'code_needed'
  | 'card_frozen'

export interface Processing {
  type: 'processing'
  kind: 'earn' | 'redeem' | 'refund'
  operationId: string
  purchaseKopecks: number
  points: number
  /** Of a return of a part: how much of the money. */
  refundKopecks?: number
  /** What a voucher does beside the points; absent: there is none. */
  voucher?: VoucherUsed
  /** Asking the ledger; offered to 1C; 1C has it and has not confirmed; being taken back. */
  stage: 'asking' | 'offered' | 'confirming' | 'withdrawing'
  /** When the offer ends, by the clock of this device. */
  deadlineAt: Instant | null
}

/** What a voucher does in a sale. */
export interface VoucherUsed {
  title: string
  kopecks: number
  /** Of points and voucher together. */
  discountRubles: number
}

export interface Success {
  type: 'success'
  kind: 'earn' | 'redeem' | 'refund'
  operationId: string
  firstName: string | null
  purchaseKopecks: number
  paidKopecks: number
  /** Of a return of a part: how much of the money. */
  refundKopecks?: number
  voucher?: VoucherUsed
  /** Of a return: whether the voucher of the purchase can be used again. Unknown: the cloud is away. */
  voucherAfter?: 'asked' | 'usable' | 'gone' | 'unknown'
  spent: number
  earned: number
  /** Not answered yet, and so much at most. */
  isSure?: false
  /** Of what was earned, so much has paid a debt; known once the ledger has answered. */
  repaid: number
  /** What is still owed. */
  debt: number
  /** The balance after it; unknown until the ledger has answered. */
  available: number | null
  /** It waits in the queue, and will be done when the network is back. */
  isQueued: boolean
}

/** What a register says of an operation that the cloud has neither done nor refused, as far as can be read. */
export type Unjudged = 'internal' | 'unreadable'

export type KnownFailureCode =
  | RefusalCode
  | Unjudged
  | 'cloud_away'
  | 'not_taken'
  | 'cancelled'
  | 'sale_changed'
  | 'refused_by_1c'
  | 'not_confirmed'
  | 'folder_busy'
  | 'not_written'
  | 'failed'
/** A newer cloud may have other reasons. */
export type FailureCode = KnownFailureCode | NewWord

export interface Failure {
  type: 'error'
  kind: 'earn' | 'redeem' | 'refund'
  operationId: string
  purchaseKopecks: number
  points: number
  voucher?: VoucherUsed
  code: FailureCode
  /** What the cloud said of it, for a code that the screen has no words for. */
  message?: string
  details: Record<string, unknown>
  /** What happened to the points: never taken; on their way back; taken until somebody knows more. */
  fate: 'untouched' | 'returned' | 'held'
}

export type NotFoundReason =
  | 'not_a_card'
  | 'customer_not_found'
  | 'code_altered'
  | 'code_too_old'
  | 'cloud_away'
  /** The cloud has a reason that is new here, and its message tells it. */
  | 'refused'

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
  /** Who has joined at this till a moment ago, the latest first, until they are opened or hidden. */
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

export interface JoinedCustomer {
  card: string
  firstName: string | null
}

export interface ExchangeState {
  /** Away: not there at all. Alert: amount.json cannot be understood. Unwritable: 1C is heard, and can be told nothing. */
  state: 'ok' | 'away' | 'alert' | 'unwritable'
  /** What is wrong with amount.json or the folder. */
  problem: string | null
}

interface CloudState {
  line: 'not_enrolled' | 'starting' | 'online' | 'offline' | 'unauthorised' | 'revoked'
  since: Instant
  queued: number
  oldestAt: Instant | null
}

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

/** A sale that moved points, as the screen lists it. */
export interface RecentOperation {
  id: string
  kind: 'earn' | 'redeem'
  at: Instant
  card: string
  firstName: string | null
  purchaseKopecks: number
  spent: number
  earned: number
  /**
   * Waiting: the ledger has not answered yet. Open: it is not known yet whether 1C takes the discount. Parked: it waits
   * for a person of the shop. Handed over: the chain's people have it.
   */
  state: 'waiting' | 'open' | 'done' | 'parked' | 'handed_over'
  refund: 'none' | 'waiting' | 'done' | 'parked' | 'handed_over'
  /** Only a part of the goods came back. */
  isPartly: boolean
  isRefundable: boolean
}

/** An operation of the journal that the ledger has not accepted. */
export interface WaitingOperation {
  id: string
  kind: string
  at: Instant
  card: string | null
  firstName: string | null
  purchaseKopecks: number | null
  points: number | null
}

/** An operation that needs a person, and why. */
export interface ParkedOperation extends WaitingOperation {
  code: string
  message: string
  details: Record<string, unknown>
}
