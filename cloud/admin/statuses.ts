import { z } from 'zod'
import { cardSchema } from '../../shared/card.ts'
import { moment } from '../../shared/time.ts'
import { noCustomer } from '../acts/customers.ts'
import { setStatus } from '../acts/statuses.ts'
import { readStatus } from '../statuses/read.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { table } from './print.ts'

async function showStatus({ sql, now, timeZone }: House, { card }: { card: string }) {
  return await sql.begin('isolation level repeatable read read only', async (sql) => {
    const [customer] = await sql<{ customerId: number; programmeId: number }[]>`
      select id as "customerId", programme_id as "programmeId" from customers where card = ${card}`
    if (!customer) throw noCustomer(card)
    return { card, ...(await readStatus(sql, customer, { now, timeZone })) }
  })
}

export const statusCommands: Record<string, Command> = {
  'status show': command({
    usage: 'status show --card <card>',
    input: z.strictObject({ card: cardSchema }),
    run: showStatus,
    text: ({ card, status, metric, value, next, changes }) =>
      [
        metric === null
          ? `The programme of card ${card} has no statuses.`
          : `Card ${card} has ${status ?? 'no status'}, with ${metric} of ${value}` +
            (next ? `; ${next.missing} more reach ${next.status}.` : '; it is the highest.'),
        ...(changes.length === 0
          ? []
          : [
              table(
                ['at (UTC)', 'before', 'after', 'because', 'with', 'until (UTC)', 'who', 'reason'],
                changes.map(({ at, before, after, cause, value, until, who, reason }) => [
                  ...[
                    moment(at),
                    before,
                    after,
                    cause,
                    value,
                    until === null ? null : moment(until),
                    who,
                    reason,
                  ],
                ]),
              ),
            ]),
      ].join('\n\n'),
  }),
  'status set': commandOf(setStatus, {
    usage: 'status set --card <card> --status <name> --until <ISO time> --reason <why>',
    text: ({ card, status, until }) => `Card ${card} has ${status} until ${moment(until)} UTC.`,
  }),
}
