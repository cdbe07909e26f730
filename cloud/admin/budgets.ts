import { z } from 'zod'
import { moment, toIso } from '../../shared/time.ts'
import { findProgramme, programmeInput } from '../acts/programmes.ts'
import { readBudgets } from '../ledger/readBudgets.ts'
import { type Command, command, type House } from './command.ts'
import { table } from './print.ts'

/** What the budgets of the valid book have given in the periods of this moment. */
async function listBudgets(
  { sql, now, timeZone }: House,
  { programme }: { programme?: string | undefined } = {},
) {
  const { id: programmeId } = await findProgramme(sql, programme)
  const budgets = await readBudgets(sql, { programmeId, now, timeZone })
  return {
    budgets: budgets.map(({ softAt, hardAt, ...budget }) => ({
      ...budget,
      softAt: softAt === null ? null : toIso(softAt),
      hardAt: hardAt === null ? null : toIso(hardAt),
    })),
  }
}

export const budgetCommands: Record<string, Command> = {
  'budget list': command({
    usage: 'budget list [--programme <id or name>]',
    input: z.strictObject({ programme: programmeInput }),
    run: listBudgets,
    text: ({ budgets }) =>
      budgets.length === 0
        ? 'The valid rule book has no budgets.'
        : table(
            [
              'budget',
              'title',
              'period',
              'store',
              'points',
              'given',
              'left',
              'nearly given (UTC)',
              'short (UTC)',
            ],
            budgets.map(({ budgetId, title, period, store, limit, spent, left, softAt, hardAt }) => [
              ...[budgetId, title, period, store, limit, spent, left],
              ...[softAt, hardAt].map((at) => at && moment(at)),
            ]),
          ),
  }),
}
