import type { ReferralTerms } from '../shared/rules/referral.ts'
import { DAY, type Instant, MINUTE, toIso } from '../shared/time.ts'
import type { Evidence } from './evidence.ts'
import type { Finding } from './invariants.ts'
import type { Invitation } from './virtual/referrals.ts'

/** How long purchases of customers without an invitation are remembered: they may be merged into one who has one. */
const KEPT_MS = 3 * DAY

interface Bought {
  id: string
  card: string
  registerId: number
  at: Instant
  paidKopecks: number
  isBack: boolean
  terms: ReferralTerms | null
}

/**
 * The oracle of invitations: from day to day it keeps the purchases of all customers, as the journals have them, and says of
 * each invitation whether its state may be so. It does not use the product's judgement.
 */
export function createFriendsBook() {
  const bought = new Map<string, Bought>()
  /** The invitations that were over on an earlier evening: they stay so. */
  const over = new Set<Invitation>()

  function follow({ tills, holds, books, operations }: Evidence): void {
    const madeBy = new Map(operations.map((operation) => [operation.id, operation.madeBy]))
    const applied = new Map(holds.filter(({ state }) => state === 'applied').map((hold) => [hold.id, hold]))
    /** The terms of the book that began last, and of two that began together the newer. */
    const termsAt = (at: Instant) =>
      books
        .filter(({ validFrom, version }) => validFrom <= at || version === 1)
        .sort((one, other) => one.validFrom - other.validFrom || one.version - other.version)
        .at(-1)?.referral ?? null
    for (const { journal, registerId } of tills)
      for (const { id, kind, state, at, card, purchaseKopecks, reference } of journal) {
        if (state !== 'accepted') continue
        const hold = applied.get(id)
        if (card !== null && (kind === 'earn' || (kind === 'redeem' && hold))) {
          const off = hold ? hold.points * 100 + hold.voucherKopecks : 0
          const paidKopecks = purchaseKopecks - off
          const maker = madeBy.get(id) ?? card
          bought.set(id, {
            ...{ id, card: maker, registerId, at, paidKopecks },
            isBack: false,
            terms: termsAt(at),
          })
        }
        const sale = kind === 'refund' ? bought.get(reference ?? '') : undefined
        if (sale) sale.isBack = true
      }
  }

  /** Why an invitation cannot have its state; null: it can. */
  function whyNot(
    one: Invitation,
    { invitations = [], mergedInto, at: now = 0 }: Evidence,
    ofRoot: Map<string, Bought[]>,
  ): string | null {
    const rootOf = (card: string) => mergedInto.get(card) ?? card
    const [above, below] = [rootOf(one.referrer), rootOf(one.referee)]
    /** The purchases of a friend that meet the terms of their time. */
    const metBy = ({ referee, invitedAt }: Invitation) =>
      (ofRoot.get(rootOf(referee)) ?? []).filter(
        ({ at, paidKopecks, terms }) =>
          at >= invitedAt && terms !== null && paidKopecks >= terms.min_purchase_kopecks,
      )
    const met = metBy(one).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    const first = met[0]
    const counted = met.find(({ id }) => id === one.purchaseId)
    const endsAt = ({ at, terms }: Bought) => at + (terms?.wait_days ?? 0) * DAY
    const own = invitations.filter(({ referrer }) => rootOf(referrer) === above)
    const others = [...mergedInto].filter(([card, root]) => root === below && card !== one.referee)
    const { referrer, referee } = one.given

    switch (one.state) {
      case 'waiting':
        if (above === below) return 'it is of oneself'
        if (first?.isBack) return 'the goods came back'
        return first && endsAt(first) <= now ? 'its wait is over' : null
      case 'rewarded': {
        // A customer who was parted may have taken along the purchase that it was for.
        if (!counted) return (one.rewardedAt ?? 0) > now - DAY / 2 ? 'nothing that counts was bought' : null
        if (above === below) return 'it is of oneself'
        if (counted.isBack) return 'the goods came back'
        if (one.rewardedAt === null || one.rewardedAt < endsAt(counted)) return 'its wait was not over'
        const { terms } = counted
        if (referrer !== terms?.referrer_points || referee !== terms.referee_points)
          return `given were ${referrer} and ${referee}`
        const isUsual = !one.isReleased && own.length === countOf(own, one.referrer)
        const before = own.filter(
          ({ state, rewardedAt }) =>
            state === 'rewarded' &&
            monthOf(rewardedAt) === monthOf(one.rewardedAt) &&
            Number(rewardedAt) < Number(one.rewardedAt),
        ).length
        return isUsual && before >= terms.per_month
          ? `${before} of ${terms.per_month} in a month were rewarded before it`
          : null
      }
      case 'flagged':
        return met.some((mine) => isCrowded(mine, own.map(metBy))) ? null : 'there is no crowd'
      case 'taken_back':
      case 'rejected': {
        // What of a gift has died unspent is not taken back.
        const mayHaveDied = one.rewardedAt !== null && one.rewardedAt <= now - DAY
        if (!mayHaveDied && (referrer > 0 || referee > 0)) return `${referrer} and ${referee} are still given`
        switch (one.reason) {
          case 'returned':
            return met.some(({ isBack }) => isBack) ? null : 'nothing came back'
          case 'self':
            return above === below ? null : 'they are two'
          case 'customer_before':
            return others.length > 0 ? null : 'they had no other card'
          case 'over_month':
            return own.filter(({ rewardedAt }) => rewardedAt !== null).length >=
              (counted?.terms?.per_month ?? 0)
              ? null
              : 'the month has room'
          default:
            return null
        }
      }
    }
  }

  return {
    /** The violations in the evening. */
    check(evidence: Evidence): Finding[] {
      follow(evidence)
      const { invitations = [], mergedInto, at: now = 0 } = evidence
      const rootOf = (card: string) => mergedInto.get(card) ?? card
      const ofRoot = Map.groupBy(bought.values(), ({ card }) => rootOf(card))
      const asked = invitations.filter((one) => !over.has(one))
      const violations = asked.flatMap((one) => {
        const why = whyNot(one, evidence, ofRoot)
        return why ? [`${one.referee} by ${one.referrer} is ${one.state} (${one.reason}): ${why}`] : []
      })
      const going = new Set<string>()
      for (const one of asked)
        if (one.state === 'rejected' || one.state === 'taken_back') over.add(one)
        else going.add(rootOf(one.referee))
      for (const { id, card, at } of [...bought.values()])
        if (at < now - KEPT_MS && !going.has(rootOf(card))) bought.delete(id)
      const what = 'an invitation stands where what was bought and brought back says'
      return [{ what, count: asked.length, violations }]
    },
  }
}

/**
 * Three friends or more have bought at one register within a day. Which purchase is the first of each may have changed since
 * somebody was asked to look.
 */
const isCrowded = (mine: Bought, ofFriends: Bought[][]) =>
  ofFriends.filter((bought) =>
    bought.some(({ registerId, at }) => registerId === mine.registerId && Math.abs(at - mine.at) <= DAY),
  ).length >= 3

/** By the clock of the shops, which is Moscow's. */
const monthOf = (at: Instant | null) => toIso((at ?? 0) + 180 * MINUTE).slice(0, 7)

const countOf = (own: Invitation[], referrer: string) => own.filter((one) => one.referrer === referrer).length
