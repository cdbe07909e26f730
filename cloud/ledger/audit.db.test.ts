import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { liveALittle } from '../backup/testing.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { type Filled, fillOnce, type TestDatabase } from '../database/testing.ts'
import { auditQueries, prepareAudit, runAudit } from './audit.ts'
import { post } from './post.ts'
import { addSecondProgramme, adjust, apply, earn, noon, redeem, refund } from './testing/makers.ts'

const text = readFileSync(new URL('../sql/audit.sql', import.meta.url), 'utf8')
const names = [...text.matchAll(/^-- name: (\w+)$/gm)].map(([, name]) => name)

/** What no code of ours would do, done behind the back of the tables' own guards. */
const plants: Record<string, (sql: Tx) => Promise<unknown>> = {
  balance_is_the_sum_of_entries: (sql) =>
    sql`update customers set balance = balance + 1 where card = '111112'`,
  balance_is_the_sum_of_lots: (sql) =>
    sql`update lots set remaining = remaining - 1 where remaining > 0 and expires_at = (select max(expires_at) from lots)`,
  lot_remaining_is_the_sum_of_its_entries: (sql) =>
    sql`update lots set points = points + 1, remaining = remaining + 1 where remaining > 0`,
  lot_expired_is_the_sum_of_its_write_offs: (sql) =>
    sql`update lots set points = points + 1, expired = expired + 1 where expired > 0`,
  debt_is_the_sum_of_entries: (sql) => sql`update customers set debt = debt + 1 where debt > 0`,
  entries_form_an_unbroken_chain: (sql) => sql`
    update entries set balance_before = balance_before + 1, balance_after = balance_after + 1 where seq = 1`,
  last_entry_is_where_the_customer_stands: (sql) =>
    sql`update customers set last_entry = last_entry - 1 where last_entry > 1`,
  hold_points_are_its_entries: (sql) => sql`update holds set points = points + 1`,
  no_hold_is_resolved_twice: (sql) => sql`
    insert into operations (programme_id, customer_id, id, kind, status, store_id, register_id, author, at, recorded_at,
      reference_id, content, earned, spent, outcome)
    select programme_id, customer_id, gen_random_uuid(), 'release', status, store_id, register_id, author, at, recorded_at,
      reference_id, content, 0, 0, outcome
    from operations where kind = 'apply' and status = 'accepted'`,
  a_resolved_hold_names_what_resolved_it: (sql) =>
    sql`update holds set resolved_by = id where state in ('applied', 'released')`,
  no_accepted_operation_without_its_entries: (sql) =>
    sql`update operations set earned = earned + 1 where kind = 'earn'`,
  awards_are_the_entries_of_their_operation: (sql) =>
    sql`update entries set rule_id = 'another' where kind = 'earn'`,
  purchases_are_those_that_stand: (sql) => sql`update customers set purchases = purchases + 1 where id = 1`,
  uses_are_the_awards_that_stand: (sql) =>
    sql`insert into rule_uses (customer_id, period, rule_id, uses) values (1, 'total', 'gift', 1)`,
  budgets_have_given_what_stands: (sql) => sql`
    insert into budget_spending (programme_id, budget_id, period, spent) values (1, 'gifts', 'total', 1)`,
  days_have_earned_what_stands: (sql) => sql`
    insert into customer_days (customer_id, day, points, purchases) values (1, '2026-01-21', 0, 1)`,
  statuses_form_an_unbroken_chain: (sql) => sql`
    insert into status_snapshots (customer_id, seq, at, before, after, cause, value, period_from, book_version, who)
    values (1, 100, now(), 'silver', 'gold', 'reached', 1, now(), 1, 'system:statuses')`,
  purchases_are_judged_by_a_status_that_they_had: (sql) => sql`
    update operations set quote = (quote::jsonb || '{"facts": {"status": "gold"}}')::json where kind = 'earn'`,
  referrals_have_moved_what_they_say: (sql) =>
    sql`update referrals set referrer_points = referrer_points + 1 where state = 'rewarded'`,
  points_of_referrals_have_their_referral: (sql) => sql`delete from referrals`,
  referrals_are_rewarded_for_a_purchase_of_the_friend: (sql) =>
    sql`update referrals set invited_at = invited_at + interval '1 day' where state = 'rewarded'`,
  the_parts_of_a_hold_are_what_is_out: (sql) => sql`update holds set parts = '[]' where state = 'processing'`,
  an_apply_earns_what_its_redemption_promised: (sql) => sql`
    update operations set quote = replace(quote::text, '"version":1', '"version":2')::json where kind = 'apply'`,
  a_refused_operation_moved_nothing: (sql) =>
    sql`update operations set status = 'refused' where kind = 'earn'`,
  nobody_owes_points_while_having_some: async (sql) => {
    await sql`update lots set expires_at = now() + interval '1 day' where remaining > 0`
    await sql`update customers set debt = 1 where id in (select customer_id from lots where remaining > 0)`
  },
  no_more_is_refunded_than_was_paid: (sql) =>
    sql`update operations set refund_kopecks = refund_kopecks * 100 where kind = 'refund'`,
  vouchers_are_held_and_used_as_holds_say: (sql) =>
    sql`update holds set voucher_returned_by = null where voucher_returned_by is not null`,
  a_voucher_is_used_no_more_often_than_it_may: async (sql) => {
    await sql`update holds set voucher_id = (select min(id) from vouchers) where voucher_id is not null`
    await sql`
      update vouchers set used = (
        select count(*) from holds
        where voucher_id = vouchers.id and state = 'applied' and voucher_returned_by is null)`
  },
  a_hold_takes_off_what_its_quote_says: (sql) =>
    sql`update holds set voucher_kopecks = voucher_kopecks + 100 where voucher_id is not null`,
  an_operation_is_settled_by_its_own_store: (sql) =>
    sql`update operations set store_id = 2, register_id = 3 where kind = 'apply'`,
  nothing_names_an_erased_customer: (sql) =>
    sql`update customers set status = 'erased' where card = '111114'`,
  who_agreed_to_advertising_takes_part: (sql) =>
    sql`update consents set withdrawn_at = now() where purpose = 'programme'`,
  no_row_ties_two_programmes_together: (sql) => sql`update stores set programme_id = 2 where id = 1`,
  an_entry_names_an_operation_and_a_lot_that_are_there: (sql) =>
    sql`update entries set operation_id = gen_random_uuid() where kind = 'earn'`,
  an_entry_does_what_its_operation_may: (sql) => sql`
    update entries set kind = 'bonus' where kind = 'adjust'`,
  openings_come_before_what_is_kept: async (sql) => {
    await sql`
      insert into entries (customer_id, seq, kind, lot_active_from, lot_expires_at, points, debt, balance_before, balance_after, at)
      select customer_id, last_entry + 1, 'opening', active_from, expires_at, 1000, 0, balance, balance + 1000, now()
      from lots join customers on customers.id = customer_id where filled and last_entry > 0 order by 1 limit 1`
    await sql`
      update customers set last_entry = last_entry + 1, balance = balance + 1000
      where id in (select customer_id from entries where kind = 'opening')`
  },
  an_award_is_what_its_terms_give: (sql) => sql`
    update operations set quote = replace(quote::text, '"basisPoints":400', '"basisPoints":40')::json where kind = 'earn'`,
  a_purchase_is_paid_by_what_no_discount_took: (sql) =>
    sql`update operations set purchase_kopecks = purchase_kopecks + 1 where kind = 'redeem'`,
  items_add_up_to_their_purchase: (sql) =>
    sql`update operations set purchase_kopecks = purchase_kopecks + 1 where id in (select operation_id from operation_items)`,
  an_operation_has_its_entries_where_it_says: (sql) =>
    sql`update operations set posted_to = null where posted_to is not null`,
  a_merge_moves_what_its_customer_had: (sql) => sql`update merges set debt = debt + 1`,
  who_was_merged_into_another_has_nothing_left: (sql) =>
    sql`update customers set merged_into = 1 where card = '111112'`,
  what_rows_without_foreign_keys_name_is_there: (sql) => sql`delete from customers where card = '111112'`,
  a_hold_is_of_a_redemption: (sql) => sql`update holds set id = gen_random_uuid() where state = 'processing'`,
  the_log_of_changes_is_an_unbroken_chain: async (sql) => {
    await sql`alter table audit_log disable trigger audit_log_append_only`
    for (const action of ['store add', 'register add'])
      await sql`insert into audit_log (who, action, subject) values ('admin:anna', ${action}, 'store 1')`
    await sql`update audit_log set who = 'admin:olga' where action = 'store add'`
  },
  the_log_of_changes_has_what_earlier_audits_saw: (sql) =>
    sql`insert into audit_log_heads (id, hash, noted_at) values (100, 'ab', now())`,
  what_two_people_decide_has_their_approvals: async (sql) => {
    await sql`
      insert into proposals (act, input, programme_id, hash, needs, proposed_by, proposed_at, expires_at, state,
        decided_at, decided_by)
      values ('customer adjust', '{}', 1, 'ab', '{marketing,finance}', 'olga', now(), now(), 'done', now(), 'anna')`
    await sql`
      insert into proposal_approvals select max(id), unnest('{olga,anna}'::text[]), now() from proposals`
  },
  who_is_forgotten_is_in_no_segment: async (sql) => {
    await sql`insert into customer_segments (customer_id, names) select id, '{vip}' from customers where card = '111114'`
    await sql`update customers set status = 'erased' where card = '111114'`
  },
  a_gift_of_a_campaign_was_given_once: async (sql) => {
    await sql`
      insert into campaigns (programme_id, name, document, state, owner, saved_at, started_at)
      values (1, 'spring', '{}', 'running', 'a test', now(), now())`
    await sql`
      insert into campaign_people (campaign_id, customer_id, is_held_out, gift_points, gift_id)
      select (select max(id) from campaigns), id, false, 10, gen_random_uuid() from customers where card = '111114'`
  },
  a_message_of_a_campaign_is_of_its_people: async (sql) => {
    await sql`
      insert into campaigns (programme_id, name, document, state, owner, saved_at, started_at)
      values (1, 'summer', '{}', 'running', 'a test', now(), now())`
    await sql`
      insert into campaign_people (campaign_id, customer_id, is_held_out, message)
      select (select max(id) from campaigns), id, false, 'queued' from customers where card = '111114'`
  },
}

