import { type Instant, MINUTE, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { isOutage } from '../database/outage.ts'
import { readOn } from '../feed/reader.ts'
import type { Job, JobContext } from '../jobs/job.ts'
import { createReferralReader } from './reader.ts'
import { settle } from './settle.ts'

/** A referral that meets a fault is tried again after so long, and keeps no other waiting. */
const AGAIN_AFTER_MS = 5 * MINUTE

/**
 * Reads purchases and returns of friends, and settles the invitations that are due, within seconds; settling one again has no
 * effect. Where no friend was ever invited, nothing is read.
 */
export function createReferralJob({ timeZone }: { timeZone: string }): Job {
  return {
    name: 'referrals',
    isContinuous: true,
    work: async (sql, context) => {
      const [any] = await sql`select from referrals limit 1`
      if (!any) return { settled: 0, failed: 0 }
      await readOn(sql, createReferralReader(context.now), context)
      return await settleDue(sql, { timeZone, ...context })
    },
  }
}

async function settleDue(sql: Sql, { now, timeZone, log, signal }: JobContext & { timeZone: string }) {
  const total = { settled: 0, failed: 0 }
  const seen = new Set<number>()
  while (!signal?.aborted) {
    const refereeId = await findDue(sql, now, [...seen])
    if (refereeId === null) break
    seen.add(refereeId)
    try {
      await settle(sql, refereeId, { now, timeZone })
      total.settled += 1
    } catch (error) {
      if (isOutage(error)) throw error
      total.failed += 1
      log?.error({ err: error, referee: refereeId }, 'a referral could not be settled; it is tried again')
      await sql`update referrals set due_at = ${toIso(now + AGAIN_AFTER_MS)} where referee_id = ${refereeId}`
    }
  }
  return total
}

/** A referral seen in this run can be due again only because of others: that is for the next run. */
async function findDue(sql: Sql, now: Instant, seen: number[]): Promise<number | null> {
  const [due] = await sql<{ refereeId: number }[]>`
    select referee_id as "refereeId" from referrals
    where due_at <= ${toIso(now)} and referee_id <> all(${seen}::bigint[])
    order by due_at, referee_id limit 1`
  return due?.refereeId ?? null
}
