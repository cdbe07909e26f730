import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE, toIso } from '../../shared/time.ts'
import { perform } from '../acts/act.ts'
import { addAccount, removeAccount, renewPassword } from '../acts/staff.ts'
import { setHours } from '../acts/stores.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { beginAlerts } from '../fleet/alerts.ts'
import type { House } from './command.ts'
import { fleetCommands, showFleet } from './fleet.ts'
import { itCommands } from './itAccounts.ts'
import { runJobByHand } from './jobs.ts'
import { storeCommands } from './stores.ts'
import { changesIn, houseOf, noon } from './testing.ts'

describe('the commands of the fleet', () => {
  let database: TestDatabase
  let house: House
  beforeAll(async () => {
    database = await createTestDatabase()
    house = houseOf(database.sql)
    const { sql } = database
    await sql`insert into stores (name) values ('Ашукино')`
    const heartbeat = { queueDepth: 2, oldestQueuedSeconds: 60, exchange: 'ok', clockOffsetMs: 0, parked: 1 }
    await sql`
      insert into registers (store_id, name, key_hash, version, last_seen_at, heartbeat) values
        (1, 'Касса 1', '\\x01', '1.2.3', ${toIso(noon - 30 * MINUTE)}, ${sql.json(heartbeat)}),
        (1, 'Касса 2', '\\x02', null, null, null)`
  })
  afterAll(() => database.drop())

  const run = async (commands: typeof fleetCommands, name: string, ...args: string[]) =>
    await commands[name]?.prepare(args)(house)

  it('set the hours of a store, and then its silent register is an alert', async () => {
    expect(await runJobByHand(house, { job: 'alerts' })).toMatchObject({ begun: 1 }) // the queue
    const hours = { store: 'Ашукино', from: '09:00', to: '21:00', zone: 'Europe/Moscow', off: false }
    const done = { storeId: 1, opensAt: '09:00', closesAt: '21:00', timeZone: 'Europe/Moscow' }
    expect(await perform(setHours, hours, house)).toEqual(done)
    expect(await runJobByHand(house, { job: 'alerts' })).toMatchObject({ begun: 1, ended: 0, told: 0 })
    const [change] = (await changesIn(house.sql)).filter(({ action }) => action === 'store hours')
    const none = { opensAt: null, closesAt: null, timeZone: null }
    expect(change).toMatchObject({ who: 'admin:anna', subject: 'store 1', before: none })
  })

  it('can take the hours away, and then there is no silence', async () => {
    await perform(setHours, { store: '1', off: true }, house)
    expect(await runJobByHand(house, { job: 'alerts' })).toMatchObject({ begun: 0, ended: 1 })
  })

  it('show every register, as data and as a table', async () => {
    const fleet = await showFleet(house, { watch: false })
    expect(fleet.registers).toMatchObject([
      {
        registerId: 1,
        store: { name: 'Ашукино' },
        lastSeenAt: toIso(noon - 30 * MINUTE),
        queuedSince: toIso(noon - 31 * MINUTE),
        heartbeat: { queueDepth: 2, parked: 1 },
        isSilent: true,
        alerts: [{ kind: 'queue' }],
        concerns: ['queue', 'parked'],
      },
      { registerId: 2, lastSeenAt: null, heartbeat: null, isSilent: false, concerns: [] },
    ])
    expect(JSON.parse(JSON.stringify(fleet))).toEqual(fleet)
    const lines = (await run(fleetCommands, 'fleet'))?.text
      .split('\n')
      .map((line) => line.replaceAll(/ +/g, ' '))
    expect(lines).toEqual([
      'id store register version channel seen queue oldest parked exchange clock update look at',
      ' 1 Ашукино Касса 1 1.2.3 stable 30 min 2 31 min 1 ok 0 s — queue, parked',
      ' 2 Ашукино Касса 2 — stable never — — — — — —',
      '! Ашукино, Касса 1: 2 operations not sent, the oldest for 31 min (for 0 s)',
    ])
  })

  it('show them again and again, until somebody has seen enough', async () => {
    const shown: string[] = []
    const show = (_: unknown, text: string) => {
      shown.push(text)
      process.emit('SIGINT')
    }
    await showFleet({ ...house, show }, { watch: true })
    expect(shown).toHaveLength(1)
  })

  it('show what is wrong with the cloud itself under the table', async () => {
    const job = {
      kind: 'job' as const,
      reference: 'expire',
      registerId: null,
      where: null,
      what: 'expire failed',
    }
    await beginAlerts(house.sql, [job], noon - 2 * MINUTE)
    expect((await run(fleetCommands, 'fleet'))?.text).toMatch(/^! expire failed \(for 2 min\)$/m)
  })

  it('make accounts of IT, each with a password that is shown once', async () => {
    const { password } = await perform(addAccount, { name: 'ivan' }, house)
    expect(password).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/)
    await expect(perform(addAccount, { name: 'ivan' }, house)).rejects.toMatchObject({
      code: 'account_exists',
    })
    const renewed = await perform(renewPassword, { name: 'ivan' }, house)
    expect(renewed.password).not.toBe(password)
    expect((await run(itCommands, 'it list'))?.result).toEqual({
      accounts: [{ name: 'ivan', createdAt: toIso(noon), lastSeenAt: null }],
    })
    await perform(removeAccount, { name: 'ivan' }, house)
    await expect(perform(removeAccount, { name: 'ivan' }, house)).rejects.toMatchObject({
      code: 'account_not_found',
    })
    await expect(perform(renewPassword, { name: 'ivan' }, house)).rejects.toMatchObject({
      code: 'account_not_found',
    })
    const everything = JSON.stringify([await changesIn(house.sql), await house.sql`select * from staff`])
    for (const secret of [password, renewed.password]) expect(everything).not.toContain(secret)
  })

  it.each([
    ['store hours', ['--store', '1'], /Give --from, --to and --zone, or --off alone/],
    ['store hours', ['--store', '1', '--off', '--from', '09:00'], /or --off alone/],
    [
      'store hours',
      ['--store', '1', '--from', '9', '--to', '21:00', '--zone', 'UTC'],
      /a time such as 09:00/,
    ],
    ['store hours', ['--store', '1', '--from', '24:00', '--to', '21:00', '--zone', 'UTC'], /begins at 00:00/],
    [
      'store hours',
      ['--store', '1', '--from', '09:00', '--to', '21:00', '--zone', 'Msk'],
      /Europe\/Moscow is expected/,
    ],
    ['it add', ['--name', 'Анна'], /latin letters/],
  ])('say what they do not understand: %s %j', async (name, args, message) => {
    expect(() => ({ ...storeCommands, ...itCommands })[name]?.prepare(args)).toThrow(message)
  })
})
