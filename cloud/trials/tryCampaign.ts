import { campaignSchema } from '../../shared/campaigns/campaign.ts'
import { atAnyTime, withCampaign } from '../../shared/campaigns/inBook.ts'
import type { CampaignResult } from '../../shared/console/trials.ts'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import { dayAfter, localDayOf } from '../../shared/rules/localTime.ts'
import { DAY, type Instant } from '../../shared/time.ts'
import { costOfGift } from '../campaigns/audience.ts'
import { readStanding } from '../campaigns/books.ts'
import type { Sql } from '../database/connect.ts'
import { readSegmentsOf } from '../insight/segments/read.ts'
import type { TriedPurchase } from '../ledger/bookTally.ts'
import { budgetEnd } from '../ledger/budgetEnd.ts'
import { createExamples } from './examples.ts'
import { judgeAgain } from './judge.ts'
import { skippedOf } from './skipped.ts'
import type { OpenTrial } from './trials.ts'

/** A customer with more points than this in the period is shown as one with many. */
const MANY_POINTS = 500
const EXAMPLES = 10

export interface Around {
  now: Instant
  /** The time zone of programmes that have none of their own. */
  timeZone: string
  signal: AbortSignal | undefined
}

/**
 * What a campaign would have cost. Purchases are judged without its budget: a budget is used up in the order of days, and
 * purchases come customer by customer.
 */
export async function tryCampaign(
  sql: Sql,
  trial: OpenTrial,
  { now, timeZone, signal }: Around,
): Promise<CampaignResult> {
  const { programmeId, days, askedAt } = trial
  const { from, budget_points: limit, ...written } = campaignSchema.parse(trial.document)
  const campaign = atAnyTime(written)
  const [{ current }, segments] = await Promise.all([
    readStanding(sql, programmeId, now),
    readSegmentsOf(sql, { programmeId, now, timeZone }),
  ])
  const { people, points } = await costOfGift(sql, campaign, segments)
  const gift = { people, points }
  const tally = createTally(
    campaign.rules.map(({ id }) => id),
    { timeZone: segments.timeZone, first: localDayOf(askedAt - days * DAY, segments.timeZone), days },
  )
  if (campaign.rules.length === 0) {
    const nothing = { purchases: 0, rules: [], stores: [], skipped: [], examples: [], countedAnew: 0 }
    return { ...nothing, points: 0, customers: tally.customers(), budget: null, gift }
  }
  const document = bookDocumentSchema.parse(withCampaign(current.document, campaign))
  const tried = await judgeAgain(sql, trial, { document, segments, signal, onPurchase: tally.add })
  const today = localDayOf(askedAt, segments.timeZone)
  const begins = from !== undefined && from.slice(0, 10) > today ? from.slice(0, 10) : today
  const budget =
    limit === undefined ? null : { limit, begins, ...budgetEnd(tally.byDay(), { limit, begins, days }) }
  return {
    ...{ purchases: tried.operations, countedAnew: tried.countedAnew, gift, budget },
    points: Math.min(tally.points(), limit ?? Number.POSITIVE_INFINITY),
    customers: tally.customers(),
    rules: campaign.rules.map(({ id, title }) => ({ id, title, ...tally.ofRule(id) })),
    stores: tried.byStore.map(({ storeId: id, name }) => ({ id, name, points: tally.ofStore(id) })),
    skipped: skippedOf(tried, campaign.rules),
    examples: tally.examples(new Map(tried.byStore.map(({ storeId, name }) => [storeId, name]))),
  }
}

/** Adds up what the rules of the campaign would have given; purchases come customer by customer. */
function createTally(
  ruleIds: string[],
  { timeZone, first, days }: { timeZone: string; first: string; days: number },
) {
  const rules = new Map(ruleIds.map((id) => [id, { points: 0, awards: 0 }]))
  const stores = new Map<number, number>()
  // The period begins and ends in the midst of a day.
  const byDay = new Map(Array.from({ length: days + 1 }, (_, day) => [dayAfter(first, day), 0]))
  const customers = { some: 0, many: 0, above: MANY_POINTS }
  const examples = createExamples(EXAMPLES)
  let total = 0
  let customer = { id: 0, points: 0 }

  function closeCustomer(): void {
    if (customer.points > 0) customers.some += 1
    if (customer.points > MANY_POINTS) customers.many += 1
    customer = { id: 0, points: 0 }
  }

  return {
    add(purchase: TriedPurchase): void {
      const { customerId, storeId, at, awards } = purchase
      if (customerId !== customer.id) {
        closeCustomer()
        customer = { id: customerId, points: 0 }
      }
      let given = 0
      for (const award of awards) {
        const rule = rules.get(award.ruleId ?? '')
        if (!rule) continue
        rule.points += award.points
        rule.awards += 1
        given += award.points
      }
      if (given === 0) return
      total += given
      customer.points += given
      stores.set(storeId, (stores.get(storeId) ?? 0) + given)
      const day = localDayOf(at, timeZone)
      byDay.set(day, (byDay.get(day) ?? 0) + given)
      examples.offer(purchase, { rank: given, points: given })
    },
    points: () => total,
    ofRule: (id: string) => rules.get(id) ?? { points: 0, awards: 0 },
    ofStore: (id: number) => stores.get(id) ?? 0,
    byDay: () => [...byDay.values()],
    examples: examples.end,
    customers() {
      closeCustomer()
      return customers
    },
  }
}
