import { settingsSchema } from '../../shared/programme.ts'
import { bigints, ids, ints, listOf, moments, tableOf, texts } from '../database/columns.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { type Account, actsIn, type Executed, type Hold, keyOf, type Lot } from './account.ts'
import { isOpenHold } from './conditions.ts'
import { nothingCounted } from './counts.ts'
import { lockRegisters } from './holdQuotas.ts'
import type { Loaded } from './judge.ts'
import { canonicalOriginalId } from './refund.ts'
import type { Request } from './request.ts'
import { type OperationRow, operationColumns, operationOf } from './rows.ts'
import { concerned, isKnownTo, namedByRequest, type Scope, scopeOf } from './scope.ts'

/** An original appeared in an account that is not locked. The batch is tried again, as after a deadlock. */
class MetAnotherWriter extends Error {
  readonly code = '40001'
}

/**
 * Locks the customers of a batch and loads all that its operations may need, without waiting for one answer before
 * the next question. Statements go in the order in which they are executed, and those that are merely awaited go after
 * them: the locks come first. Customers are locked in id order, so that two writers never wait for each other in a circle.
 * Each statement sees what was committed before it began, and those after the locks begin when the locks are there:
 * nothing that was read before is decided upon. Who was waited for may have executed an original; then it is found
 * in an account that nobody has locked.
 */
export async function loadAccounts(
  sql: Tx,
  requests: Request[],
): Promise<Pick<Loaded, 'accountOf' | 'otherOf' | 'known'>> {
  const scope = scopeOf(requests)
  const [accounts, , { executed, equal }, shownHolds, lots, openHolds, namedHolds, settling] =
    await Promise.all([
      lockCustomers(sql, scope),
      lockRegisters(sql, requests),
      loadOperations(sql, scope),
      loadHoldsOfCodes(sql, requests),
      loadLots(sql, scope),
      loadOpenHolds(sql, scope),
      ...(scope.references.length > 0
        ? ([loadNamedHolds(sql, scope), loadSettling(sql, scope)] as const)
        : ([[], []] as const)),
    ])
  const references = new Set(scope.references.map(({ name }) => name))
  const isKnown = isKnownTo(requests)
  const originals = executed.filter((row) => references.has(row.id) && isKnown(row))
  const byId = new Map(accounts.map((account) => [account.customerId, account]))
  if (originals.some(({ customerId }) => !byId.has(customerId))) throw new MetAnotherWriter()

  for (const lot of lots) byId.get(lot.customerId)?.lots.set(keyOf(lot), lot)
  // Both ids of an original: a refund may name the apply of a redemption.
  const named = new Set(originals.flatMap((original) => [original.id, canonicalOriginalId(original)]))
  for (const hold of [...shownHolds, ...openHolds, ...namedHolds.filter(({ id }) => named.has(id))])
    byId.get(hold.customerId)?.holds.set(hold.id, hold)
  // A prior execution that nothing names is no part of the account: its hold was not loaded either.
  const originalRows = executed.filter(({ id, outcome }) => named.has(id) && outcome.status === 'accepted')
  const settlingRows = settling.filter(({ referenceId }) => named.has(referenceId ?? ''))
  for (const row of [...originalRows, ...settlingRows, ...equal])
    byId.get(row.customerId)?.operations.set(row.id, row)
  const byCard = await findByCard(sql, scope, byId)
  if (requests.some(({ kind }) => kind === 'merge')) await learnWhoIsInTelegram(sql, byId)
  return {
    ...accountFinder(requests, { byId, byCard, originals }),
    known: new Map(executed.map((row) => [row.id, row])),
  }
}

/** By every card that the batch names, also by those that were merged into another; most were not. */
async function findByCard(sql: Tx, { cards }: Scope, byId: Map<number, Account>) {
  const byCard = new Map([...byId.values()].map((account) => [account.card, account]))
  const others = cards.map(({ name }) => name).filter((card) => !byCard.has(card))
  if (others.length === 0) return byCard
  const found = await sql<{ card: string; programmeId: number; customerId: number }[]>`
    select card, programme_id as "programmeId", coalesce(merged_into, id) as "customerId" from customers
    where card = any(${others})`
  for (const { card, programmeId, customerId } of found) {
    const account = byId.get(customerId)
    if (account) byCard.set(card, account)
    // A merge was undone meanwhile, or the card is new. What is of another programme is not there.
    else if (cards.some((named) => named.name === card && (named.programmeId ?? programmeId) === programmeId))
      throw new MetAnotherWriter()
  }
  return byCard
}

async function learnWhoIsInTelegram(sql: Tx, byId: Map<number, Account>): Promise<void> {
  const people = await sql<{ customerId: number }[]>`
    select customer_id as "customerId" from people where customer_id = any(${listOf(sql, [...byId.keys()], bigints)})`
  const known = new Set(people.map(({ customerId }) => customerId))
  for (const account of byId.values()) account.isInTelegram = known.has(account.customerId)
}

interface Found {
  byId: Map<number, Account>
  byCard: Map<string, Account>
  originals: Executed[]
}

