import type { Language } from '../../shared/me.ts'
import { type Instant, MINUTE, toIso } from '../../shared/time.ts'
import { type Fate, noteFate } from '../campaigns/fate.ts'
import type { Sql, Tx } from '../database/connect.ts'

/**
 * A message that was begun is its process's for so long, leader or not. It is several times what sending
 * one can take, so whatever is still begun after it belongs to a process that has died.
 */
export const LEASE_MS = MINUTE

/** A message that is ours to send, and whom it is for. */
export interface Begun {
  customerId: number
  kind: string
  reference: string
  facts: unknown
  createdAt: Instant
  begunAt: Instant
  attempts: number
  failures: number
  interruptions: number
  card: string
  programmeId: number
  /** Null: they have left. */
  person: Recipient | null
}

export interface Recipient {
  telegramId: number
  language: Language
  notifyPurchases: boolean
  notifyExpiry: boolean
  notifyStatus: boolean
  notifyReferrals: boolean
  notifyVouchers: boolean
  isReachable: boolean
}

type BegunRow = Omit<Begun, 'person' | 'begunAt'> & { [Key in keyof Recipient]: Recipient[Key] | null }

/**
 * Takes the next message that is due, though other processes look as well, and counts the attempt before it is
 * made. The busy customers had one just now.
 */
export async function beginNext(
  sql: Sql,
  { now, busy }: { now: Instant; busy: number[] },
): Promise<Begun | null> {
  const [row] = await sql<BegunRow[]>`
    with next as (
      select customer_id, kind, reference from notifications
      where state = 'waiting' and due_at <= ${toIso(now)} and customer_id <> all(${busy}::bigint[])
      order by (kind in ('expiring', 'campaign', 'voucher')), due_at, customer_id
      limit 1
      for update skip locked)
    update notifications n
    set attempts = n.attempts + 1, interruptions = n.interruptions + (n.begun_at is not null)::int,
      begun_at = ${toIso(now)}, due_at = ${toIso(now + LEASE_MS)}
    from next join customers c on c.id = next.customer_id left join people p on p.customer_id = c.id
    where n.customer_id = next.customer_id and n.kind = next.kind and n.reference = next.reference
    returning n.customer_id as "customerId", n.kind, n.reference, n.facts, n.created_at as "createdAt",
      n.attempts, n.failures, n.interruptions, c.card, c.programme_id as "programmeId", p.telegram_id as "telegramId", p.language,
      p.notify_purchases as "notifyPurchases", p.notify_expiry as "notifyExpiry",
      p.notify_status as "notifyStatus", p.notify_referrals as "notifyReferrals",
      p.notify_vouchers as "notifyVouchers",
      p.unreachable_since is null as "isReachable"`
  if (!row) return null
  const { telegramId, language, isReachable } = row
  const { notifyPurchases, notifyExpiry, notifyStatus, notifyReferrals, notifyVouchers } = row
  const choices = { notifyPurchases, notifyExpiry, notifyStatus, notifyReferrals, notifyVouchers }
  const person = telegramId === null ? null : ({ telegramId, language, isReachable, ...choices } as Recipient)
  const { customerId, kind, reference, facts, createdAt, attempts, failures, interruptions } = row
  const { card, programmeId } = row
  const message = { customerId, kind, reference, facts, createdAt, attempts, failures, interruptions }
  return { ...message, card, programmeId, begunAt: now, person }
}

export interface Settlement {
  state: 'sent' | 'dropped' | 'parked'
  /** Why it was not sent. */
  problem?: string | undefined
  /** The same, as campaigns count it. */
  fate?: Fate | undefined
  now: Instant
}

/** Ends a message for good. Where a later attempt or an erasure has taken it meanwhile, nothing changes. */
export async function settle(sql: Sql | Tx, begun: Begun, { state, problem, fate, now }: Settlement) {
  const settled = sql`
    update notifications
    set state = ${state}, settled_at = ${toIso(now)}, problem = ${problem?.slice(0, 200) ?? null}, begun_at = null
    where ${isStillOurs(sql, begun)}
    returning customer_id, reference`
  if (begun.kind !== 'campaign') await settled
  else await noteFate(sql, settled, fate ?? (state === 'sent' ? 'sent' : 'failed'))
}

/** Puts a message back for later. */
export async function putBack(
  sql: Sql,
  begun: Begun,
  { dueAt, problem, isFailure }: { dueAt: Instant; problem: string | null; isFailure: boolean },
) {
  await sql`
    update notifications
    set due_at = ${toIso(dueAt)}, begun_at = null, failures = failures + ${isFailure ? 1 : 0},
      problem = ${problem?.slice(0, 200) ?? null}
    where ${isStillOurs(sql, begun)}`
}

/** The number of the attempt tells ours from a later one. */
function isStillOurs(sql: Sql | Tx, { customerId, kind, reference, attempts }: Begun) {
  return sql`customer_id = ${customerId} and kind = ${kind} and reference = ${reference}
    and attempts = ${attempts} and state = 'waiting'`
}
