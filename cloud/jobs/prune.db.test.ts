import { afterEach, beforeEach, expect, it } from 'vitest'
import { DAY, toIso } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { prune } from './prune.ts'
import { addCustomers, noonOf } from './testing.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

const now = noonOf(100)
const old = toIso(now - 30 * DAY - 1)
const young = toIso(now - 30 * DAY)

it('what is long settled, or was never sent, is deleted; the rest stays', async () => {
  const { sql } = database
  await addCustomers(sql, '111111')
  const settled = { old, young }
  for (const [reference, at] of Object.entries(settled)) {
    for (const state of ['sent', 'dropped', 'parked', 'waiting']) {
      await sql`
        insert into notifications (customer_id, kind, reference, facts, created_at, due_at, state, settled_at)
        values (1, 'earned', ${`${state} ${reference}`}, '{}', ${at}, ${at}, ${state}, ${state === 'waiting' ? null : at})`
    }
  }
  expect(await prune(sql, { now })).toEqual({ settled: 3, unsent: 1, sessions: 0, requests: 0, visits: 0 })
  const left = await sql`select reference from notifications order by reference`
  expect(left.map(({ reference }) => reference)).toEqual([
    'dropped young',
    'parked young',
    'sent young',
    'waiting young',
  ])
})

it('sessions of the Mini App are deleted when they have ended, in batches', async () => {
  const { sql } = database
  await sql`
    insert into mini_app_sessions (init_data_hash, session_hash, expires_at)
    select sha256(n::text::bytea), sha256(n::text::bytea), to_timestamp(${now / 1000}) - make_interval(secs => n)
    from generate_series(0, 6000) n`
  expect(await prune(sql, { now })).toEqual({ settled: 0, unsent: 0, sessions: 6000, requests: 0, visits: 0 })
  expect(await sql`select expires_at from mini_app_sessions`).toEqual([{ expires_at: now }])
  expect(await prune(sql, { now: now + 1, signal: AbortSignal.abort() })).toMatchObject({ sessions: 0 })
})

it('keys of what was asked of an act are forgotten after a week', async () => {
  const { sql } = database
  await sql`insert into staff (name, roles, created_at) values ('anna', '{owner}', ${toIso(now)})`
  await sql`
    insert into act_requests (account, key, asked_at, input_hash)
    values ('anna', 'old', ${toIso(now - 7 * DAY - 1)}, ''), ('anna', 'young', ${toIso(now - 7 * DAY)}, '')`
  expect(await prune(sql, { now })).toMatchObject({ requests: 1 })
  expect([...(await sql`select key from act_requests`)]).toEqual([{ key: 'young' }])
})
