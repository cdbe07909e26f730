import { newId } from '../../shared/id.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import type { Author } from '../ledger/account.ts'
import type { Request } from '../ledger/request.ts'
import type { Job, JobContext } from './job.ts'
import { postEach } from './postEach.ts'

/** A sale of one of these customers waits for the batch: few enough lots that no till notices. */
const LOTS_A_BATCH = 100

const author: Author = { type: 'system', name: 'expire' }

/**
 * Writes off every lot that was dead at `now`. It walks the index of dead lots once, from the earliest
 * death; a lot that is written off leaves the index, so a run that was cut short costs the next one nothing.
 */
export async function expire(sql: Sql, context: JobContext) {
  const total = { customers: 0, points: 0, failed: 0 }
  let position: Position = { expiresAt: 0, customerId: 0 }
  while (!context.signal?.aborted) {
    const lots = await nextDeadLots(sql, context.now, position)
    const last = lots.at(-1)
    if (!last) break
    position = last
    const cards = [...new Set(lots.map((lot) => lot.card))]
    const batch = await writeOff(sql, cards, context)
    total.customers += batch.customers
    total.points += batch.points
    total.failed += batch.failed
  }
  return total
}

export const expireJob: Job = { name: 'expire', work: expire }

interface Position {
  expiresAt: Instant
  customerId: number
}

async function nextDeadLots(sql: Sql, now: Instant, after: Position) {
  return await sql<(Position & { card: string })[]>`
    select lots.expires_at as "expiresAt", lots.customer_id as "customerId", customers.card
    from lots join customers on customers.id = lots.customer_id
    where lots.filled and lots.expires_at <= ${toIso(now)}
      and (lots.expires_at, lots.customer_id) > (${toIso(after.expiresAt)}::timestamptz, ${after.customerId}::bigint)
    order by lots.expires_at, lots.customer_id
    limit ${LOTS_A_BATCH}`
}

async function writeOff(sql: Sql, cards: string[], context: JobContext) {
  const { now } = context
  const requests = cards.map((card): Request => ({ id: newId(now), kind: 'expire', at: now, card, author }))
  const { failed } = await postEach(sql, requests, context)
  const [written] = await sql<{ customers: number; points: number }[]>`
    select count(*) as customers, coalesce(sum(points), 0)::bigint as points
    from operations
    where id = any(${requests.map(({ id }) => id)}::uuid[]) and status = 'accepted' and points > 0`
  return { customers: 0, points: 0, ...written, failed }
}
