import type { Posting } from '../../cloud/ledger/account.ts'
import { derivedId } from '../../cloud/ledger/derivedId.ts'
import type { MemoryLedger } from '../../cloud/ledger/memory.ts'
import { FIRST_PROGRAMME } from '../../cloud/ledger/programme.ts'
import type { Request } from '../../cloud/ledger/request.ts'
import {
  isInCrowd,
  judge as judgeInvitation,
  type Reason,
  type Standing,
  type State,
} from '../../cloud/referrals/judge.ts'
import type { Outcome } from '../../shared/operation.ts'
import { bookAt } from '../../shared/rules/book.ts'
import { localDayOf, startOfLocalDay } from '../../shared/rules/localTime.ts'
import { lifeOfGift } from '../../shared/rules/quote.ts'
import type { ReferralTerms } from '../../shared/rules/referral.ts'
import type { Instant } from '../../shared/time.ts'

/** An invitation as its row holds it. */
export interface Invitation {
  /** By the cards that the two had then. */
  referrer: string
  referee: string
  invitedAt: Instant
  state: State
  reason: Reason | null
  isReleased: boolean
  purchaseId: string | null
  rewardedAt: Instant | null
  /** What both have of it: given, less what was taken back. */
  given: { referrer: number; referee: number }
}

interface Sale {
  /** The card that it was made with. */
  card: string
  id: string
  at: Instant
  registerId: number | null
  paid: number
  kept: number
  terms: ReferralTerms | null
}

export interface ReferralKeeperOptions {
  ledger: MemoryLedger
  post: (requests: Request[]) => Outcome[]
  /** For whom a card stands by now. */
  rootOf: (card: string) => string
  registeredAt: Instant
  timeZone: string
  judgeBy?: typeof judgeInvitation
}

const SIDES = ['referrer', 'referee'] as const
const author = { type: 'system', name: 'referrals' } as const
const isOver = ({ state }: Invitation) => state === 'rejected' || state === 'taken_back'

/**
 * The invitations of a cloud without a database: what each is judged by is counted from what the ledger has posted, and
 * the judgement is that of the real one.
 */
