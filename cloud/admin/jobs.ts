import type { z } from 'zod'
import { toIso } from '../../shared/time.ts'
import { ActError, perform } from '../acts/act.ts'
import { startJob } from '../acts/jobs.ts'
import { createCampaignJob } from '../campaigns/job.ts'
import { createAlertsJob } from '../fleet/alertsJob.ts'
import { auditJob } from '../jobs/audit.ts'
import { expireJob } from '../jobs/expire.ts'
import type { Job } from '../jobs/job.ts'
import { pruneJob } from '../jobs/prune.ts'
import { remindJob } from '../jobs/remind.ts'
import { retentionJob } from '../jobs/retention.ts'
import { runJob } from '../jobs/run.ts'
import { createStatusJob } from '../statuses/jobs.ts'
import { type Command, command, type House } from './command.ts'

const jobInput = startJob.input.partial({ now: true })
type Name = z.output<typeof jobInput>['job']

const jobsOf = ({ timeZone }: House): Record<Name, Job> => ({
  expire: expireJob,
  retention: retentionJob,
  audit: auditJob,
  remind: remindJob,
  prune: pruneJob,
  // A run by hand is read on the screen; the cloud tells the chat of IT within a minute.
  alerts: createAlertsJob(null),
  statuses: createStatusJob({ timeZone }),
  campaigns: createCampaignJob({ timeZone }),
})

/** Runs a job now, as if it were the given moment. */
export async function runJobByHand(
  house: House,
  { job, now: runFor = house.now }: { job: Name; now?: number | undefined },
) {
  const { sql, now, holdSeconds, warn } = house
  // Allowed all the same: on a copy of the database it rehearses a night to come.
  if (runFor > now && job !== 'audit' && job !== 'alerts') {
    warn(
      `${toIso(runFor)} has not come yet, and the job ${job} does now, for good, what it would do then. ` +
        'Rehearse on a copy of the database.',
    )
  }
  const start = async () => await perform(startJob, { job, now: runFor }, house)
  const run = await runJob(sql, jobsOf(house)[job], { now: runFor, holdSeconds, start })
  if (run.status === 'done') return { job, now: toIso(runFor), ...run.result }
  throw new ActError('job_running', `Another process is running the job ${job}: wait until it has ended.`)
}

export const jobCommands: Record<string, Command> = {
  'job run': command({
    usage: 'job run expire|retention|audit|remind|prune|alerts|statuses|campaigns [--now <ISO time>]',
    input: jobInput,
    positionals: ['job'],
    run: runJobByHand,
    text: ({ job, now, ...counts }) => {
      const words = Object.entries(counts).map(([what, count]) => `${what} ${count}`)
      return `The job ${job} ran for ${now}: ${words.join(', ')}.`
    },
  }),
}
