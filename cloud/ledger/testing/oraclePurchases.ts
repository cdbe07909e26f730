import type { Item } from '../../../shared/items.ts'
import { type Instant, SECOND } from '../../../shared/time.ts'
import type { Request } from '../request.ts'
import { fill, lifeOf, size } from './oracleLots.ts'
import { type Award, everyOf, nowOf, type Person, type Purchase, purchasesOf } from './oraclePeople.ts'
import { fitIn, floorOf, givenBy, periodAt, share, textOfDay } from './oracleRules.ts'
import type { RuleSaid, Terms } from './terms.ts'

export const storeOf = ({ author }: Request) => (author.type === 'register' ? author.storeId : 0)

export const moneyPaid = (purchase: Purchase) => purchase.kopecks - purchase.points * 100 - purchase.off

/** Taken by 1C, and not given back by a return. */
export const hasUsed = ({ state, kind, isVoucherBack }: Purchase) =>
  kind === 'redeem' && state === 'applied' && !isVoucherBack

export const isOpen = ({ kind, state }: Purchase) =>
  kind === 'redeem' && (state === 'pending' || state === 'processing' || state === 'in_doubt')

export const hasLapsed = ({ kind, state, until }: Purchase, now: Instant) =>
  kind === 'redeem' && state === 'pending' && until <= now

export const wasGivenUp = (purchase: Purchase, now: Instant) =>
  purchase.state === 'released' || purchase.state === 'expired' || hasLapsed(purchase, now)

export function newPurchase(
  request: Request & { kind: 'earn' | 'redeem' },
  person: Person,
  now: Instant,
): Purchase {
  return {
    id: request.id,
    kind: request.kind,
    maker: person,
    author: request.author,
    store: storeOf(request),
    at: request.at,
    kopecks: request.purchaseKopecks,
    items: boughtBy(request),
    points: request.kind === 'redeem' ? request.points : 0,
    state: request.kind === 'redeem' && request.via !== 'agent' ? 'processing' : 'pending',
    until: now + 90 * SECOND,
    isReleasedByPerson: false,
    code: (request.kind === 'redeem' && request.shown?.id) || null,
    taken: [],
    awards: [],
    isEarned: false,
    limitedOn: null,
    ...{ voucher: null, off: 0, isVoucherBack: false, refunds: 0 },
    refunded: 0,
    isReturned: false,
    givenBack: 0,
  }
}

/** Lines that are not the whole purchase are no lines. */
export function boughtBy({ items, purchaseKopecks }: Request & { kind: 'earn' | 'redeem' }): Item[] | null {
  const total = (items ?? []).reduce((sum, { kopecks }) => sum + kopecks, 0)
  return items && total === purchaseKopecks ? items : null
}

/** As it was at the time of the sale; who never had another has the lowest. */
function statusOf(person: Person | undefined, at: Instant, { statuses }: Terms) {
  const had = person?.statuses.filter(({ from }) => from <= at).at(-1)
  const name = had ? had.name : statuses[0]?.name
  return statuses.find((status) => status.name === name)
}

export const limitOf = (person: Person | undefined, at: Instant, terms: Terms) =>
  statusOf(person, at, terms)?.limit ?? terms.limit

