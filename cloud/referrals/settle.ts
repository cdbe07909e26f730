import { bookAt } from '../../shared/rules/book.ts'
import { lifeOfGift } from '../../shared/rules/quote.ts'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { prepareTransaction } from '../feed/reader.ts'
import type { Author } from '../ledger/account.ts'
import { derivedId } from '../ledger/derivedId.ts'
import { postWithin } from '../ledger/post.ts'
import { readRules } from '../ledger/programme.ts'
import type { Request } from '../ledger/request.ts'
import { authorName } from '../ledger/rows.ts'
import { type FirstPurchase, judge, type Reason, type State } from './judge.ts'
import { type Told, tell } from './messages.ts'
import { lockReferral, type Referral, standingOf } from './standing.ts'

interface Around {
  now: Instant
  timeZone: string
}

const author: Author = { type: 'system', name: 'referrals' }

/** Settles one invitation in a transaction of its own. */
export async function settle(sql: Sql, refereeId: number, around: Around): Promise<State | null> {
  return await sql.begin(async (sql) => {
    await prepareTransaction(sql)
    const referral = await lockReferral(sql, refereeId)
    return referral && isOpen(referral) ? await settleWithin(sql, referral, around) : null
  })
}

export const isOpen = ({ state }: Pick<Referral, 'state'>) => state !== 'rejected' && state !== 'taken_back'

/** Judges a locked invitation and acts on the verdict: the only way in which its points are given. */
export async function settleWithin(sql: Tx, referral: Referral, around: Around): Promise<State> {
  const standing = await standingOf(sql, referral, around)
  const { purchase } = standing
  const { state, reason, dueAt } = judge(standing)
  await keepPurchase(sql, referral, purchase, around)
  if (reason) await endWithin(sql, referral, { reason, who: authorName(author), note: null, ...around })
  else if (state === 'rewarded' && referral.state !== 'rewarded')
    await reward(sql, referral, purchase, around)
  else {
    await sql`
      update referrals set state = ${state}, due_at = ${dueAt === null ? null : toIso(dueAt)}
      where referee_id = ${referral.refereeId}`
    if (state === 'flagged' && referral.state !== 'flagged')
      await tellBoth(sql, referral, () => ({ what: 'checked' }), around)
  }
  return state
}

/**
 * Keeps the purchase of an invitation. The other friends of a crowd are judged by it too, so their invitations are
 * marked.
 */
async function keepPurchase(
  sql: Tx,
  { refereeId, referrer, state, purchaseId }: Referral,
  purchase: FirstPurchase | null,
  { now }: Around,
): Promise<void> {
  if (state === 'rewarded' || (purchase?.id ?? null) === purchaseId) return
  const at = purchase && toIso(purchase.at)
  await sql`
    update referrals set purchase_id = ${purchase?.id ?? null}, purchase_at = ${at}, register_id = ${purchase?.registerId ?? null}
    where referee_id = ${refereeId}`
  if (!purchase) return
  await sql`
    update referrals set due_at = ${toIso(now)}
    where referrer_id in (select id from customers where id = ${referrer.customerId} or merged_into = ${referrer.customerId})
      and referee_id <> ${refereeId} and state = 'waiting' and register_id = ${purchase.registerId}
      and purchase_at between ${toIso(purchase.at - DAY)} and ${toIso(purchase.at + DAY)}`
}

async function reward(
  sql: Tx,
  referral: Referral,
  purchase: FirstPurchase | null,
  { now }: Around,
): Promise<void> {
  if (!purchase) throw new Error(`referral ${referral.refereeId} is rewarded for nothing`)
  const { referrer_points: referrerPoints, referee_points: refereePoints } = purchase.terms
  const referrerGift = giftOf(referral, 'referrer', referrerPoints, now)
  const refereeGift = giftOf(referral, 'referee', refereePoints, now)
  await postAll(sql, [referrerGift, refereeGift], now)
  await sql`
    update referrals set state = 'rewarded', due_at = null, rewarded_at = ${toIso(now)}, settled_at = ${toIso(now)},
      referrer_points = ${referrerPoints}, referee_points = ${refereePoints},
      referrer_gift = ${referrerGift?.id ?? null}, referee_gift = ${refereeGift?.id ?? null}
    where referee_id = ${referral.refereeId}`
  const points = { referrer: referrerPoints, referee: refereePoints }
  await tellBoth(sql, referral, (side) => ({ what: 'rewarded', side, points: points[side] }), { now })
}

