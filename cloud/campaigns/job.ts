import { hasBegun, isOver } from '../../shared/campaigns/campaign.ts'
import { quietUntil } from '../../shared/campaigns/quietHours.ts'
import { localTimeOf } from '../../shared/rules/localTime.ts'
import type { Job } from '../jobs/job.ts'
import { readTimeZone } from '../ledger/programme.ts'
import { chooseSome } from './choose.ts'
import { giveSome } from './give.ts'
import { listRunning } from './read.ts'
import { tellSome } from './tell.ts'

/**
 * The work of running campaigns: chooses their people, gives them their gifts and puts their messages into the line, a
 * bounded batch a transaction. Cut short, it goes on where it was. The points of rules are given by the ledger.
 */
export function createCampaignJob({ timeZone }: { timeZone: string }): Job {
  return {
    name: 'campaigns',
    isOftenIdle: true,
    work: async (sql, { now, signal }) => {
      const total = { given: 0, queued: 0 }
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
        while (!signal?.aborted && quietUntil(now, zone) === null) {
          const { queued, more } = await tellSome(sql, id, now)
          total.queued += queued
          if (!more) break
        }
      }
      return total
    },
  }
}
