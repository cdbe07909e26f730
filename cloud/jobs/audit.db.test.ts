import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { earn } from '../ledger/testing/makers.ts'
import { audit } from './audit.ts'
import { addCustomers, execute, noonOf } from './testing.ts'

describe('the audit job', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
    await addCustomers(database.sql, '111111')
    await execute(database.sql, earn(100_000, { card: '111111', at: noonOf(0) }))
  })
  afterEach(() => database.drop())

  const discrepancies = () => database.sql`
    select kind, reference, customer_id, details, settled_at from discrepancies order by reference, id`

  it('files nothing when the ledger is healthy', async () => {
    expect(await audit(database.sql, { now: noonOf(1) })).toEqual({ violations: 0, filed: 0 })
    expect(await discrepancies()).toEqual([])
  })

  it('files every violation once while it is open', async () => {
    const { sql } = database
    await sql`update customers set debt = 7`
    const broken = { violations: 1, filed: 1 }
    expect(await audit(sql, { now: noonOf(1) })).toEqual(broken)
    expect(await discrepancies()).toEqual([
      {
        kind: 'audit',
        reference: 'debt_is_the_sum_of_entries:111111',
        customer_id: 1,
        details: { debt: 7, entries: 0 },
        settled_at: null,
      },
    ])
    expect(await audit(sql, { now: noonOf(2) })).toEqual({ ...broken, filed: 0 })

    await sql`update discrepancies set settled_at = now(), settled_by = 'admin:anna'`
    expect(await audit(sql, { now: noonOf(3) })).toEqual(broken)
  })

  it('files in the order in which customers are locked', async () => {
    const { sql } = database
    await addCustomers(sql, '222222')
    await sql`update customers set debt = 7 where card = '222222'`
    await sql`update customers set last_entry = 9 where card = '111111'`
    await audit(sql, { now: noonOf(1) })
    expect(await sql`select customer_id from discrepancies order by id`).toEqual([
      { customer_id: 1 },
      { customer_id: 2 },
    ])
  })

  it('files that a customer is not there', async () => {
    const { sql } = database
    await sql`update operations set customer_id = 999`
    await audit(sql, { now: noonOf(1) })
    expect(await discrepancies()).toContainEqual({
      kind: 'audit',
      reference: 'what_rows_without_foreign_keys_name_is_there:operation customer 999 store 1',
      customer_id: null,
      details: { rows: 1, missing: 'customer' },
      settled_at: null,
    })
  })

  it('ends at once when its process stops', async () => {
    const stopping = new AbortController()
    const run = audit(database.sql, { now: noonOf(1), signal: stopping.signal })
    stopping.abort()
    await expect(run).rejects.toThrow('stopped with its process')
  })
})
