import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { readSettingsOfAll } from '../ledger/programme.ts'
import { turnVisits } from '../ledger/visits.ts'
import type { Job, JobContext } from './job.ts'

const ROWS_A_BATCH = 5000
/** A message can be looked up for so long; one that is still parked by then is given up. */
const KEPT_DAYS = 30
/** An act is answered as before under the same key for so long. */
const REQUESTS_KEPT_DAYS = 7

/**
 * Deletes rows that are not needed any more: messages that are settled or were never sent, and expired sessions of the
 * Mini App, and the keys of acts that are not asked for again. A reminder is older than its day of death by then, so none
 * can come again. Marks the customers whom registers are to forget, because their store has not seen them for long.
 */
export async function prune(sql: Sql, { now, signal }: JobContext) {
  const old = toIso(now - KEPT_DAYS * DAY)
  const inBatches: InBatches = async (deleteSome) => {
    let total = 0
    while (!signal?.aborted) {
      const count = await deleteSome()
      total += count
      if (count < ROWS_A_BATCH) break
    }
    return total
  }
  return {
    settled: await inBatches(() => deleteMessages(sql, sql`settled_at < ${old}`)),
    // Of campaigns few are in the line at a time, and those are counted.
    unsent: await inBatches(() =>
      deleteMessages(sql, sql`state = 'waiting' and due_at < ${old} and kind <> 'campaign'`),
    ),
    sessions: await inBatches(() => deleteSessions(sql, now)),
    requests: await inBatches(() => deleteRequests(sql, now)),
    visits: await turnVisitsOfAll(sql, now, inBatches),
  }
}

export const pruneJob: Job = { name: 'prune', work: prune }

type InBatches = (some: () => Promise<number>) => Promise<number>

async function turnVisitsOfAll(sql: Sql, now: Instant, inBatches: InBatches): Promise<number> {
  let total = 0
  for (const { programmeId, settings } of await readSettingsOfAll(sql)) {
    const before = now - settings.offline_customers_days * DAY
    total += await inBatches(() => turnVisits(sql, { programmeId, before, limit: ROWS_A_BATCH }))
  }
  return total
}

async function deleteMessages(sql: Sql, which: ReturnType<Sql>): Promise<number> {
  const deleted = await sql`
    delete from notifications where ctid = any(array(
      select ctid from notifications where ${which} limit ${ROWS_A_BATCH} for update skip locked))`
  return deleted.count
}

async function deleteSessions(sql: Sql, now: Instant): Promise<number> {
  const deleted = await sql`
    delete from mini_app_sessions where ctid = any(array(
      select ctid from mini_app_sessions where expires_at < ${toIso(now)} limit ${ROWS_A_BATCH}
      for update skip locked))`
  return deleted.count
}

async function deleteRequests(sql: Sql, now: Instant): Promise<number> {
  const deleted = await sql`
    delete from act_requests where ctid = any(array(
      select ctid from act_requests where asked_at < ${toIso(now - REQUESTS_KEPT_DAYS * DAY)} limit ${ROWS_A_BATCH}
      for update skip locked))`
  return deleted.count
}
