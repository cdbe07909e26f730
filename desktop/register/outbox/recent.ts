import { SHORTEST_END } from '../../../shared/api.ts'
import type { ParkedOperation, RecentOperation, WaitingOperation } from '../../../shared/bridge.ts'
import { heardOutcomeSchema } from '../../../shared/operation.ts'
import { DAY, type Instant, MINUTE } from '../../../shared/time.ts'
import type { Clock } from '../time/clock.ts'
import type { Journal } from './open.ts'

/**
 * The lists of the screen, read from the journal. SQLite plans a statement anew, at twenty times the cost of running it,
 * for each value that is bound where its plan may depend on it: as a limit, or beside the conditions of partial indexes.
 * Within a `select` of its own it does not.
 */
export function openLists(journal: Journal, { now }: Pick<Clock, 'now'>) {
  const recent = journal.prepare<[number], RecentRow>(`${RECENT} order by sale.seq desc limit (select ?)`)
  const one = journal.prepare<[string], RecentRow>(
    `${RECENT} and sale.seq = (select seq from operations where id = ?)`,
  )
  const waiting = journal.prepare<[number], ListedRow>(
    `${LISTED} where listed.state = 'queued' order by listed.seq limit (select ?)`,
  )
  const parked = journal.prepare<[], ListedRow>(`${LISTED} where listed.state = 'parked' order by listed.seq`)
  const handedOver = journal.prepare<[number], ListedRow>(
    `${LISTED} where listed.state = 'handed_over' order by listed.settled_at desc, listed.seq desc limit (select ?)`,
  )
  const finished = journal
    .prepare<[string], number>(`
      select exists (
        ${RECENT} and sale.seq in (select seq from operations where sale = ?)
          and (refund.id is null or json_extract(refund.content, '$.refundKopecks') is not null)
          and (redemptions.id is null or redemptions.verdict is not null))`)
    .pluck()
  const unsettled = journal
    .prepare<[string], number>(`
      select exists (select 1 from operations join redemptions using (id) where sale = ? and verdict is null)`)
    .pluck()

  const refunds = journal.prepare<[string], RefundRow>(`
    select state, json_extract(content, '$.refundKopecks') as kopecks from operations
    where reference = ? and kind = 'refund' and state not in ('refused', 'superseded')`)
  const search = journal.prepare<SearchedBy, RecentRow>(`
    ${RECENT} and (@card is null or json_extract(sale.content, '$.card') = @card)
      and (@from is null or coalesce(sale.at, sale.device_at) between @from and @to)
      and (@receipt is null or json_extract(sale.content, '$.receipt') = @receipt
        or length(@receipt) >= ${SHORTEST_END} and substr(json_extract(sale.content, '$.receipt'), -length(@receipt)) = @receipt)
    order by coalesce(sale.at, sale.device_at) desc, sale.seq desc limit @limit`)

  const voucher = journal.prepare<[string], SoldVoucher>(`
    select json_extract(content, '$.voucher') as code, json_extract(content, '$.card') as card,
      coalesce(json_extract(outcome, '$.hold.voucherKopecks'), 0) as kopecks
    from operations where id = ? and json_extract(content, '$.voucher') is not null`)
  const texts = createTexts()
  const around = (): Around => ({ today: dayOf(now()), texts })
  const parkedOf = (row: ListedRow): ParkedOperation => ({
    ...listedOf(row, texts),
    ...texts.refusal(row.outcome ?? 'null'),
  })
  const rename = journal.prepare('update operations set sale = ? where sale = ?')
  const typed = journal
    .prepare<[Omit<Writing, 'wasLying'> & { wasLying: 0 | 1 }], number>(`
      select seq from operations
      where kind = 'earn' and device_at between @writtenAt - ${WRITTEN_ANEW_WITHIN_MS} and @writtenAt + ${DAY}
        and (json_extract(content, '$.typed') or sale is null) and json_extract(content, '$.purchaseKopecks') = @purchaseKopecks
        and (json_extract(content, '$.receipt') = @receipt
          or @wasLying and device_at >= @writtenAt and coalesce(json_extract(content, '$.receipt'), @receipt) is @receipt)`)
    .pluck()
  const name = journal.prepare('update operations set sale = ? where seq = ?')

  return {
    recent(limit: number): RecentOperation[] {
      const seen = around()
      return recent.all(limit).map((row) => recentOf(row, seen))
    },
    find(id: string): RecentOperation | null {
      const row = one.get(id)
      return row ? recentOf(row, around()) : null
    },
    /** The latest sales of a card, with a receipt of this number or end, between two moments. */
    search(by: SearchedBy): SoldHere[] {
      const seen = around()
      return search.all(by).map((row) => soldOf(row, seen))
    },
    /** The voucher of a sale, with the card it was shown with and the money it took off. */
    voucherOf: (id: string): SoldVoucher | null => voucher.get(id) ?? null,
    /** The refunds of a sale that this journal knows of. */
    refundsOf: (id: string): RefundRow[] => refunds.all(id),
    waiting: (limit: number): WaitingOperation[] => waiting.all(limit).map((row) => listedOf(row, texts)),
    parked: (): ParkedOperation[] => parked.all().map(parkedOf),
    handedOver: (limit: number): ParkedOperation[] => handedOver.all(limit).map(parkedOf),
    /** Whether points of this sale of 1C have moved or will move, also by a person of the chain, and were not undone. */
    isFinished: (sale: string): boolean => (finished.get(sale) ?? 0) > 0,
    /** Whether it is not known yet if 1C has the discount of this sale. */
    isUnsettled: (sale: string): boolean => unsettled.get(sale) === 1,
    /** Gives a sale another key. */
    renameSale: (from: string, to: string): void => void rename.run(to, from),
    /**
     * While 1C could not be heard its sale may have been typed. It is the one of this amount and number, also where 1C has written
     * it anew; or, where this lay there when 1C was heard again, one without another number that was typed after it was written.
     */
    claimTyped(writing: Writing): void {
      // A disk that takes no operation shows the sales of 1C all the same.
      const wasLying = writing.wasLying ? 1 : 0
      for (const seq of typed.all({ ...writing, wasLying })) name.run(writing.key, seq)
    },
  }
}

