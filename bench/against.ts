import type { Sql } from '../cloud/database/connect.ts'
import type { Finding } from './findings.ts'
import { type Limit, type Measuring, prepareMeasuring } from './limit.ts'
import type { Stage } from './stage.ts'

const ACCOUNTS = 10_000

/**
 * A smaller store of points, to compare the ledger with: no HTTP, no rules, no stored answers. Each call is a transaction of
 * its own, and asks nothing of the client in between.
 */
export async function against(stage: Stage, limit: Limit): Promise<Finding[]> {
  if (stage.options.alone) return []
  const findings: Finding[] = []
  for (const { what, unit, ...measuring } of others) {
    const measure = await prepareMeasuring(stage, measuring)
    const { perSecond, ...compared } = await limit.beside(async () => ({ perSecond: await measure() }))
    findings.push({ what, unit, perSecond, seconds: stage.options.seconds, ...compared })
  }
  return findings
}

const others: ({ what: string; unit: string } & Measuring)[] = [
  {
    what: 'against: a transfer between two accounts, as a double-entry ledger in functions of Postgres does it',
    unit: 'transfers',
    database: 'double_entry',
    createTables: createDoubleEntry,
    script: `
      \\set payer random(1, ${ACCOUNTS / 2})
      \\set payee random(${ACCOUNTS / 2 + 1}, ${ACCOUNTS})
      select transfer(:payer, :payee, 100);`,
    call: (sql) => sql`
      select transfer(1 + floor(random() * ${ACCOUNTS / 2})::int, ${ACCOUNTS / 2 + 1} + floor(random() * ${ACCOUNTS / 2})::int, 100)`,
  },
  {
    what: 'against: an earn as one call of a function, with its operation, its entry and its lot',
    unit: 'earns',
    database: 'one_call',
    createTables: createOneCall,
    script: `
      \\set customer random(1, ${ACCOUNTS})
      select earn((100000 + :customer)::text, gen_random_uuid(), 100000);`,
    call: (sql) => sql`
      select earn((100001 + floor(random() * ${ACCOUNTS})::int)::text, gen_random_uuid(), 100000)`,
  },
]

async function createDoubleEntry(sql: Sql): Promise<void> {
  await sql`
    create table accounts (
      id int primary key, balance bigint not null default 0, version int not null default 0) with (fillfactor = 70)`
  await sql`
    create table transfers (
      id bigint generated always as identity primary key, payer int not null references accounts,
      payee int not null references accounts, amount bigint not null check (amount > 0), at timestamptz not null default now())`
  await sql`
    create table entries (
      account_id int not null references accounts, version int not null, transfer_id bigint not null references transfers,
      amount bigint not null, balance_before bigint not null, balance_after bigint not null, primary key (account_id, version))`
  await sql`insert into accounts (id) select * from generate_series(1, ${ACCOUNTS}::int)`
  await sql.unsafe(`
    create function transfer(payer_id int, payee_id int, moved bigint) returns bigint language plpgsql as $$
    declare
      payer accounts; payee accounts; transfer_id bigint;
    begin
      perform from accounts where id in (payer_id, payee_id) order by id for no key update;
      insert into transfers (payer, payee, amount) values (payer_id, payee_id, moved) returning id into transfer_id;
      update accounts set balance = balance - moved, version = version + 1 where id = payer_id returning * into payer;
      update accounts set balance = balance + moved, version = version + 1 where id = payee_id returning * into payee;
      insert into entries values
        (payer_id, payer.version, transfer_id, -moved, payer.balance + moved, payer.balance),
        (payee_id, payee.version, transfer_id, moved, payee.balance - moved, payee.balance);
      return transfer_id;
    end $$`)
}

async function createOneCall(sql: Sql): Promise<void> {
  await sql`
    create table customers (
      id int primary key, card text not null unique, balance bigint not null default 0, last_entry int not null default 0)
    with (fillfactor = 70)`
  await sql`
    create table lots (
      customer_id int not null references customers, expires_at timestamptz not null, remaining bigint not null,
      primary key (customer_id, expires_at)) with (fillfactor = 70)`
  await sql`
    create table operations (
      id uuid primary key, customer_id int not null references customers, at timestamptz not null,
      purchase_kopecks int not null, points bigint not null)`
  await sql`
    create table entries (
      customer_id int not null references customers, seq int not null, operation_id uuid not null references operations,
      points bigint not null, balance_after bigint not null, primary key (customer_id, seq))`
  await sql`
    insert into customers (id, card) select n, (100000 + n)::text from generate_series(1, ${ACCOUNTS}::int) n`
  await sql.unsafe(`
    create function earn(of_card text, operation uuid, kopecks int) returns bigint language plpgsql as $$
    declare
      customer customers; earned bigint := kopecks / 100 / 20;
    begin
      update customers set balance = balance + earned, last_entry = last_entry + 1 where card = of_card returning * into customer;
      insert into operations values (operation, customer.id, now(), kopecks, earned);
      insert into lots values (customer.id, date_trunc('day', now()) + interval '90 days', earned)
        on conflict (customer_id, expires_at) do update set remaining = lots.remaining + earned;
      insert into entries values (customer.id, customer.last_entry, operation, earned, customer.balance);
      return customer.balance;
    end $$`)
}
