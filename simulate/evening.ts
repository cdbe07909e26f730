import { createCampaignJob } from '../cloud/campaigns/job.ts'
import type { Sql } from '../cloud/database/connect.ts'
import { readAsOf } from '../cloud/feed/progress.ts'
import { runJob } from '../cloud/jobs/run.ts'
import { createReferralJob } from '../cloud/referrals/job.ts'
import { pause, systemClock } from '../desktop/register/time/clock.ts'
import { DEFAULT_TIME_ZONE, toIso } from '../shared/time.ts'

const LOOKED_EVERY_MS = 50
const timeZone = DEFAULT_TIME_ZONE
const jobs = [createReferralJob({ timeZone }), createCampaignJob({ timeZone })]

/**
 * Does the work of the cloud's frequent jobs to its end, beside the cloud that does it too: friends are rewarded for the
 * purchases until now, and a campaign has given its gifts.
 */
export async function finishWork(sql: Sql): Promise<void> {
  while (await isLeft(sql)) {
    for (const job of jobs) await runJob(sql, job, { now: Date.now() })
    await pause(systemClock, LOOKED_EVERY_MS)
  }
}

/** Whether work is left, asked at one moment: operations make work due, and its points are operations again. */
async function isLeft(sql: Sql): Promise<boolean> {
  return await sql.begin('isolation level repeatable read', async (sql) => {
    const now = Date.now()
    const [left] = await sql<{ friends: boolean; due: boolean; gifts: boolean }[]>`
      select exists (select from referrals) as friends,
        exists (select from referrals where due_at <= ${toIso(now)}) as due,
        exists (select from campaigns where state = 'running' and chosen_at is null)
          or exists (
            select from campaign_people where not is_held_out and gift_points is null and refused is null) as gifts`
    if (!left || left.due || left.gifts) return true
    return left.friends && (await readAsOf(sql, 'referrals', now)) !== now
  })
}
