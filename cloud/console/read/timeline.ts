import type { Fragment } from 'postgres'
import { z } from 'zod'
import type { TimelineItem, timelineTypes } from '../../../shared/console/customers.ts'
import type { Quote } from '../../../shared/rules/quote.ts'
import { textSchema } from '../../../shared/text.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import { ApiFailure } from '../../http/errors.ts'
import { type BookTitles, readBookTitles } from '../../ledger/bookTitles.ts'
import { joinRefunded } from '../../ledger/refunded.ts'
import type { Known } from './customer.ts'
import { CUSTOMER_VIEW } from './views.ts'

type Type = (typeof timelineTypes)[number]

interface Wanted {
  customer: Pick<Known, 'id' | 'card' | 'programme'>
  type?: Type | undefined
  after?: string | undefined
  limit: number
}

/** An item of the timeline with its moment, and its source and key there, which order items of one moment. */
interface Placed {
  at: Instant
  key: string
  item: TimelineItem
}

interface Source {
  types: readonly Type[]
  isKey: z.ZodType<string>
  /** The items of this source beyond a place in it, the latest first. */
  read(sql: Sql, wanted: Asked): Promise<Placed[]>
}

type Asked = Pick<Wanted, 'customer' | 'type'> & { beyond: Beyond | null; limit: number }

/** Where the place is in another source, there is no key: `isWithin` says whether items of its very moment are beyond it. */
type Beyond = { at: Instant } & ({ key: string } | { key: null; isWithin: boolean })

/**
 * All that happened to a customer, the latest first. Each source is asked for as much as the page takes, and they are
 * put together by their moments; of one moment they stay in the order of this list.
 */
export async function readTimeline(
  sql: Sql,
  { after, limit, type, customer }: Wanted,
): Promise<{ items: TimelineItem[]; next: string | null }> {
  const from = readPlace(after)
  const found = await Promise.all(
    sources.map(async (source, rank) => {
      if (type !== undefined && !source.types.includes(type)) return []
      const beyond = from && beyondFor(rank, from)
      const placed = await source.read(sql, { customer, type, beyond, limit: limit + 1 })
      return placed.map((one) => ({ ...one, rank }))
    }),
  )
  const all = found.flat().sort((one, other) => other.at - one.at || one.rank - other.rank)
  const shown = all.slice(0, limit)
  const last = all.length > limit ? shown.at(-1) : undefined
  return { items: shown.map(({ item }) => item), next: last ? formatPlace(last) : null }
}

const placeSchema = z.tuple([
  z.int().min(0).max(8_640_000_000_000_000),
  z.int().min(0).max(9),
  z.string().max(120),
])
type Place = z.infer<typeof placeSchema>

function beyondFor(rank: number, [at, fromRank, key]: Place): Beyond {
  return rank === fromRank ? { at, key } : { at, key: null, isWithin: rank > fromRank }
}

const formatPlace = ({ at, rank, key }: { at: Instant; rank: number; key: string }) =>
  Buffer.from(JSON.stringify([at, rank, key])).toString('base64url')

function readPlace(after: string | undefined): Place | null {
  if (after === undefined) return null
  try {
    const place = placeSchema.parse(JSON.parse(Buffer.from(after, 'base64url').toString()))
    if (!sources[place[1]]?.isKey.safeParse(place[2]).success) throw new Error('no key of its source')
    return place
  } catch {
    throw new ApiFailure(400, 'malformed', 'This is no place in this list: leave `after` out to begin anew.')
  }
}

/** Whether a row, by its moment and key, is beyond the place. */
function isBeyond(sql: Sql, beyond: Beyond | null, at: Fragment, key: Fragment, type: Fragment) {
  if (beyond === null) return sql`true`
  const moment = sql`${toIso(beyond.at)}::timestamptz`
  if (beyond.key === null) return beyond.isWithin ? sql`${at} <= ${moment}` : sql`${at} < ${moment}`
  return sql`(${at}, ${key}) < (${moment}, ${beyond.key}::text::${type})`
}

interface OperationRow {
  id: string
  at: Instant
  kind: 'earn' | 'redeem' | 'refund' | 'adjust' | 'bonus' | 'expire'
  author: string
  storeId: number | null
  storeName: string | null
  registerId: number | null
  registerName: string | null
  cashier: string | null
  receipt: string | null
  typed: boolean
  reason: string | null
  purchaseKopecks: number | null
  refundKopecks: number | null
  referenceId: string | null
  points: number | null
  earned: number
  spent: number
  holdState: 'pending' | 'processing' | 'in_doubt' | 'applied' | 'released' | 'expired' | null
  holdPoints: number | null
  appliedEarned: number | null
  quote: Quote | null
  refundedKopecks: number
}

