import { z } from 'zod'
import { isRole, type Role } from '../../shared/staff.ts'
import { toIso } from '../../shared/time.ts'
import { findPerson, type Person } from '../access/staff/accounts.ts'
import type { Tx } from '../database/connect.ts'
import type { Staff } from '../ledger/account.ts'
import { type Act, ActError, act, type By, performWithin, readInput, refuseOutOfSight } from './act.ts'
import { publishRuleBook } from './books.ts'
import { startCampaign } from './campaigns.ts'
import { adjustPoints } from './customers.ts'
import { freezeProgramme } from './freeze.ts'
import { idInput, textInput } from './inputs.ts'
import type { ActName, Asking } from './permissions.ts'
import type { Place } from './place.ts'
import {
  covers,
  decideProposal,
  hashOf,
  identityOf,
  lockProposal,
  type Proposal,
  rewriteProposal,
  type Wanted,
} from './proposalRows.ts'
import { setSetting } from './settings.ts'
import { addVouchers } from './vouchers.ts'

/** The acts that may be too heavy for one person: all that weigh. */
export const heavyActs: Act<z.ZodType, unknown>[] = [
  adjustPoints,
  publishRuleBook,
  setSetting,
  startCampaign,
  freezeProgramme,
  addVouchers,
]
const heavy = new Map(heavyActs.map((act) => [act.name, act]))

const input = z.strictObject({ proposal: idInput })
const hashInput = z.string().regex(/^[0-9a-f]{64}$/, 'the hash of what was seen is expected')

/** The place of a proposal. A person who is limited to stores sees only their own proposals. */
async function place(sql: Tx, { proposal: id }: { proposal: number }, who: Asking): Promise<Place | null> {
  const [row] = await sql<{ programmeId: number; proposedBy: string }[]>`
    select programme_id as "programmeId", proposed_by as "proposedBy" from proposals where id = ${id}`
  if (!row) return null
  const isOwn = who.type === 'person' && who.name === row.proposedBy
  return { programmeId: row.programmeId, stores: (isOwn && who.sees.stores) || 'all' }
}

/** Approves a proposal. With the last approval that it needs, it is done in this transaction as the act of its proposer. */
export const approveProposal = act({
  name: 'proposal approve',
  title: 'Approve a proposal',
  input: input.extend({ hash: hashInput }),
  place,
  async run(sql, { proposal: id, hash }, by) {
    const proposal = await lockOpen(sql, id, by)
    const approver = await memberOf(sql, by.who)
    if (proposal.proposedBy === approver.name)
      throw new ActError(
        'own_proposal',
        'Nobody approves what they have proposed themselves, an owner neither.',
      )
    if (!approver.roles.some((role) => proposal.needs.includes(role)))
      throw new ActError(
        'not_needed',
        `Proposal ${id} needs ${proposal.needs.join(' and ')}. Nothing was changed.`,
      )
    if (hash !== proposal.hash) throw edited(id)
    await refuseOutdated(sql, proposal, by)
    await sql`
      insert into proposal_approvals (proposal_id, account, approved_at) values (${id}, ${approver.name}, ${toIso(by.now)})
      on conflict do nothing`
    const isDone = covers(proposal.needs, await rolesOfApprovers(sql, proposal))
    const result = isDone ? await execute(sql, proposal, by) : null
    if (isDone) await decideProposal(sql, id, { state: 'done', who: by.who, now: by.now })
    const state: Proposal['state'] = isDone ? 'done' : 'open'
    return {
      result: { proposal: id, state, result },
      change: { subject: subjectOf(id), after: { state, hash } },
    }
  },
})

/** Rejects a proposal, by its proposer or by a person who could approve it. */
export const rejectProposal = act({
  name: 'proposal reject',
  title: 'Reject a proposal',
  /** Where the hash is given, it is of what was seen. */
  input: input.extend({ reason: textInput, hash: hashInput.optional() }),
  place,
  async run(sql, { proposal: id, reason, hash }, by) {
    const proposal = await lockOpen(sql, id, by)
    if (by.who.type !== 'admin' && proposal.proposedBy !== by.who.name) {
      const { roles } = await memberOf(sql, by.who)
      if (!roles.includes('owner') && !roles.some((role) => proposal.needs.includes(role)))
        throw new ActError('not_yours', `Proposal ${id} is not yours to reject. Nothing was changed.`)
    }
    if (hash !== undefined && hash !== proposal.hash) throw edited(id)
    await decideProposal(sql, id, { state: 'rejected', who: by.who, now: by.now, reason })
    return {
      result: { proposal: id, state: 'rejected' as const },
      change: { subject: subjectOf(id), after: { state: 'rejected', reason } },
    }
  },
})

/** Changes a proposal. Earlier approvals are void, because they were for another input. */
export const editProposal = act({
  name: 'proposal edit',
  title: 'Edit a proposal',
  input: input.extend({ input: z.looseObject({}) }),
  place,
  async run(sql, { proposal: id, input: given }, by) {
    const proposal = await lockOpen(sql, id, by)
    const proposer = await memberOf(sql, by.who)
    if (proposal.proposedBy !== proposer.name)
      throw new ActError(
        'not_yours',
        `Proposal ${id} is somebody else's: reject it, or make one of your own.`,
      )
    const heavyAct = actOf(proposal)
    await refuseOutOfSight(sql, heavyAct, readInput(heavyAct, given), proposer)
    const changed = await weighed(sql, { ...proposal, input: given }, by)
    if (!changed)
      throw new ActError('needs_no_approval', 'This needs no approval: reject the proposal, and do it.')
    const rewritten = await rewriteProposal(sql, id, changed, by.now)
    const change = {
      subject: subjectOf(id),
      before: { hash: proposal.hash },
      after: { hash: rewritten.hash, points: rewritten.points },
    }
    return { result: rewritten, change }
  },
})

