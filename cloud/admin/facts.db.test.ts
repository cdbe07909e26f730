import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE, toIso } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { readOn } from '../feed/reader.ts'
import { createFactsReader } from '../insight/facts/reader.ts'
import { addCustomers, execute } from '../jobs/testing.ts'
import { earn, refund } from '../ledger/testing/makers.ts'
import { rebuildOrCheckFacts, showFacts } from './facts.ts'
import { houseOf, noon, say } from './testing.ts'

const card = '111111'

describe('facts on the command line', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
    await database.sql`insert into stores (name) values ('Ашукино')`
    await addCustomers(database.sql, card)
    const bought = earn(100_000, { card, at: noon })
    await execute(database.sql, bought, refund(bought, { at: noon + 1, refundKopecks: 1 }))
    await readOn(database.sql, createFactsReader('Europe/Moscow'))
  })
  afterEach(() => database.drop())
  const house = () => houseOf(database.sql, noon + MINUTE)

  it('are shown with the moment they are of', async () => {
    const facts = await showFacts(house(), { card })
    expect(facts).toMatchObject({
      card,
      status: 'active',
      purchases: 1,
      netKopecks: 99_999,
      homeStore: 'Ашукино',
      lastPurchaseAt: toIso(noon),
      months: [{ month: '2025-12', purchases: 1, netKopecks: 99_999 }],
      asOf: toIso(noon + MINUTE),
    })
    await execute(database.sql, earn(50_000, { card, at: noon + 2 }))
    expect(await showFacts(house(), { card })).toMatchObject({ purchases: 1, asOf: toIso(noon + 2) })
    await expect(showFacts(house(), { card: '222222' })).rejects.toThrow('No customer has the card 222222')
  })

  it('are checked without a change, and rebuilt for a card or all', async () => {
    const { sql, url } = database
    const healthy = { customers: 1, unread: 0, differing: 0, differences: [] }
    expect(await rebuildOrCheckFacts(house(), { check: true })).toMatchObject(healthy)
    expect(await rebuildOrCheckFacts(house(), { card, check: false })).toMatchObject(healthy)
    await sql`update customer_facts set points_spent = 5`
    const { differences, ...checked } = await rebuildOrCheckFacts(house(), { check: true })
    expect(checked).toMatchObject({ differing: 1, isCheck: true, asOf: toIso(noon + MINUTE) })
    expect(differences).toMatchObject([{ card, kept: { points_spent: 5 }, made: { points_spent: 0 } }])
    expect((await say(['facts', 'rebuild', '--check'], url)).exitCode).toBe(1)
    expect(await say(['facts', 'rebuild', '--card', card], url)).toMatchObject({ error: '', exitCode: 0 })
    expect((await say(['facts', 'rebuild', '--check'], url)).exitCode).toBe(0)
    expect(await showFacts(house(), { card })).toMatchObject({ pointsSpent: 0 })
  })
})
