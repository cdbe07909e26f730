import { z } from 'zod'
import { moment, toIso } from '../../shared/time.ts'
import { dropNotifications, retryNotifications } from '../acts/notifications.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { table } from './print.ts'

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
  'notification retry': commandOf(retryNotifications, {
    usage: 'notification retry --card <card> [--reference <reference>] | --all',
    text: ({ changed }) => `Waiting to be sent again: ${changed}.`,
  }),
  'notification drop': commandOf(dropNotifications, {
    usage: 'notification drop --card <card> [--reference <reference>] | --all',
    text: ({ changed }) => `Dropped: ${changed}.`,
  }),
}
