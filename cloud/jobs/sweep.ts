import { newId } from '../../shared/id.ts'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import type { Request } from '../ledger/request.ts'
import type { Job, JobContext } from './job.ts'
import { postEach } from './postEach.ts'

const HOLDS_A_SWEEP = 500
const PATIENCE_MS = DAY

/** Of holds whose time is over, pending ones are released; processing ones become in_doubt, then a discrepancy. */
export async function sweep(sql: Sql, context: JobContext) {
  const { expired, failed } = await releaseUnclaimed(sql, context)
  return {
    expired,
    failed,
    inDoubt: await markInDoubt(sql, context.now),
    filed: await fileLongInDoubt(sql, context.now),
    closed: await closeSettled(sql, context.now),
  }
}

export const sweepJob: Job = { name: 'sweep', work: sweep, isOftenIdle: true }

/** `pending`: no register has it, so 1C cannot have given the discount, and the points return. */
async function releaseUnclaimed(sql: Sql, context: JobContext) {
  const { now } = context
  const holds = await sql<{ id: string }[]>`
    select id from holds where state = 'pending' and until <= ${toIso(now)} order by until limit ${HOLDS_A_SWEEP}`
  const requests = holds.map(({ id: redeemId }): Request => {
    const author = { type: 'system' as const, name: 'sweep' }
    return { id: newId(now), kind: 'release', at: now, redeemId, reason: 'hold time over', author }
  })
  const { outcomes, failed } = await postEach(sql, requests, context)
  return { expired: outcomes.filter((outcome) => outcome.status === 'accepted').length, failed }
}

/**
 * `processing`: 1C may have given the discount, so the points stay taken. A hold that the ledger is
 * working on is skipped: what has it locked is settling it, and waiting for a lock could deadlock.
 */
async function markInDoubt(sql: Sql, now: Instant): Promise<number> {
  const marked = await sql`
    with silent as (
      select customer_id, id from holds
      where state = 'processing' and until <= ${toIso(now)}
      order by customer_id, id limit ${HOLDS_A_SWEEP}
      for update skip locked)
    update holds set state = 'in_doubt', in_doubt_at = ${toIso(now)}
    from silent where holds.customer_id = silent.customer_id and holds.id = silent.id`
  return marked.count
}

/**
 * Files a hold once: a discrepancy that a person has closed is not filed again while the register stays silent. Each row
 * locks its customer a little, so rows are written in the order in which all writers lock customers.
 */
async function fileLongInDoubt(sql: Sql, now: Instant): Promise<number> {
  const filed = await sql`
    insert into discrepancies (kind, reference, customer_id, details, filed_at)
    select 'hold_in_doubt', holds.id::text, holds.customer_id,
      jsonb_build_object('card', customers.card, 'points', holds.points, 'storeId', holds.store_id,
        'registerId', holds.register_id, 'since', to_char(holds.in_doubt_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
      ${toIso(now)}
    from holds join customers on customers.id = holds.customer_id
    where holds.state = 'in_doubt' and holds.in_doubt_at <= ${toIso(now - PATIENCE_MS)}
      and not exists (
        select from discrepancies where kind = 'hold_in_doubt' and reference = holds.id::text)
    order by holds.customer_id, holds.id
    on conflict (kind, reference) where settled_at is null do nothing`
  return filed.count
}

/** Closes discrepancies that are settled; one that a person is settling just now is left to that person. */
async function closeSettled(sql: Sql, now: Instant): Promise<number> {
  const closed = await sql`
    with settled as (
      select discrepancies.id, holds.state, operations.author
      from discrepancies
      join holds on holds.customer_id = discrepancies.customer_id and holds.id::text = discrepancies.reference
      join operations on operations.customer_id = holds.customer_id and operations.id = holds.resolved_by
      where discrepancies.kind = 'hold_in_doubt' and discrepancies.settled_at is null
      for update of discrepancies skip locked)
    update discrepancies
    set settled_at = ${toIso(now)}, settlement = settled.state,
      settled_by = case settled.author when 'register' then 'system:register' else settled.author end
    from settled where discrepancies.id = settled.id`
  return closed.count
}
