import { z } from 'zod'
import { newId } from '../../shared/id.ts'
import { operationIdSchema } from '../../shared/operation.ts'
import { toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { isOpenHold } from '../ledger/conditions.ts'
import type { Request } from '../ledger/request.ts'
import { authorName } from '../ledger/rows.ts'
import { ActError, act, type By } from './act.ts'
import { idInput, textInput } from './inputs.ts'
import { askLedger, refusal } from './ledger.ts'
import { placeOfDiscrepancy, placeOfHold } from './place.ts'

/** Settles a hold. The sweep closes a discrepancy about it, as when the register settles it. */
export const settleHold = act({
  name: 'hold settle',
  title: 'Settle a hold',
  input: z.strictObject({
    hold: operationIdSchema,
    as: z.enum(['applied', 'released']),
    reason: textInput,
  }),
  place: (sql, { hold }) => placeOfHold(sql, hold),
  async run(sql, { hold, as, reason }, by) {
    const whenOtherwise = 'there is nothing left to settle'
    await endHold(sql, by, { redeemId: hold, as, reason, whenOtherwise })
    const change = { subject: `hold ${hold}`, after: { settlement: `${as}: ${reason}` } }
    return { result: { hold, as }, change }
  },
})

/**
 * Closes a discrepancy with its reason; `applied` and `released` settle its hold in the same transaction.
 * A note alone would close it for ever while the customer's points stay taken, so an open hold must be settled.
 */
export const settleDiscrepancy = act({
  name: 'discrepancy settle',
  title: 'Settle a discrepancy',
  input: z.strictObject({
    id: idInput,
    as: z.enum(['applied', 'released', 'noted']),
    reason: textInput,
  }),
  place: (sql, { id }) => placeOfDiscrepancy(sql, id),
  async run(sql, { id, as, reason }, by) {
    const { kind, reference } = await lockUnsettled(sql, id)
    if (as !== 'noted') {
      if (kind !== 'hold_in_doubt')
        throw new ActError('no_hold', `Discrepancy ${id} is about no open hold: settle it with --as noted.`)
      const whenOtherwise = 'settle the discrepancy with --as noted'
      await endHold(sql, by, { redeemId: reference, as, reason, whenOtherwise })
    } else if (kind === 'hold_in_doubt') await refuseOpenHold(sql, reference)
    const settlement = `${as}: ${reason}`
    await sql`
      update discrepancies
      set settled_at = ${toIso(by.now)}, settled_by = ${authorName(by.who)}, settlement = ${settlement}
      where id = ${id}`
    const change = { subject: `discrepancy ${id}`, before: { kind, reference }, after: { settlement } }
    return { result: { id, settlement }, change }
  },
})

interface Settlement {
  redeemId: string
  as: 'applied' | 'released'
  reason: string
  /** What to do where the hold was ended the other way meanwhile. */
  whenOtherwise: string
}

/** Ends a hold by hand. One that was ended so meanwhile is settled. */
async function endHold(sql: Tx, by: By, { redeemId, as, reason, whenOtherwise }: Settlement): Promise<void> {
  const base = { id: newId(by.now), at: by.now, redeemId, author: by.who }
  const request: Request =
    as === 'applied' ? { ...base, kind: 'apply' } : { ...base, kind: 'release', reason }
  const outcome = await askLedger(sql, by, request)
  if (outcome.status === 'accepted') return
  if (outcome.code !== 'already_resolved') throw refusal(outcome)
  if (outcome.details.resolution === as) return
  throw new ActError(
    outcome.code,
    `The hold was ${outcome.details.resolution} meanwhile: ${whenOtherwise}.`,
    outcome,
  )
}

async function refuseOpenHold(sql: Tx, redeemId: string): Promise<void> {
  const [hold] = await sql<{ points: number }[]>`
    select points from holds where id = ${redeemId} and ${isOpenHold(sql)}`
  if (!hold) return
  throw new ActError(
    'hold_open',
    `The hold still takes ${hold.points} points of the customer: settle it with --as applied if 1C gave the ` +
      'discount, or --as released. Where nobody can know, released gives the points back.',
  )
}

interface Unsettled {
  kind: string
  reference: string
}

async function lockUnsettled(sql: Tx, id: number): Promise<Unsettled> {
  const [row] = await sql<(Unsettled & { settlement: string | null; isSettled: boolean })[]>`
    select kind, reference, settlement, settled_at is not null as "isSettled"
    from discrepancies where id = ${id} for update`
  if (!row)
    throw new ActError('discrepancy_not_found', `There is no discrepancy ${id}: see "discrepancy list".`)
  if (!row.isSettled) return row
  throw new ActError('already_settled', `Discrepancy ${id} was settled before (${row.settlement}).`)
}
