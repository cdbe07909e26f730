import { Api, GrammyError, HttpError, InlineKeyboard } from 'grammy'
import type { Role } from '../../../shared/staff.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import { type Member, readMembers } from '../../access/staff/telegram.ts'
import { sees } from '../../acts/place.ts'
import { type Listed, readProposals } from '../../acts/proposalList.ts'
import { isNeeded } from '../../acts/proposalRows.ts'
import type { Config } from '../../config.ts'
import type { Sql } from '../../database/connect.ts'
import type { Job, JobContext } from '../../jobs/job.ts'
import { problemOf } from '../faults.ts'
import { writeProposalButton } from './button.ts'
import { describeProposal, isAsked, type Reader } from './describe.ts'
import { approvalTexts } from './texts.ts'

/** Far less than a minute, so that a Telegram that is away holds up no other job for long. */
const TIMEOUT_SECONDS = 10
/** So many at a time; the next run goes on. */
const AT_ONCE = 200

/** Where proposals are told of. */
export interface Place {
  api: Api
  /** Of the shops. */
  timeZone: string
  /** Undefined where nobody has said by which address the console is reached. */
  publicUrl: string | undefined
}

/** With what no log may tell. */
type PlaceOfJob = Place & { token: string }

type Told = { told: number; closed: number }

/** Tells those who may approve it of each version of each proposal once, and says under it what became of it. */
export function createApprovalsJob(
  { token, apiUrl, publicUrl }: NonNullable<Config['telegram']>,
  { timeZone }: { timeZone: string },
): Job<Told> {
  const api = new Api(token, { apiRoot: apiUrl, timeoutSeconds: TIMEOUT_SECONDS })
  const place = { api, token, timeZone, publicUrl }
  return { name: 'approvals', isOftenIdle: true, work: (sql, context) => tell(sql, context, place) }
}

async function tell(sql: Sql, context: JobContext, place: PlaceOfJob): Promise<Told> {
  const result = { told: 0, closed: 0 }
  try {
    for (const { proposal, member } of await toTell(sql, context.now)) {
      if (context.signal?.aborted) break
      await tellOne(sql, context, { place, proposal, member })
      result.told += 1
    }
    for (const shown of await toClose(sql, context.now)) {
      if (context.signal?.aborted) break
      await closeOne(sql, context.now, { place, shown })
      result.closed += 1
    }
  } catch (error) {
    if (!isAway(error)) throw error
    context.log?.warn(
      { problem: problemOf(error, place.token) },
      'approvers are told later: Telegram is away',
    )
  }
  return result
}

/** The proposals that members of the staff are still to be asked about. */
async function toTell(sql: Sql, now: Instant): Promise<{ proposal: Listed; member: Member }[]> {
  const members = await readMembers(sql)
  if (members.length === 0) return []
  const proposals = await readProposals(sql, { sees: 'everything', state: 'open', limit: AT_ONCE, now })
  const told = await sql<{ id: number; account: string; proposedAt: number }[]>`
    select proposal_id as id, account, proposed_at as "proposedAt"
    from proposal_messages where proposal_id = any(${proposals.map(({ id }) => id)}::int[])`
  const known = new Set(told.map(keyOf))
  const staff = await sql<
    { name: string; roles: Role[] }[]
  >`select name, roles from staff where disabled_at is null`
  const rolesOf = new Map(staff.map(({ name, roles }) => [name, roles]))
  return proposals.flatMap((proposal) => {
    const { id, needs, programmeId, proposedBy, proposedAt, approvals } = proposal
    const approvers = approvals.map(({ account }) => rolesOf.get(account) ?? [])
    return members
      .filter(({ person: { name, roles, sees: seen } }) => {
        if (name === proposedBy || !sees(seen, { programmeId, stores: 'all' })) return false
        return isNeeded(needs, approvers, roles) && !approvals.some(({ account }) => account === name)
      })
      .filter(({ person: { name } }) => !known.has(keyOf({ id, account: name, proposedAt })))
      .map((member) => ({ proposal, member }))
  })
}

const keyOf = ({ id, account, proposedAt }: { id: number; account: string; proposedAt: number }) =>
  `${id} ${account} ${proposedAt}`

