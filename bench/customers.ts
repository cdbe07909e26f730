import { setTimeout as pause } from 'node:timers/promises'
import { readAsOf } from '../cloud/feed/progress.ts'
import { FACTS } from '../cloud/insight/facts/reader.ts'
import { type Instant, toIso } from '../shared/time.ts'
import type { Stage } from './stage.ts'

export interface SeededLot {
  points: number
  earnedAt: Instant
  activeFrom: Instant
  expiresAt: Instant
}

const CUSTOMERS_A_STATEMENT = 50_000
const FIRST_CARD = 100_000_000

let seeded = 0

/**
 * Makes customers who all have the same lots, each given as a bonus, and returns their cards. Every row that the
 * ledger would have written is there, so that the audit finds nothing. A phase has customers of its own: it does
 * not meet the lots that others left.
 */
export async function seedCustomers(
  stage: Stage,
  count: number,
  lots: SeededLot[] = [],
  isInTelegram = stage.options.telegram,
): Promise<string[]> {
  const firstCard = FIRST_CARD + seeded
  seeded += count
  for (let done = 0; done < count; done += CUSTOMERS_A_STATEMENT) {
    const cards = { first: firstCard + done, count: Math.min(CUSTOMERS_A_STATEMENT, count - done) }
    await insertCustomers(stage, cards, lots)
    if (isInTelegram) await insertPeople(stage, cards)
  }
  return Array.from({ length: count }, (_, index) => String(firstCard + index))
}

interface Cards {
  first: number
  count: number
}

async function insertPeople({ superuser }: Stage, { first, count }: Cards): Promise<void> {
  await superuser`
    insert into people (telegram_id, customer_id, language)
    select id, id, 'ru' from customers
    where card in (select (${first} + n)::text from generate_series(0, ${count - 1}::int) n)`
}

async function insertCustomers({ superuser }: Stage, cards: Cards, lots: SeededLot[]): Promise<void> {
  const balance = lots.reduce((total, { points }) => total + points, 0)
  const rows = lots.map((lot, index) => ({
    seq: index + 1,
    points: lot.points,
    earned_at: toIso(lot.earnedAt),
    active_from: toIso(lot.activeFrom),
    expires_at: toIso(lot.expiresAt),
    balance_before: lots.slice(0, index).reduce((total, { points }) => total + points, 0),
  }))
  await superuser.begin(async (sql) => {
    await sql`set local session_replication_role = replica` // foreign keys hold by construction here
    await sql`
      with lot as (
        select * from json_to_recordset(${JSON.stringify(rows)}::text::json)
          as lot(seq int, points int, earned_at timestamptz, active_from timestamptz, expires_at timestamptz,
            balance_before int)
      ), customer as (
        insert into customers (card, first_name, balance, last_entry)
        select (${cards.first} + n)::text, 'Bench', ${balance}, ${lots.length}
        from generate_series(0, ${cards.count - 1}::int) n
        returning programme_id, id, card
      ), given as materialized (
        select customer.programme_id, customer.id as customer_id, customer.card, uuidv7(lot.earned_at - now()) as id, lot.*
        from customer cross join lot
      ), operation as (
        insert into operations (
          programme_id, customer_id, id, kind, status, author, at, recorded_at, points, reason, content, earned, outcome)
        select programme_id, customer_id, id, 'bonus', 'accepted', 'system:bench', earned_at, earned_at, points, 'bench',
          sha256(id::text::bytea), points,
          json_build_object('id', id, 'kind', 'bonus', 'status', 'accepted', 'replay', false, 'earned', points,
            'spent', 0, 'customer', json_build_object('card', card, 'firstName', 'Bench', 'available',
            balance_before + points, 'held', 0, 'debt', 0, 'expiresNext', null))
        from given
      ), opened as (
        insert into lots (customer_id, active_from, expires_at, points, remaining, expired, forgiven)
        select customer_id, active_from, expires_at, sum(points), sum(points), 0, 0 from given
        group by customer_id, active_from, expires_at
      )
      insert into entries (
        customer_id, seq, operation_id, kind, lot_active_from, lot_expires_at, points, balance_before, balance_after,
        at)
      select customer_id, seq, id, 'bonus', active_from, expires_at, points, balance_before, balance_before + points,
        earned_at
      from given`
  })
}

/** Waits until the followers of the ledger have taken in what was made here: their work is no part of what is measured. */
export async function untilFollowed({ sql }: Stage): Promise<void> {
  const now = Date.now()
  while ((await sql.begin((sql) => readAsOf(sql, FACTS, now))) !== now) await pause(100)
}

/** Makes fresh statistics, and flushes what was written before, so that it is not flushed while something is measured. */
export async function settle({ superuser }: Stage): Promise<void> {
  await superuser`vacuum analyze customers, people, operations, lots, holds, entries`
  await superuser`checkpoint`
}