/** What else a foreign key of the hot tables would keep, if they had one. */
const orphans: Record<string, (sql: Tx) => Promise<unknown>> = {
  'an entry without its lot': (sql) => sql`delete from lots where remaining = 0`,
  'a hold whose end is not there': (sql) =>
    sql`update holds set resolved_by = gen_random_uuid() where state in ('applied', 'released')`,
}

let living: Filled<unknown>
let database: TestDatabase
beforeAll(async () => {
  living = await fillOnce(liveALittle)
})
afterAll(() => living.drop())
beforeEach(async () => {
  database = await living.copy()
})
afterEach(() => database.drop())

it('each query of the audit has a violation planted for it', () => {
  expect(Object.keys(plants)).toEqual(names)
})

it('a living ledger violates nothing', async () => {
  expect(await runAudit(database.sql)).toEqual([])
})

it.each(Object.entries(plants))('%s is found when it is not so', async (name, plant) => {
  await behindTheGuards(database.sql, plant)
  expect((await runAudit(database.sql)).map(({ query }) => query)).toContain(name)
})

/** Each names what is not there, where a foreign key has seen to it once. */
const nowhere: [what: string, missing: string, plant: (sql: Tx) => Promise<unknown>][] = [
  ['entry', 'customer', (sql) => sql`update entries set customer_id = 999 where customer_id = 2`],
  ['lot', 'customer', (sql) => sql`update lots set customer_id = 999 where customer_id = 2`],
  ['operation', 'customer', (sql) => sql`update operations set customer_id = 999 where kind = 'apply'`],
  ['operation', 'store', (sql) => sql`update operations set store_id = 999 where kind = 'apply'`],
  ['hold', 'customer', (sql) => sql`update holds set customer_id = 999 where state = 'processing'`],
  ['hold', 'store', (sql) => sql`update holds set store_id = 999 where state = 'processing'`],
  ['visit', 'customer', (sql) => sql`update store_customers set customer_id = 999 where customer_id = 2`],
  ['visit', 'store', (sql) => sql`update store_customers set store_id = 999 where customer_id = 2`],
  [
    ...(['visit', 'register'] as const),
    (sql) =>
      sql`update store_customers set joined_register_id = 999, joined_at = now() where customer_id = 2`,
  ],
  ['day', 'customer', (sql) => sql`update customer_days set customer_id = 999 where customer_id = 2`],
  ['use', 'customer', (sql) => sql`update rule_uses set customer_id = 999 where customer_id = 2`],
  ['message', 'customer', (sql) => sql`update notifications set customer_id = 999 where kind = 'earned'`],
  ['facts', 'customer', (sql) => sql`update customer_facts set customer_id = 999 where customer_id = 2`],
  ['month', 'customer', (sql) => sql`update customer_months set customer_id = 999 where customer_id = 2`],
  ['items', 'operation', (sql) => sql`update operation_items set operation_id = gen_random_uuid()`],
  ['items', 'programme', (sql) => sql`update operation_items set programme_id = 999`],
]