export function createReferralKeeper(options: ReferralKeeperOptions) {
  const { ledger, post, rootOf, registeredAt, timeZone, judgeBy = judgeInvitation } = options
  const invitations: Invitation[] = []
  const invited = new Set<string>()
  const sales = new Map<string, Map<string, Sale>>()
  const promised = new Map<string, Sale>()
  /** To be looked at: at once, or at their time. */
  const due = new Map<Invitation, Instant>()
  const gifts = new Map<string, { at: Instant; points: number }>()
  const books = () => ledger.books(FIRST_PROGRAMME)

  /** What each of them has bought while they were nobody else. */
  const ownOf = (card: string) => {
    const own = sales.get(card) ?? new Map<string, Sale>()
    sales.set(card, own)
    return own
  }
  const everyOf = (card: string) => ledger.cardsOf(card).map(ownOf)
  const saleOf = (card: string, id: string) => everyOf(card).flatMap((own) => own.get(id) ?? [])[0]
  /** By who the two are by now. */
  const groups = { referrer: new Map<string, Invitation[]>(), referee: new Map<string, Invitation[]>() }
  /** Customers who were merged or parted since the invitations were grouped. */
  const moved = new Set<string>()

  function regroup(): void {
    if (moved.size === 0) return
    for (const side of SIDES) {
      groups[side].clear()
      for (const one of invitations) addTo(side, one)
    }
    for (const root of [...moved].map(rootOf))
      for (const one of [...ofSide('referee', root), ...ofSide('referrer', root)])
        if (!isOver(one)) due.set(one, 0)
    moved.clear()
  }
  function addTo(side: (typeof SIDES)[number], one: Invitation): void {
    const root = rootOf(one[side])
    groups[side].set(root, [...(groups[side].get(root) ?? []), one])
  }
  const ofSide = (side: (typeof SIDES)[number], root: string) => groups[side].get(root) ?? []

  function note(card: string, { operation }: Posting): void {
    const { id, kind, at, author, quote, referenceId, refundKopecks } = operation
    const registerId = author.type === 'register' ? author.registerId : null
    if ((kind === 'earn' || kind === 'redeem') && quote) {
      const terms = bookAt(books(), at).referral ?? null
      const sale = { card, id, at, registerId, paid: quote.paidKopecks, kept: quote.paidKopecks, terms }
      if (kind === 'redeem') promised.set(id, sale)
      else ownOf(card).set(id, sale)
    } else if (kind === 'apply' && referenceId) {
      const sale = promised.get(referenceId)
      promised.delete(referenceId)
      if (sale) ownOf(sale.card).set(referenceId, sale)
    } else if (kind === 'refund' && referenceId) {
      const sale = saleOf(card, referenceId)
      if (sale) sale.kept -= refundKopecks ?? 0
    } else return
    for (const one of ofSide('referee', card))
      if (!isOver(one) && (kind === 'refund' || one.state !== 'rewarded')) due.set(one, 0)
  }

  /** The first that meets the terms of its time; who is rewarded was for one. */
  function purchaseOf({ referee, invitedAt, state, purchaseId }: Invitation): Standing['purchase'] {
    const bought = everyOf(referee).flatMap((own) => [...own.values()])
    const met = bought.flatMap(({ terms, paid, kept, id, at, registerId }) =>
      terms && paid >= terms.min_purchase_kopecks && at >= invitedAt
        ? [{ ...{ id, at, registerId }, terms, keptKopecks: kept }]
        : [],
    )
    const counted = state === 'rewarded' ? met.filter(({ id }) => id === purchaseId) : met
    return counted.sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1))[0] ?? null
  }

  function problemOf({ referrer, referee, invitedAt }: Invitation): Standing['problem'] {
    const [above, below] = [rootOf(referrer), rootOf(referee)]
    if (above === below) return 'self'
    const seen = new Set([above])
    for (const root of seen)
      for (const one of ofSide('referee', root)) if (one.state !== 'rejected') seen.add(rootOf(one.referrer))
    if (seen.has(below)) return 'circle'
    const hadOther = ledger.cardsOf(below).length > 1
    return hadOther && registeredAt < invitedAt ? 'customer_before' : null
  }

  const othersOf = (invitation: Invitation) =>
    ofSide('referrer', rootOf(invitation.referrer)).filter((one) => one !== invitation)

  const countedOf = ({ referee, purchaseId }: Invitation) => saleOf(referee, purchaseId ?? '')

  function standingOf(invitation: Invitation, now: Instant): Standing {
    const { state, isReleased } = invitation
    const purchase = purchaseOf(invitation)
    const others = othersOf(invitation)
    const month = startOfLocalDay(`${localDayOf(now, timeZone).slice(0, 7)}-01`, timeZone)
    const near = others.flatMap((one) => {
      const sale = countedOf(one)
      return sale && purchase && sale.registerId === purchase.registerId ? [sale.at] : []
    })
    return {
      ...{ state, isReleased, purchase, now, problem: problemOf(invitation) },
      rewardedThisMonth: others.filter((one) => one.state === 'rewarded' && (one.rewardedAt ?? 0) >= month)
        .length,
      isCrowd: purchase !== null && isInCrowd(purchase.at, near),
    }
  }

  function settle(invitation: Invitation, now: Instant): void {
    const standing = standingOf(invitation, now)
    const { purchase } = standing
    const { state, reason, dueAt } = judgeBy(standing)
    if (dueAt !== null) due.set(invitation, dueAt)
    if (invitation.state !== 'rewarded' && purchase && purchase.id !== invitation.purchaseId) {
      invitation.purchaseId = purchase.id
      for (const one of othersOf(invitation))
        if (one.state === 'waiting' && countedOf(one)?.registerId === purchase.registerId) due.set(one, now)
    }
    if (reason) end(invitation, reason, now)
    else if (state === 'rewarded' && invitation.state !== 'rewarded' && purchase)
      reward(invitation, purchase.terms, now)
    else invitation.state = state
  }

  function reward(invitation: Invitation, terms: ReferralTerms, now: Instant): void {
    Object.assign(invitation, { state: 'rewarded', rewardedAt: now })
    for (const side of SIDES) {
      const points = side === 'referrer' ? terms.referrer_points : terms.referee_points
      const id = derivedId(invitation.invitedAt, `${invitation.referee}: for the ${side}`)
      if (points === 0) continue
      give(invitation, side, {
        id,
        kind: 'bonus',
        at: now,
        card: invitation[side],
        points,
        reason: id,
        author,
      })
      gifts.set(id, { at: now, points })
    }
  }

  function end(invitation: Invitation, reason: Reason, now: Instant): void {
    if (invitation.state === 'rewarded')
      for (const side of SIDES) {
        const gift = gifts.get(derivedId(invitation.invitedAt, `${invitation.referee}: for the ${side}`))
        if (!gift) continue
        const id = derivedId(invitation.invitedAt, `${invitation.referee}: back from the ${side}`)
        const takesBack = lifeOfGift(gift.at, bookAt(books(), gift.at))
        const taking = { id, at: now, card: invitation[side], points: 0 - gift.points, reason: id, author }
        give(invitation, side, { ...taking, kind: 'adjust', takesBack })
      }
    invitation.state = invitation.state === 'rewarded' ? 'taken_back' : 'rejected'
    invitation.reason = reason
    due.delete(invitation)
  }

  function give(invitation: Invitation, side: (typeof SIDES)[number], request: Request): void {
    const card = rootOf(invitation[side])
    const [outcome] = post([{ ...request, card } as Request])
    if (outcome?.status !== 'accepted') throw new Error(`a gift was refused: ${JSON.stringify(outcome)}`)
    invitation.given[side] += outcome.earned
  }

  return {
    note,
    invitations,

    /** What the one has bought counts for the other, or no more, and what the two are to each other may be another thing. */
    regroup(cards: readonly string[]): void {
      for (const card of cards) moved.add(card)
    },

    invite(referrer: string, referee: string, now: Instant): void {
      if (invited.has(referee) || rootOf(referee) !== referee || referrer === referee) return
      if (!bookAt(books(), now).referral) return
      invited.add(referee)
      const invitation: Invitation = {
        ...{ referrer, referee, invitedAt: now, state: 'waiting', reason: null, isReleased: false },
        ...{ purchaseId: null, rewardedAt: null, given: { referrer: 0, referee: 0 } },
      }
      invitations.push(invitation)
      for (const side of SIDES) addTo(side, invitation)
      due.set(invitation, now)
    },

    /** As the job does it every few seconds. */
    follow(now: Instant): void {
      regroup()
      for (const [invitation, at] of [...due])
        if (at <= now) {
          due.delete(invitation)
          settle(invitation, now)
        }
    },

    /** A person looks at what was flagged. */
    decide(isHonest: () => boolean, now: Instant): void {
      regroup()
      for (const invitation of invitations) {
        if (invitation.state !== 'flagged') continue
        if (isHonest()) {
          Object.assign(invitation, { state: 'waiting', isReleased: true })
          settle(invitation, now)
        } else end(invitation, 'person', now)
      }
    },

    forget(before: Instant): void {
      const awaited = new Set(invitations.filter((one) => !isOver(one)).map(({ referee }) => rootOf(referee)))
      for (const [card, own] of sales)
        if (!awaited.has(rootOf(card))) for (const [id, { at }] of own) if (at < before) own.delete(id)
      for (const [id, { at }] of promised) if (at < before) promised.delete(id)
    },
  }
}
