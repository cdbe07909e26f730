import { z } from 'zod'
import { toIso } from '../../shared/time.ts'
import { recordStart } from '../jobs/record.ts'
import { act } from './act.ts'
import { instantInput } from './inputs.ts'

/** Puts the run of a job on record; its work follows in transactions of its own. */
export const startJob = act({
  name: 'job run',
  title: 'Run a job now',
  input: z.strictObject({
    job: z.enum(['expire', 'retention', 'audit', 'remind', 'prune', 'alerts', 'statuses', 'campaigns']),
    now: instantInput,
  }),
  async run(sql, { job, now }) {
    const run = await recordStart(sql, { job, now })
    return { result: run, change: { subject: `job ${job}`, after: { now: toIso(now), run } } }
  },
})
