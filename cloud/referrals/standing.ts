import type { Book } from '../../shared/rules/book.ts'
import { localDayOf, startOfLocalDay } from '../../shared/rules/localTime.ts'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { readRules } from '../ledger/programme.ts'
import { type FirstPurchase, isInCrowd, type Standing, type State } from './judge.ts'

/** An invitation as its row has it, with the present customers of the two. */
export interface Referral {
  refereeId: number
  programmeId: number
  invitedAt: Instant
  state: State
  isReleased: boolean
  purchaseId: string | null
  referrerGift: string | null
  refereeGift: string | null
  referrerPoints: number
  refereePoints: number
  /** The present customers of the two: for a merged card, the customer who stayed. */
  referrer: Party
  referee: Party
}

interface Party {
  customerId: number
  card: string
  status: 'active' | 'frozen' | 'erased'
}

/** Locks the customers first, in the order of all writers; then the invitation, which only its own writers lock. */
export async function lockReferral(sql: Tx, refereeId: number): Promise<Referral | null> {
  await sql`
    select from customers
    where id = any(array(
      select coalesce(merged_into, id) from referrals join customers on id in (referee_id, referrer_id)
      where referee_id = ${refereeId}))
    order by id
    for no key update`
  type Row = Omit<Referral, 'referrer' | 'referee'> & { referrerId: number }
  const [row] = await sql<Row[]>`
    select referee_id as "refereeId", referrer_id as "referrerId", programme_id as "programmeId",
      invited_at as "invitedAt", state, is_released as "isReleased", purchase_id as "purchaseId",
      referrer_gift as "referrerGift", referee_gift as "refereeGift", referrer_points as "referrerPoints",
      referee_points as "refereePoints"
    from referrals where referee_id = ${refereeId} for update`
  if (!row) return null
  const { referrerId, ...referral } = row
  const party = async (id: number): Promise<Party> => {
    const [found] = await sql<Party[]>`
      select now.id as "customerId", now.card, now.status
      from customers was join customers now on now.id = coalesce(was.merged_into, was.id)
      where was.id = ${id}`
    if (!found) throw new Error(`customer ${id} of a referral is not there`)
    return found
  }
  return { ...referral, referrer: await party(referrerId), referee: await party(refereeId) }
}

interface Around {
  now: Instant
  timeZone: string
}

/** The facts that an invitation is judged by, counted anew from the ledger. */
export async function standingOf(sql: Tx, referral: Referral, { now, timeZone }: Around): Promise<Standing> {
  const { programmeId, invitedAt, state, isReleased } = referral
  const { books, timeZone: zone } = await readRules(sql, { programmeId, since: invitedAt, timeZone })
  const purchase = await findPurchase(sql, referral, books)
  return {
    ...{ state, isReleased, purchase, now },
    problem: await findProblem(sql, referral),
    ...(await readOthers(
      sql,
      referral,
      purchase,
      startOfLocalDay(`${localDayOf(now, zone).slice(0, 7)}-01`, zone),
    )),
  }
}

/**
 * The first purchase of the friend since the invitation that met the terms of its time, whatever was returned later;
 * after a reward it stays the rewarded one. A redemption counts once 1C has taken its discount.
 */
