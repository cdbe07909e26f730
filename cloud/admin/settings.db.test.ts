import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultProgramme } from '../../shared/programme.ts'
import { perform } from '../acts/act.ts'
import { setSetting } from '../acts/settings.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { readProgramme } from '../ledger/programme.ts'
import { thresholdsSchema } from '../ledger/thresholds.ts'
import type { House } from './command.ts'
import { getSettings } from './settings.ts'
import { changesIn, houseOf } from './testing.ts'

describe('the settings', () => {
  let database: TestDatabase
  let house: House
  beforeEach(async () => {
    database = await createTestDatabase()
    house = houseOf(database.sql)
  })
  afterEach(() => database.drop())

  const all = { ...defaultProgramme, ...thresholdsSchema.parse({}) }

  it('are read together or one by one, with their defaults', async () => {
    expect(await getSettings(house)).toEqual(all)
    expect(await getSettings(house, { key: 'lifetime_days' })).toEqual({ lifetime_days: 45 })
  })

  it('change one by one, each change a new version and a line in the log', async () => {
    expect(await perform(setSetting, { key: 'lifetime_days', value: 60 }, house)).toEqual({
      lifetime_days: 60,
    })
    await perform(setSetting, { key: 'cashback_basis_points', value: 500 }, house)
    expect(await readProgramme(house.sql, { programmeId: 1, now: house.now })).toEqual({
      programme: { ...defaultProgramme, lifetime_days: 60, cashback_basis_points: 500 },
      version: 3,
    })
    expect((await changesIn(house.sql))[0]).toEqual({
      who: 'admin:anna',
      action: 'settings set',
      subject: 'setting lifetime_days',
      before: { lifetime_days: 45 },
      after: { lifetime_days: 60 },
    })
  })

  it('do not change to what they are', async () => {
    await perform(setSetting, { key: 'lifetime_days', value: 45 }, house)
    expect(await readProgramme(house.sql, { programmeId: 1, now: house.now })).toMatchObject({ version: 1 })
    expect(await changesIn(house.sql)).toEqual([])
  })

  it.each([
    ['card_digits', 8, '8 is taken by the QR form'],
    ['lifetime_days', 0, 'lifetime_days cannot be 0'],
    ['cashback_basis_points', 10_001, 'cashback_basis_points cannot be 10001'],
    ['alert_redemptions_an_hour', 0, 'alert_redemptions_an_hour cannot be 0'],
  ] as const)('refuse %s = %i', async (key, value, message) => {
    await expect(perform(setSetting, { key, value }, house)).rejects.toThrow(message)
    expect(await getSettings(house)).toEqual(all)
  })

  it('that only IT is to know are changed like the others, and registers are not told', async () => {
    expect(await perform(setSetting, { key: 'alert_purchases_a_card_a_day', value: 7 }, house)).toEqual({
      alert_purchases_a_card_a_day: 7,
    })
    expect(await getSettings(house, { key: 'alert_purchases_a_card_a_day' })).toEqual({
      alert_purchases_a_card_a_day: 7,
    })
    expect((await readProgramme(house.sql, { programmeId: 1, now: house.now })).programme).toEqual(
      defaultProgramme,
    )
  })

  it('refuse a smallest purchase above the largest, from either side', async () => {
    await perform(setSetting, { key: 'max_purchase_kopecks', value: 500 }, house)
    await expect(perform(setSetting, { key: 'min_purchase_kopecks', value: 501 }, house)).rejects.toThrow(
      'in range',
    )
    await perform(setSetting, { key: 'min_purchase_kopecks', value: 500 }, house)
    await expect(perform(setSetting, { key: 'max_purchase_kopecks', value: 499 }, house)).rejects.toThrow(
      'in range',
    )
  })
})