function accountFinder(requests: Request[], { byId, byCard, originals }: Found) {
  const customerOfOriginal = new Map(originals.map((original) => [original.id, original.customerId]))
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

/** The customer of each of these operations that was executed. */
export async function findCustomers(sql: Sql | Tx, names: string[]): Promise<Map<string, number>> {
  if (names.length === 0) return new Map()
  const rows = await sql<{ id: string; customerId: number }[]>`
    select id, customer_id as "customerId" from operations where id = any(${listOf(sql, names, ids)})`
  return new Map(rows.map(({ id, customerId }) => [id, customerId]))
}

type AccountRow = Omit<Account, 'lots' | 'holds' | 'operations' | keyof ReturnType<typeof nothingCounted>> & {
  mergedInto: number | null
}

/**
 * Before the parts of a batch are loaded one after the other: customers are locked in one order, whatever the parts are,
 * and registers behind all of them.
 */
export async function lockAll(sql: Tx, requests: Request[]): Promise<void> {
  await Promise.all([lockCustomers(sql, scopeOf(requests)), lockRegisters(sql, requests)])
}

async function lockCustomers(sql: Tx, scope: Scope): Promise<Account[]> {
  const rows = await sql<AccountRow[]>`
    select programme_id as "programmeId", id as "customerId", card, first_name as "firstName", status, balance, debt,
      last_entry as "lastEntry", purchases, created_at as "registeredAt", merged_into as "mergedInto"
    from customers
    where id = ${anyConcerned(sql, scope)}
    order by id
    for no key update`.execute()
  // The card was merged into another one while it was waited for.
  if (rows.some(({ mergedInto }) => mergedInto !== null)) throw new MetAnotherWriter()
  return rows.map(({ mergedInto: _, ...row }) => ({
    ...row,
    ...{ lots: new Map(), holds: new Map(), operations: new Map() },
    ...nothingCounted(),
  }))
}

const anyConcerned = (sql: Tx, scope: Scope) =>
  sql`any(array(select customer_id from (${concerned(sql, scope)}) concerned))`

const namesOf = (sql: Tx, { references }: Scope) =>
  listOf(
    sql,
    references.map(({ name }) => name),
    ids,
  )

/** What `canonicalOriginalId` says, for what is settled or refunded. */
const canonicalIds = (sql: Tx, scope: Scope) => sql`
  select customer_id, reference_id as id from operations
  where id = any(${namesOf(sql, scope)}) and kind = 'apply' and reference_id is not null`

/** The originals under both their ids. */
const namedOperations = (sql: Tx, scope: Scope) => sql`
  select customer_id, id from operations where id = any(${namesOf(sql, scope)})
  union
  ${canonicalIds(sql, scope)}`

/** Those of the ids of the batch and its originals, and purchases that those of the batch may be duplicates of. */
async function loadOperations(sql: Tx, scope: Scope): Promise<{ executed: Executed[]; equal: Executed[] }> {
  const named = [
    ...new Set([...scope.requests.map(({ id }) => id), ...scope.references.map(({ name }) => name)]),
  ]
  const others =
    scope.references.length > 0
      ? sql`|| array(select id from (${canonicalIds(sql, scope)}) canonical)`
      : sql``
  const rows = await sql<(OperationRow & { isEqual: boolean })[]>`
    select false as "isEqual", ${operationColumns(sql)} from operations
    where id = any(${listOf(sql, named, ids)} ${others})
    ${orEqualPurchases(sql, scope.requests)}`
  const executed: Executed[] = []
  const equal: Executed[] = []
  for (const { isEqual, ...row } of rows) (isEqual ? equal : executed).push(operationOf(row))
  return { executed, equal }
}

type Owned<T> = T & { customerId: number }

/**
 * The lots with points left, dead or alive, and the empty ones that an operation may credit or take back from. The
 * fence (offset) keeps this a look-up for each customer. Of what is loaded most are their moments: numbers are told and read
 * sooner than dates.
 */
async function loadLots(sql: Tx, scope: Scope): Promise<Owned<Lot>[]> {
  return await sql<Owned<Lot>[]>`
    select customer_id as "customerId", round(date_part('epoch', active_from) * 1000) as "activeFrom",
      round(date_part('epoch', expires_at) * 1000) as "expiresAt", points, remaining, expired, forgiven
    from (select customer_id, min(oldest) as oldest from (${concerned(sql, scope)}) named group by customer_id) concerned
    cross join lateral (
      select active_from, expires_at, points, remaining, expired, forgiven from lots
      where customer_id = concerned.customer_id and expires_at > oldest
      union all
      select active_from, expires_at, points, remaining, expired, forgiven from lots
      where customer_id = concerned.customer_id and filled and expires_at <= oldest
      offset 0) lots`
}

const holdColumns = (sql: Tx) => sql`
  holds.customer_id as "customerId", holds.id, holds.store_id as "storeId", holds.register_id as "registerId",
  holds.state, holds.points, holds.voucher_kopecks as "voucherKopecks", holds.purchase_kopecks as "purchaseKopecks",
  holds.until, holds.resolved_by as "resolvedBy", holds.code_id as "codeId",
  holds.voucher_id as "voucherId", holds.voucher_returned_by as "voucherReturnedBy", holds.parts`

/** Locked, because an agent may claim a pending hold, or the sweep mark one, without the customer's lock. */
async function loadOpenHolds(sql: Tx, scope: Scope): Promise<Owned<Hold>[]> {
  return await sql<Owned<Hold>[]>`
    select ${holdColumns(sql)} from holds
    where customer_id = ${anyConcerned(sql, scope)} and ${isOpenHold(sql)}
    order by customer_id, id
    for update of holds`
}

async function loadNamedHolds(sql: Tx, scope: Scope): Promise<Owned<Hold>[]> {
  return await sql<Owned<Hold>[]>`
    select ${holdColumns(sql)} from (${namedOperations(sql, scope)}) named
    cross join lateral (
      select * from holds where customer_id = named.customer_id and id = named.id offset 0) holds
    where not (${isOpenHold(sql)})`
}

/** The holds that have used the codes that are shown; an open one comes locked with the others, and counts. */
async function loadHoldsOfCodes(sql: Tx, requests: Request[]): Promise<Owned<Hold>[]> {
  const shown = requests.flatMap((request) =>
    request.kind === 'redeem' && request.shown ? [{ card: request.card, codeId: request.shown.id }] : [],
  )
  if (shown.length === 0) return []
  return await sql<Owned<Hold>[]>`
    select ${holdColumns(sql)}
    from ${tableOf(sql, shown, [texts(({ card }) => card), texts(({ codeId }) => codeId)])} as shown(card, code_id)
    join customers using (card)
    cross join lateral (
      select * from holds
      where customer_id = coalesce(customers.merged_into, customers.id) and code_id = shown.code_id
        and code_id is not null and state not in ('released', 'expired')
      offset 0) holds`
}

/**
 * What was done with the named operations before: applied, released, refunded. The fence (offset) keeps this a look-up
 * for each of them: without it some plans walk through all settlements there ever were.
 */
async function loadSettling(sql: Tx, scope: Scope): Promise<Executed[]> {
  const rows = await sql<OperationRow[]>`
    select ${operationColumns(sql)}
    from (${namedOperations(sql, scope)}) named
    cross join lateral (
      select * from operations
      where customer_id = named.customer_id and reference_id = named.id
        and status = 'accepted' and reference_id is not null
      order by customer_id, reference_id
      offset 0) operations`
  return rows.map(operationOf)
}

const { duplicate_window_seconds: usualWindow } = settingsSchema.parse({})

/** Purchases a new one could be the duplicate of; redemptions that were given up are none. */
function orEqualPurchases(sql: Tx, requests: Request[]) {
  const probes = requests.flatMap((request) => {
    if ((request.kind !== 'earn' && request.kind !== 'redeem') || request.confirmDuplicate) return []
    const { author } = request
    return author.type === 'register' ? [{ ...request, author }] : []
  })
  if (probes.length === 0) return sql``
  const isEqual = sql`
    operations.customer_id = customer.id and operations.purchase_kopecks = probe.purchase_kopecks
    and operations.at between probe.at - near and probe.at + near
    and operations.status = 'accepted' and operations.kind in ('earn', 'redeem')
    and operations.kind = probe.kind and operations.store_id = probe.store_id and operations.id <> probe.id`
  // The earliest is enough to ask the cashier, beside those that the group itself may still give up. The fence (limit)
  // and the order keep this a look-up in the index made for it, even by a plan that was made when the table was empty
  // and every way through it looked the same.
  const table = tableOf(sql, probes, [
    texts(({ card }) => card),
    ints(({ author }) => author.programmeId),
    ids(({ id }) => id),
    texts(({ kind }) => kind),
    ints(({ author }) => author.storeId),
    bigints(({ purchaseKopecks }) => purchaseKopecks),
    moments(({ at }) => at),
  ])
  return sql`
    union all
    select true, ${operationColumns(sql)}
    from ${table}
      as probe(card, programme_id, id, kind, store_id, purchase_kopecks, at)
    cross join lateral (
      select coalesce(merged_into, id) as id from customers
      where customers.card = probe.card and customers.programme_id = probe.programme_id
      offset 0) customer
    join lateral (
      select make_interval(secs => coalesce((settings ->> 'duplicate_window_seconds')::int, ${usualWindow})) as near
      from programmes where programmes.id = probe.programme_id
      offset 0) programme on true
    cross join lateral (
      (select * from operations
        where ${isEqual} and not exists (
          select from holds
          where holds.customer_id = operations.customer_id and holds.id = operations.id
            and (holds.state in ('released', 'expired') or ${isOpenHold(sql)}))
        order by customer_id, purchase_kopecks, at, id
        limit 1)
      union all
      (select operations.* from holds
        cross join lateral (select * from operations where operations.id = holds.id offset 0) operations
        where holds.customer_id = customer.id and ${isOpenHold(sql)} and ${isEqual})) operations`
}