it.each(nowhere)('a row that names what is not there is found: %s of no %s', async (what, missing, plant) => {
  await behindTheGuards(database.sql, plant)
  const found = (await runAudit(database.sql)).filter(
    ({ query }) => query === 'what_rows_without_foreign_keys_name_is_there',
  )
  const told = found.map(({ reference, details }) => [reference.split(' ')[0], details.missing])
  expect(new Set(told.map(String))).toEqual(new Set([`${what},${missing}`]))
})

it.each(Object.entries(orphans))('%s is found', async (_what, orphan) => {
  await behindTheGuards(database.sql, orphan)
  expect(await runAudit(database.sql)).not.toEqual([])
})

interface Plan {
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Join Filter'?: number
  Plans?: Plan[]
}

function rowsSeenBy(plan: Plan): number {
  const { 'Rows Removed by Filter': filtered = 0, 'Rows Removed by Join Filter': unjoined = 0 } = plan
  const own = (plan['Actual Rows'] + filtered + unjoined) * plan['Actual Loops']
  return (plan.Plans ?? []).reduce((most, child) => Math.max(most, rowsSeenBy(child)), own)
}

it('by statistics of a quieter time it reads no table once for each row of another', async () => {
  const { sql } = database
  for (const table of ['operations', 'entries', 'lots', 'holds', 'customers'])
    await sql.unsafe(`alter table ${table} set (autovacuum_enabled = false)`)
  await sql`analyze`
  await sql`insert into customers (card) values ('222222')`
  const card = '222222'
  const purchases = Array.from({ length: 1500 }, (_, index) => earn(100_000 + index * 100, { card }))
  const redemptions = Array.from({ length: 300 }, (_, index) =>
    redeem(1, { card, purchaseKopecks: 200_000 + index * 100 }),
  )
  await post(sql, [adjust(1000, { card })], { now: () => noon })
  await post(sql, purchases, { now: () => noon })
  await post(
    sql,
    redemptions.flatMap((redemption) => [redemption, apply(redemption)]),
    { now: () => noon },
  )
  await post(
    sql,
    purchases.slice(0, 300).map((purchase) => refund(purchase)),
    { now: () => noon },
  )
  const [counted] = await sql<{ entries: number }[]>`select count(*)::int as entries from entries`
  const entries = counted?.entries ?? 0
  expect(entries).toBeGreaterThan(2000)
  await sql.begin(async (sql) => {
    await prepareAudit(sql)
    for (const { name, text } of auditQueries) {
      const [row] = await sql.unsafe<{ 'QUERY PLAN': { Plan: Plan }[] }[]>(
        `explain (analyze, timing off, format json) ${text.replace(/;\s*$/, '')}`,
      )
      const seen = row?.['QUERY PLAN'][0] ? rowsSeenBy(row['QUERY PLAN'][0].Plan) : Number.NaN
      expect.soft(seen, name).toBeLessThan(20 * entries)
    }
  })
})

