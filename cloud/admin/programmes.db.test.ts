import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { perform } from '../acts/act.ts'
import { addCustomer } from '../acts/customers.ts'
import { addProgramme } from '../acts/programmes.ts'
import { addRegister } from '../acts/registers.ts'
import { setSetting } from '../acts/settings.ts'
import { addStore } from '../acts/stores.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { readSettings } from '../ledger/programme.ts'
import { findCustomers } from './customers.ts'
import { listProgrammes, showProgramme } from './programmes.ts'
import { getSettings } from './settings.ts'
import { listStores } from './stores.ts'
import { changesIn, houseOf, say } from './testing.ts'

const neighbour = {
  ...{ merchant: 'ООО «Сосед»', name: 'Сосед', currency: 'KZT', digits: 2, zone: 'Asia/Almaty' },
  points: 'бонус, бонуса, бонусов',
}

describe('programmes', () => {
  let database: TestDatabase
  let house: ReturnType<typeof houseOf>
  beforeEach(async () => {
    database = await createTestDatabase()
    house = houseOf(database.sql)
  })
  afterEach(() => database.drop())

  it('begin with one, which no command asks for', async () => {
    expect(await listProgrammes(house)).toEqual({
      programmes: [
        {
          ...{
            programmeId: 1,
            merchant: 'Копилка',
            name: 'Копилка',
            currency: 'RUB',
            minorDigits: 2,
            timeZone: null,
          },
          ...{ pointWords: ['балл', 'балла', 'баллов'], stores: 0, customers: 0, frozenSince: null },
        },
      ],
    })
    await perform(addStore, { name: 'Ашукино' }, house)
    await perform(addCustomer, { name: 'Анна', card: '111111' }, house)
    await perform(setSetting, { key: 'hold_seconds', value: 60 }, house)
    expect(await showProgramme(house)).toMatchObject({ stores: 1, customers: 1, bookVersion: 1 })
    // Nor does who writes to the tables by hand.
    await database.sql`insert into customers (card) values ('222222')`
    expect(await showProgramme(house)).toMatchObject({ customers: 2 })
  })

  it('are added with rules of their own, and every change says so', async () => {
    expect(await perform(addProgramme, neighbour, house)).toEqual({ programmeId: 2 })
    expect(await showProgramme(house, { programme: 'Сосед' })).toMatchObject({
      ...{
        programmeId: 2,
        merchant: 'ООО «Сосед»',
        currency: 'KZT',
        timeZone: 'Asia/Almaty',
        bookVersion: 1,
      },
    })
    await perform(setSetting, { key: 'cashback_basis_points', value: 700, programme: '2' }, house)
    await perform(setSetting, { key: 'hold_seconds', value: 60, programme: 'Сосед' }, house)
    expect(await getSettings(house, { key: 'cashback_basis_points', programme: '1' })).toEqual({
      cashback_basis_points: 400,
    })
    expect(await getSettings(house, { key: 'cashback_basis_points', programme: '2' })).toEqual({
      cashback_basis_points: 700,
    })
    expect(await readSettings(database.sql, { programmeId: 1 })).toMatchObject({ hold_seconds: 90 })
    expect(await readSettings(database.sql, { programmeId: 2 })).toMatchObject({ hold_seconds: 60 })
    expect((await changesIn(database.sql)).map(({ action, subject }) => `${action}: ${subject}`)).toEqual([
      'programme add: programme 2',
      'settings set: setting cashback_basis_points of programme 2',
      'settings set: setting hold_seconds of programme 2',
    ])
    await expect(perform(addProgramme, neighbour, house)).rejects.toMatchObject({ code: 'programme_exists' })
  })

  it('have to be named where there are two', async () => {
    await perform(addProgramme, neighbour, house)
    const which = 'There are 2 programmes: 1 "Копилка", 2 "Сосед". Say which with --programme <id or name>.'
    for (const command of [
      () => perform(addStore, { name: 'Ашукино' }, house),
      () => listStores(house),
      () => perform(addCustomer, { name: 'Анна' }, house),
      () => findCustomers(house, { text: 'Анна' }),
      () => getSettings(house),
      () => perform(setSetting, { key: 'hold_seconds', value: 60 }, house),
      () => showProgramme(house),
    ])
      await expect(command()).rejects.toMatchObject({ code: 'programme_missing', message: which })
    await expect(showProgramme(house, { programme: 'Никто' })).rejects.toMatchObject({
      code: 'programme_not_found',
    })
    await expect(database.sql`insert into customers (card) values ('222222')`).rejects.toThrow('not-null')
  })

  it('do not see the customers and stores of one another', async () => {
    await perform(addProgramme, neighbour, house)
    await perform(addCustomer, { name: 'Анна', card: '111111', programme: '1' }, house)
    await perform(addCustomer, { name: 'Анна', card: '222222', programme: '2' }, house)
    expect(await findCustomers(house, { text: 'Анна', programme: '2' })).toMatchObject({
      customers: [{ card: '222222' }],
    })
    // A card is one in the whole database.
    await expect(
      perform(addCustomer, { name: 'Вера', card: '111111', programme: '2' }, house),
    ).rejects.toMatchObject({
      code: 'card_taken',
    })
    await perform(addStore, { name: 'Ашукино', programme: '1' }, house)
    await perform(addStore, { name: 'Ашукино', programme: '2' }, house)
    expect(await listStores(house, { programme: '2' })).toMatchObject({ stores: [{ storeId: 2 }] })
    await expect(perform(addRegister, { store: 'Ашукино', name: 'Касса 1' }, house)).rejects.toMatchObject({
      code: 'store_ambiguous',
    })
    expect(await perform(addRegister, { store: '2', name: 'Касса 1' }, house)).toMatchObject({
      registerId: 1,
    })
  })

  it('are added, listed and shown at the command line', async () => {
    const run = (...args: string[]) => say(args, database.url)
    const bad = await run('programme', 'add', '--merchant', 'x', '--name', 'y', '--points', 'балл,балла')
    expect([bad.exitCode, bad.error]).toEqual([2, expect.stringContaining('three words')])
    const added = await run('programme', 'add', '--merchant', 'ООО', '--name', 'Сосед', '--json')
    expect(JSON.parse(added.out)).toEqual({ programmeId: 2 })
    expect((await run('programme', 'list')).out).toMatch(/2 {2}Сосед +ООО +RUB/)
    expect((await run('programme', 'show', '--programme', 'Сосед')).out).toContain('балл, балла, баллов')
    const missing = await run('store', 'add', '--name', 'Ашукино')
    expect([missing.exitCode, missing.error]).toEqual([1, expect.stringContaining('--programme')])
    const store = await run('store', 'add', '--name', 'Ашукино', '--programme', '2', '--json')
    expect(JSON.parse(store.out)).toEqual({ storeId: 1 })
  })
})
