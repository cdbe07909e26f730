import { isDeepStrictEqual } from 'node:util'
import type { RefusalCode } from '../../../shared/refusal.ts'
import type { ProofProblem } from '../../../shared/signedCode.ts'
import { DAY, type Instant, MINUTE, SECOND, toIso } from '../../../shared/time.ts'
import type { VoucherProblem } from '../../../shared/voucherCode.ts'
import { isStaff, type LotLife } from '../account.ts'
import type { MergeProblem } from '../merge.ts'
import { type Request, referenceOf } from '../request.ts'
import {
  alive,
  claim,
  fill,
  giveBack,
  inOrderOfClaims,
  isOf,
  lifeOf,
  lifeOfReturned,
  living,
  size,
  spend,
} from './oracleLots.ts'
import type { Life, Person, Purchase, Voucher } from './oraclePeople.ts'
import {
  awardsOf,
  boughtBy,
  deserved,
  earn,
  givenTo,
  hasLapsed,
  hasUsed,
  isOpen,
  keptPoints,
  limitOf,
  moneyPaid,
  newPurchase,
  stands,
  storeOf,
  usesOf,
  wasGivenUp,
} from './oraclePurchases.ts'
import { textOfDay } from './oracleRules.ts'
import { isOver, takenOff, type VoucherSaid, whyNotFor } from './oracleVouchers.ts'
import { defaultTerms, type Terms } from './terms.ts'

/**
 * The specification once more, as plainly as it can be said and with none of the ledger's code: no batches, no
 * entries, one operation at a time, everything counted anew. The model test holds the real ledger against it.
 */
