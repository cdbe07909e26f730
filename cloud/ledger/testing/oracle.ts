import { isDeepStrictEqual } from 'node:util'
import type { Item } from '../../../shared/items.ts'
import type { HoldState } from '../../../shared/operation.ts'
import type { RefusalCode } from '../../../shared/refusal.ts'
import type { ProofProblem } from '../../../shared/signedCode.ts'
import { DAY, type Instant, MINUTE, SECOND, startOfUtcDay, toIso } from '../../../shared/time.ts'
import type { VoucherProblem } from '../../../shared/voucherCode.ts'
import { isStaff, type LotLife } from '../account.ts'
import type { MergeProblem } from '../merge.ts'
import { type Request, referenceOf } from '../request.ts'
import { fitIn, floorOf, type Given, givenBy, periodAt, share, textOfDay } from './oracleRules.ts'
import { isOver, takenOff, type VoucherSaid, whyNotFor } from './oracleVouchers.ts'
import { defaultTerms, type RuleSaid, type Terms } from './terms.ts'

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

interface Life {
  wakes: Instant
  dies: Instant
}

interface Lot extends Life {
  left: number
  lost: number
  forgiven: number
}

interface Award {
  life: Life
  points: number
  /** Null: of the base, which is this share. */
  by: Given | null
  cashback: number
  /** Of the cashback: what its day had room for. */
  most: number
  /** The budget in its period that it is given from. */
  source: string | null
  claimed: number
}

interface Person {
  card: string
  programme: number
  isInTelegram: boolean
  debt: number
  registeredAt: Instant
  lots: Lot[]
  purchases: Set<Purchase>
  /** Those that they ever had, and from when on. */
  statuses: { name: string | null; from: Instant }[]
  segments: string[]
  /** What those come to that nobody can ask about any more. */
  past: {
    number: number
    moments: Instant[]
    uses: string[]
    days: { day: string; points: number; stands: boolean }[]
    /** Of each voucher that was used and not given back, the batch. */
    vouchers: number[]
  }
}

interface Voucher extends Omit<VoucherSaid, 'owner'> {
  owner: Person | null
  isVoid: boolean
  purchases: Set<Purchase>
  usedBefore: number
}