/** 1C writes a receipt anew while it is being paid; later the same number is of the next shift, whose numbers begin anew. */
const WRITTEN_ANEW_WITHIN_MS = 60 * MINUTE

const LISTED = `
  select listed.id, listed.kind, listed.content, listed.outcome,
    coalesce(listed.at, listed.device_at) as at,
    coalesce(listed.first_name, original.first_name) as firstName, original.content as originalContent
  from operations as listed left join operations as original on original.id = listed.reference`

// A redemption counts once 1C has taken its discount, or while that is open; its cashback is its apply's. Of several
// refunds, each of a part, the latest is shown.
const RECENT = `
  select sale.id, sale.kind, sale.content, sale.state, sale.first_name as firstName,
    coalesce(sale.at, sale.device_at) as at, redemptions.verdict, report.state as reportState,
    refund.state as refundState, json_extract(refund.content, '$.refundKopecks') is not null as isPartly,
    coalesce(json_extract(iif(sale.kind = 'earn', sale.outcome, report.outcome), '$.earned'), sale.expected_earned)
      as earned
  from operations as sale
    left join redemptions on redemptions.id = sale.id
    left join operations as report
      on report.reference = sale.id and report.kind = 'apply' and report.state <> 'superseded'
    left join operations as refund
      on refund.seq = (
        select max(seq) from operations as latest
        where latest.reference = sale.id and latest.kind = 'refund' and latest.state not in ('refused', 'superseded'))
  where sale.kind in ('earn', 'redeem') and sale.state not in ('refused', 'superseded')
    and coalesce(redemptions.verdict, 'taken') = 'taken'`

type State = 'queued' | 'accepted' | 'refused' | 'parked' | 'handed_over'

interface RecentRow {
  id: string
  kind: 'earn' | 'redeem'
  content: string
  state: State
  firstName: string | null
  /** The points as the ledger has said, or as the screen has shown before. */
  earned: number
  at: Instant
  verdict: 'taken' | null
  reportState: State | null
  refundState: State | null
  isPartly: 0 | 1
}

