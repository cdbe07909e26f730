import { newId as mintId } from '../../../shared/id.ts'
import {
  type HeardOutcome,
  type HeardRefusal,
  heardOutcomeSchema,
  type Operation,
} from '../../../shared/operation.ts'
import { isRefusalCode, leavesIdFree } from '../../../shared/refusal.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Clock } from '../time/clock.ts'
import type { CloudTime } from '../time/cloudTime.ts'
import type { Journal } from './open.ts'
import { openRedemptions } from './redemptions.ts'
import { migrations } from './schema.ts'
import { type Settled, settle } from './settlement.ts'

type WithoutTime<O> = O extends unknown ? Omit<O, 'at'> : never
export type NewOperation = WithoutTime<Operation>

/** The facts that the screen had when the operation was made. */
export interface Circumstances {
  /** The key of its sale of 1C. */
  sale?: string | null
  firstName?: string | null
  expectedEarned?: number
}

export interface OutboxOptions {
  clock: Clock
  time: CloudTime
  newId?: ((now: Instant) => string) | undefined
  /** The cashier waits at the screen for the outcome of this operation. */
  isAttended: (id: string) => boolean
}

export interface SettledOperation {
  id: string
  kind: string
  /** The operation that it settles or refunds. */
  reference: string | null
  state: Settled
  outcome: HeardOutcome
}

/** More settled operations than a shop undoes or asks about; parked and unsent ones are kept whatever their age. */
const SETTLED_KEPT = 20_000
const PRUNED_AT_ONCE = 500
/**
 * The most characters of the operations in one request; a receipt of three hundred lines is a fifth of it. The cloud reads
 * a megabyte, and a character is up to three bytes.
 */
const MOST_CHARACTERS = 300_000

export type Outbox = ReturnType<typeof createOutbox>

/** The first rows that fit into one request; a single one always does. */
function inOneRequest(rows: WaitingRow[]): WaitingRow[] {
  let characters = 0
  const over = rows.findIndex(({ content }, index) => {
    characters += content.length
    return index > 0 && characters > MOST_CHARACTERS
  })
  return over < 0 ? rows : rows.slice(0, over)
}

