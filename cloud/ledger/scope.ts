import type { Instant } from '../../shared/time.ts'
import { ids, ints, moments, tableOf, texts } from '../database/columns.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { type Account, actsIn } from './account.ts'
import { type Request, referenceOf, takenBack } from './request.ts'

/** A card, or the id of an operation that is settled or refunded, as it is named in a programme. */
interface Named {
  name: string
  /** Null: in any programme. */
  programmeId: number | null
  /** The earliest moment that an operation about it can concern: empty lots that were dead by then are not loaded. */
  oldest: Instant
}

/**
 * What a batch names, before anything is known of it: enough to ask for everything at once. Each statement finds for
 * itself which customers are meant.
 */
export interface Scope {
  requests: Request[]
  cards: Named[]
  references: Named[]
}

export function scopeOf(requests: Request[]): Scope {
  const oldest = oldestMoments(requests)
  const cards = new Map<string, Named>()
  const references = new Map<string, Named>()
  for (const request of requests) {
    const name = nameIn(request)
    const programmeId = request.author.type === 'register' ? request.author.programmeId : null
    const named = { name, programmeId, oldest: oldest.get(name) ?? request.at }
    ;('card' in request ? cards : references).set(`${name} ${programmeId}`, named)
    // A merge needs every lot both customers ever had: a refund of an old purchase may still come.
    if (request.kind === 'merge')
      for (const card of [request.card, request.otherCard])
        cards.set(`${card} ${programmeId}`, { name: card, programmeId, oldest: 0 })
  }
  return { requests, cards: [...cards.values()], references: [...references.values()] }
}

const nameIn = (request: Request): string => ('card' in request ? request.card : (referenceOf(request) ?? ''))

/** By card or reference. A refund in the same batch as its purchase is about the card of the purchase, too. */
function oldestMoments(requests: Request[]): Map<string, Instant> {
  const oldest = new Map<string, Instant>()
  const byId = new Map(requests.map((request) => [request.id, request]))
  for (const request of requests)
    for (const link of chainOf(request, byId)) {
      const name = nameIn(link)
      oldest.set(
        name,
        Math.min(request.at, takenBack(link)?.activeFrom ?? request.at, oldest.get(name) ?? request.at),
      )
    }
  return oldest
}

/**
 * A request, the one of the same batch that it settles or refunds, and so on: an outbox that is drained after a night
 * brings both. A chain of them that leads nowhere ends as well.
 */
function* chainOf(request: Request, byId: Map<string, Request>): Generator<Request> {
  const seen = new Set<Request>()
  let next: Request | undefined = request
  while (next && !seen.has(next)) {
    yield next
    seen.add(next)
    next = byId.get(referenceOf(next) ?? '')
  }
}

/** The customer a request is about: by card, or by what it settles or refunds. */
export function namedByRequest(
  request: Request,
  byRequestId: Map<string, Request>,
  customerOfOriginal: Pick<Map<string, number>, 'get'>,
): string | number | null {
  for (const link of chainOf(request, byRequestId)) {
    if ('card' in link) return link.card
    const customerId = customerOfOriginal.get(referenceOf(link) ?? '')
    if (customerId !== undefined) return customerId
  }
  return null
}

interface Accounts {
  byId: ReadonlyMap<number, Account>
  byCard: ReadonlyMap<string, Account>
  customerOfOriginal: Pick<Map<string, number>, 'get'>
}

/** Finds the account that a request is about among those of a batch; none of a programme in which its author does not act. */
export function accountFinder(requests: Request[], { byId, byCard, customerOfOriginal }: Accounts) {
  const byRequestId = new Map(requests.map((request) => [request.id, request]))
  const visible = (account: Account | undefined, { author }: Request) =>
    account && actsIn(author, account.programmeId) ? account : null
  return {
    accountOf(request: Request): Account | null {
      const name = namedByRequest(request, byRequestId, customerOfOriginal)
      if (name === null) return null
      return visible(typeof name === 'string' ? byCard.get(name) : byId.get(name), request)
    },
    otherOf: (request: Request): Account | null =>
      request.kind === 'merge' ? visible(byCard.get(request.otherCard), request) : null,
  }
}

/** Whether the author of any request that names this original may know of it. */
export function isKnownTo(requests: Request[]) {
  const askedFor = Map.groupBy(requests, referenceOf)
  return ({ id, programmeId }: { id: string; programmeId: number }): boolean =>
    askedFor.get(id)?.some(({ author }) => actsIn(author, programmeId)) ?? false
}

/**
 * The customers whom a batch is about, each with the moment before which nothing of theirs matters; a customer who is
 * named twice may come twice. A register that names a customer or an operation of another programme is answered as if there
 * were none, and as soon.
 */
export function concerned(sql: Sql | Tx, { cards, references }: Scope) {
  const namedCards = tableOf(sql, cards, [
    texts(({ name }) => name),
    ints(({ programmeId }) => programmeId),
    moments(({ oldest }) => oldest),
  ])
  const byCard = sql`
    select coalesce(customers.merged_into, customers.id) as customer_id, named.oldest
    from ${namedCards} as named(card, programme_id, oldest)
    join customers using (card)
    where named.programme_id is null or named.programme_id = customers.programme_id`
  if (references.length === 0) return byCard
  // What an operation takes back cannot have died before the purchase that it is about.
  const namedOperations = tableOf(sql, references, [
    ids(({ name }) => name),
    ints(({ programmeId }) => programmeId),
    moments(({ oldest }) => oldest),
  ])
  const byReference = sql`
    select original.customer_id, least(named.oldest, original.at, redeem.at) as oldest
    from ${namedOperations} as named(id, programme_id, oldest)
    join operations original using (id)
    left join operations redeem on redeem.id = original.reference_id
    where named.programme_id is null or named.programme_id = original.programme_id`
  return cards.length === 0 ? byReference : sql`${byCard} union all ${byReference}`
}
