import { createApprovalsJob } from './bot/approvals/tell.ts'
import { createCampaignJob } from './campaigns/job.ts'
import type { Config } from './config.ts'
import { createAlertsJob } from './fleet/alertsJob.ts'
import type { Tell } from './fleet/chat.ts'
import { createFactsJob, factsCheckJob } from './insight/facts/jobs.ts'
import { createSegmentFollower } from './insight/segments/follower.ts'
import { auditJob } from './jobs/audit.ts'
import { expireJob } from './jobs/expire.ts'
import { pruneJob } from './jobs/prune.ts'
import { remindJob } from './jobs/remind.ts'
import { retentionJob } from './jobs/retention.ts'
import type { Timetable } from './jobs/schedule.ts'
import { sweepJob } from './jobs/sweep.ts'
import { createErasuresJob } from './people/erasuresJob.ts'
import { createReferralJob } from './referrals/job.ts'
import { createStatusFollower, createStatusJob } from './statuses/jobs.ts'
import { createTrialJob } from './trials/job.ts'

interface Setting {
  /** Of the shops. */
  timeZone: string
  /** To the chat of IT, where there is one. */
  tell: Tell | null
  /** In which approvers are told; null where there is none. */
  bot: Config['telegram']
  /** The list of erasures outside of the database. */
  erasuresFile: string
}

/** The jobs of all rooms, and when each of them runs. */
export function timetableOf({ timeZone, tell, bot, erasuresFile }: Setting): Timetable {
  return [
    { at: '0 2 * * *', job: expireJob },
    { at: '0 3 * * *', job: retentionJob },
    { at: '30 3 * * *', job: pruneJob },
    { at: '0 4 * * *', job: auditJob },
    { at: '30 4 * * *', job: factsCheckJob },
    // In the daytime of those who are reminded: 10:00 in Moscow.
    { at: '0 7 * * *', job: remindJob },
    { at: '*/5 * * * * *', job: sweepJob },
    { at: '*/10 * * * * *', job: createErasuresJob(erasuresFile) },
    // Who comes several times meanwhile is looked at once.
    { at: '*/15 * * * * *', job: createFactsJob(timeZone) },
    { at: '*/5 * * * * *', job: createStatusFollower({ timeZone }) },
    { at: '*/5 * * * * *', job: createReferralJob({ timeZone }) },
    { at: '*/5 * * * * *', job: createSegmentFollower({ timeZone }) },
    { at: '*/10 * * * * *', job: createCampaignJob({ timeZone }) },
    { at: '*/2 * * * * *', job: createTrialJob({ timeZone }) },
    { at: '10 5 * * *', job: createStatusJob({ timeZone }) },
    { at: '30 * * * * *', job: createAlertsJob(tell, { timeZone }) },
    ...(bot ? [{ at: '*/5 * * * * *', job: createApprovalsJob(bot, { timeZone }) }] : []),
  ]
}