/** One state of amount.json. */
interface Writing {
  key: string
  purchaseKopecks: number
  receipt: string | null
  writtenAt: Instant
  /** It was there when 1C was heard again. */
  wasLying: boolean
}

interface SearchedBy {
  card: string | null
  receipt: string | null
  from: Instant | null
  to: Instant | null
  limit: number
}

/** A refund in the journal, of the whole purchase or of a part of its money. */
interface RefundRow {
  state: State
  kopecks: number | null
}

/** A sale of this till, with fields that the list does not show. */
export type SoldHere = RecentOperation & { receipt: string | null }

/** The voucher of a sale of this till. */
interface SoldVoucher {
  code: string
  card: string
  kopecks: number
}

interface Around {
  today: Day
  texts: Texts
}

function soldOf(row: RecentRow, around: Around): SoldHere {
  const { receipt = null } = around.texts.content(row.content)
  return { ...recentOf(row, around), receipt }
}

function recentOf(row: RecentRow, { today, texts }: Around): RecentOperation {
  const { card, purchaseKopecks, points = 0 } = texts.content(row.content)
  const isEarn = row.kind === 'earn'
  const settled = STATES[(isEarn ? row.state : row.reportState) ?? 'queued']
  const state = !isEarn && row.verdict === null ? 'open' : settled
  const refund = row.refundState === null ? 'none' : STATES[row.refundState]
  return {
    id: row.id,
    kind: row.kind,
    at: row.at,
    card,
    firstName: row.firstName,
    purchaseKopecks,
    spent: points,
    earned: row.earned,
    state,
    refund,
    isPartly: row.isPartly === 1,
    isRefundable: (state === 'done' || state === 'waiting') && refund === 'none' && isWithin(today, row.at),
  }
}

interface Day {
  from: Instant
  to: Instant
}

/** The local day by the clock of the machine, which the operations have too: an undo is for a mistake of today. */
function dayOf(now: Instant): Day {
  const midnight = new Date(now)
  const from = midnight.setHours(0, 0, 0, 0)
  return { from, to: midnight.setDate(midnight.getDate() + 1) }
}

const isWithin = ({ from, to }: Day, at: Instant) => at >= from && at < to

const STATES = {
  queued: 'waiting',
  accepted: 'done',
  refused: 'done',
  parked: 'parked',
  handed_over: 'handed_over',
} as const

type Content = {
  card: string
  purchaseKopecks: number
  points?: number
  receipt?: string
  refundKopecks?: number
}

interface ListedRow {
  id: string
  kind: string
  content: string
  /** Null while it waits. */
  outcome: string | null
  at: Instant
  firstName: string | null
  originalContent: string | null
}

function listedOf(row: ListedRow, texts: Texts): WaitingOperation {
  const { id, kind, at, firstName, content, originalContent } = row
  const told: Partial<Content> = { ...texts.content(originalContent ?? '{}'), ...texts.content(content) }
  const { card = null, points = null } = told
  // For a partial return, the part that was returned.
  const { purchaseKopecks = null } = {
    ...told,
    ...(told.refundKopecks && { purchaseKopecks: told.refundKopecks }),
  }
  return { id, kind, at, card, firstName, purchaseKopecks, points }
}

type Refusal = Pick<ParkedOperation, 'code' | 'message' | 'details'>

function refusalIn(outcome: string): Refusal {
  const heard = heardOutcomeSchema.safeParse(JSON.parse(outcome)).data
  if (heard?.status !== 'refused') return { code: 'malformed', message: '', details: {} }
  const { code, message, details } = heard
  return { code, message, details }
}

/** Rows stay in a list for days, so each text is parsed once, and not at every sale. */
function remembering<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    if (known.size >= TEXTS_REMEMBERED) known.clear()
    const value = read(text)
    known.set(text, value)
    return value
  }
}
const TEXTS_REMEMBERED = 200

type Texts = ReturnType<typeof createTexts>

/** The parsers of the texts in rows. */
function createTexts() {
  return {
    content: remembering((text): Content => JSON.parse(text)),
    refusal: remembering(refusalIn),
  }
}
