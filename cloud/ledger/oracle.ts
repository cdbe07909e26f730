import { isDeepStrictEqual } from 'node:util'
import type { HoldState } from '../../shared/operation.ts'
import type { RefusalCode } from '../../shared/refusal.ts'
import type { ProofProblem } from '../../shared/signedCode.ts'
import { DAY, type Instant, MINUTE, SECOND, startOfUtcDay, toIso } from '../../shared/time.ts'
import { type Request, referenceOf } from './request.ts'

/**
 * The specification once more, as plainly as it can be said and with none of the ledger's code: default
 * settings but for one, no batches, no entries, one operation at a time, everything counted anew. The model test holds
 * the real ledger against it.
 */
export function createOracle(cards: string[], { maxOpenHolds }: { maxOpenHolds: number }) {
  const people = new Map(cards.map((card) => [card, { card, debt: 0, lots: [] as Lot[] }]))
  const answers = new Map<string, { request: Request; person: Person; answer: Answer }>()
  const purchases = new Map<string, Purchase>()

  function ask(request: Request, now: Instant): Answer {
    const known = answers.get(request.id)
    if (known) {
      if (!isDeepStrictEqual(contentOf(known.request), contentOf(request))) return refusal('id_reused')
      if (storeOf(known.request) !== storeOf(request)) return refusal('not_your_operation')
      return { ...known.answer, replay: true }
    }
    const person = personOf(request)
    const purchase = purchases.get(referenceOf(request) ?? '')
    const code = whyNot(request, person, purchase, now)
    if (!person || (code && unstored.includes(code))) return refusal(code ?? 'customer_not_found')
    const reason = code === 'proof_refused' ? whyNoProof(request, person) : null
    const answer = code ? refusal(code, reason) : execute(request, person, purchase, now)
    answers.set(request.id, { request, person, answer })
    return answer
  }

  function personOf(request: Request): Person | undefined {
    if ('card' in request) return people.get(request.card)
    return answers.get(referenceOf(request) ?? '')?.person
  }

  function whyNot(
    request: Request,
    person: Person | undefined,
    purchase: Purchase | undefined,
    now: Instant,
  ): RefusalCode | null {
    const original = answers.get(referenceOf(request) ?? '')
    const isForeign = original?.answer.status === 'accepted' && storeOf(original.request) !== storeOf(request)
    if (isForeign && storeOf(original.request) && storeOf(request)) return 'not_your_operation'
    if ('card' in request && !person) return 'customer_not_found'

    if (request.kind === 'earn' || request.kind === 'redeem') {
      if (request.purchaseKopecks < 1 || request.purchaseKopecks > 100_000_000) return 'amount_out_of_range'
    }
    if (request.kind === 'refund' && (request.refundKopecks ?? 1) < 1) return 'amount_out_of_range'
    if (request.kind === 'adjust' || request.kind === 'bonus') {
      const size = request.kind === 'adjust' ? Math.abs(request.points) : request.points
      if (size < 1 || size > 10_000) return 'amount_out_of_range'
    }

    const oldest = request.kind === 'redeem' ? 90 * SECOND : 45 * DAY
    if (request.at - now > 5 * MINUTE || now - request.at > oldest) return 'clock_out_of_range'

    if (whyNoProof(request, person)) return 'proof_refused'
    if ((request.kind === 'earn' || request.kind === 'redeem') && !request.confirmDuplicate) {
      for (const other of purchases.values()) {
        const isEqual =
          other.kind === request.kind && other.person === person && other.kopecks === request.purchaseKopecks
        const isNear = other.store === storeOf(request) && Math.abs(other.at - request.at) <= 10 * SECOND
        if (isEqual && isNear && !wasGivenUp(other, now)) return 'duplicate_transaction'
      }
    }
    switch (request.kind) {
      case 'apply':
      case 'release': {
        if (purchase?.kind !== 'redeem' || purchase.id !== request.redeemId) return 'original_not_found'
        if (request.kind === 'apply' && purchase.isReleasedByPerson && !purchase.cashback) return null
        const isLapsed = hasLapsed(purchase, now)
        const mayBe = request.author.type === 'system' ? isLapsed : isOpen(purchase) && !isLapsed
        return mayBe ? null : 'already_resolved'
      }
      case 'refund': {
        if (!purchase?.cashback) return 'original_not_found'
        const rest = moneyPaid(purchase) - purchase.refunded
        return rest === 0 || (request.refundKopecks ?? rest) > rest ? 'over_refund' : null
      }
      case 'redeem':
        if (openHoldsOf(request, now) >= maxOpenHolds) return 'too_many_holds'
        if (request.points > Math.floor(request.purchaseKopecks / 500)) return 'over_discount_limit'
        if (request.points < 1) return 'below_minimum'
        if (person && person.debt > 0) return 'in_debt'
        return person && request.points > alive(person, now) ? 'insufficient_points' : null
      case 'adjust':
        return person && -request.points > alive(person, now) ? 'insufficient_points' : null
      default:
        return null
    }
  }

  function openHoldsOf({ author }: Request, now: Instant): number {
    const own = [...purchases.values()].filter((hold) => isDeepStrictEqual(hold.author, author))
    return own.filter((hold) => isOpen(hold) && !hasLapsed(hold, now)).length
  }

  function whyNoProof(request: Request, person: Person | undefined): ProofProblem | null {
    if (request.kind !== 'redeem' || request.code === undefined) return null
    const { shown } = request
    if (!shown) return 'altered'
    if (shown.card !== person?.card) return 'other_customer'
    if (request.at > shown.expiresAt + 3 * MINUTE) return 'too_old'
    for (const other of purchases.values()) {
      if (
        other.person === person &&
        other.code === shown.id &&
        !['released', 'expired'].includes(other.state)
      )
        return 'used'
    }
    return null
  }

  function execute(request: Request, person: Person, named: Purchase | undefined, now: Instant): Answer {
    for (const lot of person.lots.filter((lot) => lot.dies <= now)) {
      lot.lost += lot.left
      lot.left = 0
    }
    const moved = { earned: 0, spent: 0 }
    if (request.kind === 'earn' || request.kind === 'redeem') {
      const purchase = newPurchase(request, person, now)
      purchases.set(request.id, purchase)
      if (purchase.kind === 'earn') {
        purchase.cashback = addLot(person, request, points(request.purchaseKopecks))
        moved.earned = purchase.cashback.size
      } else purchase.taken = spend(person, purchase.points)
    } else if (request.kind === 'adjust' || request.kind === 'bonus') {
      if (request.points > 0) addLot(person, request, request.points)
      else spend(person, -request.points)
      moved.earned = request.points
    } else if (named && request.kind === 'apply') {
      if (named.state === 'released') {
        named.code = null
        named.taken = spend(person, named.points)
        person.debt += named.points - size(named.taken)
      }
      named.state = 'applied'
      named.cashback = addLot(person, request, points(moneyPaid(named)))
      purchases.set(request.id, named)
      Object.assign(moved, { earned: named.cashback.size, spent: named.points })
    } else if (named && request.kind === 'release') {
      giveBack(named, named.points, now)
      named.state = request.author.type === 'system' ? 'expired' : 'released'
      named.isReleasedByPerson = request.author.type === 'admin'
    } else if (named && request.kind === 'refund') {
      Object.assign(moved, refundPurchase(named, request, person, now))
    }
    person.debt -= size(spend(person, person.debt))
    const hold = named ?? purchases.get(request.id)
    return {
      status: 'accepted',
      replay: false,
      ...moved,
      customer: view(person, now),
      ...(hold?.kind === 'redeem' && {
        hold: { state: hold.state, points: hold.points, until: toIso(hold.until) },
      }),
    }
  }

  /** What all refunds together must have moved, less what the earlier ones did. */
  function refundPurchase(
    purchase: Purchase,
    request: Request & { kind: 'refund' },
    person: Person,
    now: Instant,
  ) {
    const { cashback } = purchase
    if (!cashback) throw new Error('nothing was paid')
    const paid = moneyPaid(purchase)
    purchase.refunded += request.refundKopecks ?? paid - purchase.refunded
    const back = Math.floor((purchase.points * purchase.refunded) / paid) - purchase.givenBack
    purchase.givenBack += back
    const missing = back - giveBack(purchase, back, now)
    if (missing > 0) addLot(person, request, missing)

    const due = cashback.size - points(paid - purchase.refunded) - purchase.claimed
    purchase.claimed += due
    const own = Math.min(due, cashback.left)
    cashback.left -= own
    const dead = Math.min(due - own, cashback.lost - purchase.forgiven)
    purchase.forgiven += dead
    const owed = due - own - dead
    person.debt += owed - size(spend(person, owed))
    return { earned: 0 - (due - dead), spent: 0 - back }
  }

  function view(person: Person, now: Instant) {
    const lots = person.lots.filter((lot) => lot.left > 0 && lot.dies > now)
    const first = Math.min(...lots.map((lot) => lot.dies))
    const open = [...purchases.values()].filter((purchase) => purchase.person === person && isOpen(purchase))
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
    }
  }

  return {
    ask,
    isDone: (id: string) => answers.get(id)?.answer.status === 'accepted',
    views: (now: Instant) => [...people.values()].map((person) => view(person, now)),
    /** Redemptions by id, for what agents and the sweep do to them without an operation. */
    redemptions: () => [...purchases.values()].filter(({ kind }) => kind === 'redeem'),
    hasLapsed,
  }
}

