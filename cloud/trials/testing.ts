import type { Instant } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { runJob } from '../jobs/run.ts'
import { createTrialJob } from './job.ts'
import { askTrial } from './trials.ts'

/** When trials are asked for here, and worked out. */
export const noon: Instant = Date.parse('2025-12-07T09:00:00.000Z')

const job = createTrialJob({ timeZone: 'Europe/Moscow' })
export const runTrials = (sql: Sql) => runJob(sql, job, { now: noon })

type Asked = Pick<Parameters<typeof askTrial>[1], 'campaignId' | 'version' | 'document'>

export const askAtNoon = (sql: Sql, asked: Asked, { days = 30, by = 'olga' } = {}) =>
  askTrial(sql, { programmeId: 1, ...asked, days, by, now: noon })
