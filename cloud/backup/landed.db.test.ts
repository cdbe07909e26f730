import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY, type Instant } from '../../shared/time.ts'
import { perform } from '../acts/act.ts'
import { addProgramme } from '../acts/programmes.ts'
import { addStore } from '../acts/stores.ts'
import { byAdmin } from '../acts/testing.ts'
import { createBareDatabase, type TestDatabase } from '../database/testing.ts'
import { retention } from '../jobs/retention.ts'
import { expectHealthy } from '../jobs/testing.ts'
import { post } from '../ledger/post.ts'
import { findCustomer } from '../ledger/read.ts'
import type { Request } from '../ledger/request.ts'
import { admin, earn, mintId } from '../ledger/testing/makers.ts'
import type { Header } from './format.ts'
import { readBackup } from './read.ts'
import { restore } from './restore.ts'

const landed = (name: string) => join(import.meta.dirname, 'landed', `${name}.backup.gz`)

type Row = Record<string, string | null>

/** The rows of the tables of a backup, as they were written. */
async function rowsOf(file: string): Promise<Record<string, Row[]>> {
  const tables: Record<string, Row[]> = {}
  let header: Header | undefined
  let into = ''
  await readBackup(file, async (part) => {
    if ('header' in part) header = part.header
    if ('table' in part) into = part.table
    if (!('rows' in part)) return
    const columns = header?.tables.find(({ name }) => name === into)?.columns ?? []
    const rows = part.rows.map((line) => {
      const values = JSON.parse(line) as (string | null)[]
      return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null]))
    })
    tables[into] = [...(tables[into] ?? []), ...rows]
  })
  return tables
}

describe('a ledger of before rule books', () => {
  let database: TestDatabase
  let before: Record<string, Row[]>
  let now: Instant
  const table = (name: string) => before[name] ?? []
  beforeAll(async () => {
    database = await createBareDatabase()
    const file = landed('lots-by-purchase')
    before = await rowsOf(file)
    now = Math.max(...table('operations').map((row) => Date.parse(row.recorded_at ?? '')))
    await restore(database.sql, file, { record: async () => {} })
  })
  afterAll(() => database.drop())

  it('is healthy, and nobody has gained or lost a point', async () => {
    await expectHealthy(database.sql)
    const after = await database.sql`select card, balance, debt, last_entry from customers order by card`
    expect(after.map(({ card, balance, debt }) => [card, balance, debt])).toEqual(
      table('customers')
        .map((row) => [row.card, Number(row.balance), Number(row.debt)])
        .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    )
  })

  it('owes on every day of death what it owed, in one lot for a customer and a day', async () => {
    const owed = new Map<string, number>()
    for (const { customer_id, expires_at, remaining } of table('lots')) {
      const key = `${customer_id} ${expires_at}`
      owed.set(key, (owed.get(key) ?? 0) + Number(remaining))
    }
    const lots = await database.sql`
      select customer_id || ' ' || expires_at as key, remaining from lots order by customer_id, expires_at`
    expect(new Map(lots.map(({ key, remaining }) => [key, remaining]))).toEqual(owed)
    expect(lots.length).toBe(owed.size)
    expect(lots.length).toBeLessThan(table('lots').length)
  })

  it('has its settings as the first book, and the rest of them where they were', async () => {
    const books = await database.sql`select version, document from rule_books`
    expect(books).toEqual([
      { version: 1, document: { base: { lifetime_days: 45, cashback_basis_points: 500 } } },
    ])
    expect(await database.sql`select id, settings from programmes`).toEqual([{ id: 1, settings: {} }])
  })

  it('takes everything back, settles what is open, and comes out even', async () => {
    const { sql } = database
    const originals = await sql<{ id: string; kind: 'earn' | 'redeem'; state: string | null }[]>`
      select o.id, o.kind, h.state from operations o
      left join holds h on h.customer_id = o.customer_id and h.id = o.id
      where o.status = 'accepted' and o.kind in ('earn', 'redeem') order by o.at, o.id`
    let returned = 0
    for (const { id, kind, state } of originals) {
      const common = { at: now, author: admin }
      if (state === 'in_doubt') await accept({ ...common, id: mintId(), kind: 'apply', redeemId: id })
      if (kind === 'earn' || state === 'applied' || state === 'in_doubt')
        returned += (await refundWhole({ ...common, id: mintId(), kind: 'refund', originalId: id })) ? 1 : 0
    }
    expect(returned).toBeGreaterThan(0)
    await expectHealthy(sql)
    // What was spent came back, what was earned is gone: gifts and corrections by hand are left, and debts of them.
    const cards = await sql<{ card: string }[]>`select card from customers`
    for (const { card } of cards) expect(await findCustomer(sql, card, now)).toMatchObject({ card, held: 0 })
    await retention(sql, { now: now + 401 * DAY })
    await expectHealthy(sql)
  })

  async function accept(request: Request): Promise<void> {
    const [outcome] = await post(database.sql, [request], { now: () => now })
    expect(outcome, JSON.stringify(request)).toMatchObject({ status: 'accepted' })
  }

  /** What was returned whole before is refused for that reason and no other; whether it was not. */
  async function refundWhole(request: Request): Promise<boolean> {
    const [outcome] = await post(database.sql, [request], { now: () => now })
    const isRefused = outcome?.status === 'refused'
    expect(outcome).toMatchObject(isRefused ? { code: 'over_refund' } : { status: 'accepted' })
    return !isRefused
  }
})