type Side = 'referrer' | 'referee'

/** A gift, whose id follows from its invitation and side: asked for twice, it is given once. */
function giftOf(referral: Referral, side: Side, points: number, now: Instant): Request | null {
  if (points === 0) return null
  const id = derivedId(referral.invitedAt, `referral ${referral.refereeId}: for the ${side}`)
  const reason = `referral ${referral.refereeId}`
  return { id, kind: 'bonus', at: now, card: referral[side].card, points, reason, author }
}

interface Ending extends Around {
  reason: Reason
  who: string
  /** The note of the person. */
  note: string | null
}

/** Ends a locked invitation; gifts are taken back from both customers. */
export async function endWithin(sql: Tx, referral: Referral, ending: Ending): Promise<void> {
  const { reason, who, note, now } = ending
  const isTaken = referral.state === 'rewarded'
  const takings = isTaken ? await takeBack(sql, referral, ending) : { referrer: null, referee: null }
  await sql`
    update referrals set state = ${isTaken ? 'taken_back' : 'rejected'}, reason = ${reason}, note = coalesce(${note}, note),
      decided_by = ${who}, due_at = null, settled_at = ${toIso(now)},
      referrer_taking = ${takings.referrer}, referee_taking = ${takings.referee}
    where referee_id = ${referral.refereeId}`
  const points = { referrer: referral.referrerPoints, referee: referral.refereePoints }
  await tellBoth(
    sql,
    referral,
    (side) =>
      isTaken
        ? { what: 'taken_back', side, points: points[side], reason }
        : { what: 'rejected', side, reason },
    ending,
  )
}

/** Takes a gift back from the customer who has it by now, out of its lot. Nothing is taken from an erased customer. */
async function takeBack(
  sql: Tx,
  referral: Referral,
  { now, timeZone }: Around,
): Promise<Record<Side, string | null>> {
  const takingOf = async (side: Side): Promise<Request | null> => {
    const gift = side === 'referrer' ? referral.referrerGift : referral.refereeGift
    const points = side === 'referrer' ? referral.referrerPoints : referral.refereePoints
    const [given] = await sql<{ at: Instant; card: string }[]>`
      select at, card from operations join customers on customers.id = customer_id
      where operations.id = ${gift} and customers.status <> 'erased'`
    if (!given) return null
    const { programmeId, refereeId } = referral
    const { books } = await readRules(sql, { programmeId, since: given.at, timeZone })
    const id = derivedId(referral.invitedAt, `referral ${refereeId}: back from the ${side}`)
    const takesBack = lifeOfGift(given.at, bookAt(books, given.at))
    const reason = `referral ${refereeId} taken back`
    return { id, kind: 'adjust', at: now, card: given.card, points: 0 - points, reason, author, takesBack }
  }
  const takings = { referrer: await takingOf('referrer'), referee: await takingOf('referee') }
  await postAll(sql, [takings.referrer, takings.referee], now)
  return { referrer: takings.referrer?.id ?? null, referee: takings.referee?.id ?? null }
}

async function postAll(sql: Tx, requests: (Request | null)[], now: Instant): Promise<void> {
  const asked = requests.filter((request) => request !== null)
  const outcomes = await postWithin(sql, asked, { now: () => now })
  const refused = outcomes.find((outcome) => outcome.status === 'refused')
  if (refused) throw new Error(`points of a referral were refused: ${refused.message}`)
}

/** Tells each of the two how many points they get or lose; one with none is not told. */
async function tellBoth(
  sql: Tx,
  { refereeId, referrer, referee }: Referral,
  factsFor: (side: Side) => Told['facts'],
  { now }: Pick<Around, 'now'>,
): Promise<void> {
  const told = [
    { customerId: referrer.customerId, facts: factsFor('referrer') },
    { customerId: referee.customerId, facts: factsFor('referee') },
  ]
  const worthTelling = told.filter(({ facts }) => !('points' in facts) || facts.points > 0)
  await tell(sql, worthTelling, { refereeId, now })
}
