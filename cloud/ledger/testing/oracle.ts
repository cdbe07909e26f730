import { isDeepStrictEqual } from 'node:util'
import type { RefusalCode } from '../../../shared/refusal.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import { isStaff, type LotLife } from '../account.ts'
import { type Request, referenceOf } from '../request.ts'
import {
  becomeOne,
  bury,
  claim,
  fill,
  giveBack,
  inOrderOfClaims,
  isOf,
  lifeOf,
  lifeOfReturned,
  part,
  size,
  spend,
} from './oracleLots.ts'
import { type Life, nowOf, type Person, type Purchase, purchasesOf } from './oraclePeople.ts'
import {
  awardsOf,
  deserved,
  earn,
  givenTo,
  hasLapsed,
  hasUsed,
  isOpen,
  keptPoints,
  moneyPaid,
  newPurchase,
  stands,
  storeOf,
  usesOf,
} from './oraclePurchases.ts'
import { createRefusals, type Problem } from './oracleRefusals.ts'
import { textOfDay } from './oracleRules.ts'
import { isOver, type VoucherSaid } from './oracleVouchers.ts'
import { createWorld, type Setting, sees } from './oracleWorld.ts'
import type { Terms } from './terms.ts'

/**
 * The specification once more, as plainly as it can be said and with none of the ledger's code: no batches, no
 * entries, one operation at a time, everything counted anew. The model test holds the real ledger against it.
 */
