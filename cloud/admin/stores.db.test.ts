import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { perform } from '../acts/act.ts'
import { addStore, findStore } from '../acts/stores.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import type { House } from './command.ts'
import { listStores } from './stores.ts'
import { changesIn, houseOf } from './testing.ts'

describe('a store', () => {
  let database: TestDatabase
  let house: House
  beforeEach(async () => {
    database = await createTestDatabase()
    house = houseOf(database.sql)
  })
  afterEach(() => database.drop())

  it('is added under its name, and the log says by whom', async () => {
    expect(await perform(addStore, { name: 'Ашукино' }, house)).toEqual({ storeId: 1 })
    expect(await changesIn(house.sql)).toEqual([
      {
        who: 'admin:anna',
        action: 'store add',
        subject: 'store 1',
        before: null,
        after: { name: 'Ашукино' },
      },
    ])
  })

  it('is not added twice', async () => {
    await perform(addStore, { name: 'Ашукино' }, house)
    await expect(perform(addStore, { name: 'Ашукино' }, house)).rejects.toMatchObject({
      code: 'store_exists',
    })
    expect(await changesIn(house.sql)).toHaveLength(1)
  })

  it('is listed with the number of its registers', async () => {
    await perform(addStore, { name: 'Ашукино' }, house)
    await house.sql`
      insert into registers (store_id, name, key_hash, revoked_at)
      values (1, 'a', '\\x01', null), (1, 'b', '\\x02', now())`
    expect(await listStores(house)).toEqual({ stores: [{ storeId: 1, name: 'Ашукино', registers: 1 }] })
  })

  it('is found by its number and by its name; a number wins over a name of digits', async () => {
    await perform(addStore, { name: '2' }, house)
    await perform(addStore, { name: 'Правда' }, house)
    expect(await findStore(house.sql, '1')).toEqual({ id: 1, name: '2' })
    expect(await findStore(house.sql, '2')).toEqual({ id: 2, name: 'Правда' })
    expect(await findStore(house.sql, 'Правда')).toEqual({ id: 2, name: 'Правда' })
    await expect(findStore(house.sql, 'Софрино')).rejects.toMatchObject({ code: 'store_not_found' })
  })
})
