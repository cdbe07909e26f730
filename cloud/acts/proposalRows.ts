import { createHash } from 'node:crypto'
import type { Role } from '../../shared/staff.ts'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import type { Staff } from '../ledger/account.ts'
import { canonical } from './once.ts'
import type { ActName } from './permissions.ts'

/** The points that customers get by an act, and their worth in money; below zero, they lose them. */
export interface Effect {
  points: number
  kopecks: number
}

/** The weight of an act that is above what the programme lets one person do. */
export interface Weight {
  programmeId: number
  /** Null where it is not known beforehand. */
  effect: Effect | null
  /** The present state of what it would change: approvals are for a change of this state, and of no later one. */
  basis: Record<string, string | number | boolean | null>
}

export interface Wanted {
  act: ActName
  input: unknown
  weight: Weight
}

export interface Proposed {
  id: number
  act: ActName
  points: number | null
  kopecks: number | null
  needs: Role[]
  /** A hash of the proposal in hexadecimal: an approval names the one that its approver has seen. */
  hash: string
  expiresAt: string
}

const LIFE_MS = 7 * DAY
/** The roles of which one approval each is needed. */
const NEEDS: Role[] = ['marketing', 'finance']

export const hashOf = ({ act, input, weight: { basis } }: Wanted): string =>
  createHash('sha256').update(canonical({ act, input, basis })).digest('hex')

/** The identity of a person whatever their role: the name of the account, with `admin:` before it at the server. */
export const identityOf = ({ type, name }: Staff) => (type === 'admin' ? `admin:${name}` : name)

export async function insertProposal(
  sql: Tx,
  wanted: Wanted,
  { who, now }: { who: Staff; now: Instant },
): Promise<Proposed> {
  const { act, input, weight } = wanted
  const { points, kopecks } = weight.effect ?? { points: null, kopecks: null }
  const hash = hashOf(wanted)
  const expiresAt = toIso(now + LIFE_MS)
  const [row] = await sql<{ id: number }[]>`
    insert into proposals (
      act, input, programme_id, points, kopecks, hash, needs, proposed_by, proposed_at, expires_at, state)
    values (${act}, ${JSON.stringify(input)}::text::jsonb, ${weight.programmeId}, ${points}, ${kopecks}, decode(${hash}, 'hex'),
      ${NEEDS}, ${identityOf(who)}, ${toIso(now)}, ${expiresAt}, 'open')
    returning id`
  if (!row) throw new Error('the proposal was not written')
  return { id: row.id, act, points, kopecks, needs: NEEDS, hash, expiresAt }
}

/** Writes another input, for which earlier approvals do not count. */
export async function rewriteProposal(sql: Tx, id: number, wanted: Wanted, now: Instant): Promise<Proposed> {
  const { act, input, weight } = wanted
  const { points, kopecks } = weight.effect ?? { points: null, kopecks: null }
  const hash = hashOf(wanted)
  const expiresAt = toIso(now + LIFE_MS)
  await sql`
    update proposals set input = ${JSON.stringify(input)}::text::jsonb, programme_id = ${weight.programmeId}, points = ${points},
      kopecks = ${kopecks}, hash = decode(${hash}, 'hex'), proposed_at = ${toIso(now)}, expires_at = ${expiresAt}
    where id = ${id}`
  await sql`delete from proposal_approvals where proposal_id = ${id}`
  return { id, act, points, kopecks, needs: NEEDS, hash, expiresAt }
}

export interface Proposal {
  id: number
  act: string
  input: unknown
  hash: string
  needs: Role[]
  proposedBy: string
  expiresAt: Instant
  state: 'open' | 'done' | 'rejected'
  decidedBy: string | null
  isBreakGlass: boolean
  reviewedAt: Instant | null
}

/** Decisions about one proposal wait for each other. */
export async function lockProposal(sql: Tx, id: number): Promise<Proposal | null> {
  const [row] = await sql<Proposal[]>`
    select id, act, input, encode(hash, 'hex') as hash, needs, proposed_by as "proposedBy", expires_at as "expiresAt", state,
      decided_by as "decidedBy", is_break_glass as "isBreakGlass", reviewed_at as "reviewedAt"
    from proposals where id = ${id} for update`
  return row ?? null
}

type Decision = {
  state: 'done' | 'rejected'
  who: Staff
  now: Instant
  reason?: string
  isBreakGlass?: boolean
}

export async function decideProposal(
  sql: Tx,
  id: number,
  { state, who, now, reason, isBreakGlass = false }: Decision,
): Promise<void> {
  await sql`
    update proposals set state = ${state}, decided_at = ${toIso(now)}, decided_by = ${identityOf(who)},
      reason = ${reason ?? null}, is_break_glass = ${isBreakGlass}
    where id = ${id}`
}

/** Whether each role has an approver of its own: one person cannot stand for two roles. */
export const covers = (needs: readonly Role[], approvers: readonly (readonly Role[])[]): boolean =>
  matched(needs, approvers) === needs.length

/** Whether an approval by a person with these roles is still needed. */
export const isNeeded = (
  needs: readonly Role[],
  approvers: readonly (readonly Role[])[],
  roles: readonly Role[],
): boolean => matched(needs, [...approvers, roles]) > matched(needs, approvers)

/** How many of the roles have an approver. */
function matched(needs: readonly Role[], approvers: readonly (readonly Role[])[]): number {
  const [role, ...others] = needs
  if (role === undefined) return 0
  const taken = approvers.flatMap((roles, index) =>
    roles.includes(role) ? [1 + matched(others, approvers.toSpliced(index, 1))] : [],
  )
  return Math.max(matched(others, approvers), ...taken)
}
