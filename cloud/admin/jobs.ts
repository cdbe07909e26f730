import { z } from 'zod'
import { toIso } from '../../shared/time.ts'
import { createAlertsJob } from '../fleet/alertsJob.ts'
import { auditJob } from '../jobs/audit.ts'
import { expireJob } from '../jobs/expire.ts'
import { pruneJob } from '../jobs/prune.ts'
import { remindJob } from '../jobs/remind.ts'
import { retentionJob } from '../jobs/retention.ts'
import { runJob } from '../jobs/run.ts'
import { authorName } from '../ledger/rows.ts'
import { AdminError, type Command, command, type House } from './command.ts'
import { instantInput } from './inputs.ts'

const jobs = {
  expire: expireJob,
  retention: retentionJob,
  audit: auditJob,
  remind: remindJob,
  prune: pruneJob,
  // Whoever runs it by hand looks at the screen: the cloud tells the chat of IT within a minute.
  alerts: createAlertsJob(null),
}
type Name = keyof typeof jobs

/** Runs a job now, as if it were the given moment. */
export async function runJobByHand(
  { sql, now, admin, holdSeconds, warn }: House,
  { job, now: runFor = now }: { job: Name; now?: number | undefined },
) {
  // Allowed all the same: on a copy of the database it rehearses a night to come.
  if (runFor > now && job !== 'audit' && job !== 'alerts') {
    warn(
      `${toIso(runFor)} has not come yet, and the job ${job} does now, for good, what it would do then. ` +
        'Rehearse on a copy of the database.',
    )
  }
  const run = await runJob(sql, jobs[job], { now: runFor, who: authorName(admin), holdSeconds })
  if (run.status === 'done') return { job, now: toIso(runFor), ...run.result }
  throw new AdminError('job_running', `Another process is running the job ${job}: wait until it has ended.`)
}

export const jobCommands: Record<string, Command> = {
  'job run': command({
    usage: 'job run expire|retention|audit|remind|prune|alerts [--now <ISO time>]',
    input: z.strictObject({
      job: z.enum(['expire', 'retention', 'audit', 'remind', 'prune', 'alerts'] satisfies Name[]),
      now: instantInput.optional(),
    }),
    positionals: ['job'],
    run: runJobByHand,
    text: ({ job, now, ...counts }) => {
      const words = Object.entries(counts).map(([what, count]) => `${what} ${count}`)
      return `The job ${job} ran for ${now}: ${words.join(', ')}.`
    },
  }),
}
