import { joinCodeOf } from '../../shared/joinCode.ts'
import { type Instant, MINUTE, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { FIRST_PROGRAMME } from '../ledger/programme.ts'

/** A till is told of joins for so long: a customer who joined earlier does not stand there any more. */
const TOLD_FOR_MS = 10 * MINUTE
const TOLD_AT_MOST = 5

export interface JoinedHere {
  card: string
  firstName: string | null
  at: Instant
}

/** The code in the link of this register; null where its programme cannot be joined by Telegram. */
export async function readJoinCode(
  sql: Sql,
  { id, programmeId }: { id: number; programmeId: number },
): Promise<string | null> {
  if (programmeId !== FIRST_PROGRAMME) return null
  const [row] = await sql<{ code: string }[]>`select join_code as code from registers where id = ${id}`
  return row?.code ?? null
}

/**
 * Notes that a customer has joined at the till of this link, if it is a link of a till: its store knows them from now on,
 * also without a network, and the till is told. Any other link changes nothing.
 */
export async function noteJoin(
  sql: Tx,
  { customerId, start, now }: { customerId: number; start: string | undefined; now: Instant },
): Promise<void> {
  const code = joinCodeOf(start)
  if (code === null) return
  await sql`
    insert into store_customers (programme_id, store_id, customer_id, last_seen_at, joined_register_id, joined_at)
    select stores.programme_id, stores.id, ${customerId}, ${toIso(now)}, registers.id, ${toIso(now)}
    from registers join stores on stores.id = store_id
    where join_code = ${code} and revoked_at is null and stores.programme_id = ${FIRST_PROGRAMME}
    on conflict (store_id, customer_id) do nothing`
}

/** Customers who joined at this register a moment ago, the latest first, without those frozen, erased or merged since. */
export async function readJoins(
  sql: Sql,
  { registerId, now }: { registerId: number; now: Instant },
): Promise<JoinedHere[]> {
  return await sql<JoinedHere[]>`
    select card, first_name as "firstName", joined_at as at
    from store_customers seen join customers on customers.id = seen.customer_id
    where joined_register_id = ${registerId} and joined_at > ${toIso(now - TOLD_FOR_MS)}
      and status = 'active' and merged_into is null
    order by joined_at desc, customers.id
    limit ${TOLD_AT_MOST}`
}