/** Every operation of this register, on the disk before anything else happens with it. */
export function createOutbox(journal: Journal, { clock, time, isAttended, newId = mintId }: OutboxOptions) {
  const redemptions = openRedemptions(journal, clock)
  const insert = journal.prepare(`
    insert into operations (id, kind, content, device_at, at, offset_ms, reference, sale, first_name, expected_earned)
    values (@id, @kind, @content, @deviceAt, @at, @offsetMs, @reference, @sale, @firstName, @expectedEarned)`)
  // The card of an operation: its own, or that of the operation it settles or refunds.
  const waiting = journal.prepare<[number], WaitingRow>(`
    select seq, id, kind, content, device_at as deviceAt, at, offset_ms as offsetMs,
      coalesce(json_extract(content, '$.card'), (
        select json_extract(original.content, '$.card') from operations as original
        where original.id = operations.reference), reference, id) as owner
    from operations where state = 'queued' order by seq limit (select ?)`)
  const stamp = journal.prepare('update operations set at = ?, offset_ms = ? where seq = ?')
  const queued = journal.prepare<[string], Row & { reference: string | null }>(`
    select seq, id, kind, content, device_at as deviceAt, at, reference from operations
    where id = ? and state = 'queued'`)
  const setState = journal.prepare(
    'update operations set state = ?, outcome = ?, settled_at = ? where seq = ?',
  )
  const stateOf = journal.prepare<[string], string>('select state from operations where id = ?').pluck()
  const undone = journal
    .prepare<[string], number>(`
      select exists (select 1 from operations where reference = ? and kind = 'refund' and state = 'queued'
        and json_extract(content, '$.refundKopecks') is null)`)
    .pluck()
  const parkedRow = journal.prepare<[string], Row & { outcome: string }>(`
    select seq, id, kind, content, device_at as deviceAt, at, outcome from operations
    where id = ? and state = 'parked'`)
  const requeue = journal.prepare(`
    update operations set state = 'queued', outcome = null, settled_at = null, content = ?,
      seq = (select max(seq) + 1 from operations)
    where seq = ?`)
  const prune = journal.prepare(`
    delete from operations where seq in (
      select seq from operations
      where seq <= (select max(seq) from operations) - ${SETTLED_KEPT}
        and state in ('accepted', 'refused', 'superseded', 'handed_over')
        and id not in (select id from redemptions where step <> 'reported')
      order by seq limit ${PRUNED_AT_ONCE})`)
  const forget = journal.prepare<{ isAll: number; cards: string }>(`
    update operations set first_name = null,
      outcome = iif(json_extract(outcome, '$.customer.firstName') is null, outcome,
        json_set(outcome, '$.customer.firstName', null))
    where (first_name is not null or json_extract(outcome, '$.customer.firstName') is not null)
      and (@isAll or coalesce(json_extract(content, '$.card'), json_extract(outcome, '$.customer.card'))
        in (select value from json_each(@cards)))`)
  // Counted by separate queries, because each state has an index of its own.
  const depth = journal.prepare<[], { queued: number; oldestAt: Instant | null; parked: number }>(`
    select count(*) as queued, min(device_at) as oldestAt,
      (select count(*) from operations where state = 'parked') as parked
    from operations where state = 'queued'`)

  /** By id, the monotonic clock at operations that have no time yet; it is lost when the program ends. */
  const elapsedMsAt = new Map<string, number>()

  /** Within the transaction of the caller, or in one of its own. */
  function add(operation: NewOperation, circumstances: Circumstances = {}): void {
    const { id, kind, ...content } = operation
    const { deviceAt, elapsedMs, earliest } = time.moment()
    const at = time.now()
    const known = at ?? earliest
    if (at === null && elapsedMs !== null) elapsedMsAt.set(id, elapsedMs)
    insert.run({
      id,
      kind,
      content: JSON.stringify(content),
      deviceAt,
      at,
      offsetMs: known === null ? null : known - Math.round(deviceAt),
      reference: referenceOf(operation),
      sale: circumstances.sale ?? null,
      firstName: circumstances.firstName ?? null,
      expectedEarned: circumstances.expectedEarned ?? 0,
    })
  }

  /** Fixes the time of an operation that has none yet, for ever. */
  function stampOf({ seq, id, deviceAt, offsetMs }: WaitingRow): Instant {
    const earliest = offsetMs === null ? null : deviceAt + offsetMs
    const at = time.timeOf({ deviceAt, elapsedMs: elapsedMsAt.get(id) ?? null, earliest })
    stamp.run(at, at - deviceAt, seq)
    elapsedMsAt.delete(id)
    return at
  }

  /** An operation that is aside holds up the later ones of the same customer, and no others. */
  function waitingBeside(aside: ReadonlySet<string>, limit: number): WaitingRow[] {
    const heldUp = new Set<string>()
    const rows: WaitingRow[] = []
    for (const row of waiting.iterate(-1)) {
      if (aside.has(row.id)) heldUp.add(row.owner)
      else if (!heldUp.has(row.owner)) rows.push(row)
      if (rows.length === limit) break
    }
    return rows
  }

  function settleOne(outcome: HeardOutcome): SettledOperation[] {
    const row = outcome.id === null ? undefined : queued.get(outcome.id)
    if (!row) return []
    const { id, kind, reference } = row
    const original = reference === null ? null : (stateOf.get(reference) ?? null)
    const isUndone = undone.get(id) === 1
    const state = settle({ kind, isAttended: isAttended(id), isUndone, original }, outcome)
    setState.run(state, JSON.stringify(outcome), clock.now(), row.seq)
    if (kind === 'redeem') redemptions.answered(id, state, voucherOf(outcome))
    if (reference !== null && isReport(kind) && state !== 'parked') redemptions.reported(reference)
    return [{ id, kind, reference, state, outcome }]
  }

  return {
    redemptions,

    /** Commits operations in one transaction. */
    add: journal.transaction(add),

    /** Commits a redemption before the ledger is asked for its points. */
    addRedemption: journal.transaction(
      (
        operation: Extract<NewOperation, { kind: 'redeem' }>,
        circumstances: Circumstances & { protocol: 1 | 2 },
      ): void => {
        add(operation, circumstances)
        redemptions.ask(operation, circumstances.protocol)
      },
    ),

    /** Commits the verdict about a discount together with the operation that tells the ledger of it. */
    resolve: journal.transaction(
      (redeemId: string, verdict: 'taken' | 'withdrawn', reason: string): boolean => {
        if (!redemptions.decide(redeemId, verdict)) return false
        const id = newId(clock.now())
        add(verdict === 'taken' ? { id, kind: 'apply', redeemId } : { id, kind: 'release', redeemId, reason })
        return true
      },
    ),

    /** The oldest operations that wait, in order, each with the time it will always be sent with. */
    next: journal.transaction((limit: number, aside: ReadonlySet<string> = new Set()): Operation[] =>
      inOneRequest(aside.size === 0 ? waiting.all(limit) : waitingBeside(aside, limit)).map((row) =>
        operationOf({ ...row, at: row.at ?? stampOf(row) }),
      ),
    ),

    settle: journal.transaction((outcomes: HeardOutcome[]): SettledOperation[] => {
      const settled = outcomes.flatMap(settleOne)
      prune.run()
      return settled
    }),

    depth: () => depth.get() ?? { queued: 0, oldestAt: null, parked: 0 },

    /**
     * Tries a parked operation again: under its own id where the ledger has left that free, so that a late
     * copy cannot count twice, otherwise as a new operation of now.
     */
    retry: journal.transaction((id: string): boolean => {
      const row = parkedRow.get(id)
      if (!row) return false
      const refused = heardOutcomeSchema.parse(JSON.parse(row.outcome))
      if (refused.status !== 'refused') return false
      const content: Record<string, unknown> = JSON.parse(row.content)
      if (refused.code === 'duplicate_transaction') content.confirmDuplicate = true
      if (isIdFree(refused)) {
        requeue.run(JSON.stringify(content), row.seq)
        return true
      }
      setState.run('superseded', row.outcome, clock.now(), row.seq)
      const again = { ...content, id: newId(clock.now()), kind: row.kind } as NewOperation
      add(again, circumstancesOf(journal, row.seq))
      return true
    }),

    /** Hands a parked operation over to the people of the chain: the journal keeps it, the queue no longer shows it. */
    handOver: journal.transaction((id: string): boolean => {
      const row = parkedRow.get(id)
      if (row) setState.run('handed_over', row.outcome, clock.now(), row.seq)
      return row !== undefined
    }),

    /**
     * Forgets the names of these customers, and keeps ids, cards and sums. Answers whether there was a name; then it is
     * not in the files any more either, neither where the rows were nor in the log of changes.
     */
    forgetNames(cards: 'all' | string[]): boolean {
      const isAll = cards === 'all' ? 1 : 0
      if (forget.run({ isAll, cards: JSON.stringify(isAll ? [] : cards) }).changes === 0) return false
      journal.exec('vacuum')
      journal.pragma('wal_checkpoint(truncate)')
      return true
    },
    /** Writes a value that is there already: fails where an operation could not be written either. */
    tryWriting: () => void journal.pragma(`user_version = ${migrations.length}`),

    close: () => journal.close(),
  }
}

