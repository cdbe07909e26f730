import type { ParkedOperation, RecentOperation } from '../../../shared/bridge.ts'
import { type HeardAcceptance, heardOutcomeSchema } from '../../../shared/operation.ts'
import type { Instant } from '../../../shared/time.ts'
import type { Clock } from '../time/clock.ts'
import type { Journal } from './open.ts'

/** What the screen lists from the journal. */
export function openLists(journal: Journal, clock: Clock) {
  const recent = journal.prepare<[number], RecentRow>(`${RECENT} order by sale.seq desc limit ?`)
  const one = journal.prepare<[string], RecentRow>(`${RECENT} and sale.id = ?`)
  const parked = journal.prepare<[], ParkedRow>(`
    select parked.id, parked.kind, parked.content, parked.outcome,
      coalesce(parked.at, parked.device_at) as at,
      coalesce(parked.first_name, original.first_name) as firstName, original.content as originalContent
    from operations as parked left join operations as original on original.id = parked.reference
    where parked.state = 'parked' order by parked.seq`)
  const finished = journal
    .prepare<[string], number>(`
      select count(*) from (
        ${RECENT} and sale.sale = ? and refund.id is null
          and (redemptions.id is null or redemptions.verdict is not null))`)
    .pluck()

  const rename = journal.prepare('update operations set sale = ? where sale = ?')

  return {
    recent: (limit: number): RecentOperation[] => recent.all(limit).map((row) => recentOf(row, clock.now())),
    find(id: string): RecentOperation | null {
      const row = one.get(id)
      return row ? recentOf(row, clock.now()) : null
    },
    parked: (): ParkedOperation[] => parked.all().map(parkedOf),
    /** Whether points have moved, or will, for this sale of 1C; not if that was undone. */
    isFinished: (sale: string): boolean => (finished.get(sale) ?? 0) > 0,
    /** The same sale, by another name. */
    renameSale: (from: string, to: string): void => void rename.run(to, from),
  }
}

// A redemption counts once 1C has taken its discount, or while that is open; its cashback is its apply's.
const RECENT = `
  select sale.id, sale.kind, sale.content, sale.state, sale.outcome, sale.first_name as firstName,
    sale.expected_earned as expectedEarned, coalesce(sale.at, sale.device_at) as at,
    redemptions.verdict, report.state as reportState, report.outcome as reportOutcome,
    refund.state as refundState
  from operations as sale
    left join redemptions on redemptions.id = sale.id
    left join operations as report
      on report.reference = sale.id and report.kind = 'apply' and report.state <> 'superseded'
    left join operations as refund
      on refund.reference = sale.id and refund.kind = 'refund' and refund.state not in ('refused', 'superseded')
  where sale.kind in ('earn', 'redeem') and sale.state not in ('refused', 'superseded', 'handed_over')
    and coalesce(redemptions.verdict, 'taken') = 'taken'`

type State = 'queued' | 'accepted' | 'refused' | 'parked' | 'handed_over'

interface RecentRow {
  id: string
  kind: 'earn' | 'redeem'
  content: string
  state: State
  outcome: string | null
  firstName: string | null
  expectedEarned: number
  at: Instant
  verdict: 'taken' | null
  reportState: State | null
  reportOutcome: string | null
  refundState: State | null
}

function recentOf(row: RecentRow, now: Instant): RecentOperation {
  const { card, purchaseKopecks, points = 0 } = JSON.parse(row.content) as Content
  const isEarn = row.kind === 'earn'
  const answer = accepted(isEarn ? row.outcome : row.reportOutcome)
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
    earned: answer?.earned ?? row.expectedEarned,
    state,
    refund,
    isRefundable: (state === 'done' || state === 'waiting') && refund === 'none' && isSameDay(row.at, now),
  }
}

/** By the shop's own calendar: an undo is for a mistake of today. */
function isSameDay(left: Instant, right: Instant): boolean {
  return new Date(left).toDateString() === new Date(right).toDateString()
}

const STATES = {
  queued: 'waiting',
  accepted: 'done',
  refused: 'done',
  parked: 'parked',
  handed_over: 'parked',
} as const

type Content = { card: string; purchaseKopecks: number; points?: number }

interface ParkedRow {
  id: string
  kind: string
  content: string
  outcome: string
  at: Instant
  firstName: string | null
  originalContent: string | null
}

function parkedOf(row: ParkedRow): ParkedOperation {
  const content: Partial<Content> = { ...JSON.parse(row.originalContent ?? '{}'), ...JSON.parse(row.content) }
  const outcome = heardOutcomeSchema.safeParse(JSON.parse(row.outcome)).data
  const { code, message, details } =
    outcome?.status === 'refused' ? outcome : { code: 'malformed', message: '', details: {} }
  return {
    id: row.id,
    kind: row.kind,
    at: row.at,
    card: content.card ?? null,
    firstName: row.firstName,
    purchaseKopecks: content.purchaseKopecks ?? null,
    points: content.points ?? null,
    code,
    message,
    details,
  }
}

function accepted(outcome: string | null): HeardAcceptance | null {
  const answer = outcome === null ? null : heardOutcomeSchema.safeParse(JSON.parse(outcome)).data
  return answer?.status === 'accepted' ? answer : null
}
