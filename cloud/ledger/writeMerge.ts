import { toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import type { Posting } from './account.ts'

/**
 * Moves all that a merged customer had beside points to the one who stays, after the statement that moved the points. Entries
 * stay with the customer for whom they were written, because nothing changes them; an operation says whose entries it has. Both
 * customers are locked, so no other writer touches them meanwhile.
 */
export async function writeMerge(sql: Tx, { operation, merged }: Posting): Promise<void> {
  if (!merged) return
  const { id, customerId: kept, recordedAt } = operation
  const { customerId: given, parts, debtMoved } = merged
  await Promise.all([
    sql`
      insert into merges (operation_id, kept_id, given_id, at, parts, debt)
      values (${id}, ${kept}, ${given}, ${toIso(recordedAt)}, ${JSON.stringify(parts)}::text::json, ${debtMoved})`.execute(),
    moveHistory(sql, given, kept),
    countTogether(sql, given, kept),
    ...standFor(sql, given, kept),
    showInItsStores(sql, given, kept),
    tellPerson(sql, id, given),
  ])
}

/** The merged card, and the cards that stood for it, stand for the customer who stays. No one key finds them all. */
const standFor = (sql: Tx, given: number, kept: number) =>
  [sql`id = ${given}`, sql`merged_into = ${given}`].map((who) =>
    sql`update customers set merged_into = ${kept}, profile_tx = pg_current_xact_id() where ${who}`.execute(),
  )

/** Operations, and the holds that some of them opened. */
async function moveHistory(sql: Tx, from: number, to: number): Promise<void> {
  await Promise.all([
    sql`
      update operations set customer_id = ${to}, posted_to = coalesce(posted_to, customer_id)
      where customer_id = ${from}`.execute(),
    sql`update holds set customer_id = ${to} where customer_id = ${from}`.execute(),
    sql`
      update discrepancies set customer_id = ${to} where customer_id = ${from} and settled_at is null`.execute(),
  ])
}

/** Adds up the purchases of both, their uses of rules, and the points of each day. */
async function countTogether(sql: Tx, from: number, to: number): Promise<void> {
  await Promise.all([
    sql`
      update customers set purchases =
        case id when ${from} then 0 else purchases + (select purchases from customers where id = ${from}) end
      where id in (${from}, ${to})`.execute(),
    sql`
      insert into rule_uses (customer_id, period, rule_id, uses)
      select ${to}, period, rule_id, uses from rule_uses where customer_id = ${from}
      on conflict (customer_id, period, rule_id) do update set uses = rule_uses.uses + excluded.uses`.execute(),
    sql`delete from rule_uses where customer_id = ${from}`.execute(),
    sql`
      insert into customer_days (customer_id, day, points, purchases, flagged_at)
      select ${to}, day, points, purchases, flagged_at from customer_days where customer_id = ${from}
      on conflict (customer_id, day) do update
      set points = customer_days.points + excluded.points, purchases = customer_days.purchases + excluded.purchases,
        flagged_at = coalesce(customer_days.flagged_at, excluded.flagged_at)`.execute(),
    sql`delete from customer_days where customer_id = ${from}`.execute(),
  ])
}

/** Tells the customer in Telegram, who may know nothing of the merge. The fences (offset) keep this a look-up by key. */
async function tellPerson(sql: Tx, operationId: string, given: number): Promise<void> {
  await sql`
    insert into notifications (customer_id, kind, reference, facts, created_at, due_at)
    select o.customer_id, 'merged', o.id::text,
      jsonb_build_object('card', other.card, 'points', o.points, 'available', o.outcome -> 'customer' -> 'available',
        'debt', o.outcome -> 'customer' -> 'debt'),
      o.recorded_at, o.recorded_at
    from (select * from operations where id = ${operationId} offset 0) o
    cross join lateral (
      select from people where people.customer_id = o.customer_id and unreachable_since is null offset 0) person
    cross join (select card from customers where id = ${given} offset 0) other
    on conflict do nothing`.execute()
}

/** The tills of every store that knew the merged card hear of the card that stays. */
async function showInItsStores(sql: Tx, from: number, to: number): Promise<void> {
  await sql`
    insert into store_customers (programme_id, store_id, customer_id, last_seen_at, is_gone)
    select programme_id, store_id, ${to}, last_seen_at, is_gone from store_customers where customer_id = ${from}
    on conflict (store_id, customer_id) do update
    set last_seen_at = greatest(store_customers.last_seen_at, excluded.last_seen_at),
      is_gone = store_customers.is_gone and excluded.is_gone, changed_tx = pg_current_xact_id()`.execute()
}