/** Does a proposal without approvals. Another person is to review it afterwards. */
export const breakGlass = act({
  name: 'proposal break',
  title: 'Do what is proposed without the approvals',
  input: input.extend({ reason: textInput }),
  place,
  async run(sql, { proposal: id, reason }, by) {
    const proposal = await lockOpen(sql, id, by)
    await refuseOutdated(sql, proposal, by)
    const result = await execute(sql, proposal, by, by.who)
    await decideProposal(sql, id, { state: 'done', who: by.who, now: by.now, reason, isBreakGlass: true })
    return {
      result: { proposal: id, state: 'done' as const, result },
      change: { subject: subjectOf(id), after: { state: 'done', reason, isBreakGlass: true } },
    }
  },
})

/** Another person has reviewed an act that one did alone. */
export const reviewProposal = act({
  name: 'proposal review',
  title: 'Review what was done without approvals',
  input,
  place,
  async run(sql, { proposal: id }, { who, now }) {
    const proposal = await lockProposal(sql, id)
    if (!proposal) throw notThere(id)
    if (!proposal.isBreakGlass)
      throw new ActError('nothing_to_review', `Proposal ${id} was not done by one person alone.`)
    const reviewer = identityOf(who)
    if (reviewer === proposal.decidedBy || reviewer === proposal.proposedBy)
      throw new ActError(
        'own_proposal',
        'Somebody else is to look at what you have done or proposed yourself.',
      )
    const result = { proposal: id }
    if (proposal.reviewedAt !== null) return { result, change: null }
    await sql`update proposals set reviewed_at = ${toIso(now)}, reviewed_by = ${reviewer} where id = ${id}`
    return { result, change: { subject: subjectOf(id), after: { reviewedBy: reviewer } } }
  },
})

const subjectOf = (id: number) => `proposal ${id}`
const edited = (id: number) =>
  new ActError('proposal_edited', `Proposal ${id} is not what you have seen any more: look at it again.`)
const notThere = (id: number) => new ActError('proposal_not_found', `There is no proposal ${id}.`)

async function lockOpen(sql: Tx, id: number, { now }: By): Promise<Proposal> {
  const proposal = await lockProposal(sql, id)
  if (!proposal) throw notThere(id)
  if (proposal.state !== 'open')
    throw new ActError(
      'proposal_decided',
      `Proposal ${id} is ${proposal.state} already, by ${proposal.decidedBy}.`,
    )
  if (proposal.expiresAt <= now)
    throw new ActError('proposal_lapsed', `Proposal ${id} lapsed after 7 days: propose it again.`)
  return proposal
}

/** The account with its present roles: those at its sign-in or approval do not count. */
async function memberOf(sql: Tx, { type, name }: Staff): Promise<Person> {
  const person = isRole(type) ? await findPerson(sql, name) : null
  if (person) return person
  throw new ActError(
    'no_account',
    'Only who has an account proposes and approves; on the server it is "proposal break".',
  )
}

async function rolesOfApprovers(sql: Tx, { id }: Proposal): Promise<Role[][]> {
  const rows = await sql<{ roles: Role[] }[]>`
    select roles from proposal_approvals join staff on name = account
    where proposal_id = ${id} and disabled_at is null`
  return rows.map(({ roles }) => roles)
}

function actOf({ act: name }: { act: string }): Act<z.ZodType, unknown> {
  const found = heavy.get(name as ActName)
  if (!found) throw new Error(`the act "${name}" needs no approval`)
  return found
}

/** The act as it would be done now; null where it needs no approval. */
async function weighed(sql: Tx, proposal: Pick<Proposal, 'act' | 'input'>, by: By): Promise<Wanted | null> {
  const heavyAct = actOf(proposal)
  const input = readInput(heavyAct, proposal.input)
  const weight = (await heavyAct.weigh?.(sql, input, by)) ?? null
  return weight && { act: heavyAct.name, input, weight }
}

/** Refuses a proposal whose basis has changed: neither its proposer nor its approvers have seen the present one. */
async function refuseOutdated(sql: Tx, proposal: Proposal, by: By): Promise<void> {
  const now = await weighed(sql, proposal, { ...by, proposal: proposal.id })
  if (now && hashOf(now) === proposal.hash) return
  throw new ActError(
    'proposal_outdated',
    `What proposal ${proposal.id} would change has changed since. It was not done: reject it, and propose it again.`,
  )
}

/** Does the act in the name of its proposer, if they still may do it, or of the person who does it alone. */
async function execute(sql: Tx, proposal: Proposal, by: By, alone?: Staff): Promise<unknown> {
  const who =
    alone?.type === 'admin'
      ? { type: 'admin' as const, name: alone.name }
      : await findPerson(sql, alone?.name ?? proposal.proposedBy)
  if (!who)
    throw new ActError(
      'no_account',
      `Who proposed ${proposal.id} has no account any more: propose it again. Nothing was changed.`,
    )
  const { from: _, ...around } = by
  return await performWithin(sql, actOf(proposal), proposal.input, { ...around, who, proposal: proposal.id })
}