interface Purchase {
  id: string
  kind: 'earn' | 'redeem'
  person: Person
  author: Request['author']
  store: number
  at: Instant
  kopecks: number
  items: Item[] | null
  points: number
  state: HoldState
  until: Instant
  isReleasedByPerson: boolean
  code: string | null
  taken: { lot: Lot; points: number }[]
  /** What it was promised, and whether it has it: not while 1C has not taken the discount. */
  awards: Award[]
  isEarned: boolean
  /** The day on which it counts, where its book limits days. */
  limitedOn: string | null
  /** What its voucher took off, beside the points. */
  voucher: Voucher | null
  off: number
  isVoucherBack: boolean
  refunds: number
  refunded: number
  isReturned: boolean
  givenBack: number
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

const storeOf = ({ author }: Request) => (author.type === 'register' ? author.storeId : 0)

function contentOf(request: Request) {
  const { author: _, ...content } = { ...request, confirmDuplicate: null }
  return content
}

const moneyPaid = (purchase: Purchase) => purchase.kopecks - purchase.points * 100 - purchase.off

/** Taken by 1C, and not given back by a return. */
const hasUsed = ({ state, kind, isVoucherBack }: Purchase) =>
  kind === 'redeem' && state === 'applied' && !isVoucherBack

const mostPoints = ({ purchaseKopecks }: { purchaseKopecks: number }, basisPoints: number) =>
  Math.floor((purchaseKopecks * basisPoints) / 1_000_000)

const purchaseWith = (request: Request & { kind: 'redeem' }) => ({
  ...{ at: request.at, store: storeOf(request), kopecks: request.purchaseKopecks, points: request.points },
  ...{ items: boughtBy(request), itemKopecks: request.voucherItemKopecks },
})
const size = (parts: { points: number }[]) => parts.reduce((total, part) => total + part.points, 0)

const isOpen = ({ kind, state }: Purchase) =>
  kind === 'redeem' && (state === 'pending' || state === 'processing' || state === 'in_doubt')

const hasLapsed = ({ kind, state, until }: Purchase, now: Instant) =>
  kind === 'redeem' && state === 'pending' && until <= now

const wasGivenUp = (purchase: Purchase, now: Instant) =>
  purchase.state === 'released' || purchase.state === 'expired' || hasLapsed(purchase, now)

const living = (person: Person, now: Instant) =>
  person.lots.reduce((total, lot) => total + (lot.dies > now ? lot.left : 0), 0)

const alive = (person: Person, now: Instant) =>
  person.lots.reduce((total, lot) => total + (lot.dies > now && lot.wakes <= now ? lot.left : 0), 0)

function newPurchase(request: Request & { kind: 'earn' | 'redeem' }, person: Person, now: Instant): Purchase {
  return {
    id: request.id,
    kind: request.kind,
    person,
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
function boughtBy({ items, purchaseKopecks }: Request & { kind: 'earn' | 'redeem' }): Item[] | null {
  const total = (items ?? []).reduce((sum, { kopecks }) => sum + kopecks, 0)
  return items && total === purchaseKopecks ? items : null
}

/** As it was at the time of the sale; who never had another has the lowest. */
function statusOf(person: Person | undefined, at: Instant, { statuses }: Terms) {
  const had = person?.statuses.filter(({ from }) => from <= at).at(-1)
  const name = had ? had.name : statuses[0]?.name
  return statuses.find((status) => status.name === name)
}

const limitOf = (person: Person | undefined, at: Instant, terms: Terms) =>
  statusOf(person, at, terms)?.limit ?? terms.limit

function awardsOf(purchase: Purchase, terms: Terms, given: (source: string) => number): Award[] {
  const { person, at, store } = purchase
  const paid = moneyPaid(purchase)
  const status = statusOf(person, at, terms)
  const cashback = status?.cashback ?? terms.cashback
  const { past } = person
  const standing = [...person.purchases].filter(stands).map(({ at }) => at)
  const uses = [...past.uses, ...[...person.purchases].flatMap(usesOf)]
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
    before: [...past.moments, ...standing],
    number: past.number + standing.length + 1,
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
  const now = [...person.purchases].flatMap((purchase) =>
    purchase.limitedOn === day ? [{ points: keptPoints(purchase), stands: stands(purchase) }] : [],
  )
  const all = [...now, ...person.past.days.filter((one) => one.day === day)]
  const hard = limits.purchases_per_customer_day?.hard ?? Number.POSITIVE_INFINITY
  if (all.filter((one) => one.stands).length >= hard) return 0
  const most = limits.points_per_customer_day ?? Number.POSITIVE_INFINITY
  return Math.max(0, most - size(all))
}

const isGivenUp = ({ state }: Purchase) => state === 'released' || state === 'expired'

/** What it has after all of its refunds; what was given up has nothing. */
function keptPoints(purchase: Purchase): number {
  if (isGivenUp(purchase)) return 0
  const kept = moneyPaid(purchase) - purchase.refunded
  return purchase.awards.reduce((total, award) => total + deserved(award, kept), 0)
}

/** What a budget has given to it and not got back. */
function givenTo(purchase: Purchase, source: string): number {
  if (isGivenUp(purchase)) return 0
  const kept = moneyPaid(purchase) - purchase.refunded
  return purchase.awards
    .filter((award) => award.source === source)
    .reduce((total, award) => total + deserved(award, kept), 0)
}

/** Earned or redeemed, not given up, and not wholly returned. */
const stands = ({ state, kind, isReturned }: Purchase) =>
  !isReturned && !(kind === 'redeem' && (state === 'released' || state === 'expired'))

/** What a purchase draws of the uses of rules: nothing once nothing is left of the award. */
function usesOf(purchase: Purchase): string[] {
  if (isGivenUp(purchase)) return []
  const kept = moneyPaid(purchase) - purchase.refunded
  return purchase.awards.flatMap((award) =>
    award.by && deserved(award, kept) > 0
      ? award.by.periods.map((period) => `${period} ${award.by?.rule.id}`)
      : [],
  )
}

function deserved({ points, by, cashback, most }: Award, keptKopecks: number): number {
  if (keptKopecks <= 0) return 0
  if (by === null) return Math.min(most, share(keptKopecks, cashback))
  if (by.share !== null)
    return Math.min(by.cap, share(floorOf(by.of, keptKopecks, by.paid), by.share, by.times))
  return keptKopecks >= by.minKopecks ? points : 0
}

function earn(purchase: Purchase): number {
  purchase.isEarned = true
  for (const { life, points } of purchase.awards) fill(purchase.person, life, points)
  return size(purchase.awards)
}

function lifeOf(
  at: Instant,
  { activationDays, lifetimeDays }: Pick<Terms, 'activationDays' | 'lifetimeDays'>,
): Life {
  const day = startOfUtcDay(at)
  return { wakes: day + activationDays * DAY, dies: day + lifetimeDays * DAY }
}

const lifeOfReturned = (now: Instant) => lifeOf(now, { ...defaultTerms, lifetimeDays: 2 })

const isOf = (life: Life) => (lot: Life) => lot.wakes === life.wakes && lot.dies === life.dies

/** Points of one life are one lot. */
function fill(person: Person, life: Life, points: number): void {
  const lot = person.lots.find(isOf(life))
  if (lot) lot.left += points
  else if (points > 0) person.lots.push({ ...life, left: points, lost: 0, forgiven: 0 })
}

const inOrderOfSpending = (a: Life, b: Life) => a.dies - b.dies || a.wakes - b.wakes
/** What cannot be spent yet is claimed first. */
const inOrderOfClaims = (now: Instant) => (a: Life, b: Life) =>
  Number(a.wakes <= now) - Number(b.wakes <= now) || inOrderOfSpending(a, b)

function drain(lots: Lot[], most: number) {
  const taken = []
  for (const lot of lots) {
    const points = Math.min(lot.left, most - size(taken))
    if (points <= 0) continue
    lot.left -= points
    taken.push({ lot, points })
  }
  return taken
}

/** Earliest expiry first, then oldest; nothing that cannot be spent yet. */
const spend = (person: Person, most: number, now: Instant) =>
  drain(person.lots.filter((lot) => lot.wakes <= now).sort(inOrderOfSpending), most)

const claim = (person: Person, most: number, now: Instant) =>
  size(drain(person.lots.toSorted(inOrderOfClaims(now)), most))

/** Back into the lots they came from, the last taken first; from one that dies before tomorrow's end into that day's. */
function giveBack(purchase: Purchase, most: number, now: Instant): number {
  const tomorrow = lifeOfReturned(now)
  let given = 0
  for (const part of purchase.taken.toReversed()) {
    const points = Math.min(part.points, most - given)
    if (points <= 0) continue
    part.points -= points
    if (part.lot.dies >= tomorrow.dies) part.lot.left += points
    else fill(purchase.person, tomorrow, points)
    given += points
  }
  return given
}