interface Lot {
  id: string
  born: Instant
  dies: Instant
  size: number
  left: number
  lost: number
}

interface Person {
  card: string
  debt: number
  lots: Lot[]
}

interface Purchase {
  id: string
  kind: 'earn' | 'redeem'
  person: Person
  author: Request['author']
  store: number
  at: Instant
  kopecks: number
  points: number
  state: HoldState
  until: Instant
  isReleasedByPerson: boolean
  code: string | null
  taken: { lot: Lot; points: number }[]
  /** The lot it earned; an empty one where it earned nothing; none while 1C has not taken the discount. */
  cashback: Lot | null
  refunded: number
  claimed: number
  forgiven: number
  givenBack: number
}

export type Answer =
  | { status: 'refused'; replay: boolean; code: RefusalCode; details?: { reason: ProofProblem } }
  | { status: 'accepted'; replay: boolean; earned: number; spent: number; customer: object; hold?: object }

/** Nothing of the customer was judged, or the answer is a question: the id stays free. */
const unstored: RefusalCode[] = ['not_your_operation', 'duplicate_transaction', 'original_not_found']

const refusal = (code: RefusalCode, reason: ProofProblem | null = null): Answer => ({
  status: 'refused',
  replay: false,
  code,
  ...(reason && { details: { reason } }),
})

