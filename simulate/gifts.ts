import { perform } from '../cloud/acts/act.ts'
import { addCampaign, startCampaign } from '../cloud/acts/campaigns.ts'
import { addSegment } from '../cloud/acts/segments.ts'
import type { Sql } from '../cloud/database/connect.ts'
import { simulatedVoucherKey } from './cloud.ts'
import type { Evidence } from './evidence.ts'
import type { Finding } from './invariants.ts'

const GIFT_POINTS = 25
const NAME = 'phones'

/** The people of the campaign and their gifts, as the ledger has them in the evening. */
export interface Gifts {
  /** By the card that each had when they were chosen. */
  people: { card: string; isLeftOut: boolean }[]
  /** By the card of the customer who has the gift by now. */
  posted: { card: string; points: number }[]
}

/** Starts a campaign for customers with the card in their phone: a gift, and a rule that comes into the book. */
export async function startCampaignOfDay(sql: Sql): Promise<void> {
  const by = {
    ...{ sql, who: { type: 'admin', name: 'simulate' } as const, now: Date.now(), botToken: null },
    voucherKey: () => simulatedVoucherKey,
  }
  const segment = { name: NAME, title: 'Карта в телефоне', definition: { type: 'telegram' as const } }
  await perform(addSegment, { segment }, by)
  const campaign = {
    ...{ name: NAME, title: 'Карта в телефоне', purpose: 'проба', audience: NAME, holdout_percent: 20 },
    gift: { points: GIFT_POINTS },
    rules: [{ id: 'phone', title: 'Карта в телефоне', award: { type: 'points' as const, points: 12 } }],
  }
  await perform(addCampaign, { campaign }, by)
  await perform(startCampaign, { campaign: NAME }, by)
}

export async function readGifts(sql: Sql): Promise<Gifts> {
  const [people, posted] = await Promise.all([
    sql<Gifts['people']>`
      select card, is_held_out as "isLeftOut" from campaign_people join customers on id = customer_id`,
    sql<Gifts['posted']>`
      select card, points from operations join customers on customers.id = customer_id
      where author = 'system:campaigns' and operations.status = 'accepted'`,
  ])
  return { people, posted }
}

/** Checks the gifts by the customers who came with a phone: it does not use the product's segments. */
export function checkGifts(
  { gifts, mergedInto }: Evidence,
  { phones }: { phones: ReadonlySet<string> },
): Finding {
  const { people, posted } = gifts ?? { people: [], posted: [] }
  const rootOf = (card: string) => mergedInto.get(card) ?? card
  const chosen = new Set(people.map(({ card }) => card))
  const roots = new Set([...phones].map(rootOf))
  const ofRoot = Map.groupBy(posted, ({ card }) => card)
  const owed = Map.groupBy(
    people.filter(({ isLeftOut }) => !isLeftOut),
    ({ card }) => rootOf(card),
  )
  // A customer who was merged before is not there any more.
  const forgotten =
    people.length === 0 ? [] : [...phones].filter((card) => rootOf(card) === card && !chosen.has(card))
  return {
    what: 'the gift of a campaign went once to each who has the card in a phone and was not left out',
    count: people.length,
    violations: [
      ...forgotten.map((card) => `card ${card} was not chosen`),
      ...[...chosen].filter((card) => !roots.has(rootOf(card))).map((card) => `card ${card} has no phone`),
      ...[...new Set([...ofRoot.keys(), ...owed.keys()])].flatMap((card) => {
        const [is, should] = [ofRoot.get(card)?.length ?? 0, owed.get(card)?.length ?? 0]
        return is === should ? [] : [`card ${card} has ${is} gifts, not ${should}`]
      }),
      ...posted.flatMap(({ card, points }) =>
        points === GIFT_POINTS ? [] : [`the gift of card ${card} was ${points}`],
      ),
    ],
  }
}
