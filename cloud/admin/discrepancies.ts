import { z } from 'zod'
import { moment, toIso } from '../../shared/time.ts'
import { flagInput } from '../acts/inputs.ts'
import { settleDiscrepancy } from '../acts/settle.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { table } from './print.ts'

interface Filed {
  id: number
  kind: 'hold_in_doubt' | 'late_apply' | 'audit' | 'parked'
  reference: string
  card: string | null
  details: Record<string, unknown>
  filedAt: number
  settledAt: number | null
  settledBy: string | null
  settlement: string | null
}

export async function listDiscrepancies({ sql }: House, { all = false }: { all?: boolean } = {}) {
  const rows = await sql<Filed[]>`
    select discrepancies.id, kind, reference, customers.card, details, filed_at as "filedAt",
      settled_at as "settledAt", settled_by as "settledBy", settlement
    from discrepancies left join customers on customers.id = customer_id
    where ${all} or settled_at is null
    order by discrepancies.id`
  const discrepancies = rows.map(({ filedAt, settledAt, ...row }) => ({
    ...row,
    filedAt: toIso(filedAt),
    settledAt: settledAt === null ? null : toIso(settledAt),
  }))
  return { discrepancies }
}

export const discrepancyCommands: Record<string, Command> = {
  'discrepancy list': command({
    usage: 'discrepancy list [--all]',
    input: z.strictObject({ all: flagInput }),
    run: listDiscrepancies,
    text: ({ discrepancies }) =>
      table(
        ['id', 'kind', 'card', 'filed (UTC)', 'details', 'settled'],
        discrepancies.map(({ id, kind, card, filedAt, details, settledBy, settlement }) => [
          id,
          kind,
          card,
          moment(filedAt),
          JSON.stringify(details),
          settledBy && `${settledBy}, ${settlement}`,
        ]),
      ),
  }),
  'discrepancy settle': commandOf(settleDiscrepancy, {
    usage: 'discrepancy settle --id <id> --as applied|released|noted --reason <why>',
    text: ({ id, settlement }) => `Discrepancy ${id} is settled, ${settlement}.`,
  }),
}