/** Written down after it was sent: a process that dies in between tells it twice, and never not at all. */
async function tellOne(
  sql: Sql,
  { now, log }: JobContext,
  { place, proposal, member }: { place: PlaceOfJob; proposal: Listed; member: Member },
): Promise<void> {
  const { telegramId, language, person } = member
  const reader = { account: person.name, language, proposedAt: null, timeZone: place.timeZone, now }
  const text = await describeProposal(sql, proposal, reader)
  const messageId = await place.api
    .sendMessage(telegramId, text.html, markupOf(proposal, reader, place))
    .then(({ message_id }) => message_id)
    .catch((error) => {
      if (isAway(error)) throw error
      log?.warn(
        { problem: problemOf(error, place.token), account: person.name, proposal: proposal.id },
        'an approver was not told of a proposal: Telegram does not take it',
      )
      return null
    })
  await sql`
    insert into proposal_messages (proposal_id, account, proposed_at, telegram_id, message_id, closed_at)
    values (${proposal.id}, ${person.name}, ${toIso(proposal.proposedAt)}, ${telegramId}, ${messageId},
      ${messageId === null ? toIso(now) : null})
    on conflict do nothing`
}

/** A message under which it says how a proposal stands. */
interface Shown extends Pick<Reader, 'account' | 'language'> {
  id: number
  telegramId: number
  messageId: number
}

/** Of proposals that nobody waits for any more, as they were told. */
async function toClose(sql: Sql, now: Instant): Promise<Shown[]> {
  return await sql<Shown[]>`
    select proposal_id as id, account, language, telegram_id as "telegramId", message_id as "messageId"
    from proposal_messages message
    join proposals on proposals.id = proposal_id
    join staff on staff.name = account
    where closed_at is null
      and (state <> 'open' or expires_at <= ${toIso(now)} or message.proposed_at <> proposals.proposed_at)
    order by proposal_id, account limit ${AT_ONCE}`
}

async function closeOne(
  sql: Sql,
  now: Instant,
  { place, shown }: { place: Place; shown: Shown },
): Promise<void> {
  await showAgain(sql, now, { place, shown })
  await sql`
    update proposal_messages set closed_at = ${toIso(now)}
    where telegram_id = ${shown.telegramId} and message_id = ${shown.messageId}`
}

/**
 * Writes into a message of ours how its proposal stands now. One that is gone, or says so already, stays as it is. It throws
 * where Telegram is away.
 */
export async function showAgain(
  sql: Sql,
  now: Instant,
  { place, shown }: { place: Place; shown: Shown },
): Promise<void> {
  const { id, telegramId, messageId, account, language } = shown
  const [told] = await sql<{ proposedAt: Instant }[]>`
    select proposed_at as "proposedAt" from proposal_messages
    where proposal_id = ${id} and telegram_id = ${telegramId} and message_id = ${messageId}`
  const [proposal] = await readProposals(sql, { sees: 'everything', id, limit: 1, now })
  if (!told || !proposal) return
  const reader = { account, language, proposedAt: told.proposedAt, timeZone: place.timeZone, now }
  const text = await describeProposal(sql, proposal, reader)
  await place.api
    .editMessageText(telegramId, messageId, text.html, markupOf(proposal, reader, place))
    .catch((error) => {
      if (isAway(error)) throw error
    })
}

function markupOf(proposal: Listed, reader: Reader, { publicUrl }: Pick<Place, 'publicUrl'>) {
  const texts = approvalTexts[reader.language]
  const keyboard = new InlineKeyboard()
  if (isAsked(proposal, reader))
    keyboard
      .text(texts.approve, writeProposalButton('approve', proposal))
      .text(texts.reject, writeProposalButton('reject', proposal))
      .row()
  // Telegram takes no link without TLS.
  if (publicUrl?.startsWith('https:'))
    keyboard.url(texts.open, `${publicUrl}/console/proposals?open=${proposal.id}`)
  return {
    ...{ parse_mode: 'HTML' as const, link_preview_options: { is_disabled: true } },
    reply_markup: keyboard,
  }
}

/** A message is tried again later where Telegram does not answer, is asked too much, or has a problem of its own. */
function isAway(error: unknown): boolean {
  if (error instanceof HttpError) return true
  if (!(error instanceof GrammyError)) return false
  return error.error_code === 429 || error.error_code >= 500 || [401, 404].includes(error.error_code)
}
