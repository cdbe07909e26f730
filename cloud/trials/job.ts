import type { Sql } from '../database/connect.ts'
import type { Job } from '../jobs/job.ts'
import { GivenUp } from './progress.ts'
import { endTrial, type OpenTrial, resumeTrials, takeTrial } from './trials.ts'
import { type Around, tryCampaign } from './tryCampaign.ts'
import { tryDraft } from './tryDraft.ts'

/** Works out what campaigns would have cost and books given, one after the other, each in bounded memory. */
export function createTrialJob({ timeZone }: { timeZone: string }): Job {
  return {
    name: 'campaign trials',
    isOftenIdle: true,
    work: async (sql, { now, signal }) => {
      await resumeTrials(sql)
      let tried = 0
      while (!signal?.aborted) {
        const trial = await takeTrial(sql)
        if (!trial) break
        await work(sql, trial, { now, timeZone, signal })
        tried += 1
      }
      return { tried }
    },
  }
}

async function work(sql: Sql, trial: OpenTrial, around: Around): Promise<void> {
  const { now } = around
  const isOfBook = trial.campaignId === null
  try {
    const result = isOfBook ? await tryDraft(sql, trial, around) : await tryCampaign(sql, trial, around)
    await endTrial(sql, trial, { state: 'done', result, now })
  } catch (error) {
    if (error instanceof GivenUp) return await endTrial(sql, trial, { state: 'waiting', now })
    await endTrial(sql, trial, { state: 'failed', problem: String((error as Error).message), now })
    throw error
  }
}