/** Each ties what is of the first programme to a customer, a store or a register of another. */
const ties: [what: string, another: string, tie: (sql: Tx) => Promise<unknown>][] = [
  ['operation', 'programme', (sql) => sql`update operations set programme_id = 2 where kind = 'earn'`],
  [
    'operation',
    'customer',
    (sql) => sql`update operations set customer_id = ${stranger(sql)} where kind = 'apply'`,
  ],
  [
    'operation',
    'store',
    (sql) => sql`update operations set store_id = 3, register_id = 4 where kind = 'apply'`,
  ],
  ['hold', 'programme', (sql) => sql`update holds set programme_id = 2 where ${isPlain(sql)}`],
  ['hold', 'customer', (sql) => sql`update holds set customer_id = ${stranger(sql)} where ${isPlain(sql)}`],
  ['hold', 'store', (sql) => sql`update holds set store_id = 3 where ${isPlain(sql)}`],
  ['hold', 'register', (sql) => sql`update holds set register_id = 4 where ${isPlain(sql)}`],
  ['visit', 'programme', (sql) => sql`update store_customers set programme_id = 2 where customer_id = 2`],
  [
    ...(['visit', 'customer'] as const),
    (sql) => sql`update store_customers set customer_id = ${stranger(sql)} where customer_id = 2`,
  ],
  ['visit', 'store', (sql) => sql`update store_customers set store_id = 3 where customer_id = 2`],
  [
    ...(['visit', 'register'] as const),
    (sql) => sql`update store_customers set joined_register_id = 4, joined_at = now() where customer_id = 2`,
  ],
  ['items', 'programme', (sql) => sql`update operation_items set programme_id = 2`],
  ['home store', 'store', (sql) => sql`update customer_facts set home_store_id = 3 where customer_id = 2`],
  [
    ...(['discrepancy', 'register'] as const),
    (sql) => sql`
      insert into discrepancies (kind, reference, customer_id, details, filed_at)
      values ('parked', 'y', 1, '{"registerId": 4}', now())`,
  ],
  ['pairing code', 'register', (sql) => sql`update pairing_codes set register_id = 4`],
  [
    ...(['voucher', 'programme'] as const),
    (sql) => sql`
      with batch as (
        insert into voucher_batches (programme_id, terms, audience, salt, created_at, created_by)
        values (2, '{}', '{}', '', now(), 'admin:anna') returning id)
      insert into vouchers (batch_id, serial, hash, customer_id) select id, 1, 'x', 2 from batch`,
  ],
  [
    ...(['held voucher', 'programme'] as const),
    (sql) => sql`
      update voucher_batches set programme_id = 2
      where id in (
        select batch_id from vouchers join holds on voucher_id = vouchers.id where vouchers.customer_id is null)`,
  ],
]
const stranger = (sql: Tx) => sql`(select id from customers where card = '222222')`
const isPlain = (sql: Tx) => sql`state = 'processing' and voucher_id is null`

