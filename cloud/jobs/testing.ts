import { expect } from 'vitest'
import { DAY, type Instant } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { runAudit } from '../ledger/audit.ts'
import { post } from '../ledger/post.ts'
import type { Request } from '../ledger/request.ts'
import { addStores } from '../ledger/testing/makers.ts'

/** Midnight of a UTC day, so that lots die at the beginning of a day. */
export const midnight: Instant = Date.parse('2025-12-07T00:00:00.000Z')
/** So many days after (or before) it, at noon. */
export const noonOf = (day: number): Instant => midnight + day * DAY + DAY / 2

/** Also the stores where they buy. */
export async function addCustomers(sql: Sql, ...cards: string[]): Promise<void> {
  await addStores(sql)
  await sql`insert into customers (card, first_name) select card, 'Анна' from unnest(${cards}::text[]) as card`
}

/** Executes operations at the time they carry, one after the other, and expects each to be accepted. */
export async function execute(sql: Sql, ...requests: Request[]): Promise<void> {
  for (const request of requests) {
    const [outcome] = await post(sql, [request], { now: () => request.at })
    expect(outcome).toMatchObject({ id: request.id, status: 'accepted' })
  }
}

/** As many at the same moment, in one batch. */
export async function executeTogether(sql: Sql, requests: Request[]): Promise<void> {
  const outcomes = await post(sql, requests, { now: () => requests[0]?.at ?? 0 })
  expect(outcomes.map(({ status }) => status)).toEqual(requests.map(() => 'accepted'))
}

export async function expectHealthy(sql: Sql): Promise<void> {
  expect(await runAudit(sql)).toEqual([])
}

/** What the ledger says of everybody, apart from its detail: nothing may change it but an operation. */
export async function standingOf(sql: Sql) {
  const customers = await sql`select card, balance, debt, last_entry from customers order by card`
  const lots = await sql`
    select lots.customer_id, lots.active_from, lots.expires_at, remaining, expired, forgiven,
      (select coalesce(sum(points), 0)::bigint from entries
       where entries.customer_id = lots.customer_id and lot_expires_at = lots.expires_at
         and lot_active_from = lots.active_from) as entries
    from lots order by lots.customer_id, lots.expires_at, lots.active_from`
  return { customers: [...customers], lots: [...lots] }
}
