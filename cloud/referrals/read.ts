import { bookAt } from '../../shared/rules/book.ts'
import { localDayOf, startOfLocalDay } from '../../shared/rules/localTime.ts'
import type { ReferralTerms } from '../../shared/rules/referral.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { readRules } from '../ledger/programme.ts'
import { codeOf } from './codes.ts'
import type { Reason, State } from './judge.ts'

export interface MyReferral {
  code: string
  /** Null: the valid book has no gifts for invitations. */
  terms: ReferralTerms | null
  counts: { invited: number; bought: number; waiting: number; rewarded: number }
  points: { month: number; total: number }
}

/** The terms for a friend who comes now; null: nothing is given. */
export async function readTerms(
  sql: Sql | Tx,
  { programmeId }: { programmeId: number },
  { now }: { now: Instant },
): Promise<ReferralTerms | null> {
  const { books } = await readRules(sql, { programmeId, since: now })
  return bookAt(books, now).referral ?? null
}

/** The results of a customer's invitations, also by cards that were merged into theirs. */
export async function readMyReferral(
  sql: Sql | Tx,
  { customerId, programmeId }: { customerId: number; programmeId: number },
  { now, timeZone }: { now: Instant; timeZone: string },
): Promise<MyReferral> {
  const rules = await readRules(sql, { programmeId, since: now, timeZone })
  const monthBegan = startOfLocalDay(`${localDayOf(now, rules.timeZone).slice(0, 7)}-01`, rules.timeZone)
  const [row] = await sql<(MyReferral['counts'] & MyReferral['points'])[]>`
    select count(*) filter (where state <> 'rejected' or purchase_id is not null)::int as invited,
      count(*) filter (where purchase_id is not null)::int as bought,
      count(*) filter (where state in ('waiting', 'flagged'))::int as waiting,
      count(*) filter (where state = 'rewarded')::int as rewarded,
      coalesce(sum(referrer_points) filter (where state = 'rewarded' and rewarded_at >= ${toIso(monthBegan)}), 0)::int as month,
      coalesce(sum(referrer_points) filter (where state = 'rewarded'), 0)::int as total
    from referrals
    where referrer_id in (select id from customers where id = ${customerId} or merged_into = ${customerId})`
  const { month = 0, total = 0, ...counts } = row ?? {}
  return {
    code: await codeOf(sql, customerId),
    terms: bookAt(rules.books, now).referral ?? null,
    counts: { invited: 0, bought: 0, waiting: 0, rewarded: 0, ...counts },
    points: { month, total },
  }
}

export interface ListedReferral {
  /** The friend, and the customer whose link it was. */
  referee: { id: number; card: string }
  referrer: { id: number; card: string }
  invitedAt: Instant
  state: State
  reason: Reason | null
  note: string | null
  decidedBy: string | null
  isReleased: boolean
  purchase: { id: string; at: Instant; store: Named | null; register: Named | null } | null
  dueAt: Instant | null
  settledAt: Instant | null
  referrerPoints: number
  refereePoints: number
}

interface Named {
  id: number
  name: string
}

interface Wanted {
  programmeId: number
  /** Only invitations of friends whom these stores have seen; null: all. */
  stores?: number[] | null
  state?: State | undefined
  /** Only those after this one, in the order of the list. */
  after?: { at: Instant; id: number } | undefined
  limit: number
}

/** The invitations of a programme, the latest first. */
export async function listReferrals(
  sql: Sql | Tx,
  { programmeId, stores = null, state, after, limit }: Wanted,
): Promise<ListedReferral[]> {
  type Row = Omit<ListedReferral, 'purchase'> &
    Omit<NonNullable<ListedReferral['purchase']>, 'id' | 'at'> & {
      purchaseId: string | null
      purchaseAt: Instant | null
    }
  const rows = await sql<Row[]>`
    select json_build_object('id', referee.id, 'card', referee.card) as referee,
      json_build_object('id', referrer.id, 'card', referrer.card) as referrer, invited_at as "invitedAt", state, reason,
      note, decided_by as "decidedBy", is_released as "isReleased", purchase_id as "purchaseId",
      purchase_at as "purchaseAt", due_at as "dueAt", settled_at as "settledAt",
      referrer_points as "referrerPoints", referee_points as "refereePoints",
      case when stores.id is not null then json_build_object('id', stores.id, 'name', stores.name) end as store,
      case when registers.id is not null then json_build_object('id', registers.id, 'name', registers.name) end as register
    from (
      select * from referrals
      where programme_id = ${programmeId}
        ${state === undefined ? sql`` : sql`and state = ${state}`}
        ${after === undefined ? sql`` : sql`and (invited_at, referee_id) < (${toIso(after.at)}::timestamptz, ${after.id}::bigint)`}
        ${
          stores === null
            ? sql``
            : sql`and exists (
                select from store_customers seen
                where seen.customer_id = referee_id and seen.store_id = any(${stores}::int[]))`
        }
      order by invited_at desc, referee_id desc
      limit ${limit}) page
    join customers referee on referee.id = referee_id
    join customers referrer on referrer.id = referrer_id
    left join registers on registers.id = register_id
    left join stores on stores.id = registers.store_id
    order by invited_at desc, referee_id desc`
  return rows.map(({ purchaseId, purchaseAt, store, register, ...row }) => ({
    ...row,
    purchase:
      purchaseId === null || purchaseAt === null ? null : { id: purchaseId, at: purchaseAt, store, register },
  }))
}
