import { campaignSchema } from '../../shared/campaigns/campaign.ts'
import { atAnyTime, withCampaign } from '../../shared/campaigns/inBook.ts'
import type { TrialResult } from '../../shared/console/campaigns.ts'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { namesAskedBy } from '../insight/segments/members.ts'
import { readSegmentsOf } from '../insight/segments/read.ts'
import type { Job } from '../jobs/job.ts'
import { type TriedPurchase, tryBook } from '../ledger/tryBook.ts'
import { costOfGift } from '../campaigns/audience.ts'
import { readStanding } from '../campaigns/books.ts'
import { endTrial, noteProgress, type OpenTrial, resumeTrials, takeTrial } from './trials.ts'

/** So many points are much for one customer in the period. */
const MANY_POINTS = 500
const TELL_EVERY = 1000

/** Works out what campaigns would have cost, one after the other, each in bounded memory. */
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

interface Around {
  now: Instant
  /** Of programmes that have none of their own. */
  timeZone: string
  signal: AbortSignal | undefined
}

/** It was cancelled or asked anew, or the process ends. */
class GivenUp extends Error {}

async function work(sql: Sql, trial: OpenTrial, { now, timeZone, signal }: Around): Promise<void> {
  try {
    const result = await resultOf(sql, trial, { now, timeZone, signal })
    await endTrial(sql, trial, { state: 'done', result, now })
  } catch (error) {
    if (error instanceof GivenUp) return await endTrial(sql, trial, { state: 'waiting', now })
    await endTrial(sql, trial, { state: 'failed', problem: String((error as Error).message), now })
    throw error
  }
}

async function resultOf(sql: Sql, trial: OpenTrial, { now, timeZone, signal }: Around): Promise<TrialResult> {
  const { programmeId, days, askedAt } = trial
  const campaign = atAnyTime(campaignSchema.parse(trial.document))
  const [{ current }, segments] = await Promise.all([
    readStanding(sql, programmeId, now),
    readSegmentsOf(sql, { programmeId, now, timeZone }),
  ])
  const { people, points } = await costOfGift(sql, campaign, segments)
  const gift = { people, points }
  const tally = createTally(campaign.rules.map(({ id }) => id))
  const nothing = { purchases: 0, rules: [], stores: [], countedAnew: 0 }
  if (campaign.rules.length === 0) return { ...nothing, ...tally.end(), gift }

  const document = bookDocumentSchema.parse(withCampaign(current.document, campaign))
  const book = { ...document, version: 0, validFrom: 0, timeZone: segments.timeZone }
  const period = { programmeId, from: askedAt - days * DAY, to: askedAt }
  const progress = createProgress(sql, trial, { purchases: await countPurchases(sql, period), signal })
  progress.tell(0)
  const tried = await tryBook(sql, {
    ...{ book, ...period, tell: progress.tell, tellEvery: TELL_EVERY, onPurchase: tally.add },
    segments: namesAskedBy(sql, book, segments),
  })
  await progress.end()
  return {
    ...{ purchases: tried.operations, countedAnew: tried.countedAnew, gift, ...tally.end() },
    rules: campaign.rules.map(({ id, title }) => ({ id, title, ...tally.ofRule(id) })),
    stores: tried.byStore.map(({ storeId: id, name }) => ({ id, name, points: tally.ofStore(id) })),
  }
}

/** What its own rules would have given; purchases come customer by customer. */
function createTally(ruleIds: string[]) {
  const rules = new Map(ruleIds.map((id) => [id, { points: 0, awards: 0 }]))
  const stores = new Map<number, number>()
  const customers = { some: 0, many: 0, above: MANY_POINTS }
  let points = 0
  let customer = { id: 0, points: 0 }

  function closeCustomer(): void {
    if (customer.points > 0) customers.some += 1
    if (customer.points > MANY_POINTS) customers.many += 1
  }

  return {
    add({ customerId, storeId, awards }: TriedPurchase): void {
      if (customerId !== customer.id) {
        closeCustomer()
        customer = { id: customerId, points: 0 }
      }
      for (const award of awards) {
        const rule = rules.get(award.ruleId ?? '')
        if (!rule) continue
        rule.points += award.points
        rule.awards += 1
        customer.points += award.points
        points += award.points
        stores.set(storeId, (stores.get(storeId) ?? 0) + award.points)
      }
    },
    ofRule: (id: string) => rules.get(id) ?? { points: 0, awards: 0 },
    ofStore: (id: number) => stores.get(id) ?? 0,
    end() {
      closeCustomer()
      customer = { id: 0, points: 0 }
      return { points, customers }
    },
  }
}

/** Writes down how far it is, one note at a time, and learns by it that nobody waits any more. */
function createProgress(
  sql: Sql,
  trial: OpenTrial,
  { purchases, signal }: { purchases: number; signal: AbortSignal | undefined },
) {
  let isWanted = true
  let fault: unknown
  let noting: Promise<void> | null = null
  async function note(judged: number): Promise<void> {
    try {
      isWanted = await noteProgress(sql, trial, { judged, purchases })
    } catch (error) {
      fault = error
    }
    noting = null
  }
  function refuse(): void {
    if (fault !== undefined) throw fault
    if (!isWanted || signal?.aborted) throw new GivenUp()
  }
  return {
    tell(judged: number): void {
      refuse()
      noting ??= note(judged)
    },
    async end(): Promise<void> {
      await noting
      refuse()
    },
  }
}

async function countPurchases(
  sql: Sql,
  { programmeId, from, to }: { programmeId: number; from: Instant; to: Instant },
): Promise<number> {
  return await sql.begin(async (sql) => {
    await sql`set local statement_timeout = '5min'`
    const [row] = await sql<{ purchases: number }[]>`
      select count(*)::int as purchases from operations
      where programme_id = ${programmeId} and status = 'accepted' and kind in ('earn', 'redeem')
        and at >= ${toIso(from)} and at < ${toIso(to)}`
    return row?.purchases ?? 0
  })
}