interface Row {
  seq: number
  id: string
  kind: string
  content: string
  deviceAt: Instant
  at: Instant | null
}

interface WaitingRow extends Row {
  /** Where it has no time yet: the least correction of the wall clock, as known at the latest contact with the cloud. */
  offsetMs: number | null
  owner: string
}

/**
 * Whether the ledger has left the id free. Then the operation may be sent again under it, and counts once whatever became of
 * the first attempt. A refusal of an unknown code was final only where it comes as a replay.
 */
function isIdFree({ code, replay }: HeardRefusal): boolean {
  return isRefusalCode(code) ? leavesIdFree(code) : !replay
}

/** As it was written: a newer version may have said more than this one knows, and a row of it must not stop all the others. */
function operationOf({ id, kind, content, at }: Row & { at: Instant }): Operation {
  return { kind, id, at: toIso(at), ...JSON.parse(content) }
}

function circumstancesOf(journal: Journal, seq: number): Circumstances {
  return (
    journal
      .prepare<[number], Circumstances>(
        `select sale, first_name as firstName, expected_earned as expectedEarned from operations where seq = ?`,
      )
      .get(seq) ?? {}
  )
}

function referenceOf(operation: NewOperation): string | null {
  if (operation.kind === 'refund') return operation.originalId
  return operation.kind === 'apply' || operation.kind === 'release' ? operation.redeemId : null
}

function isReport(kind: string): boolean {
  return kind === 'apply' || kind === 'release'
}

const voucherOf = (outcome: HeardOutcome) =>
  (outcome.status === 'accepted' && outcome.hold?.voucherKopecks) || 0
