import { type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { type Account, actsIn, type Executed, type Hold, keyOf, type Lot } from './account.ts'
import { isOpenHold } from './conditions.ts'
import { lockRegisters } from './holdQuotas.ts'
import { canonicalOriginalId } from './refund.ts'
import { type Request, referenceOf } from './request.ts'
import { type OperationRow, operationColumns, operationOf } from './rows.ts'

/** An original appeared in an account that is not locked. The batch is tried again, as after a deadlock. */
class MetAnotherWriter extends Error {
  readonly code = '40001'
}

/** The customers a batch is about, locked until its transaction ends. */
export interface Locked {
  byId: Map<number, Account>
  /** Those operations that the batch settles or refunds. */
  originals: Original[]
  /** Null where the request names no customer of its author's programme. */
  accountOf(request: Request): Account | null
}

/**
 * Locks in id order, so that two writers never wait for each other in a circle. Originals are looked up
 * twice: first to learn whose accounts to lock, and again under the locks, because the writer that was
 * waited for may have executed them. What is of another programme is neither locked nor waited for: a register
 * that names it is told what it would be told of what does not exist, and as soon.
 */
export async function lockAccounts(sql: Tx, requests: Request[]): Promise<Locked> {
  const references = unique(requests.flatMap((request) => referenceOf(request) ?? []))
  const expected = knownToAuthors(await findOriginals(sql, references), requests)
  const [accounts] = await Promise.all([
    lockCustomers(sql, namedCards(requests), unique(expected.map((original) => original.customerId))),
    lockRegisters(sql, requests),
  ])
  const originals = knownToAuthors(await findOriginals(sql, references), requests)

  const byId = new Map(accounts.map((account) => [account.customerId, account]))
  if (originals.some((original) => !byId.has(original.customerId))) throw new MetAnotherWriter()
  const byCard = new Map(accounts.map((account) => [account.card, account]))
  const customerOfOriginal = new Map(originals.map((original) => [original.id, original.customerId]))
  const byRequestId = new Map(requests.map((request) => [request.id, request]))

  function accountOf(request: Request): Account | null {
    const named = namedByRequest(request, byRequestId, customerOfOriginal)
    if (named === null) return null
    const account = typeof named === 'string' ? byCard.get(named) : byId.get(named)
    return account && actsIn(request.author, account.programmeId) ? account : null
  }
  return { byId, originals, accountOf }
}

/**
 * Fills the locked accounts with all that the operations of the batch may need, and returns what was
 * executed under their ids before. Nothing that was read before the locks is decided upon.
 */
export async function loadAccounts(
  sql: Tx,
  requests: Request[],
  { byId, originals, accountOf }: Locked,
  windowSecondsOf: WindowSecondsOf,
): Promise<Map<string, Executed>> {
  const ids = requests.map((request) => request.id)
  const customerIds = [...byId.keys()]
  const named = namedOperations(originals)
  const [executed, equal, shownHolds, lots, openHolds, namedHolds, settling] = await Promise.all([
    loadOperations(sql, unique([...ids, ...named.ids])),
    loadEqualPurchases(sql, requests, accountOf, windowSecondsOf),
    loadHoldsOfCodes(sql, requests, accountOf),
    loadLots(sql, oldestMoments(requests, originals, accountOf)),
    loadOpenHolds(sql, customerIds),
    ...(named.ids.length > 0
      ? ([loadNamedHolds(sql, named), loadSettling(sql, named)] as const)
      : ([[], []] as const)),
  ])

  for (const lot of lots) byId.get(lot.customerId)?.lots.set(keyOf(lot), lot)
  for (const hold of [...shownHolds, ...openHolds, ...namedHolds])
    byId.get(hold.customerId)?.holds.set(hold.id, hold)
  // A prior execution that nothing names is no part of the account: its hold was not loaded either.
  const originalIds = new Set(named.ids)
  const originalRows = executed.filter((row) => originalIds.has(row.id) && row.outcome.status === 'accepted')
  for (const row of [...originalRows, ...settling, ...equal])
    byId.get(row.customerId)?.operations.set(row.id, row)
  return new Map(executed.map((row) => [row.id, row]))
}

/**
 * The customer a request is about: by card, or by what it settles. That original may stand in the same
 * batch (an outbox drained after a night brings both); a chain of them that leads nowhere ends as well.
 */
export function namedByRequest(
  request: Request,
  byRequestId: Map<string, Request>,
  customerOfOriginal: Pick<Map<string, number>, 'get'>,
): string | number | null {
  const seen = new Set<Request>()
  let next: Request | undefined = request
  while (next && !seen.has(next)) {
    if ('card' in next) return next.card
    const reference = referenceOf(next) ?? ''
    const customerId = customerOfOriginal.get(reference)
    if (customerId !== undefined) return customerId
    seen.add(next)
    next = byRequestId.get(reference)
  }
  return null
}

const unique = <T>(values: T[]): T[] => [...new Set(values)]

type Original = Pick<Executed, 'programmeId' | 'customerId' | 'id' | 'kind' | 'referenceId'> & {
  /** When its purchase was. */
  purchasedAt: Instant
}

/** The originals under both their ids: a refund may name the apply of a redemption. */
interface Named {
  customerIds: number[]
  ids: string[]
}

function namedOperations(originals: Original[]): Named {
  const pairs = originals.flatMap((original) =>
    unique([original.id, canonicalOriginalId(original)]).map((id) => ({
      customerId: original.customerId,
      id,
    })),
  )
  return { customerIds: pairs.map((pair) => pair.customerId), ids: pairs.map((pair) => pair.id) }
}

export async function findOriginals(sql: Tx, ids: string[]): Promise<Original[]> {
  if (ids.length === 0) return []
  return await sql<Original[]>`
    select programme_id as "programmeId", customer_id as "customerId", id, kind, reference_id as "referenceId",
      least(at, (select at from operations redeem where redeem.id = operations.reference_id)) as "purchasedAt"
    from operations where id = any(${ids}::uuid[])`
}

/** Without those that are only named by registers of other programmes. */
function knownToAuthors(originals: Original[], requests: Request[]): Original[] {
  const askedFor = Map.groupBy(requests, referenceOf)
  return originals.filter(({ id, programmeId }) =>
    askedFor.get(id)?.some(({ author }) => actsIn(author, programmeId)),
  )
}

interface NamedCard {
  card: string
  /** Null: of any. */
  programmeId: number | null
}

function namedCards(requests: Request[]): NamedCard[] {
  const named = new Map<string, NamedCard>()
  for (const request of requests) {
    if (!('card' in request)) continue
    const { card, author } = request
    const programmeId = author.type === 'register' ? author.programmeId : null
    named.set(`${card} ${programmeId}`, { card, programmeId })
  }
  return [...named.values()]
}

type AccountRow = Omit<Account, 'lots' | 'holds' | 'operations' | 'latest' | 'uses'>

async function lockCustomers(sql: Tx, cards: NamedCard[], customerIds: number[]): Promise<Account[]> {
  const rows = await sql<AccountRow[]>`
    select programme_id as "programmeId", id as "customerId", card, first_name as "firstName", status, balance, debt,
      last_entry as "lastEntry", purchases, created_at as "registeredAt"
    from customers
    where id = any(${customerIds}::bigint[] || array(
      select customers.id
      from unnest(
        ${cards.map(({ card }) => card)}::text[],
        ${cards.map(({ programmeId }) => programmeId)}::int[]) as named(card, programme_id)
      join customers using (card)
      where named.programme_id is null or named.programme_id = customers.programme_id))
    order by id
    for no key update`
  return rows.map((row) => ({
    ...row,
    ...{ lots: new Map(), holds: new Map(), operations: new Map(), latest: new Map(), uses: new Map() },
  }))
}

async function loadOperations(sql: Tx, ids: string[]): Promise<Executed[]> {
  const rows = await sql<OperationRow[]>`
    select ${operationColumns(sql)} from operations where id = any(${ids}::uuid[])`
  return rows.map(operationOf)
}

type Owned<T> = T & { customerId: number }

/**
 * For each customer the earliest moment that the batch is about. What an operation earns or takes back cannot have died
 * before the purchase that it is about, so lots that were dead by then are of no concern.
 */
function oldestMoments(
  requests: Request[],
  originals: Original[],
  accountOf: Locked['accountOf'],
): Map<number, Instant> {
  const oldest = new Map<number, Instant>()
  const note = (customerId: number, at: Instant) =>
    oldest.set(customerId, Math.min(at, oldest.get(customerId) ?? at))
  for (const request of requests) {
    const account = accountOf(request)
    if (account) note(account.customerId, request.at)
  }
  for (const { customerId, purchasedAt } of originals) note(customerId, purchasedAt)
  return oldest
}

/** The lots with points left, dead or alive, and the empty ones that an operation may credit or take back from. */
async function loadLots(sql: Tx, oldest: Map<number, Instant>): Promise<Owned<Lot>[]> {
  return await sql<Owned<Lot>[]>`
    with concerned as (
      select * from unnest(${[...oldest.keys()]}::bigint[], ${[...oldest.values()].map(toIso)}::timestamptz[])
        as concerned(customer_id, oldest))
    select customer_id as "customerId", active_from as "activeFrom", expires_at as "expiresAt", points, remaining,
      expired, forgiven
    from (
      select lots.* from concerned join lots using (customer_id) where expires_at > oldest
      union all
      select lots.* from concerned join lots using (customer_id) where remaining > 0 and expires_at <= oldest) lots`
}

const holdColumns = (sql: Tx) => sql`
  customer_id as "customerId", id, store_id as "storeId", register_id as "registerId", state, points,
  voucher_kopecks as "voucherKopecks", purchase_kopecks as "purchaseKopecks", until,
  resolved_by as "resolvedBy", code_id as "codeId", parts`

/** Locked, because an agent may claim a pending hold, or the sweep mark one, without the customer's lock. */
async function loadOpenHolds(sql: Tx, customerIds: number[]): Promise<Owned<Hold>[]> {
  return await sql<Owned<Hold>[]>`
    select ${holdColumns(sql)} from holds
    where customer_id = any(${customerIds}::bigint[]) and ${isOpenHold(sql)}
    order by customer_id, id
    for update of holds`
}

async function loadNamedHolds(sql: Tx, { customerIds, ids }: Named): Promise<Owned<Hold>[]> {
  return await sql<Owned<Hold>[]>`
    select ${holdColumns(sql)} from holds
    where (customer_id, id) in (select * from unnest(${customerIds}::bigint[], ${ids}::uuid[]))
      and not (${isOpenHold(sql)})`
}

/** The holds that have used the codes that are shown; an open one comes locked with the others, and counts. */
async function loadHoldsOfCodes(
  sql: Tx,
  requests: Request[],
  accountOf: Locked['accountOf'],
): Promise<Owned<Hold>[]> {
  const shown = requests.flatMap((request) => {
    if (request.kind !== 'redeem' || !request.shown) return []
    const account = accountOf(request)
    return account ? [{ customerId: account.customerId, codeId: request.shown.id }] : []
  })
  if (shown.length === 0) return []
  return await sql<Owned<Hold>[]>`
    select ${holdColumns(sql)} from holds
    where (customer_id, code_id) in (
        select * from unnest(
          ${shown.map(({ customerId }) => customerId)}::bigint[], ${shown.map(({ codeId }) => codeId)}::text[]))
      and code_id is not null and state not in ('released', 'expired')`
}

/**
 * What was done with the named operations before: applied, released, refunded. The fence (offset) keeps this a look-up
 * for each of them: without it some plans walk through all settlements there ever were.
 */
async function loadSettling(sql: Tx, { customerIds, ids }: Named): Promise<Executed[]> {
  const rows = await sql<OperationRow[]>`
    select ${operationColumns(sql)}
    from unnest(${customerIds}::bigint[], ${ids}::uuid[]) as named(customer_id, id)
    cross join lateral (
      select * from operations
      where customer_id = named.customer_id and reference_id = named.id
        and status = 'accepted' and reference_id is not null
      order by customer_id, reference_id
      offset 0) operations`
  return rows.map(operationOf)
}

type WindowSecondsOf = (programmeId: number) => number

/** Purchases a new one could be the duplicate of; redemptions that were given up are none. */
async function loadEqualPurchases(
  sql: Tx,
  requests: Request[],
  accountOf: Locked['accountOf'],
  windowSecondsOf: WindowSecondsOf,
): Promise<Executed[]> {
  const probes = requests.flatMap((request) => {
    if ((request.kind !== 'earn' && request.kind !== 'redeem') || request.confirmDuplicate) return []
    const account = accountOf(request)
    if (!account || request.author.type !== 'register') return []
    const { customerId, programmeId } = account
    const windowSeconds = windowSecondsOf(programmeId)
    return [{ ...request, customerId, storeId: request.author.storeId, windowSeconds }]
  })
  if (probes.length === 0) return []
  // One is enough to ask the cashier. The fence (limit) and the order keep this a look-up in the index made
  // for it, even by a plan that was made when the table was empty and every way through it looked the same.
  const rows = await sql<OperationRow[]>`
    select ${operationColumns(sql)}
    from unnest(
      ${probes.map((probe) => probe.customerId)}::bigint[],
      ${probes.map((probe) => probe.id)}::uuid[],
      ${probes.map((probe) => probe.kind)}::text[],
      ${probes.map((probe) => probe.storeId)}::int[],
      ${probes.map((probe) => probe.purchaseKopecks)}::bigint[],
      ${probes.map((probe) => probe.at)}::timestamptz[],
      ${probes.map((probe) => probe.windowSeconds)}::int[])
      as probe(customer_id, id, kind, store_id, purchase_kopecks, at, window_seconds)
    cross join make_interval(secs => probe.window_seconds) as near
    cross join lateral (
      select * from operations
      where customer_id = probe.customer_id and purchase_kopecks = probe.purchase_kopecks
        and at between probe.at - near and probe.at + near
        and status = 'accepted' and kind in ('earn', 'redeem')
        and kind = probe.kind and store_id = probe.store_id and id <> probe.id
        and not exists (
          select from holds
          where holds.customer_id = operations.customer_id and holds.id = operations.id
            and holds.state in ('released', 'expired'))
      order by customer_id, purchase_kopecks, at
      limit 1) operations`
  return rows.map(operationOf)
}
