import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY } from '../../shared/time.ts'
import { createKeyring } from '../access/registers/registers.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { runAudit } from '../ledger/audit.ts'
import { people } from './people.ts'
import { seedDemo } from './seed.ts'

const now = Date.parse('2025-12-07T12:00:00.000Z')

describe('the demo', () => {
  let database: TestDatabase
  let dataDir: string
  beforeEach(async () => {
    database = await createTestDatabase()
    dataDir = await mkdtemp(join(tmpdir(), 'kopilka-demo-'))
  })
  afterEach(async () => {
    await database.drop()
    await rm(dataDir, { recursive: true, maxRetries: 5 })
  })
  const seed = (at = now) => seedDemo(database.sql, { now: at, dataDir })
  const count = async (table: string) => {
    const [row] = await database.sql<{ count: number }[]>`select count(*) from ${database.sql(table)}`
    return row?.count
  }

  it('has three stores with a register each, and a dozen customers with points of different age', async () => {
    const { stores, customers } = await seed()
    expect(stores.map(({ name }) => name)).toEqual(['Ашукино', 'Софрино', 'Правда'])
    expect(customers).toHaveLength(12)
    expect(customers[0]).toMatchObject({ card: '654321', firstName: 'Анна', held: 0, debt: 0 })
    const lots = await database.sql`
      select expires_at from lots join customers on customers.id = customer_id
      where card = '654321' and remaining > 0`
    expect(lots.count).toBeGreaterThan(2)
    const soon = customers.filter(
      ({ expiresNext }) => expiresNext && Date.parse(expiresNext.at) <= now + 3 * DAY,
    )
    expect(soon.map(({ firstName }) => firstName)).toContain('Борис')
    expect(await runAudit(database.sql)).toEqual([])
  })

  it('accepts every operation of its history', async () => {
    await seed()
    expect(await database.sql`select outcome from operations where status = 'refused'`).toEqual([])
    const deeds = people.flatMap(({ deeds }) => deeds)
    const discounts = deeds.filter((deed) => 'spent' in deed)
    expect(await count('operations')).toBe(deeds.length + discounts.length)
  })

  it('changes nothing when it is seeded again, days later too', async () => {
    const first = await seed()
    const before = [await count('operations'), await count('audit_log'), await count('customers')]
    expect(await seed()).toEqual(first)
    expect((await seed(now + 10 * DAY)).key).toBe(first.key)
    expect([await count('operations'), await count('audit_log'), await count('customers')]).toEqual(before)
  })

  it('keeps the key of the first register in a file of its owner, and replaces one that no longer works', async () => {
    const { key, stores } = await seed()
    expect((await createKeyring(database.sql).find(key))?.id).toBe(stores[0]?.register.id)
    const file = join(dataDir, 'demo-register.key')
    expect((await stat(file)).mode & 0o777).toBe(0o600)

    await writeFile(file, 'kop_of-another-database\n')
    const replaced = await seed()
    expect(replaced.key).not.toBe(key)
    expect((await createKeyring(database.sql).find(replaced.key))?.id).toBe(stores[0]?.register.id)
    expect(await createKeyring(database.sql).find(key)).toBeNull()
  })

  it('leaves a customer alone who had the card before', async () => {
    await database.sql`insert into customers (card, first_name) values ('654321', 'Зоя')`
    const { customers } = await seed()
    expect(customers[0]).toMatchObject({ card: '654321', firstName: 'Зоя', available: 0 })
  })
})
