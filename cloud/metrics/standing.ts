import type { Instant } from '../../shared/time.ts'
import { countProposals, type ProposalCounts } from '../acts/proposalList.ts'
import type { Sql } from '../database/connect.ts'
import { type FleetRegister, readFleet } from '../fleet/read.ts'
import { lastSuccesses } from '../jobs/record.ts'
import { countOpenHolds, type OpenHolds } from '../ledger/read.ts'

/** How the chain stands, as the database knows it: the same whichever process is asked. */
export interface Standing {
  at: Instant
  registers: FleetRegister[]
  holds: OpenHolds[]
  lastSuccesses: { job: string; at: Instant }[]
  proposals: ProposalCounts
}

export async function readStanding(sql: Sql, now: Instant): Promise<Standing> {
  const [{ registers }, holds, successes, proposals] = await Promise.all([
    readFleet(sql, now),
    countOpenHolds(sql),
    lastSuccesses(sql),
    countProposals(sql, now),
  ])
  return { at: now, registers, holds, lastSuccesses: successes, proposals }
}