it.each(ties)('what ties two programmes together is found: %s of another %s', async (what, _another, tie) => {
  await behindTheGuards(database.sql, async (sql) => {
    await sql`insert into stores (programme_id, name) values (2, 'Чужой')`
    await sql`insert into registers (store_id, name, key_hash) values (3, 'Касса', 'd')`
    await sql`insert into customers (programme_id, card) values (2, '222222')`
    await tie(sql)
  })
  const found = (await runAudit(database.sql)).filter(
    ({ query }) => query === 'no_row_ties_two_programmes_together',
  )
  expect(new Set(found.map(({ reference }) => reference.slice(0, what.length)))).toEqual(new Set([what]))
})

it.each([
  ...['customers', 'stores'].map((table) => [table, `update ${table} set programme_id = 2`]),
  ...['customers', 'stores', 'registers'].map((table) => [table, `update ${table} set id = default`]),
  ['operations', 'update operations set id = gen_random_uuid()'],
  ...['customers', 'stores', 'registers', 'operations'].flatMap((table) => [
    [table, `delete from ${table}`],
    [table, `truncate ${table} cascade`],
  ]),
])('what rows without foreign keys name is not taken from them: %s, by %s', async (table, statement) => {
  const { sql } = database
  await addSecondProgramme(sql)
  await expect(sql.unsafe(statement)).rejects.toThrow(
    `rows without foreign keys name ${table}, so their keys stay`,
  )
})

/** Checks, keys and triggers of the ledger's tables are taken off for good: the database is gone with its test. */
async function behindTheGuards(sql: Sql, plant: (sql: Tx) => Promise<unknown>): Promise<void> {
  const guards = await sql<{ table: string; name: string }[]>`
    select conrelid::regclass::text as table, conname as name from pg_constraint
    where contype in ('c', 'f') and connamespace = current_schema()::regnamespace`
  await sql.begin(async (sql) => {
    for (const { table, name } of guards) await sql`alter table ${sql(table)} drop constraint ${sql(name)}`
    for (const table of ['entries', 'customers', 'stores', 'registers', 'operations'])
      await sql`alter table ${sql(table)} disable trigger user`
    await plant(sql)
  })
}
