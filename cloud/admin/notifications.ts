import { z } from 'zod'
import { cardSchema } from '../../shared/card.ts'
import { toIso } from '../../shared/time.ts'
import { logChange } from '../auditLog.ts'
import { authorName } from '../ledger/rows.ts'
import { AdminError, type Command, command, type House } from './command.ts'
import { flagInput, textInput } from './inputs.ts'
import { moment, table } from './print.ts'

const SHOWN = 100

interface Row {
  card: string
  kind: string
  reference: string
  createdAt: number
  dueAt: number
  attempts: number
  problem: string | null
}

/** The oldest of those that wait, or that are parked and need a person; and how many there are in all. */
export async function listNotifications(
  { sql }: House,
  { state = 'parked' }: { state?: 'parked' | 'waiting' | undefined } = {},
) {
  const [counts] = await sql<{ waiting: number; parked: number }[]>`
    select (select count(*) from notifications where state = 'waiting') as waiting,
      (select count(*) from notifications where state = 'parked') as parked`
  const rows = await sql<Row[]>`
    select card, kind, reference, notifications.created_at as "createdAt", due_at as "dueAt", attempts, problem
    from notifications join customers on customers.id = customer_id
    where state = ${state}
    order by due_at, customer_id, kind, reference
    limit ${SHOWN}`
  const notifications = rows.map(({ createdAt, dueAt, ...row }) => ({
    ...row,
    createdAt: toIso(createdAt),
    dueAt: toIso(dueAt),
  }))
  return { ...(counts ?? { waiting: 0, parked: 0 }), state, notifications }
}

/** Which of the parked ones: all of them, those of a customer, or one of theirs. */
type Which = { all?: boolean; card?: string | undefined; reference?: string | undefined }

/** They wait again, as if they had never been tried. */
export async function retryNotifications(house: House, which: Which) {
  return await changeParked(house, which, { action: 'notification retry', state: 'waiting' })
}

/** They are not sent any more. */
export async function dropNotifications(house: House, which: Which) {
  return await changeParked(house, which, { action: 'notification drop', state: 'dropped' })
}

async function changeParked(
  { sql, now, admin }: House,
  { all = false, card, reference }: Which,
  { action, state }: { action: string; state: 'waiting' | 'dropped' },
) {
  if (all === (card !== undefined))
    throw new AdminError('which', 'Say which: --card <card>, or --all for everything that is parked.')
  if (all && reference) throw new AdminError('which', 'A --reference needs the --card it belongs to.')
  return await sql.begin(async (sql) => {
    const fresh = sql`due_at = ${toIso(now)}, failures = 0, interruptions = 0, settled_at = null, problem = null`
    const changed = await sql<{ kind: string; reference: string }[]>`
      update notifications
      set state = ${state}, ${state === 'waiting' ? fresh : sql`settled_at = ${toIso(now)}`}
      from customers
      where customers.id = customer_id and state = 'parked'
        and (${all} or card = ${card ?? null}) and (${reference ?? null}::text is null or reference = ${reference ?? null})
      returning kind, reference`
    if (changed.length === 0)
      throw new AdminError('nothing_parked', 'Nothing like that is parked: see "notification list".')
    await logChange(sql, {
      who: authorName(admin),
      action,
      subject: card ? `customer ${card}` : 'notifications',
      before: { state: 'parked', reference },
      after: { state, count: changed.length },
    })
    return { changed: changed.length }
  })
}

const whichInput = z.strictObject({
  all: flagInput,
  card: cardSchema.optional(),
  reference: textInput.optional(),
})

export const notificationCommands: Record<string, Command> = {
  'notification list': command({
    usage: 'notification list [--state parked|waiting]',
    input: z.strictObject({ state: z.enum(['parked', 'waiting']).optional() }),
    run: listNotifications,
    text: ({ waiting, parked, notifications }) => {
      const rows = notifications.map(({ card, kind, reference, createdAt, dueAt, attempts, problem }) => [
        card,
        kind,
        reference,
        moment(createdAt),
        moment(dueAt),
        attempts,
        problem,
      ])
      const headings = ['card', 'kind', 'reference', 'written (UTC)', 'due (UTC)', 'attempts', 'problem']
      return `${waiting} waiting, ${parked} parked.\n${table(headings, rows)}`
    },
  }),
  'notification retry': command({
    usage: 'notification retry --card <card> [--reference <reference>] | --all',
    input: whichInput,
    run: retryNotifications,
    text: ({ changed }) => `Waiting to be sent again: ${changed}.`,
  }),
  'notification drop': command({
    usage: 'notification drop --card <card> [--reference <reference>] | --all',
    input: whichInput,
    run: dropNotifications,
    text: ({ changed }) => `Dropped: ${changed}.`,
  }),
}