export function createOracle(customers: Parameters<typeof createWorld>[0], setting: Setting) {
  const world = createWorld(customers, setting)
  const { books, people, answers, purchases, holdsOf, drawnOn, givenBefore, vouchers } = world
  const { personOfCard, personOf, otherOf, termsOf, shownIn, offBy, given } = world
  const { whyNot, reasonOf } = createRefusals(world)

  function ask(request: Request, now: Instant): Answer {
    const known = answers.get(request.id)
    if (known) {
      if (!sees(request, known.person)) return refusal('id_reused')
      if (!isDeepStrictEqual(contentOf(known.request), contentOf(request))) return refusal('id_reused')
      if (storeOf(known.request) !== storeOf(request)) return refusal('not_your_operation')
      return { ...known.answer, replay: true }
    }
    const person = personOf(request)
    const purchase = person && purchases.get(referenceOf(request) ?? '')
    const code = whyNot(request, person, purchase, now)
    if (!person || (code && unstored.includes(code))) return refusal(code ?? 'customer_not_found')
    const reason = reasonOf(code, request, person)
    const answer = code ? refusal(code, reason) : execute(request, person, purchase, now)
    answers.set(request.id, { request, person: personOf(request) ?? person, answer })
    return answer
  }

  function execute(request: Request, asked: Person, named: Purchase | undefined, now: Instant): Answer {
    const other = otherOf(request)
    for (const one of [asked, other]) if (one) bury(one, now)
    const [person, leaving] = other?.isInTelegram ? [other, asked] : [asked, other]
    if (leaving && leaving !== person) becomeOne(person, leaving)
    const moved = { earned: 0, spent: 0 }
    const gift = lifeOf(request.at, { ...termsOf(request, person), activationDays: 0 })
    if (request.kind === 'earn' || request.kind === 'redeem') {
      const purchase = newPurchase(request, person, now)
      const terms = termsOf(request, person)
      if (request.kind === 'redeem') {
        purchase.off = offBy(request)
        purchase.voucher = shownIn(request) ?? null
        purchase.voucher?.purchases.add(purchase)
      }
      purchase.awards = awardsOf(purchase, terms, given)
      if (Object.keys(terms.limits).length > 0) purchase.limitedOn = textOfDay(purchase.at)
      keep(purchase)
      if (purchase.kind === 'earn') moved.earned = earn(purchase)
      else purchase.taken = spend(person, purchase.points, now)
    } else if (request.kind === 'adjust' && request.takesBack && request.points < 0) {
      moved.earned = 0 - takeGift(person, request.takesBack, -request.points, now)
    } else if (request.kind === 'adjust' || request.kind === 'bonus') {
      if (request.points > 0) fill(person, gift, request.points)
      else person.debt += -request.points - size(spend(person, -request.points, now))
      moved.earned = request.points
    } else if (named && request.kind === 'apply') {
      if (named.state === 'released') {
        named.code = null
        named.taken = spend(person, named.points, now)
        person.debt += named.points - size(named.taken)
      }
      named.state = 'applied'
      purchases.set(request.id, named)
      Object.assign(moved, { earned: earn(named), spent: named.points })
    } else if (named && request.kind === 'release') {
      giveBack(named, named.points, now)
      named.state = request.author.type === 'system' ? 'expired' : 'released'
      named.isReleasedByPerson = isStaff(request.author)
    } else if (named && request.kind === 'refund') {
      Object.assign(moved, refundPurchase(named, request, gift, now))
    }
    person.debt -= claim(person, person.debt, now)
    const hold = named ?? purchases.get(request.id)
    return {
      status: 'accepted',
      replay: false,
      ...moved,
      customer: view(person, now),
      ...(hold?.kind === 'redeem' && {
        hold: {
          ...{ state: hold.state, points: hold.points, until: toIso(hold.until) },
          ...(hold.voucher && { voucherKopecks: hold.off }),
        },
      }),
    }
  }

  function keep(purchase: Purchase): void {
    const { id, kind, maker, author } = purchase
    purchases.set(id, purchase)
    maker.purchases.add(purchase)
    for (const { source } of purchase.awards)
      if (source !== null) drawnOn.set(source, (drawnOn.get(source) ?? new Set()).add(purchase))
    if (kind !== 'redeem' || author.type !== 'register') return
    const holds = holdsOf.get(author.registerId) ?? new Set()
    holdsOf.set(author.registerId, holds.add(purchase))
  }

  /** What is left of it first; what died of it is forgiven, and all else is paid or owed. */
  function takeGift(
    person: Person,
    { activeFrom, expiresAt }: LotLife,
    points: number,
    now: Instant,
  ): number {
    const lot = person.lots.find(isOf({ wakes: activeFrom, dies: expiresAt }))
    const own = Math.min(points, lot?.left ?? 0)
    const dead = Math.min(points - own, (lot?.lost ?? 0) - (lot?.forgiven ?? 0))
    if (lot) {
      lot.left -= own
      lot.forgiven += dead
    }
    const owed = points - own - dead
    person.debt += owed - claim(person, owed, now)
    return points - dead
  }

  /** What all refunds together must have moved, less what the earlier ones did. */
  function refundPurchase(
    purchase: Purchase,
    request: Request & { kind: 'refund' },
    gift: Life,
    now: Instant,
  ) {
    const person = nowOf(purchase.maker)
    const paid = moneyPaid(purchase)
    purchase.refunded += request.refundKopecks ?? paid - purchase.refunded
    purchase.refunds += 1
    purchase.isReturned = purchase.refunded === paid
    const { voucher } = purchase
    if (voucher && purchase.isReturned && !voucher.isVoid && voucher.terms.on_refund !== 'keep')
      purchase.isVoucherBack ||= !isOver(voucher.terms, request.at)
    const share = paid === 0 ? 1 : purchase.refunded / paid
    const back =
      (share === 1 ? purchase.points : Math.floor((purchase.points * purchase.refunded) / paid)) -
      purchase.givenBack
    purchase.givenBack += back
    const missing = back - giveBack(purchase, back, now)
    const tomorrow = lifeOfReturned(now)
    if (missing > 0) fill(person, gift.dies > tomorrow.dies ? gift : tomorrow, missing)

    let moved = 0
    for (const award of purchase.awards.toSorted((a, b) => inOrderOfClaims(now)(a.life, b.life))) {
      const due = award.points - deserved(award, paid - purchase.refunded) - award.claimed
      award.claimed += due
      const lot = person.lots.find((lot) => isOf(award.life)(lot))
      const own = Math.min(due, lot?.left ?? 0)
      const dead = Math.min(due - own, (lot?.lost ?? 0) - (lot?.forgiven ?? 0))
      if (lot) {
        lot.left -= own
        lot.forgiven += dead
      }
      const owed = due - own - dead
      person.debt += owed - claim(person, owed, now)
      moved += due - dead
    }
    return { earned: 0 - moved, spent: 0 - back }
  }

  function view(person: Person, now: Instant) {
    const filled = person.lots.filter((lot) => lot.left > 0 && lot.dies > now)
    const lots = filled.filter((lot) => lot.wakes <= now)
    const asleep = filled.filter((lot) => lot.wakes > now)
    const first = Math.min(...lots.map((lot) => lot.dies))
    const open = purchasesOf(person).filter(isOpen)
    return {
      card: person.card,
      available: lots.reduce((total, lot) => total + lot.left, 0),
      held: open.reduce((total, hold) => total + hold.points, 0),
      debt: person.debt,
      expiresNext:
        lots.length === 0
          ? null
          : {
              points: lots.reduce((total, lot) => total + (lot.dies === first ? lot.left : 0), 0),
              at: toIso(first),
            },
      ...(asleep.length > 0 && {
        waiting: {
          points: asleep.reduce((total, lot) => total + lot.left, 0),
          from: toIso(Math.min(...asleep.map((lot) => lot.wakes))),
        },
      }),
    }
  }

  return {
    ask,
    publish: (programme: number, terms: Terms, from: Instant) => books.push({ programme, terms, from }),
    isDone: (id: string) => answers.get(id)?.answer.status === 'accepted',
    views: (now: Instant) => [...people.values()].map((person) => view(nowOf(person), now)),
    /** Redemptions by id, for what agents and the sweep do to them without an operation. */
    redemptions: () => [...purchases.values()].filter(({ kind }) => kind === 'redeem'),
    hasLapsed,
    view(card: string, now: Instant) {
      const person = personOfCard(card)
      return person && view(person, now)
    },
    /** Staff part who was merged: null where the card stands for nobody else. */
    part(card: string, now: Instant) {
      const person = people.get(card)
      if (!person?.into) return null
      part(person, now)
      return view(person, now)
    },
    /** Of a person from this moment on. */
    setStatus: (card: string, name: string | null, from: Instant): void =>
      void personOfCard(card)?.statuses.push({ name, from }),
    /** From now on, whenever a purchase was made that is told of. */
    setSegments(card: string, names: string[]): void {
      const person = personOfCard(card)
      if (person) person.segments = names
    },
    redemption: (id: string) => purchases.get(id),
    /** A code that may be shown from now on. */
    addVoucher: (said: VoucherSaid): void =>
      void vouchers.set(said.hash, {
        ...said,
        owner: (said.owner !== null && personOfCard(said.owner)) || null,
        ...{ isVoid: false, purchases: new Set(), usedBefore: 0 },
      }),
    voidVoucher(hash: string): void {
      const voucher = vouchers.get(hash)
      if (voucher) voucher.isVoid = true
    },
    /** How often it is held, and used. */
    voucher(hash: string): { held: number; used: number } | null {
      const voucher = vouchers.get(hash)
      if (!voucher) return null
      const held = [...voucher.purchases].filter(isOpen).length
      return { held, used: voucher.usedBefore + [...voucher.purchases].filter(hasUsed).length }
    },
    forgetVoucher: (hash: string): void => void vouchers.delete(hash),
    /** What nobody can ask about any more: answered before this moment, and not open. */
    forget(before: Instant): void {
      for (const [id, { request }] of answers) if (request.at < before) answers.delete(id)
      for (const [id, purchase] of purchases) {
        if (purchase.at >= before || isOpen(purchase)) continue
        purchases.delete(id)
        if (!purchase.maker.purchases.delete(purchase)) continue
        const { past } = purchase.maker
        past.uses.push(...usesOf(purchase))
        const { voucher } = purchase
        if (voucher?.purchases.delete(purchase) && hasUsed(purchase)) {
          voucher.usedBefore += 1
          past.vouchers.push(voucher.batch)
        }
        for (const source of new Set(purchase.awards.flatMap(({ source }) => source ?? []))) {
          givenBefore.set(source, (givenBefore.get(source) ?? 0) + givenTo(purchase, source))
          drawnOn.get(source)?.delete(purchase)
        }
        if (purchase.limitedOn !== null)
          past.days.push({ day: purchase.limitedOn, points: keptPoints(purchase), stands: stands(purchase) })
        if (stands(purchase)) {
          past.number += 1
          past.moments.push(purchase.at)
        }
        for (const holds of holdsOf.values()) holds.delete(purchase)
      }
      for (const person of people.values())
        person.lots = person.lots.filter(({ left, dies }) => left > 0 || dies >= before)
    },
  }
}

export type Answer =
  | { status: 'refused'; replay: boolean; code: RefusalCode; details?: { reason: Problem } }
  | { status: 'accepted'; replay: boolean; earned: number; spent: number; customer: object; hold?: object }

/** Nothing of the customer was judged, or the answer is a question: the id stays free. */
const unstored: RefusalCode[] = [
  'not_your_operation',
  'customer_not_found',
  'duplicate_transaction',
  'original_not_found',
]

const refusal = (code: RefusalCode, reason: Problem | null = null): Answer => ({
  status: 'refused',
  replay: false,
  code,
  ...(reason && { details: { reason } }),
})

function contentOf(request: Request) {
  const { author: _, ...content } = { ...request, confirmDuplicate: null }
  return content
}
