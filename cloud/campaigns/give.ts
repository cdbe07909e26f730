import type { Instant } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import type { Author } from '../ledger/account.ts'
import { derivedId } from '../ledger/derivedId.ts'
import { postWithin } from '../ledger/post.ts'
import type { Request } from '../ledger/request.ts'
import { lockRunning } from './read.ts'

/** A sale of one of these customers waits for the batch: few enough gifts that no till notices. */
const GIFTS_A_BATCH = 100

export const author: Author = { type: 'system', name: 'campaigns' }

/** The id of the operation that gives a customer the gift of a campaign: the same however often it is asked for. */
export const giftIdOf = ({ id, startedAt }: { id: number; startedAt: Instant }, customerId: number) =>
  derivedId(startedAt, `campaign ${id} gift ${customerId}`)

/**
 * Gives the points of a campaign to some people who have not had them: the gift and the note that it was given are one
 * transaction. The id of a gift follows from the campaign and the customer, so that no customer can have it twice.
 */
export async function giveSome(
  sql: Sql,
  id: number,
  now: Instant,
): Promise<{ given: number; more: boolean }> {
  return await sql.begin(async (sql) => {
    const known = await lockRunning(sql, id)
    const gift = known?.campaign.gift
    if (!known || !gift || known.startedAt === null) return { given: 0, more: false }
    const room =
      gift.budget_points === undefined
        ? GIFTS_A_BATCH
        : await roomFor(sql, id, { points: gift.points, budgetPoints: gift.budget_points })
    if (room === 0) return { given: 0, more: false }
    const people = await sql<{ customerId: number; card: string; isThere: boolean }[]>`
      select customer_id as "customerId", card, status <> 'erased' and merged_into is null as "isThere"
      from campaign_people join customers on customers.id = customer_id
      where campaign_id = ${id} and not is_held_out and gift_points is null and refused is null
      order by campaign_id, customer_id limit ${Math.min(GIFTS_A_BATCH, room)}`
    if (people.length === 0) return { given: 0, more: false }
    const { startedAt, campaign } = known
    const present = people.filter(({ isThere }) => isThere)
    const gifts = present.map(({ customerId, card }) => ({
      ...{ customerId, card, id: giftIdOf({ id, startedAt }, customerId) },
    }))
    const outcomes = await postWithin(
      sql,
      gifts.map(
        ({ id, card }): Request => ({
          ...{ kind: 'bonus', id, at: now, card, author, points: gift.points, reason: campaign.name },
        }),
      ),
      { now: () => now },
    )
    const became = gifts.map(({ customerId, id }, place) => {
      const outcome = outcomes[place]
      if (outcome?.status === 'accepted') return { customerId, giftId: id, refused: null }
      return { customerId, giftId: null, refused: outcome?.code ?? 'not_answered' }
    })
    const gone = people
      .filter(({ isThere }) => !isThere)
      .map(({ customerId }) => ({ customerId, giftId: null, refused: 'gone' }))
    const noted = [...became, ...gone]
    await sql`
      update campaign_people set refused = noted.refused, gift_id = noted.gift_id,
        gift_points = case when noted.gift_id is not null then ${gift.points}::int end
      from unnest(
        ${noted.map(({ customerId }) => customerId)}::bigint[], ${noted.map(({ giftId }) => giftId)}::uuid[],
        ${noted.map(({ refused }) => refused)}::text[]) as noted(customer_id, gift_id, refused)
      where campaign_id = ${id} and campaign_people.customer_id = noted.customer_id`
    return { given: became.filter(({ giftId }) => giftId !== null).length, more: true }
  })
}

/** How many more gifts the budget of the campaign has room for. */
async function roomFor(
  sql: Tx,
  id: number,
  { points, budgetPoints }: { points: number; budgetPoints: number },
): Promise<number> {
  const [row] = await sql<{ given: number }[]>`
    select coalesce(sum(gift_points), 0)::bigint as given from campaign_people where campaign_id = ${id}`
  return Math.max(0, Math.floor((budgetPoints - (row?.given ?? 0)) / points))
}
