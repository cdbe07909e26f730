import type { Role } from '../../shared/staff.ts'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Person } from '../access/staff/accounts.ts'
import type { Sql } from '../database/connect.ts'
import type { ActName } from './permissions.ts'
import { isNeeded } from './proposalRows.ts'

/** The state of a proposal. Nothing happens when one lapses: it is only not open any more. */
type State = 'open' | 'lapsed' | 'done' | 'rejected'

export interface Listed {
  id: number
  act: ActName
  input: unknown
  programmeId: number
  points: number | null
  kopecks: number | null
  hash: string
  needs: Role[]
  /** The approvals with the present roles of their accounts: an approver may have left, or have another role. */
  approvals: { account: string; at: string; roles: Role[] }[]
  proposedBy: string
  proposedAt: Instant
  expiresAt: Instant
  state: State
  decidedBy: string | null
  decidedAt: Instant | null
  reason: string | null
  isBreakGlass: boolean
  reviewedBy: string | null
}

interface Wanted {
  /** The person whose sight limits the list. */
  sees: Person | 'everything'
  /** One proposal; all if left out. */
  id?: number | undefined
  state?: State | undefined
  before?: number | undefined
  limit: number
  now: Instant
}

/** The proposals, the latest first. A person who is limited to stores sees only their own. */
export async function readProposals(
  sql: Sql,
  { sees, id, state, before, limit, now }: Wanted,
): Promise<Listed[]> {
  const { programmes, stores } = sees === 'everything' ? { programmes: null, stores: null } : sees.sees
  const name = sees === 'everything' ? null : sees.name
  return await sql<Listed[]>`
    select * from (
      select id, act, input, programme_id as "programmeId", points, kopecks, encode(hash, 'hex') as hash, needs,
        coalesce((
          select json_agg(json_build_object('account', account, 'at', approved_at, 'roles', coalesce(roles, '{}'))
            order by approved_at, account)
          from proposal_approvals left join staff on name = account and disabled_at is null
          where proposal_id = proposals.id), '[]') as approvals,
        proposed_by as "proposedBy", proposed_at as "proposedAt", expires_at as "expiresAt",
        case when state = 'open' and expires_at <= ${toIso(now)} then 'lapsed' else state end as state,
        decided_by as "decidedBy", decided_at as "decidedAt", reason, is_break_glass as "isBreakGlass",
        reviewed_by as "reviewedBy"
      from proposals
      where true
        ${programmes === null ? sql`` : sql`and programme_id = any(${programmes}::int[])`}
        ${stores === null ? sql`` : sql`and proposed_by = ${name}`}
        ${id === undefined ? sql`` : sql`and id = ${id}`}
        ${before === undefined ? sql`` : sql`and id < ${before}`}) proposal
    where ${state ?? null}::text is null or state = ${state ?? null}
    order by id desc limit ${limit}`
}

/** The roles whose approval is still needed. */
export function awaitedOf({ state, needs, approvals }: Listed): Role[] {
  if (state !== 'open') return []
  const approvers = approvals.map(({ roles }) => roles)
  return needs.filter((role) => isNeeded(needs, approvers, [role]))
}

const AGES = { 'up to a day': DAY, 'up to 3 days': 3 * DAY, 'up to 7 days': 7 * DAY } as const
type Age = keyof typeof AGES

export interface ProposalCounts {
  open: Record<Age, number>
  /** Acts that one person did alone, and that no other person has reviewed. */
  toReview: number
  decided: Decisions
}

/** For the metrics. */
export async function countProposals(sql: Sql, now: Instant): Promise<ProposalCounts> {
  const rows = await sql<{ proposedAt: Instant | null }[]>`
    select case when state = 'open' then proposed_at end as "proposedAt" from proposals
    where (state = 'open' and expires_at > ${toIso(now)}) or (is_break_glass and reviewed_at is null)`
  const open: Record<Age, number> = { 'up to a day': 0, 'up to 3 days': 0, 'up to 7 days': 0 }
  for (const { proposedAt } of rows) {
    const age = Object.keys(AGES).find((age) => proposedAt !== null && now - proposedAt <= AGES[age as Age])
    if (age) open[age as Age] += 1
  }
  const toReview = rows.filter(({ proposedAt }) => proposedAt === null).length
  return { open, toReview, decided: await countDecisions(sql, { sees: 'everything', now }) }
}

/** How decisions were made within so many days. */
export interface Decisions {
  days: number
  done: number
  rejected: number
  lapsed: number
  /** Done by one person, without approvals. */
  alone: number
  /** From the proposal as it was decided about to its last approval or its rejection: of the one in the middle, and within what nine of ten were. */
  middleSeconds: number | null
  slowSeconds: number | null
}

const COUNTED_DAYS = 30

/** Counts the decisions that a person may see; those by one person alone count as immediate. */
export async function countDecisions(
  sql: Sql,
  { sees, now }: Pick<Wanted, 'sees' | 'now'>,
): Promise<Decisions> {
  const { programmes, stores } = sees === 'everything' ? { programmes: null, stores: null } : sees.sees
  const name = sees === 'everything' ? null : sees.name
  const since = toIso(now - COUNTED_DAYS * DAY)
  const [row] = await sql<Omit<Decisions, 'days'>[]>`
    select (count(*) filter (where state = 'done' and not is_break_glass))::int as done,
      (count(*) filter (where state = 'rejected'))::int as rejected,
      (count(*) filter (where state = 'open'))::int as lapsed,
      (count(*) filter (where is_break_glass))::int as alone,
      percentile_disc(0.5) within group (order by seconds)::float8 as "middleSeconds",
      percentile_disc(0.9) within group (order by seconds)::float8 as "slowSeconds"
    from (
      select *, case when not is_break_glass then round(extract(epoch from decided_at - proposed_at)) end as seconds
      from proposals
      where (decided_at > ${since} or (state = 'open' and expires_at > ${since} and expires_at <= ${toIso(now)}))
        ${programmes === null ? sql`` : sql`and programme_id = any(${programmes}::int[])`}
        ${stores === null ? sql`` : sql`and proposed_by = ${name}`}) decided`
  if (!row) throw new Error('a count has no row')
  return { days: COUNTED_DAYS, ...row }
}

interface DoneAlone {
  id: number
  act: string
  decidedBy: string
  /** The id of its operation in the ledger. */
  operation: string | null
}

/** The latest acts that one person did alone, and that no other person has reviewed yet. */
export async function readUnreviewed(sql: Sql): Promise<DoneAlone[]> {
  return await sql<DoneAlone[]>`
    select id, act, decided_by as "decidedBy", input->>'id' as operation
    from proposals where is_break_glass and reviewed_at is null
    order by id desc limit 100`
}
