import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Sql } from '../cloud/database/connect.ts'
import { runAudit, type Violation } from '../cloud/ledger/audit.ts'
import { contentOf, type Readers, requestOf } from '../cloud/ledger/request.ts'
import type { Item } from '../shared/items.ts'
import { operationSchema } from '../shared/operation.ts'
import type { Book } from '../shared/rules/book.ts'
import type { Facts } from '../shared/rules/facts.ts'
import { type Instant, toIso } from '../shared/time.ts'
import { simulatedVoucherKey } from './cloud.ts'
import type { Code } from './codes.ts'
import type { Gifts } from './gifts.ts'
import type { Notes } from './notes.ts'
import { LOG_FILE } from './register.ts'
import type { Invitation } from './virtual/referrals.ts'

/** An operation as the journal of its register has it. */
export interface Journalled {
  id: string
  kind: 'earn' | 'redeem' | 'apply' | 'release' | 'refund' | 'merge'
  state: 'queued' | 'accepted' | 'refused' | 'parked' | 'handed_over' | 'superseded'
  at: Instant
  card: string | null
  /** The other card of a merge. */
  otherCard?: string
  purchaseKopecks: number
  /** The goods, as 1C said them. */
  items: Item[] | null
  points: number
  /** The code of the voucher that went with it. */
  voucher: string | null
  receipt: string | null
  reference: string | null
  /** The content that makes it the same operation in the ledger. */
  content: string
  refusal: string | null
}

export interface LedgerOperation {
  id: string
  registerId: number
  status: 'accepted' | 'refused'
  content: string
  storeId: number
  /** The facts by which a purchase was judged, where its book had rules. */
  facts: Facts | null
  /** The points that it earns, or will once 1C has taken its discount; null where it is no purchase. */
  earns: number | null
  bookVersion: number | null
  customerId: number
  /** The card for whose customer it was made then, where that is known. */
  madeBy?: string
  recordedAt: Instant
  /** Later operations have a higher number; those of one transaction have the same. */
  turn: number
}

export interface LedgerHold {
  id: string
  registerId: number
  state: string
  points: number
  /** The money that comes off the receipt beside the points, and the code of its voucher. */
  voucherKopecks: number
  voucher: string | null
  wasInDoubt: boolean
}

/** A code as the ledger has it in the evening. */
export interface LedgerVoucher {
  code: string
  held: number
  used: number
}

export interface Till {
  name: string
  registerId: number
  notes: Notes
  journal: Journalled[]
  /** Redemptions that the journal has not settled. */
  open: string[]
  /** Lines in which the register says that something is wrong with itself. */
  errors: string[]
  /** The steps of redemptions that a start found in the middle. */
  cutShort: string[]
}

/** All that is known at the end of the day: from the tills, their screens and 1Cs, and the ledger, each by itself. */
export interface Evidence {
  tills: Till[]
  operations: LedgerOperation[]
  holds: LedgerHold[]
  vouchers: LedgerVoucher[]
  /** All codes that customers have. */
  codes: readonly Code[]
  customers: { card: string; points: number }[]
  /** By merged card, the card of the customer for whom it stands by now. */
  mergedInto: Map<string, string>
  /** The points of each card in the morning. */
  morning: Map<string, number>
  /** Points that were given and taken back since, other than at a till. */
  given?: Map<string, number>
  /** The gifts of the campaign of the day. */
  gifts?: Gifts
  /** The invitations in the evening; `at` says when that is. */
  invitations?: readonly Invitation[]
  at?: Instant
  /** The points that have died since, and were written off. */
  expired?: Map<string, number>
  discrepancies: { kind: string; reference: string }[]
  audit: Violation[]
  /** The books by which the sales of the day were judged. */
  books: Book[]
}

interface Row {
  seq: number
  id: string
  kind: Journalled['kind']
  state: Journalled['state']
  content: string
  at: Instant | null
  reference: string | null
  outcome: string | null
}

/** The author is no part of the content. */
const author = { type: 'system', name: 'journal' } as const

export function readJournalOf(dataFolder: string, hashVoucher: (code: string) => string) {
  const database = new Database(join(dataFolder, 'outbox.sqlite'), { readonly: true })
  try {
    return readJournal(database, { hashVoucher })
  } finally {
    database.close()
  }
}

