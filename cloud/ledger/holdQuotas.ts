import { type Instant, toIso } from '../../shared/time.ts'
import { ints, listOf, tableOf } from '../database/columns.ts'
import type { Tx } from '../database/connect.ts'
import { type Author, type Hold, isOpen } from './account.ts'
import { isOpenHold } from './conditions.ts'
import { isLapsed } from './refusals.ts'
import type { Request } from './request.ts'

/** How many holds a register has open, and how many it may have. */
export interface HoldQuota {
  open: number
  limit: number
}

interface Limits {
  /** When the open holds were counted. */
  now: Instant
  /** How many a register of this programme may have open. */
  limitOf: (programmeId: number) => number
}

type RegisterAuthor = Extract<Author, { type: 'register' }>

/**
 * The holds of a register are of many customers, whose locks say nothing of each other. So the registers that redeem
 * are locked too, after the customers and in id order, and none of them gets another hold meanwhile.
 */
export async function lockRegisters(sql: Tx, requests: Request[]): Promise<void> {
  const ids = redeeming(requests).map(({ registerId }) => registerId)
  if (ids.length > 0)
    await sql`select from registers where id = any(${listOf(sql, ids, ints)}) order by id for no key update`.execute()
}

export interface OpenHolds {
  registerId: number
  programmeId: number
  open: number
  isRevoked: boolean
}

/** Asks how many holds each of the locked registers has open; null: none of them redeems. */
export function openHoldsOfRegisters(sql: Tx, requests: Request[], now: Instant) {
  const authors = redeeming(requests)
  if (authors.length === 0) return null
  // By store, because the index of the open holds begins with it; a store has a few.
  const table = tableOf(sql, authors, [
    ints(({ registerId }) => registerId),
    ints(({ storeId }) => storeId),
    ints(({ programmeId }) => programmeId),
  ])
  return sql`
    select redeeming.id as "registerId", redeeming.programme_id as "programmeId",
      coalesce(registers.revoked_at is not null, false) as "isRevoked",
      (select count(*) from holds
        where holds.store_id = redeeming.store_id and holds.register_id = redeeming.id
          and ${isOpenHold(sql)}
          and not (state = 'pending' and until <= ${toIso(now)}))::int as open
    from ${table} as redeeming(id, store_id, programme_id)
    left join registers on registers.id = redeeming.id`
}

/** The quotas of the locked registers. One whose key was revoked while it waited gets no more holds. */
export function holdQuotas(counted: OpenHolds[], { now, limitOf }: Limits) {
  const quotas = new Map(
    counted.map(({ registerId, programmeId, open, isRevoked }): [number, HoldQuota] => [
      registerId,
      { open, limit: isRevoked ? 0 : limitOf(programmeId) },
    ]),
  )
  const counts = (hold: Hold | undefined) => hold !== undefined && isOpen(hold) && !isLapsed(hold, now)
  return {
    of: (author: Author): HoldQuota | null =>
      author.type === 'register' ? (quotas.get(author.registerId) ?? null) : null,
    /** A hold of the batch was opened, or has ended. */
    move(before: Hold | undefined, after: Hold): void {
      const quota = quotas.get(after.registerId)
      if (quota) quota.open += Number(counts(after)) - Number(counts(before))
    },
  }
}

function redeeming(requests: Request[]): RegisterAuthor[] {
  const authors = new Map<number, RegisterAuthor>()
  for (const { kind, author } of requests)
    if (kind === 'redeem' && author.type === 'register') authors.set(author.registerId, author)
  return [...authors.values()]
}