export function createOracle(
  customers: { card: string; programme: number; registeredAt: Instant; isInTelegram?: boolean }[],
  { maxOpenHolds, returnsOf = 'store' }: { maxOpenHolds: number; returnsOf?: 'store' | 'programme' },
) {
  const books: { programme: number; terms: Terms; from: Instant }[] = []
  const people = new Map(
    customers.map((one): [string, Person] => [
      one.card,
      {
        ...{ isInTelegram: false, ...one },
        debt: 0,
        lots: [],
        purchases: new Set(),
        statuses: [],
        segments: [],
        past: { number: 0, moments: [], uses: [], days: [], vouchers: [] },
      },
    ]),
  )
  const answers = new Map<string, { request: Request; person: Person; answer: Answer }>()
  const purchases = new Map<string, Purchase>()
  const holdsOf = new Map<number, Set<Purchase>>()
  /** Those of each budget's period, and of its store. */
  const drawnOn = new Map<string, Set<Purchase>>()
  /** What budgets gave to purchases that nobody can ask about any more. */
  const givenBefore = new Map<string, number>()
  const vouchers = new Map<string, Voucher>()

  /** The book that began last, and of two that began together the newer. */
  function termsOf({ at, author }: Request, person: Person | undefined): Terms {
    const programme = author.type === 'register' ? author.programmeId : (person?.programme ?? 1)
    let valid = { terms: defaultTerms, from: Number.NEGATIVE_INFINITY }
    for (const book of books)
      if (book.programme === programme && book.from <= at && book.from >= valid.from) valid = book
    return valid.terms
  }

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

  function reasonOf(code: RefusalCode | null, request: Request, person: Person) {
    if (code === 'proof_refused') return whyNoProof(request, person)
    if (code === 'voucher_refused') return whyNoVoucher(request, person)
    return code === 'cannot_merge' ? whyTwo(request, person) : null
  }

  /** The other one of a merge. */
  function otherOf(request: Request): Person | undefined {
    const other = request.kind === 'merge' ? people.get(request.otherCard) : undefined
    return other && sees(request, other) ? other : undefined
  }

  /** Why two people of whom a merge is asked stay two. */
  function whyTwo(request: Request, person: Person): MergeProblem | null {
    const other = otherOf(request)
    if (!other || other === person) return null
    if (person.isInTelegram && other.isInTelegram) return 'both_in_telegram'
    if (!person.isInTelegram && !other.isInTelegram && !isStaff(request.author)) return 'none_in_telegram'
    const leaving = other.isInTelegram ? person : other
    return [...leaving.purchases].some(isOpen) ? 'open_hold' : null
  }

  function becomeOne(person: Person, other: Person): Person {
    const [kept, given] = other.isInTelegram ? [other, person] : [person, other]
    if (kept === given) return kept
    for (const lot of given.lots) {
      let own = kept.lots.find(isOf(lot))
      if (!own) {
        own = { wakes: lot.wakes, dies: lot.dies, left: 0, lost: 0, forgiven: 0 }
        kept.lots.push(own)
      }
      own.left += lot.left
      own.lost += lot.lost - lot.forgiven
      for (const purchase of given.purchases)
        for (const part of purchase.taken) if (part.lot === lot) part.lot = own
    }
    kept.debt += given.debt
    for (const purchase of given.purchases) {
      purchase.person = kept
      kept.purchases.add(purchase)
    }
    kept.past.number += given.past.number
    kept.past.moments.push(...given.past.moments)
    kept.past.uses.push(...given.past.uses)
    kept.past.days.push(...given.past.days)
    kept.past.vouchers.push(...given.past.vouchers)
    for (const voucher of vouchers.values()) if (voucher.owner === given) voucher.owner = kept
    for (const [card, one] of people) if (one === given) people.set(card, kept)
    for (const answered of answers.values()) if (answered.person === given) answered.person = kept
    return kept
  }

  function personOf(request: Request): Person | undefined {
    const person =
      'card' in request ? people.get(request.card) : answers.get(referenceOf(request) ?? '')?.person
    return person && sees(request, person) ? person : undefined
  }

  function whyNot(
    request: Request,
    person: Person | undefined,
    purchase: Purchase | undefined,
    now: Instant,
  ): RefusalCode | null {
    const original = person && answers.get(referenceOf(request) ?? '')
    const owner = original?.answer.status === 'accepted' ? (purchase?.store ?? storeOf(original.request)) : 0
    const isTakenBack = request.kind === 'refund' && returnsOf === 'programme'
    if (owner && storeOf(request) && owner !== storeOf(request) && !isTakenBack) return 'not_your_operation'
    if ('card' in request && !person) return 'customer_not_found'
    if (request.kind === 'merge' && otherOf(request)?.programme !== person?.programme)
      return 'customer_not_found'

    if (request.kind === 'earn' || request.kind === 'redeem') {
      const { purchaseKopecks } = request
      if (purchaseKopecks < 1 || purchaseKopecks > termsOf(request, person).maxKopecks)
        return 'amount_out_of_range'
    }
    if (request.kind === 'refund' && (request.refundKopecks ?? 1) < 1) return 'amount_out_of_range'
    if (request.kind === 'adjust' || request.kind === 'bonus') {
      const size = request.kind === 'adjust' ? Math.abs(request.points) : request.points
      const most = carriesDebt(request) ? Number.POSITIVE_INFINITY : 10_000
      if (size < 1 || size > most) return 'amount_out_of_range'
    }

    const added = person ? newPoints(request, person) : 0
    if (person && added > 0 && living(person, now) + added > 1_000_000_000) return 'amount_out_of_range'

    const terms = termsOf(request, person)
    const oldest = request.kind === 'redeem' ? 90 * SECOND : terms.lifetimeDays * DAY
    if (request.at - now > 5 * MINUTE || now - request.at > oldest) return 'clock_out_of_range'

    if (whyNoProof(request, person)) return 'proof_refused'
    if ((request.kind === 'earn' || request.kind === 'redeem') && !request.confirmDuplicate) {
      for (const other of person?.purchases ?? []) {
        const isEqual = other.kind === request.kind && other.kopecks === request.purchaseKopecks
        const isNear = other.store === storeOf(request) && Math.abs(other.at - request.at) <= 10 * SECOND
        if (isEqual && isNear && !wasGivenUp(other, now)) return 'duplicate_transaction'
      }
    }
    switch (request.kind) {
      case 'apply':
      case 'release': {
        if (purchase?.kind !== 'redeem' || purchase.id !== request.redeemId) return 'original_not_found'
        if (request.kind === 'apply' && purchase.isReleasedByPerson && !purchase.isEarned) return null
        const isLapsed = hasLapsed(purchase, now)
        const mayBe = request.author.type === 'system' ? isLapsed : isOpen(purchase) && !isLapsed
        return mayBe ? null : 'already_resolved'
      }
      case 'refund': {
        if (!purchase?.isEarned) return 'original_not_found'
        const rest = moneyPaid(purchase) - purchase.refunded
        return (rest === 0 && purchase.refunds > 0) || (request.refundKopecks ?? rest) > rest
          ? 'over_refund'
          : null
      }
      case 'redeem':
        if (openHoldsOf(request, now) >= maxOpenHolds) return 'too_many_holds'
        if (person && whyNoVoucher(request, person)) return 'voucher_refused'
        if (
          request.points > mostPoints(request, limitOf(person, request.at, terms)) ||
          request.points * 100 > request.purchaseKopecks - offBy(request)
        )
          return 'over_discount_limit'
        if (request.points < (request.voucher === undefined ? 1 : 0)) return 'below_minimum'
        if (person && person.debt > 0 && request.points > 0) return 'in_debt'
        return person && request.points > alive(person, now) ? 'insufficient_points' : null
      case 'adjust':
        if (carriesDebt(request) || request.takesBack) return null
        return person && -request.points > alive(person, now) ? 'insufficient_points' : null
      case 'merge':
        return person && whyTwo(request, person) ? 'cannot_merge' : null
      default:
        return null
    }
  }

  function newPoints(request: Request, person: Person): number {
    if (request.kind === 'earn')
      return size(awardsOf(newPurchase(request, person, request.at), termsOf(request, person), given))
    const isGift = request.kind === 'bonus' || (request.kind === 'adjust' && !carriesDebt(request))
    return isGift ? request.points : 0
  }

  function openHoldsOf({ author }: Request, now: Instant): number {
    const own = author.type === 'register' ? [...(holdsOf.get(author.registerId) ?? [])] : []
    return own.filter((hold) => isOpen(hold) && !hasLapsed(hold, now)).length
  }

  const shownIn = (request: Request): Voucher | undefined =>
    request.kind === 'redeem' && request.voucherHash ? vouchers.get(request.voucherHash) : undefined

  /** What its voucher takes off a redemption. */
  function offBy(request: Request & { kind: 'redeem' }): number {
    const voucher = shownIn(request)
    return voucher ? takenOff(voucher.terms, purchaseWith(request)) : 0
  }

  function whyNoVoucher(request: Request, person: Person): VoucherProblem | null {
    if (request.kind !== 'redeem' || request.voucher === undefined) return null
    const voucher = shownIn(request)
    if (!voucher || voucher.programme !== person.programme) return 'unknown'
    const { terms, batch } = voucher
    if (voucher.isVoid) return 'void'
    if (voucher.owner && voucher.owner !== person) return 'other_customer'
    const used = voucher.usedBefore + [...voucher.purchases].filter(hasUsed).length
    const held = [...voucher.purchases].filter(isOpen).length
    if (used >= (terms.uses_per_code ?? 1)) return 'used'
    if (used + held >= (terms.uses_per_code ?? 1)) return 'in_use'
    const own = [...person.purchases].filter(
      (one) => one.voucher?.batch === batch && (isOpen(one) || hasUsed(one)),
    )
    const before = person.past.vouchers.filter((one) => one === batch).length
    if (own.length + before >= (terms.uses_per_customer ?? Number.POSITIVE_INFINITY))
      return 'used_by_customer'
    return whyNotFor(terms, purchaseWith(request))
  }

  function whyNoProof(request: Request, person: Person | undefined): ProofProblem | null {
    if (request.kind !== 'redeem' || request.code === undefined) return null
    const { shown } = request
    if (!shown) return 'altered'
    if (shown.card !== person?.card) return 'other_customer'
    if (request.at > shown.expiresAt + 3 * MINUTE) return 'too_old'
    for (const other of person?.purchases ?? [])
      if (other.code === shown.id && !['released', 'expired'].includes(other.state)) return 'used'
    return null
  }

  function execute(request: Request, asked: Person, named: Purchase | undefined, now: Instant): Answer {
    for (const one of [asked, otherOf(request)])
      for (const lot of one?.lots.filter((lot) => lot.dies <= now) ?? []) {
        lot.lost += lot.left
        lot.left = 0
      }
    const other = otherOf(request)
    const person = other ? becomeOne(asked, other) : asked
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

  /** What a budget has given, everything counted anew. */
  function given(source: string): number {
    let points = givenBefore.get(source) ?? 0
    for (const purchase of drawnOn.get(source) ?? []) points += givenTo(purchase, source)
    return points
  }

  function keep(purchase: Purchase): void {
    const { id, kind, person, author } = purchase
    purchases.set(id, purchase)
    person.purchases.add(purchase)
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
    const { person } = purchase
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
    const open = [...person.purchases].filter(isOpen)
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
    views: (now: Instant) => [...people.values()].map((person) => view(person, now)),
    /** Redemptions by id, for what agents and the sweep do to them without an operation. */
    redemptions: () => [...purchases.values()].filter(({ kind }) => kind === 'redeem'),
    hasLapsed,
    view(card: string, now: Instant) {
      const person = people.get(card)
      return person && view(person, now)
    },
    /** Of a person from this moment on. */
    setStatus: (card: string, name: string | null, from: Instant): void =>
      void people.get(card)?.statuses.push({ name, from }),
    /** From now on, whenever a purchase was made that is told of. */
    setSegments(card: string, names: string[]): void {
      const person = people.get(card)
      if (person) person.segments = names
    },
    redemption: (id: string) => purchases.get(id),
    /** A code that may be shown from now on. */
    addVoucher: (said: VoucherSaid): void =>
      void vouchers.set(said.hash, {
        ...said,
        owner: (said.owner !== null && people.get(said.owner)) || null,
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
        if (!purchase.person.purchases.delete(purchase)) continue
        const { past } = purchase.person
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

type Problem = ProofProblem | MergeProblem | VoucherProblem

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

/** To a register there is only its own programme. */
const sees = ({ author }: Request, { programme }: Person) =>
  author.type !== 'register' || author.programmeId === programme

const carriesDebt = (request: Request) => request.kind === 'adjust' && request.carriesDebt === true

function contentOf(request: Request) {
  const { author: _, ...content } = { ...request, confirmDuplicate: null }
  return content
}

const mostPoints = ({ purchaseKopecks }: { purchaseKopecks: number }, basisPoints: number) =>
  Math.floor((purchaseKopecks * basisPoints) / 1_000_000)

const purchaseWith = (request: Request & { kind: 'redeem' }) => ({
  ...{ at: request.at, store: storeOf(request), kopecks: request.purchaseKopecks, points: request.points },
  ...{ items: boughtBy(request), itemKopecks: request.voucherItemKopecks },
})
