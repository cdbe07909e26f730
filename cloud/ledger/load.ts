import type { Instant } from '../../shared/time.ts'
import { bigints, ids, listOf } from '../database/columns.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { type Answers, askTogether } from '../database/questions.ts'
import { type Account, type AccountRow, bareAccount, keyOf } from './account.ts'
import { isOpenHold } from './conditions.ts'
import { lockRegisters } from './holdQuotas.ts'
import type { Loaded } from './judge.ts'
import { type Asked, commonOf, lotsOf, questionsOf } from './questions.ts'
import { canonicalOriginalId } from './refund.ts'
import type { Request } from './request.ts'
import { accountColumns, operationOf } from './rows.ts'
import { accountFinder, concerned, isKnownTo, type Scope, scopeOf } from './scope.ts'

/** An original or a card is found in an account that is not locked. The batch is tried again, as after a deadlock. */
class MetAnotherWriter extends Error {
  readonly code = '40001'
}

interface LoadedAccounts extends Pick<Loaded, 'accountOf' | 'otherOf' | 'known'> {
  answers: Answers<Asked>
}

/**
 * Locks the customers of a batch and asks for all that its operations may need, without waiting for one answer before
 * the next question. Postgres executes the statements in the order in which they are sent, so the locks come first.
 * Customers are locked in id order, so that two writers never wait for each other in a circle. The questions begin when
 * all locks are there, and see what was committed until then: no decision rests on an older state. Another writer that
 * was waited for may have executed an original meanwhile; then it is found in an account that is not locked.
 */
export async function loadAccounts(sql: Tx, requests: Request[], now: Instant): Promise<LoadedAccounts> {
  const scope = scopeOf(requests)
  const [accounts, , , answers] = await Promise.all([
    lockCustomers(sql, scope),
    lockRegisters(sql, requests),
    lockHolds(sql, scope),
    askTogether(sql, questionsOf(sql, scope, now), commonOf(sql, scope)),
  ])
  const executed = answers.executed.map(operationOf)
  const references = new Set(scope.references.map(({ name }) => name))
  const isKnown = isKnownTo(requests)
  const originals = executed.filter((row) => references.has(row.id) && isKnown(row))
  const byId = new Map(accounts.map((account) => [account.customerId, account]))
  if (originals.some(({ customerId }) => !byId.has(customerId))) throw new MetAnotherWriter()

  for (const lot of lotsOf(answers.lots)) byId.get(lot.customerId)?.lots.set(keyOf(lot), lot)
  // Both ids of an original: a refund may name the apply of a redemption.
  const named = new Set(originals.flatMap((original) => [original.id, canonicalOriginalId(original)]))
  const { shownHolds, openHolds, namedHolds } = answers
  for (const hold of [...shownHolds, ...openHolds, ...namedHolds.filter(({ id }) => named.has(id))])
    byId.get(hold.customerId)?.holds.set(hold.id, hold)
  // A prior execution that nothing names is no part of the account: its hold was not loaded either.
  const originalRows = executed.filter(({ id, outcome }) => named.has(id) && outcome.status === 'accepted')
  const settling = answers.settling.filter(({ referenceId }) => named.has(referenceId ?? ''))
  for (const row of [...originalRows, ...[...settling, ...answers.equal].map(operationOf)])
    byId.get(row.customerId)?.operations.set(row.id, row)
  const byCard = await findByCard(sql, scope, byId)
  const customerOfOriginal = new Map(originals.map(({ id, customerId }) => [id, customerId]))
  if (requests.some(({ kind }) => kind === 'merge')) await learnWhoIsInTelegram(sql, byId)
  return {
    ...accountFinder(requests, { byId, byCard, customerOfOriginal }),
    known: new Map(executed.map((row) => [row.id, row])),
    answers,
  }
}

/** The accounts by every card that the batch names, also by a card that was merged into another; few were. */
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

/** The customer of each of these operations that was executed. */
export async function findCustomers(sql: Sql | Tx, names: string[]): Promise<Map<string, number>> {
  if (names.length === 0) return new Map()
  const rows = await sql<{ id: string; customerId: number }[]>`
    select id, customer_id as "customerId" from operations where id = any(${listOf(sql, names, ids)}) order by id`
  return new Map(rows.map(({ id, customerId }) => [id, customerId]))
}

/**
 * An agent may claim a pending hold, or the sweep mark one, without the lock of its customer. That leaves the hold open, so only
 * operations that settle holds, or move them, lock them.
 */
async function lockHolds(sql: Tx, scope: Scope): Promise<void> {
  const movesHolds = scope.references.length > 0 || scope.requests.some(({ kind }) => kind === 'merge')
  if (!movesHolds) return
  await sql`
    select from holds where customer_id = ${anyConcerned(sql, scope)} and ${isOpenHold(sql)}
    order by customer_id, id
    for update`.execute()
}

/**
 * Locks the customers and then the registers of all parts of a batch, before the parts are loaded one after the other:
 * the order of the locks is the same whatever the parts are.
 */
export async function lockAll(sql: Tx, requests: Request[]): Promise<void> {
  await Promise.all([lockCustomers(sql, scopeOf(requests)), lockRegisters(sql, requests)])
}

const anyConcerned = (sql: Tx, scope: Scope) =>
  sql`any(array(select customer_id from (${concerned(sql, scope)}) concerned))`

async function lockCustomers(sql: Tx, scope: Scope): Promise<Account[]> {
  const rows = await sql<(AccountRow & { mergedInto: number | null })[]>`
    select ${accountColumns(sql)}, merged_into as "mergedInto"
    from customers
    where id = ${anyConcerned(sql, scope)}
    order by id
    for no key update`.execute()
  // The card was merged into another one while it was waited for.
  if (rows.some(({ mergedInto }) => mergedInto !== null)) throw new MetAnotherWriter()
  return rows.map(({ mergedInto: _, ...row }) => bareAccount(row))
}