describe('a ledger of before programmes', () => {
  let database: TestDatabase
  let before: Record<string, Row[]>
  beforeAll(async () => {
    database = await createBareDatabase()
    const file = landed('one-programme')
    before = await rowsOf(file)
    await restore(database.sql, file, { record: async () => {} })
  })
  afterAll(() => database.drop())

  it('is healthy, and has every row as it was, all of them of the first programme', async () => {
    const { sql } = database
    await expectHealthy(sql)
    const { programme: _, it_sessions: __, it_accounts, it_attempts, ...rest } = before
    const kept = { ...rest, staff: it_accounts ?? [], staff_attempts: it_attempts ?? [] }
    expect(Object.keys(kept)).toContain('operations')
    for (const [table, rows] of Object.entries(kept)) {
      const columns = Object.keys(rows[0] ?? {}).filter((column) => !isOfServer(column))
      const list = columns
        .map((column) => sql`${sql(column)}::text`)
        .reduce((left, right) => sql`${left}, ${right}`)
      const now = await sql`select ${list} from ${sql(table)}`
      const then = rows.map((row) => columns.map((column) => row[column] ?? null))
      expect(inOrder(now.map((row) => Object.values(row))), table).toEqual(inOrder(then))
    }
    for (const table of ['stores', 'customers', 'rule_books', 'operations', 'holds', 'store_customers']) {
      const programmes = await sql`select distinct programme_id from ${sql(table)}`
      expect([...programmes], table).toEqual([{ programme_id: 1 }])
    }
  })

  it('has its settings with the first programme', async () => {
    expect([...(await database.sql`select id, settings, version from programmes`)]).toEqual([
      { id: 1, settings: JSON.parse(before.programme?.[0]?.settings ?? ''), version: 4 },
    ])
  })

  it('goes on, and a second programme may come', async () => {
    const { sql } = database
    const by = byAdmin(sql, Date.parse('2026-02-06T12:00:00.000Z'))
    const bought = earn(100_000, { card: '111112', at: by.now })
    expect(await post(sql, [bought], { now: () => by.now })).toMatchObject([{ earned: 50 }])
    const other = { merchant: 'Сосед', name: 'Сосед' }
    expect(await perform(addProgramme, other, by)).toEqual({ programmeId: 2 })
    expect(await perform(addStore, { name: 'Ашукино', programme: 'Сосед' }, by)).toEqual({ storeId: 3 })
    await expectHealthy(sql)
  })
})

/** Transactions are counted anew in each database. */
const isOfServer = (column: string) => column.endsWith('tx') || column === 'cursor'
const inOrder = (rows: unknown[][]) => rows.map((row) => JSON.stringify(row)).sort()
