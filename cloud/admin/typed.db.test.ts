import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY, MINUTE } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { addCustomers, execute, expectHealthy, noonOf } from '../jobs/testing.ts'
import { apply, earn, neighbour, redeem, till } from '../ledger/testing/makers.ts'
import { houseOf } from './testing.ts'
import { listTyped } from './typed.ts'

const at = noonOf(0)
const anna = '111111'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
  const { sql } = database
  await sql`insert into stores (name) values ('Ашукино')`
  await sql`
    insert into registers (store_id, name, key_hash) values (1, 'Касса 1', 'a'), (1, 'Касса 2', 'b')`
  await addCustomers(sql, anna)
})
afterEach(async () => {
  await expectHealthy(database.sql)
  await database.drop()
})

test('amounts typed by hand are counted by register and cashier, beside all purchases of theirs', async () => {
  const { sql } = database
  const minute = (count: number) => at + count * MINUTE
  const typed = (kopecks: number, more: Parameters<typeof earn>[1]) =>
    earn(kopecks, { card: anna, typed: true, ...more })
  const spent = redeem(5, {
    card: anna,
    at: minute(6),
    purchaseKopecks: 40_000,
    cashier: 'Иванова',
    author: till,
  })
  await execute(
    sql,
    typed(15_005_000, { at: minute(1), cashier: 'Иванова', author: till }),
    typed(20_000, { at: minute(2), cashier: 'Иванова', author: till }),
    earn(30_000, { card: anna, at: minute(3), cashier: 'Иванова', author: till }),
    typed(10_000, { at: minute(4), author: neighbour }),
    earn(50_000, { card: anna, at: minute(5), cashier: 'Петрова', author: neighbour }),
    spent,
    apply(spent, { at: minute(7) }),
  )
  const { typed: rows } = await listTyped(houseOf(sql, minute(10)))
  const place = { store: 'Ашукино' }
  expect(rows).toEqual([
    {
      ...place,
      registerId: 1,
      register: 'Касса 1',
      cashier: 'Иванова',
      typed: 2,
      typedKopecks: 15_025_000,
      purchases: 4,
    },
    {
      ...place,
      registerId: 2,
      register: 'Касса 2',
      cashier: null,
      typed: 1,
      typedKopecks: 10_000,
      purchases: 1,
    },
  ])
  expect((await listTyped(houseOf(sql, at + 40 * DAY))).typed).toEqual([])
})