const kindsOf: Partial<Record<Type, OperationRow['kind'][]>> = {
  purchase: ['earn', 'redeem'],
  refund: ['refund'],
  adjustment: ['adjust'],
  bonus: ['bonus'],
  expiry: ['expire'],
}
const allKinds = Object.values(kindsOf).flat()

/**
 * Operations of the ledger. A purchase is one item, whether points were spent on it or not; its awards are the final
 * ones.
 */
const operations: Source = {
  types: ['purchase', 'refund', 'adjustment', 'bonus', 'expiry'],
  isKey: z.uuid(),
  async read(sql, { customer, type, beyond, limit }) {
    const kinds = (type && kindsOf[type]) ?? allKinds
    // The latest operations are taken from their index first; all else is then looked up for these alone, by key.
    const rows = await sql<OperationRow[]>`
      with latest as materialized (
        select * from operations o
        where customer_id = ${customer.id} and status = 'accepted' and kind = any(${kinds})
          and (kind <> 'expire' or points > 0) and ${isBeyond(sql, beyond, sql`o.at`, sql`o.id`, sql`uuid`)}
        order by customer_id, at desc, id desc limit ${limit})
      select o.id, o.at, o.kind, o.author, o.store_id as "storeId", stores.name as "storeName",
        o.register_id as "registerId", registers.name as "registerName", o.cashier, o.receipt, o.typed, o.reason,
        o.purchase_kopecks as "purchaseKopecks", o.refund_kopecks as "refundKopecks", o.reference_id as "referenceId",
        o.points, o.earned, o.spent, hold.state as "holdState", hold.points as "holdPoints",
        applied.earned as "appliedEarned", coalesce(o.quote, applied.quote) as quote,
        refunded.kopecks as "refundedKopecks"
      from latest o
      left join stores on stores.id = o.store_id
      left join registers on registers.id = o.register_id
      left join lateral (
        select state, points, resolved_by from holds h
        where h.customer_id = o.customer_id and h.id = o.id limit 1) hold on true
      left join lateral (
        select earned, quote from operations a
        where a.customer_id = o.customer_id and a.id = hold.resolved_by and hold.state = 'applied' limit 1) applied on true
      ${joinRefunded(sql)}
      order by o.at desc, o.id desc`
    const versions = rows.flatMap(({ quote }) => quote?.version ?? [])
    const titles = await readBookTitles(sql, versions, customer.programme.id)
    return rows.map((row) => ({ at: row.at, key: row.id, item: itemOf(row, titles) }))
  },
}

function itemOf(row: OperationRow, titles: BookTitles): TimelineItem {
  const { id, author, reason, earned, spent } = row
  const named = (id: number | null, name: string | null) => (id === null ? null : { id, name: name ?? '' })
  const base = { id, at: toIso(row.at), author, store: named(row.storeId, row.storeName) }
  switch (row.kind) {
    case 'earn':
    case 'redeem':
      return {
        ...{ type: 'purchase', ...base, register: named(row.registerId, row.registerName) },
        ...{ cashier: row.cashier, receipt: row.receipt, isTyped: row.typed, state: stateOf(row) },
        ...{ purchaseKopecks: row.purchaseKopecks ?? 0, refundedKopecks: row.refundedKopecks },
        ...judged(row, titles),
      }
    case 'refund':
      return {
        ...{ type: 'refund', ...base, reason, purchaseId: row.referenceId ?? id },
        ...{ refundKopecks: row.refundKopecks ?? 0, takenBack: 0 - earned, givenBack: 0 - spent },
      }
    case 'adjust':
      return { type: 'adjustment', ...base, reason, points: earned - spent }
    case 'bonus':
      return { type: 'bonus', ...base, reason, points: earned - spent }
    case 'expire':
      return { type: 'expiry', ...base, points: 0 - (row.points ?? 0) }
  }
}

function stateOf({ kind, holdState }: OperationRow): (TimelineItem & { type: 'purchase' })['state'] {
  if (kind === 'earn' || holdState === 'applied') return 'done'
  if (holdState === 'in_doubt') return 'in_doubt'
  return holdState === 'pending' || holdState === 'processing' ? 'held' : 'given_up'
}

