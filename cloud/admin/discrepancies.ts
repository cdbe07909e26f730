import { z } from 'zod'
import { toIso } from '../../shared/time.ts'
import { logChange } from '../auditLog.ts'
import type { Tx } from '../database/connect.ts'
import { authorName } from '../ledger/rows.ts'
import { isOpenHold } from '../ledger/standing.ts'
import { AdminError, type Command, command, type House } from './command.ts'
import { settleHold } from './holds.ts'
import { flagInput, idInput, textInput } from './inputs.ts'
import { moment, table } from './print.ts'

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

const ways = ['applied', 'released', 'noted'] as const
type Way = (typeof ways)[number]

/**
 * Closes a discrepancy with its reason; `applied` and `released` settle its hold in the same transaction.
 * A note alone would close it for ever while the customer's points stay taken, so an open hold must be settled.
 */
export async function settleDiscrepancy(
  house: House,
  { id, as, reason }: { id: number; as: Way; reason: string },
) {
  return await house.sql.begin(async (sql) => {
    const { kind, reference } = await lockOpen(sql, id)
    if (as !== 'noted') {
      if (kind !== 'hold_in_doubt') {
        throw new AdminError('no_hold', `Discrepancy ${id} is about no open hold: settle it with --as noted.`)
      }
      const whenOtherwise = 'settle the discrepancy with --as noted'
      await settleHold(sql, house, { redeemId: reference, as, reason, whenOtherwise })
    } else if (kind === 'hold_in_doubt') await refuseOpenHold(sql, reference)
    const settlement = `${as}: ${reason}`
    const who = authorName(house.admin)
    await sql`
      update discrepancies set settled_at = ${toIso(house.now)}, settled_by = ${who}, settlement = ${settlement}
      where id = ${id}`
    const subject = `discrepancy ${id}`
    await logChange(sql, {
      who,
      action: 'discrepancy settle',
      subject,
      before: { kind, reference },
      after: { settlement },
    })
    return { id, settlement }
  })
}

async function refuseOpenHold(sql: Tx, redeemId: string): Promise<void> {
  const [hold] = await sql<{ points: number }[]>`
    select points from holds where id = ${redeemId} and ${isOpenHold(sql)}`
  if (!hold) return
  throw new AdminError(
    'hold_open',
    `The hold still takes ${hold.points} points of the customer: settle it with --as applied if 1C gave the ` +
      'discount, or --as released. Where nobody can know, released gives the points back.',
  )
}

async function lockOpen(sql: Tx, id: number): Promise<Pick<Filed, 'kind' | 'reference'>> {
  const [row] = await sql<Pick<Filed, 'kind' | 'reference' | 'settlement' | 'settledAt'>[]>`
    select kind, reference, settlement, settled_at as "settledAt" from discrepancies where id = ${id} for update`
  if (!row)
    throw new AdminError('discrepancy_not_found', `There is no discrepancy ${id}: see "discrepancy list".`)
  if (row.settledAt === null) return row
  throw new AdminError('already_settled', `Discrepancy ${id} was settled before (${row.settlement}).`)
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
  'discrepancy settle': command({
    usage: 'discrepancy settle --id <id> --as applied|released|noted --reason <why>',
    input: z.strictObject({ id: idInput, as: z.enum(ways), reason: textInput }),
    run: settleDiscrepancy,
    text: ({ id, settlement }) => `Discrepancy ${id} is settled, ${settlement}.`,
  }),
}