async function findPurchase(
  sql: Tx,
  { referee, invitedAt, state, purchaseId }: Referral,
  books: Book[],
): Promise<FirstPurchase | null> {
  const inOrder = books.toSorted((a, b) => a.validFrom - b.validFrom || a.version - b.version)
  const [row] = await sql<(Omit<FirstPurchase, 'terms'> & { book: number })[]>`
    select sale.id, sale.at, sale.register_id as "registerId", sale.book,
      (sale.paid - coalesce((
        select sum(refund_kopecks) from operations refund
        where refund.customer_id = ${referee.customerId} and refund.reference_id = sale.id and refund.kind = 'refund'
          and refund.status = 'accepted'), 0))::bigint as "keptKopecks"
    from (
      select sold.id, sold.at, sold.register_id, terms.book::int, terms.least,
        sold.purchase_kopecks - coalesce(100 * holds.points + holds.voucher_kopecks, 0) as paid
      from operations sold
      left join holds on holds.customer_id = sold.customer_id and holds.id = sold.id
      cross join lateral (
        select least, book
        from unnest(
          ${inOrder.map(({ validFrom }) => toIso(validFrom))}::timestamptz[],
          ${inOrder.map(({ referral }) => referral?.min_purchase_kopecks ?? null)}::bigint[])
          with ordinality as books(valid_from, least, book)
        where book = 1 or valid_from <= sold.at
        order by book desc
        limit 1) terms
      where sold.customer_id = ${referee.customerId} and sold.status = 'accepted' and sold.kind in ('earn', 'redeem')
        and sold.at >= ${toIso(invitedAt)} and (sold.kind = 'earn' or holds.state = 'applied')
        and (${state} <> 'rewarded' or sold.id = ${purchaseId})) sale
    where sale.paid >= sale.least
    order by sale.at, sale.id
    limit 1`
  const terms = row && inOrder[row.book - 1]?.referral
  if (!row || !terms) return null
  const { book: _, ...purchase } = row
  return { ...purchase, terms }
}

/** A customer and all who were merged into them. */
const groupOf = (sql: Tx, { customerId }: Party) =>
  sql`(select id from customers where id = ${customerId} or merged_into = ${customerId})`

async function findProblem(
  sql: Tx,
  { referrer, referee, refereeId, invitedAt }: Referral,
): Promise<Standing['problem']> {
  if (referrer.customerId === referee.customerId) return 'self'
  const [row] = await sql<{ circle: boolean; before: boolean; staff: boolean }[]>`
    with recursive above as (
      select ${referrer.customerId}::bigint as id
      union
      select coalesce(invited_by.merged_into, invited_by.id)
      from above
      join customers own on own.id = above.id or own.merged_into = above.id
      join referrals on referee_id = own.id and state <> 'rejected'
      join customers invited_by on invited_by.id = referrer_id)
    select exists (select from above where id = ${referee.customerId}) as circle,
      exists (
        select from customers
        where id in ${groupOf(sql, referee)} and id <> ${refereeId} and created_at < ${toIso(invitedAt)}) as before,
      exists (
        select from staff_cards
        where customer_id in ${groupOf(sql, referee)} or customer_id in ${groupOf(sql, referrer)}) as staff`
  if (referrer.status === 'erased' || referee.status === 'erased') return 'left'
  if (row?.circle) return 'circle'
  if (row?.before) return 'customer_before'
  return row?.staff ? 'staff' : null
}

/** The facts about other friends of the same customer that matter here. */
async function readOthers(
  sql: Tx,
  { referrer, refereeId }: Referral,
  purchase: FirstPurchase | null,
  monthBegan: Instant,
): Promise<Pick<Standing, 'rewardedThisMonth' | 'isCrowd'>> {
  const others = sql`referrer_id in ${groupOf(sql, referrer)} and referee_id <> ${refereeId}`
  const [counted] = await sql<{ rewarded: number }[]>`
    select count(*)::int as rewarded from referrals
    where ${others} and state = 'rewarded' and rewarded_at >= ${toIso(monthBegan)}`
  if (!purchase) return { rewardedThisMonth: counted?.rewarded ?? 0, isCrowd: false }
  const near = await sql<{ at: Instant }[]>`
    select purchase_at as at from referrals
    where ${others} and register_id = ${purchase.registerId}
      and purchase_at between ${toIso(purchase.at - DAY)} and ${toIso(purchase.at + DAY)}`
  return {
    rewardedThisMonth: counted?.rewarded ?? 0,
    isCrowd: isInCrowd(
      purchase.at,
      near.map(({ at }) => at),
    ),
  }
}