/**
 * The awards of a purchase, and why there were no more. Awards that a redemption promised count once 1C gave the
 * discount.
 */
function judged(row: OperationRow, titles: BookTitles) {
  const { quote } = row
  const isDone = stateOf(row) === 'done'
  const titleOf = (ruleId: string | null) =>
    ruleId === null || !quote ? null : titles.rule(quote.version, ruleId)
  return {
    paidKopecks: isDone ? (quote?.paidKopecks ?? null) : null,
    earned: row.kind === 'earn' ? row.earned : (row.appliedEarned ?? 0),
    spent: isDone ? (row.holdPoints ?? 0) : 0,
    bookVersion: quote?.version ?? null,
    awards: isDone
      ? (quote?.awards ?? []).map(({ ruleId, statusName, points, basisPoints, activeFrom, expiresAt }) => ({
          ...{ ruleId, title: titleOf(ruleId), statusName: statusName ?? null, points, basisPoints },
          ...{ activeFrom: toIso(activeFrom), expiresAt: toIso(expiresAt) },
        }))
      : [],
    skipped: (quote?.skipped ?? []).map(({ ruleId, why }) => ({ ruleId, title: titleOf(ruleId), why })),
  }
}

const statuses: Source = {
  types: ['status'],
  isKey: z.string().regex(/^\d{1,9}$/),
  async read(sql, { customer, beyond, limit }) {
    const rows = await sql<
      {
        seq: number
        at: Instant
        before: string | null
        after: string | null
        cause: string
        until: Instant | null
        who: string
        reason: string | null
      }[]
    >`
      select seq, at, before, after, cause, until, who, reason from status_snapshots
      where customer_id = ${customer.id} and ${isBeyond(sql, beyond, sql`at`, sql`seq::bigint`, sql`bigint`)}
      order by at desc, seq desc limit ${limit}`
    return rows.map(({ seq, at, until, ...row }) => ({
      ...{ at, key: String(seq) },
      item: {
        ...{ type: 'status', id: `status ${seq}`, at: toIso(at), ...row },
        until: until === null ? null : toIso(until),
      },
    }))
  },
}

const messages: Source = {
  types: ['message'],
  isKey: textSchema(120),
  async read(sql, { customer, beyond, limit }) {
    const key = sql`kind || ' ' || reference`
    const rows = await sql<
      {
        key: string
        at: Instant
        kind: string
        state: (TimelineItem & { type: 'message' })['state']
        settledAt: Instant | null
        problem: string | null
      }[]
    >`
      select ${key} as key, created_at as at, kind, state, settled_at as "settledAt", problem from notifications
      where customer_id = ${customer.id} and ${isBeyond(sql, beyond, sql`created_at`, key, sql`text`)}
      order by created_at desc, ${key} desc limit ${limit}`
    return rows.map(({ key, at, settledAt, ...row }) => ({
      ...{ at, key },
      item: {
        ...{ type: 'message', id: key, at: toIso(at), ...row },
        settledAt: settledAt === null ? null : toIso(settledAt),
      },
    }))
  },
}

/** Acts of staff about the customer, without adjustments, which the ledger has already, and views, which only the log has. */
const staffActs: Source = {
  types: ['act'],
  isKey: z.string().regex(/^\d{1,15}$/),
  async read(sql, { customer, beyond, limit }) {
    const at = sql`date_trunc('milliseconds', at)`
    const rows = await sql<
      {
        id: number
        at: Instant
        who: string
        action: string
        before: Record<string, Fact> | null
        after: Record<string, Fact> | null
        proposal: number | null
      }[]
    >`
      select id, ${at} as at, who, action, before, after, proposal from audit_log
      where subject = ${`customer ${customer.card}`} and action not in ('customer adjust', ${CUSTOMER_VIEW})
        and ${isBeyond(sql, beyond, at, sql`id`, sql`bigint`)}
      order by ${at} desc, id desc limit ${limit}`
    return rows.map(({ id, at, ...row }) => ({
      ...{ at, key: String(id) },
      item: { type: 'act', id: `act ${id}`, at: toIso(at), ...row },
    }))
  },
}

type Fact = string | number | boolean | null

const sources: Source[] = [operations, statuses, messages, staffActs]
