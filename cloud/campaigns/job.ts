import { hasBegun, isOver } from '../../shared/campaigns/campaign.ts'
import { localTimeOf } from '../../shared/rules/localTime.ts'
import type { Job } from '../jobs/job.ts'
import { readTimeZone } from '../ledger/programme.ts'
import { chooseSome } from './choose.ts'
import { giveSome } from './give.ts'
import { listRunning } from './read.ts'

/**
 * What running campaigns do of themselves: choose their people and give them their gifts, a bounded batch a transaction. Cut
 * short, it goes on where it was. What rules give is the ledger's.
 */
export function createCampaignJob({ timeZone }: { timeZone: string }): Job {
  return {
    name: 'campaigns',
    isOftenIdle: true,
    work: async (sql, { now, signal }) => {
      const total = { given: 0 }
      for (const { id, programmeId, campaign } of await listRunning(sql)) {
        const zone = (await readTimeZone(sql, programmeId)) ?? timeZone
        const { day, time } = localTimeOf(now, zone)
        const local = `${day}T${time}`
        if (!hasBegun(campaign, local) || isOver(campaign, local)) continue
        while (!signal?.aborted && (await chooseSome(sql, id, { now, timeZone })));
        while (!signal?.aborted) {
          const { given, more } = await giveSome(sql, id, now)
          total.given += given
          if (!more) break
        }
      }
      return total
    },
  }
}
