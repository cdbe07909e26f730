import { z } from 'zod'
import { cardSchema } from '../../shared/card.ts'
import { formatKopecks } from '../../shared/numbers.ts'
import type { HoldState } from '../../shared/operation.ts'
import { type Instant, moment, toIso } from '../../shared/time.ts'
import { ActError, perform } from '../acts/act.ts'
import { idInput, textInput } from '../acts/inputs.ts'
import { settleHold } from '../acts/settle.ts'
import { findStore } from '../acts/stores.ts'
import type { Sql } from '../database/connect.ts'
import { isHeldUp } from '../database/outage.ts'
import { isOpenHold } from '../ledger/conditions.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { table } from './print.ts'

interface OpenHold {
  id: string
  card: string
  store: string
  registerId: number
  register: string
  state: HoldState
  points: number
  purchaseKopecks: number
  heldAt: Instant
  until: Instant
  inDoubtAt: Instant | null
}

interface Which {
  register?: number | undefined
  store?: string | undefined
  card?: string | undefined
}

/** All points that are held just now, the oldest hold first. */
export async function listHolds({ sql }: House, { register, store, card }: Which = {}) {
  const storeId = store === undefined ? null : (await findStore(sql, store)).id
  const rows = await readOpenHolds(sql, { registerId: register ?? null, storeId, card: card ?? null })
  const holds = rows.map(({ heldAt, until, inDoubtAt, ...row }) => ({
    ...row,
    heldAt: toIso(heldAt),
    until: toIso(until),
    inDoubtAt: inDoubtAt === null ? null : toIso(inDoubtAt),
  }))
  return { holds }
}

async function readOpenHolds(
  sql: Sql,
  { registerId, storeId, card }: { registerId: number | null; storeId: number | null; card: string | null },
): Promise<OpenHold[]> {
  return await sql<OpenHold[]>`
    select holds.id, customers.card, stores.name as store, holds.register_id as "registerId",
      registers.name as register, holds.state, holds.points, holds.purchase_kopecks as "purchaseKopecks",
      operations.recorded_at as "heldAt", holds.until, holds.in_doubt_at as "inDoubtAt"
    from holds
    join customers on customers.id = holds.customer_id
    join operations on operations.customer_id = holds.customer_id and operations.id = holds.id
    join stores on stores.id = holds.store_id
    join registers on registers.id = holds.register_id
    where ${isOpenHold(sql)}
      and (${registerId}::int is null or holds.register_id = ${registerId}::int)
      and (${storeId}::int is null or holds.store_id = ${storeId}::int)
      and (${card}::text is null or customers.card = ${card}::text)
    order by operations.recorded_at, holds.id`
}

type Told = Pick<OpenHold, 'id' | 'card' | 'points' | 'state'>

/**
 * Gives back what a register holds, each hold in a transaction of its own: one that cannot be released keeps no other.
 * For a register whose key was revoked, because the ledger opens no more holds for it.
 */
export async function releaseHoldsOf(house: House, registerId: number, reason: string) {
  const released: Told[] = []
  const left: (Told & { problem: string })[] = []
  for (const hold of await readOpenHolds(house.sql, { registerId, storeId: null, card: null })) {
    const { id, card, points, state } = hold
    try {
      await perform(settleHold, { hold: id, as: 'released', reason }, house)
      released.push({ id, card, points, state })
    } catch (error) {
      if (!(error instanceof ActError) && !isHeldUp(error)) throw error
      left.push({ id, card, points, state, problem: (error as Error).message })
    }
  }
  return { released, left }
}

/** What a release of a person may still turn into. */
export const LATE_APPLY =
  'If a register proves later that 1C had given the discount, the points are taken again, what is missing becomes ' +
  'debt, and a discrepancy late_apply tells you.'

const MEANING = { applied: 'its points are spent.', released: `its points are back. ${LATE_APPLY}` }

export const holdCommands: Record<string, Command> = {
  'hold list': command({
    usage: 'hold list [--register <id>] [--store <id or name>] [--card <card>]',
    input: z.strictObject({
      register: idInput.optional(),
      store: textInput.optional(),
      card: cardSchema.optional(),
    }),
    run: listHolds,
    text: ({ holds }) =>
      table(
        ['hold', 'card', 'store', 'register', 'state', 'points', 'purchase', 'held (UTC)', 'in doubt (UTC)'],
        holds.map((hold) => [
          hold.id,
          hold.card,
          hold.store,
          `${hold.registerId} ${hold.register}`,
          hold.state,
          hold.points,
          formatKopecks(hold.purchaseKopecks, '.'),
          moment(hold.heldAt),
          moment(hold.inDoubtAt),
        ]),
      ),
  }),
  'hold settle': commandOf(settleHold, {
    usage: 'hold settle --hold <uuid> --as applied|released --reason <why>',
    text: ({ hold, as }) => `Hold ${hold} is ${as}: ${MEANING[as]}`,
  }),
}