const storeOf = ({ author }: Request) => (author.type === 'register' ? author.storeId : 0)

function contentOf(request: Request) {
  const { author: _, ...content } = { ...request, confirmDuplicate: null }
  return content
}

const points = (kopecks: number) => Math.round(kopecks / 2500)
const moneyPaid = (purchase: Purchase) => purchase.kopecks - purchase.points * 100
const size = (parts: { points: number }[]) => parts.reduce((total, part) => total + part.points, 0)

const isOpen = ({ kind, state }: Purchase) =>
  kind === 'redeem' && (state === 'pending' || state === 'processing' || state === 'in_doubt')

const hasLapsed = ({ kind, state, until }: Purchase, now: Instant) =>
  kind === 'redeem' && state === 'pending' && until <= now

const wasGivenUp = (purchase: Purchase, now: Instant) =>
  purchase.state === 'released' || purchase.state === 'expired' || hasLapsed(purchase, now)

const alive = (person: Person, now: Instant) =>
  person.lots.reduce((total, lot) => total + (lot.dies > now ? lot.left : 0), 0)

function newPurchase(request: Request & { kind: 'earn' | 'redeem' }, person: Person, now: Instant): Purchase {
  return {
    id: request.id,
    kind: request.kind,
    person,
    author: request.author,
    store: storeOf(request),
    at: request.at,
    kopecks: request.purchaseKopecks,
    points: request.kind === 'redeem' ? request.points : 0,
    state: request.kind === 'redeem' && request.via !== 'agent' ? 'processing' : 'pending',
    until: now + 90 * SECOND,
    isReleasedByPerson: false,
    code: (request.kind === 'redeem' && request.shown?.id) || null,
    taken: [],
    cashback: null,
    refunded: 0,
    claimed: 0,
    forgiven: 0,
    givenBack: 0,
  }
}

function addLot(person: Person, { id, at }: Request, size: number): Lot {
  const lot = { id, born: at, dies: startOfUtcDay(at) + 45 * DAY, size, left: size, lost: 0 }
  person.lots.push(lot)
  return lot
}

/** Earliest expiry first, then oldest. */
function spend(person: Person, most: number) {
  const order = person.lots.toSorted((a, b) => a.dies - b.dies || a.born - b.born || (a.id < b.id ? -1 : 1))
  const taken = []
  for (const lot of order) {
    const points = Math.min(lot.left, most - size(taken))
    if (points <= 0) continue
    lot.left -= points
    taken.push({ lot, points })
  }
  return taken
}

/** Back into the lots they came from, the last taken first; never into a dead lot. */
function giveBack(purchase: Purchase, most: number, now: Instant): number {
  let given = 0
  for (const part of purchase.taken.toReversed()) {
    const points = Math.min(part.points, most - given)
    if (points <= 0) continue
    part.points -= points
    part.lot.left += points
    part.lot.dies = Math.max(part.lot.dies, startOfUtcDay(now) + 2 * DAY)
    given += points
  }
  return given
}