/** The operations that were put into a journal after this number; a cloud in memory keeps codes unhashed. */
export function readJournal(
  database: Database.Database,
  { after = 0, hashVoucher }: { after?: number; hashVoucher?: (code: string) => string } = {},
) {
  const rows = database
    .prepare<[number], Row>(
      'select seq, id, kind, state, content, at, reference, outcome from operations where seq > ? order by seq',
    )
    .all(after)
  const open = database
    .prepare<[], string>(`select id from redemptions where step <> 'reported' or verdict is null`)
    .pluck()
    .all()
  const readers = hashVoucher ? { hashVoucher } : {}
  return { journal: rows.map((row) => journalled(row, readers)), open, last: rows.at(-1)?.seq ?? after }
}

function journalled(row: Row, readers: Partial<Readers>): Journalled {
  const { id, kind, state, reference, at } = row
  const fields = JSON.parse(row.content)
  const operation = operationSchema.parse({ ...fields, id, kind, at: toIso(at ?? 0) })
  return {
    ...{ id, kind, state, reference },
    at: at ?? 0,
    card: fields.card ?? null,
    ...(fields.otherCard && { otherCard: fields.otherCard }),
    purchaseKopecks: fields.purchaseKopecks ?? 0,
    items: ('items' in operation && operation.items) || null,
    points: fields.points ?? 0,
    voucher: fields.voucher ?? null,
    receipt: fields.receipt ?? null,
    content: contentOf(requestOf(operation, author, readers)),
    refusal: row.outcome === null ? null : (JSON.parse(row.outcome).code ?? null),
  }
}

/** The faults in the log of a register, and the steps of redemptions at which it was killed. */
export async function readLog(dataFolder: string): Promise<Pick<Till, 'errors' | 'cutShort'>> {
  const text = await readFile(join(dataFolder, LOG_FILE), 'utf8')
  const lines = text.split('\n').filter((line) => line !== '')
  const entries = lines.map((line) => ({ line, ...(line.startsWith('{') ? JSON.parse(line) : {}) }))
  return {
    errors: entries.filter(({ level = ERROR }) => level >= ERROR).map(({ line }) => line),
    cutShort: entries.flatMap(({ redemption, step }) => (redemption && step ? [step] : [])),
  }
}

/** The level as pino numbers it. A line that is no log line is the last output of a process. */
const ERROR = 50

/** The state of the ledger at one moment. */
export async function readLedger(sql: Sql, codes: readonly Code[]) {
  const codeOf = new Map(codes.map(({ code }) => [simulatedVoucherKey.hash(code), code]))
  const [operations, holds, vouchers, customers, discrepancies, cards, given] = await Promise.all([
    sql<LedgerOperation[]>`
      select id, register_id as "registerId", store_id as "storeId", status, encode(content, 'hex') as content,
        quote -> 'facts' as facts, customer_id as "customerId", recorded_at as "recordedAt",
        (quote ->> 'version')::int as "bookVersion",
        case when quote is not null then coalesce(
          (select sum((award ->> 'points')::bigint) from json_array_elements(quote -> 'awards') award), 0)::bigint end as earns,
        operations.tx::text::bigint::float8 as turn
      from operations where register_id is not null`,
    sql<LedgerHold[]>`
      select holds.id, register_id as "registerId", state, points, in_doubt_at is not null as "wasInDoubt",
        coalesce(voucher_kopecks, 0) as "voucherKopecks", encode(hash, 'hex') as voucher
      from holds left join vouchers on vouchers.id = voucher_id`,
    sql<LedgerVoucher[]>`select encode(hash, 'hex') as code, held, used from vouchers`,
    sql<
      { card: string; points: number }[]
    >`select card, balance - debt as points from customers where merged_into is null`,
    sql<
      { kind: string; reference: string }[]
    >`select kind, reference from discrepancies where settled_at is null`,
    sql<{ card: string; root: string }[]>`
      select customers.card, kept.card as root
      from customers join customers kept on kept.id = coalesce(customers.merged_into, customers.id)`,
    sql<{ card: string; points: number }[]>`
      select card, sum(points)::bigint as points from operations join customers on customers.id = customer_id
      where author in ('system:campaigns', 'system:referrals') and operations.status = 'accepted' group by 1`,
  ])
  const mergedInto = new Map(cards.map(({ card, root }) => [card, root]))
  const printed = (hash: string | null) => (hash === null ? null : (codeOf.get(hash) ?? hash))
  return {
    operations,
    holds: holds.map((hold) => ({ ...hold, voucher: printed(hold.voucher) })),
    vouchers: vouchers.map((voucher) => ({ ...voucher, code: codeOf.get(voucher.code) ?? voucher.code })),
    given: new Map(given.map(({ card, points }) => [card, points])),
    ...{ customers, mergedInto, discrepancies, audit: await runAudit(sql) },
  }
}
