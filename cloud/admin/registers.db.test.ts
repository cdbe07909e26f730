import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE, toIso } from '../../shared/time.ts'
import { enrolRegister } from '../access/registers/enrolment.ts'
import { createKeyring } from '../access/registers/registers.ts'
import { perform } from '../acts/act.ts'
import { addRegister, makePairingCode } from '../acts/registers.ts'
import { addStore } from '../acts/stores.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import type { House } from './command.ts'
import { listRegisters, revokeRegister } from './registers.ts'
import { changesIn, houseOf, noon } from './testing.ts'

describe('a register', () => {
  let database: TestDatabase
  let house: House
  beforeEach(async () => {
    database = await createTestDatabase()
    house = houseOf(database.sql)
    await perform(addStore, { name: 'Ашукино' }, house)
  })
  afterEach(() => database.drop())

  const till = { store: 'Ашукино', name: 'Касса 1' }

  it('is added with a key that works', async () => {
    const { registerId, key } = await perform(addRegister, till, house)
    expect(await createKeyring(house.sql).find(key)).toMatchObject({
      id: registerId,
      name: 'Касса 1',
      store: { id: 1, name: 'Ашукино' },
    })
  })

  it('is not added twice under one name in a store', async () => {
    await perform(addRegister, till, house)
    await expect(perform(addRegister, { ...till, store: '1' }, house)).rejects.toMatchObject({
      code: 'register_exists',
    })
    await perform(addStore, { name: 'Правда' }, house)
    await expect(perform(addRegister, { ...till, store: 'Правда' }, house)).resolves.toMatchObject({
      registerId: 3,
    })
  })

  it('is not added to a store that does not exist', async () => {
    await expect(perform(addRegister, { ...till, store: '9' }, house)).rejects.toMatchObject({
      code: 'store_not_found',
    })
  })

  it('fetches its key with a code, once, within 15 minutes', async () => {
    const { code, expiresAt } = await perform(makePairingCode, { store: '1' }, house)
    expect(code).toMatch(/^[A-Z2-9]{8}$/)
    expect(expiresAt).toBe(toIso(noon + 15 * MINUTE))
    const enrol = (at: number) => enrolRegister(house.sql, { code, name: 'Касса 2', version: '1.0.0' }, at)
    expect(await enrol(noon + 15 * MINUTE)).toBeNull()
    const enrolled = await enrol(noon + 15 * MINUTE - 1)
    expect(enrolled).toMatchObject({ register: { name: 'Касса 2' }, store: { id: 1 } })
    expect(await enrol(noon)).toBeNull()
  })

  it('loses its key when it is revoked, by number or by store and name', async () => {
    const first = await perform(addRegister, till, house)
    const second = await perform(addRegister, { ...till, name: 'Касса 2' }, house)
    const revoked = { registerId: first.registerId, revokedAt: toIso(noon) }
    expect(await revokeRegister(house, { register: first.registerId })).toEqual(revoked)
    expect(await createKeyring(house.sql).find(first.key)).toBeNull()
    expect(await createKeyring(house.sql).find(second.key)).not.toBeNull()
    await revokeRegister(house, { ...till, name: 'Касса 2' })
    expect(await createKeyring(house.sql).find(second.key)).toBeNull()

    const later = houseOf(house.sql, noon + MINUTE)
    expect(await revokeRegister(later, { register: first.registerId })).toEqual(revoked)
    await expect(revokeRegister(house, { register: 9 })).rejects.toMatchObject({ code: 'register_not_found' })
  })

  it('is listed, of all stores or of one', async () => {
    await perform(addRegister, till, house)
    await perform(addStore, { name: 'Правда' }, house)
    await perform(addRegister, { store: 'Правда', name: 'Касса 1' }, house)
    const { registers } = await listRegisters(house)
    expect(registers.map(({ store }) => store)).toEqual(['Ашукино', 'Правда'])
    expect(await listRegisters(house, { store: '1' })).toEqual({
      registers: [
        {
          registerId: 1,
          storeId: 1,
          store: 'Ашукино',
          name: 'Касса 1',
          channel: 'stable',
          version: null,
          lastSeenAt: null,
          revokedAt: null,
        },
      ],
    })
  })

  it('leaves neither its key, nor a code, nor a hash in the log', async () => {
    const { key, registerId } = await perform(addRegister, till, house)
    const { code } = await perform(makePairingCode, { store: '1' }, house)
    await revokeRegister(house, { register: registerId })
    const changes = await changesIn(house.sql)
    expect(changes.slice(1)).toEqual([
      {
        who: 'admin:anna',
        action: 'register add',
        subject: 'register 1',
        before: null,
        after: { storeId: 1, name: 'Касса 1' },
      },
      {
        who: 'admin:anna',
        action: 'register code',
        subject: 'store 1',
        before: null,
        after: { expiresAt: toIso(noon + 15 * MINUTE) },
      },
      {
        who: 'admin:anna',
        action: 'register revoke',
        subject: 'register 1',
        before: { revokedAt: null },
        after: { revokedAt: toIso(noon) },
      },
    ])
    expect(JSON.stringify(changes)).not.toContain(key)
    expect(JSON.stringify(changes)).not.toContain(code)
  })
})
