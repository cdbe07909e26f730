import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE, SECOND, toIso } from '../../shared/time.ts'
import { perform } from '../acts/act.ts'
import { settleHold } from '../acts/settle.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { sweep } from '../jobs/sweep.ts'
import { addCustomers, execute, expectHealthy, noonOf } from '../jobs/testing.ts'
import {
  adjust,
  apply,
  mintId,
  neighbour,
  redeem,
  release,
  stranger,
  till,
} from '../ledger/testing/makers.ts'
import type { House } from './command.ts'
import { commands } from './commands.ts'
import { holdCommands, listHolds } from './holds.ts'
import { revokeRegister } from './registers.ts'
import { showCustomer } from './showCustomer.ts'
import { changesIn, houseOf } from './testing.ts'

const start = noonOf(0)
const later = start + 10 * MINUTE
const [anna, vera, olga] = ['111111', '222222', '333333'] as const

describe('a hold', () => {
  let database: TestDatabase
  let house: House
  const doubtful = redeem(100, { card: anna, at: start, purchaseKopecks: 123_456 })
  const pending = redeem(30, { card: vera, at: later, via: 'agent' })
  const ofNeighbour = redeem(20, { card: vera, at: later, author: neighbour, purchaseKopecks: 50_000 })
  const elsewhere = redeem(10, { card: olga, at: later, author: stranger })
  beforeEach(async () => {
    database = await createTestDatabase()
    const { sql } = database
    house = houseOf(sql, later)
    await sql`insert into stores (name) values ('Ашукино'), ('Правда')`
    await sql`
      insert into registers (store_id, name, key_hash)
      values (1, 'Касса 1', 'a'), (1, 'Касса 2', 'b'), (2, 'Касса 1', 'c')`
    await addCustomers(sql, anna, vera, olga)
    await execute(sql, ...[anna, vera, olga].map((card) => adjust(500, { card, at: start })), doubtful)
    await sweep(sql, { now: start + 90 * SECOND })
    await execute(sql, pending, ofNeighbour, elsewhere)
  })
  afterEach(async () => {
    await expectHealthy(database.sql)
    await database.drop()
  })

  const idsOf = async (which: Parameters<typeof listHolds>[1]) =>
    (await listHolds(house, which)).holds.map(({ id }) => id)
  const heldOf = async (card: string) => (await showCustomer(house, { card })).held

  it('is listed while it is open: of everybody, of a register, of a store, of a card', async () => {
    expect((await listHolds(house)).holds[0]).toEqual({
      id: doubtful.id,
      card: anna,
      store: 'Ашукино',
      registerId: 1,
      register: 'Касса 1',
      state: 'in_doubt',
      points: 100,
      purchaseKopecks: 123_456,
      heldAt: toIso(start),
      until: toIso(start + 90 * SECOND),
      inDoubtAt: toIso(start + 90 * SECOND),
    })
    expect(await idsOf({})).toHaveLength(4)
    expect(new Set(await idsOf({ register: 1 }))).toEqual(new Set([doubtful.id, pending.id]))
    expect(await idsOf({ store: 'Правда' })).toEqual([elsewhere.id])
    expect(new Set(await idsOf({ card: vera }))).toEqual(new Set([pending.id, ofNeighbour.id]))
    await execute(database.sql, release(elsewhere, { at: later, author: stranger }))
    expect(await idsOf({ store: '2' })).toEqual([])
  })

  it.each([
    ['applied', { available: 400 + 45, held: 0 }],
    ['released', { available: 500, held: 0 }],
  ] as const)('is settled as %s by an operation of the admin, and the log says why', async (as, standing) => {
    expect(await perform(settleHold, { hold: doubtful.id, as, reason: 'по чеку' }, house)).toEqual({
      hold: doubtful.id,
      as,
    })
    expect(await showCustomer(house, { card: anna })).toMatchObject({ ...standing, holds: [{ state: as }] })
    expect(await changesIn(house.sql)).toEqual([
      {
        who: 'admin:anna',
        action: 'hold settle',
        subject: `hold ${doubtful.id}`,
        before: null,
        after: { settlement: `${as}: по чеку` },
      },
    ])
  })

  it('that a person settles closes the discrepancy about it', async () => {
    await sweep(database.sql, { now: noonOf(2) })
    await perform(settleHold, { hold: doubtful.id, as: 'released', reason: 'по чеку' }, house)
    await sweep(database.sql, { now: noonOf(2) })
    expect(await database.sql`select settled_by, settlement from discrepancies`).toEqual([
      { settled_by: 'admin:anna', settlement: 'released' },
    ])
  })

  it('is settled once: the same way again is no fault, the other way is', async () => {
    await perform(settleHold, { hold: doubtful.id, as: 'released', reason: 'нет' }, house)
    await perform(settleHold, { hold: doubtful.id, as: 'released', reason: 'нет' }, house)
    await execute(database.sql, apply(ofNeighbour, { at: later }))
    const other = perform(settleHold, { hold: ofNeighbour.id, as: 'released', reason: 'нет' }, house)
    await expect(other).rejects.toMatchObject({
      code: 'already_resolved',
      message: 'The hold was applied meanwhile: there is nothing left to settle.',
    })
    const unknown = perform(settleHold, { hold: mintId(), as: 'released', reason: 'нет' }, house)
    await expect(unknown).rejects.toMatchObject({ code: 'original_not_found' })
  })

  it('is told as a line, with what a release may still turn into', async () => {
    const say = async (name: string, ...words: string[]) =>
      (await holdCommands[name]?.prepare(words)(house))?.text ?? ''
    expect(await say('hold list', '--card', anna)).toMatch(
      /111111 .* 1 Касса 1 .* in_doubt .* 100 .* 2025-12-07 12:00/,
    )
    const settle = ['--hold', doubtful.id, '--reason', 'по чеку', '--as', 'released']
    expect(await say('hold settle', ...settle)).toMatch(/its points are back\. If a register proves later/)
  })

  it('of a revoked register goes back with its key, and of no other register', async () => {
    const revoked = await revokeRegister(house, { register: 1, 'release-holds': true })
    expect(revoked).toEqual({
      registerId: 1,
      revokedAt: toIso(later),
      holds: {
        released: [
          { id: doubtful.id, card: anna, points: 100, state: 'in_doubt' },
          { id: pending.id, card: vera, points: 30, state: 'pending' },
        ],
        left: [],
      },
    })
    expect([await heldOf(anna), await heldOf(vera), await heldOf(olga)]).toEqual([0, 20, 10])
    expect(await database.sql`select distinct reason from operations where kind = 'release'`).toEqual([
      { reason: 'the key of register 1 was revoked' },
    ])
    expect(await revokeRegister(house, { register: 1, 'release-holds': true })).toMatchObject({
      holds: { released: [], left: [] },
    })
  })

  it('stays where it is when only the key is revoked', async () => {
    expect(await revokeRegister(house, { register: 1 })).toEqual({ registerId: 1, revokedAt: toIso(later) })
    expect(await heldOf(anna)).toBe(100)
  })

  it('that was given back with a key is taken again when the register proves that 1C had it', async () => {
    const revoke = commands['register revoke']?.prepare(['--register', '1', '--release-holds'])
    expect(await revoke?.(house)).toMatchObject({
      exitCode: 0,
      text: [
        'The key of register 1 is revoked since 2025-12-07 12:10 UTC.',
        'Released 2 holds: 130 points are back with their customers.',
        'In doubt stays whether 1C gave the discount of 1: cards 111111 (100).',
        'If a register proves later that 1C had given the discount, the points are taken again, what is missing ' +
          'becomes debt, and a discrepancy late_apply tells you.',
      ].join('\n'),
    })
    await execute(database.sql, apply(doubtful, { at: later, author: till }))
    expect(await showCustomer(house, { card: anna })).toMatchObject({ available: 400 + 45, held: 0 })
    expect(await database.sql`select kind, reference from discrepancies`).toEqual([
      { kind: 'late_apply', reference: doubtful.id },
    ])
  })

  it('that somebody else has locked is named, and keeps no other', async () => {
    const { sql } = database
    const revoked = await sql.begin(async (stuck) => {
      await stuck`select from customers where card = ${anna} for update`
      return await revokeRegister(house, { register: 1, 'release-holds': true })
    })
    expect(revoked).toMatchObject({
      holds: { released: [{ card: vera }], left: [{ card: anna, problem: expect.stringContaining('lock') }] },
    })
  })
})
