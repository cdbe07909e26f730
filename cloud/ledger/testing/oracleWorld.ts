import type { Instant } from '../../../shared/time.ts'
import { type Request, referenceOf } from '../request.ts'
import type { Answer } from './oracle.ts'
import { newPerson, nowOf, type Person, type Purchase, type Voucher } from './oraclePeople.ts'
import { boughtBy, givenTo, storeOf } from './oraclePurchases.ts'
import { takenOff } from './oracleVouchers.ts'
import { defaultTerms, type Terms } from './terms.ts'

export interface Setting {
  maxOpenHolds: number
  returnsOf?: 'store' | 'programme'
}

export type World = ReturnType<typeof createWorld>

/** All that the oracle knows, and who and what a request means in it. */
export function createWorld(customers: Parameters<typeof newPerson>[0][], setting: Setting) {
  const books: { programme: number; terms: Terms; from: Instant }[] = []
  const people = new Map(customers.map((one) => [one.card, newPerson(one)]))
  const answers = new Map<string, { request: Request; person: Person; answer: Answer }>()
  const purchases = new Map<string, Purchase>()
  const holdsOf = new Map<number, Set<Purchase>>()
  /** Those of each budget's period, and of its store. */
  const drawnOn = new Map<string, Set<Purchase>>()
  /** What budgets gave to purchases that nobody can ask about any more. */
  const givenBefore = new Map<string, number>()
  const vouchers = new Map<string, Voucher>()

  /** Who shows this card: who is one with them by now. */
  function personOfCard(card: string): Person | undefined {
    const person = people.get(card)
    return person && nowOf(person)
  }

  /** The book that began last, and of two that began together the newer. */
  function termsOf({ at, author }: Request, person: Person | undefined): Terms {
    const programme = author.type === 'register' ? author.programmeId : (person?.programme ?? 1)
    let valid = { terms: defaultTerms, from: Number.NEGATIVE_INFINITY }
    for (const book of books)
      if (book.programme === programme && book.from <= at && book.from >= valid.from) valid = book
    return valid.terms
  }

  /** The other one of a merge. */
  function otherOf(request: Request): Person | undefined {
    const other = request.kind === 'merge' ? personOfCard(request.otherCard) : undefined
    return other && sees(request, other) ? other : undefined
  }

  function personOf(request: Request): Person | undefined {
    const original = referenceOf(request) ?? ''
    const asked = purchases.get(original)?.maker ?? answers.get(original)?.person
    const person =
      'card' in request ? personOfCard(request.card) : answers.has(original) && asked && nowOf(asked)
    return person && sees(request, person) ? person : undefined
  }

  const shownIn = (request: Request): Voucher | undefined =>
    request.kind === 'redeem' && request.voucherHash ? vouchers.get(request.voucherHash) : undefined

  /** What its voucher takes off a redemption. */
  function offBy(request: Request & { kind: 'redeem' }): number {
    const voucher = shownIn(request)
    return voucher ? takenOff(voucher.terms, purchaseWith(request)) : 0
  }

  /** What a budget has given, everything counted anew. */
  function given(source: string): number {
    let points = givenBefore.get(source) ?? 0
    for (const purchase of drawnOn.get(source) ?? []) points += givenTo(purchase, source)
    return points
  }

  return {
    ...{ ...setting, books, people, answers, purchases, holdsOf, drawnOn, givenBefore, vouchers },
    ...{ personOfCard, termsOf, otherOf, personOf, shownIn, offBy, given },
  }
}

/** To a register there is only its own programme. */
export const sees = ({ author }: Request, { programme }: Person) =>
  author.type !== 'register' || author.programmeId === programme

export const purchaseWith = (request: Request & { kind: 'redeem' }) => ({
  ...{ at: request.at, store: storeOf(request), kopecks: request.purchaseKopecks, points: request.points },
  ...{ items: boughtBy(request), itemKopecks: request.voucherItemKopecks },
})