export function awardsOf(purchase: Purchase, terms: Terms, given: (source: string) => number): Award[] {
  const { maker: person, at, store } = purchase
  const paid = moneyPaid(purchase)
  const status = statusOf(person, at, terms)
  const cashback = status?.cashback ?? terms.cashback
  const purchases = purchasesOf(person)
  const pasts = everyOf(person).map(({ past }) => past)
  const standing = purchases.filter(stands).map(({ at }) => at)
  const uses = [...pasts.flatMap(({ uses }) => uses), ...purchases.flatMap(usesOf)]
  const sourceOf = ({ budget }: RuleSaid) => {
    const found = terms.budgets.find(({ id }) => id === budget)
    if (!found) return null
    return `${person.programme} ${found.id} ${periodAt(found, at)} ${found.per_store ? store : 'all'}`
  }
  const leftOf = (rule: RuleSaid, also: Award[] = []) => {
    const source = sourceOf(rule)
    const limit = terms.budgets.find(({ id }) => id === rule.budget)?.limit_points ?? Number.POSITIVE_INFINITY
    if (source === null) return limit
    return limit - given(source) - size(also.filter((award) => award.source === source))
  }
  const rules = givenBy(terms.rules, {
    ...{ at, store, paid, kopecks: purchase.kopecks, items: purchase.items },
    ...{ cashback, status: status?.name ?? null, registeredAt: person.registeredAt },
    ...{ card: person.card, segments: person.segments },
    before: [...pasts.flatMap(({ moments }) => moments), ...standing],
    number: pasts.reduce((total, { number }) => total + number, 0) + standing.length + 1,
    used: (ruleId, period) => uses.filter((use) => use === `${period} ${ruleId}`).length,
    ...{ left: leftOf, budgets: terms.budgets },
  })
  let room = roomOfDay(person, at, terms)
  const base = Math.min(share(paid, cashback), room)
  room -= base
  const awards: Award[] = [
    {
      ...{ life: lifeOf(at, terms), points: base, by: null, cashback, claimed: 0, source: null },
      most: base < share(paid, cashback) ? base : Number.POSITIVE_INFINITY,
    },
  ]
  for (const by of rules) {
    const points = fitIn(Math.min(by.points, room), leftOf(by.rule, awards), by.rule, terms.budgets)
    room -= points
    if (points === 0) continue
    const { lifetime_days: lifetimeDays, activation_days: activationDays } = by.rule
    const life = {
      lifetimeDays: lifetimeDays ?? terms.lifetimeDays,
      activationDays: activationDays ?? terms.activationDays,
    }
    awards.push({
      ...{ life: lifeOf(at, life), points, claimed: 0, cashback: 0, most: 0, source: sourceOf(by.rule) },
      by: points < by.points ? { ...by, points, cap: points } : by,
    })
  }
  const voucher = purchase.voucher?.terms
  if (voucher?.gives.type === 'points' && paid > 0) {
    const { points, lifetime_days: lifetimeDays = terms.lifetimeDays } = voucher.gives
    awards.push({
      ...{ life: lifeOf(at, { lifetimeDays, activationDays: 0 }), points, claimed: 0, cashback: 0, most: 0 },
      ...{
        source: null,
        by: { points, ...fixed, minKopecks: Math.min(paid, voucher.min_purchase_kopecks ?? 0) },
      },
    })
  }
  return awards
}

/** Of what no rule gives. */
const fixed = {
  rule: { id: 'voucher', title: 'voucher', award: { type: 'points' as const, points: 1 } },
  ...{ share: null, times: 0, of: 0, paid: 0, cap: 0, periods: [] },
}

/** How many points a customer may still have on the day of a purchase. */
function roomOfDay(person: Person, at: Instant, { limits }: Terms): number {
  const day = textOfDay(at)
  const now = purchasesOf(person).flatMap((purchase) =>
    purchase.limitedOn === day ? [{ points: keptPoints(purchase), stands: stands(purchase) }] : [],
  )
  const past = everyOf(person).flatMap(({ past }) => past.days.filter((one) => one.day === day))
  const all = [...now, ...past]
  const hard = limits.purchases_per_customer_day?.hard ?? Number.POSITIVE_INFINITY
  if (all.filter((one) => one.stands).length >= hard) return 0
  const most = limits.points_per_customer_day ?? Number.POSITIVE_INFINITY
  return Math.max(0, most - size(all))
}

const isGivenUp = ({ state }: Purchase) => state === 'released' || state === 'expired'

/** What it has after all of its refunds; what was given up has nothing. */
export function keptPoints(purchase: Purchase): number {
  if (isGivenUp(purchase)) return 0
  const kept = moneyPaid(purchase) - purchase.refunded
  return purchase.awards.reduce((total, award) => total + deserved(award, kept), 0)
}

/** What a budget has given to it and not got back. */
export function givenTo(purchase: Purchase, source: string): number {
  if (isGivenUp(purchase)) return 0
  const kept = moneyPaid(purchase) - purchase.refunded
  return purchase.awards
    .filter((award) => award.source === source)
    .reduce((total, award) => total + deserved(award, kept), 0)
}

/** Earned or redeemed, not given up, and not wholly returned. */
export const stands = ({ state, kind, isReturned }: Purchase) =>
  !isReturned && !(kind === 'redeem' && (state === 'released' || state === 'expired'))

/** What a purchase draws of the uses of rules: nothing once nothing is left of the award. */
export function usesOf(purchase: Purchase): string[] {
  if (isGivenUp(purchase)) return []
  const kept = moneyPaid(purchase) - purchase.refunded
  return purchase.awards.flatMap((award) =>
    award.by && deserved(award, kept) > 0
      ? award.by.periods.map((period) => `${period} ${award.by?.rule.id}`)
      : [],
  )
}

export function deserved({ points, by, cashback, most }: Award, keptKopecks: number): number {
  if (keptKopecks <= 0) return 0
  if (by === null) return Math.min(most, share(keptKopecks, cashback))
  if (by.share !== null)
    return Math.min(by.cap, share(floorOf(by.of, keptKopecks, by.paid), by.share, by.times))
  return keptKopecks >= by.minKopecks ? points : 0
}

export function earn(purchase: Purchase): number {
  purchase.isEarned = true
  for (const { life, points } of purchase.awards) fill(nowOf(purchase.maker), life, points)
  return size(purchase.awards)
}
