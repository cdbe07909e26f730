import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, toIso } from '../../shared/time.ts'
import { perform } from '../acts/act.ts'
import { settleDiscrepancy } from '../acts/settle.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { sweep } from '../jobs/sweep.ts'
import { addCustomers, execute, expectHealthy, noonOf } from '../jobs/testing.ts'
import { apply, earn, redeem, release } from '../ledger/testing/makers.ts'
import type { House } from './command.ts'
import { listDiscrepancies } from './discrepancies.ts'
import { showCustomer } from './showCustomer.ts'
import { changesIn, houseOf } from './testing.ts'

const card = '111111'
const start = noonOf(0)
const filed = noonOf(2)

describe('a discrepancy', () => {
  let database: TestDatabase
  let house: House
  const redemption = redeem(100, { card, at: start })
  beforeEach(async () => {
    database = await createTestDatabase()
    house = houseOf(database.sql, filed)
    await addCustomers(database.sql, card)
    await execute(database.sql, earn(1_000_000, { card, at: start }), redemption)
    await sweep(database.sql, { now: start + DAY })
    await sweep(database.sql, { now: filed })
  })
  afterEach(async () => {
    await expectHealthy(database.sql)
    await database.drop()
  })

  const settle = (as: 'applied' | 'released' | 'noted') =>
    perform(settleDiscrepancy, { id: 1, as, reason: 'по чеку' }, house)

  it('is listed while it is open, or always', async () => {
    const { discrepancies } = await listDiscrepancies(house)
    expect(discrepancies).toMatchObject([
      {
        id: 1,
        kind: 'hold_in_doubt',
        reference: redemption.id,
        card,
        filedAt: toIso(filed),
        settledAt: null,
      },
    ])
    await settle('released')
    expect(await listDiscrepancies(house)).toEqual({ discrepancies: [] })
    expect((await listDiscrepancies(house, { all: true })).discrepancies).toMatchObject([
      { settledAt: toIso(filed), settledBy: 'admin:anna', settlement: 'released: по чеку' },
    ])
  })

  it.each([
    ['applied', { available: 300 + 396, held: 0 }],
    ['released', { available: 400, held: 0 }],
  ] as const)('about a hold is settled as %s by an operation of the admin', async (as, standing) => {
    expect(await settle(as)).toEqual({ id: 1, settlement: `${as}: по чеку` })
    expect(await showCustomer(house, { card })).toMatchObject({ ...standing, holds: [{ state: as }] })
    expect(await house.sql`select author from operations where reference_id = ${redemption.id}`).toEqual([
      { author: 'admin:anna' },
    ])
    expect(await changesIn(house.sql)).toEqual([
      {
        who: 'admin:anna',
        action: 'discrepancy settle',
        subject: 'discrepancy 1',
        before: { kind: 'hold_in_doubt', reference: redemption.id },
        after: { settlement: `${as}: по чеку` },
      },
    ])
    expect(await sweep(house.sql, { now: filed + 1 })).toMatchObject({ closed: 0, filed: 0 })
  })

  it('about an open hold cannot be noted only, because its points would stay taken for ever', async () => {
    await expect(settle('noted')).rejects.toMatchObject({ code: 'hold_open' })
    expect((await listDiscrepancies(house)).discrepancies).toHaveLength(1)
    await execute(house.sql, apply(redemption, { at: filed }))
    expect(await settle('noted')).toMatchObject({ settlement: 'noted: по чеку' })
  })

  it('is closed once', async () => {
    await settle('released')
    await expect(settle('applied')).rejects.toMatchObject({ code: 'already_settled' })
    const unknown = perform(settleDiscrepancy, { id: 9, as: 'noted', reason: 'нет' }, house)
    await expect(unknown).rejects.toMatchObject({ code: 'discrepancy_not_found' })
  })

  it('of a hold that the register settled meanwhile can be closed the same way, and no other', async () => {
    await execute(house.sql, apply(redemption, { at: filed }))
    await expect(settle('released')).rejects.toMatchObject({ code: 'already_resolved' })
    expect((await listDiscrepancies(house)).discrepancies).toHaveLength(1)
    expect(await settle('applied')).toMatchObject({ id: 1 })
    expect(await showCustomer(house, { card })).toMatchObject({ holds: [{ state: 'applied' }] })
  })

  it('of another kind can only be noted', async () => {
    await execute(house.sql, release(redemption, { at: filed, author: house.who }))
    await execute(house.sql, apply(redemption, { at: filed + 1 }))
    const { discrepancies } = await listDiscrepancies(house)
    const late = discrepancies.find(({ kind }) => kind === 'late_apply')
    const settleLate = (as: 'applied' | 'noted') =>
      perform(settleDiscrepancy, { id: late?.id ?? 0, as, reason: 'объяснили' }, house)
    await expect(settleLate('applied')).rejects.toMatchObject({ code: 'no_hold' })
    expect(await settleLate('noted')).toMatchObject({ settlement: 'noted: объяснили' })
  })
})
