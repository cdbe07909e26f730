import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Snapshot } from '../../../shared/bridge.ts'
import { withFaults } from '../exchange/testing.ts'
import { type OpenDatabase, openDatabase } from '../machine/database.ts'
import { type Files, systemFiles } from '../machine/files.ts'
import { openJournal } from '../outbox/open.ts'
import { createOutbox } from '../outbox/outbox.ts'
import { openRegister, type RegisterOptions } from '../register.ts'
import { openSettings } from '../settings/settings.ts'
import { createFakeCloud, createTestLog, earn } from '../sync/testing.ts'
import { makeShopFolder } from '../testing/shopFolder.ts'
import { createUpdatesStandIn } from '../testing/updates.ts'
import { systemClock } from '../time/clock.ts'
import { createCloudTime } from '../time/cloudTime.ts'

const LOG_ERROR = 50

let root = ''
let dataFolder = ''
let testLog: ReturnType<typeof createTestLog>
beforeEach(async () => {
  root = await makeShopFolder()
  dataFolder = join(root, 'data')
  testLog = createTestLog()
  const { log } = testLog
  const exchangeFolder = join(root, 'exchange')
  await systemFiles.makeFolder(exchangeFolder)
  const cloudUrl = 'https://cloud.test'
  await openSettings({ dataFolder, files: systemFiles, log }).change({ cloudUrl, exchangeFolder })
})
afterEach(async () => {
  await rm(root, { recursive: true, force: true, maxRetries: 5 })
})

const open = (overrides: Partial<RegisterOptions> = {}) =>
  openRegister({
    ...{ dataFolder, files: systemFiles, clock: systemClock, fetch: createFakeCloud(systemClock).fetch },
    ...{ log: testLog.log, random: Math.random, version: '0.1.0', ...overrides },
    keys: { load: async () => 'kop_secret', save: async () => {} },
  })

const errors = () => testLog.lines().filter(({ level }) => level >= LOG_ERROR)

/** Resolves as the register, while it stops, closes its copy of the customers: the line has ended then. */
function watchEndOfLine() {
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  const watched: OpenDatabase = (path, options) => {
    const database = openDatabase(path, options)
    const close = database.close.bind(database)
    database.close = () => {
      if (path.endsWith('customers.sqlite')) resolve()
      return close()
    }
    return database
  }
  return { ended, openDatabase: watched }
}

/** An earning that the ledger has refused when nobody waited for it any more. */
function parkOne(): string {
  const { journal } = openJournal(join(dataFolder, 'outbox.sqlite'), systemClock.now())
  const time = createCloudTime(systemClock)
  const outbox = createOutbox(journal, { clock: systemClock, time, isAttended: () => false })
  const { id, kind } = earn()
  outbox.add({ id, kind: 'earn', card: '654321', purchaseKopecks: 100_000 })
  const why = { code: 'customer_not_found', message: 'Nobody.', details: {} } as const
  outbox.settle([{ id, kind, status: 'refused', replay: false, ...why }])
  outbox.close()
  return id
}

describe('a register that stops', () => {
  test('tells nobody of a change that comes as its journal closes', async () => {
    const line = watchEndOfLine()
    const { promise: isWriting, resolve: begun } = Promise.withResolvers<void>()
    // What the cloud says of this register is still on its way to the disk when the line has ended.
    const files = withFaults(systemFiles, {
      async writeDurably(path) {
        if (!path.endsWith('settings.json.tmp')) return
        begun()
        await line.ended
      },
    })
    const register = await open({ files, openDatabase: line.openDatabase })
    const shown: Snapshot[] = []
    register.subscribe((snapshot) => shown.push(snapshot))
    await isWriting
    await register.stop()
    const told = shown.length
    await new Promise((resolve) => setImmediate(resolve))
    expect(errors()).toEqual([])
    expect(shown.length).toBe(told)
    const kept = openSettings({ dataFolder, files: systemFiles, log: testLog.log }).current()
    expect(kept.known?.store.name).toBe('Ашукино')
  })

  test('tells nobody of what keeps the program current', async () => {
    const standIn = createUpdatesStandIn()
    const register = await open({ updates: standIn.updates })
    const shown: Snapshot[] = []
    register.subscribe((snapshot) => shown.push(snapshot))
    await register.stop()
    const told = shown.length
    standIn.move({ state: 'downloading', version: '0.2.0', percent: 10, problem: null })
    await new Promise((resolve) => setImmediate(resolve))
    expect(errors()).toEqual([])
    expect(shown.length).toBe(told)
  })

  test('leaves an operation parked whose handing over is answered too late', async () => {
    const id = parkOne()
    const { promise: isAsked, resolve: asked } = Promise.withResolvers<void>()
    const { promise: answered, resolve: answer } = Promise.withResolvers<Response>()
    const cloud = createFakeCloud(systemClock)
    const register = await open({
      fetch(input, init) {
        if (!String(input).endsWith('/v1/parked')) return cloud.fetch(String(input), init)
        asked()
        return answered
      },
    })
    const reply = register.handOverParked({ operationId: id })
    await isAsked
    await register.stop()
    answer(Response.json({ isFiled: true }))
    expect(await reply).toMatchObject({ ok: false, code: 'cloud_away' })
    expect(errors()).toEqual([])
  })

  test('begins to speak with no cloud any more when it was just enrolled', async () => {
    const cloud = createFakeCloud(systemClock)
    const { promise: isAsked, resolve: asked } = Promise.withResolvers<void>()
    const { promise: answered, resolve: answer } = Promise.withResolvers<Response>()
    const register = await open({
      fetch(input, init) {
        if (!String(input).endsWith('/v1/enrol')) return cloud.fetch(String(input), init)
        asked()
        return answered
      },
    })
    const exchangeFolder = join(root, 'exchange')
    const reply = register.enrol({ cloudUrl: 'https://cloud.test', code: 'H9SRMMUJ', exchangeFolder })
    await isAsked
    await register.stop()
    const { length } = cloud.requests
    const store = { id: 1, name: 'Ашукино' }
    answer(Response.json({ key: 'kop_next', register: { id: 1, name: 'Касса 1', channel: 'stable' }, store }))
    expect(await reply).toMatchObject({ ok: true })
    await new Promise((resolve) => setImmediate(resolve))
    expect(cloud.requests.length).toBe(length)
    expect(errors()).toEqual([])
  })

  test('ends the folder of 1C that it was just opening', async () => {
    const other = join(root, 'other')
    await systemFiles.makeFolder(other)
    const { promise: isOpening, resolve: opening } = Promise.withResolvers<void>()
    const { promise: isListed, resolve: list } = Promise.withResolvers<void>()
    let watches = 0
    const files: Files = {
      ...systemFiles,
      async list(folder) {
        if (folder === other) {
          opening()
          await isListed
        }
        return await systemFiles.list(folder)
      },
      watch(folder, onHint) {
        const unwatch = systemFiles.watch(folder, onHint)
        watches += 1
        return () => {
          watches -= 1
          unwatch()
        }
      },
    }
    const register = await open({ files })
    const reply = register.saveSettings({ exchangeFolder: other })
    await isOpening
    const stopped = register.stop()
    list()
    await Promise.all([stopped, reply])
    expect(watches).toBe(0)
    expect(errors()).toEqual([])
  })

  test('shows what it showed last, does nothing more, and lets the program end', async () => {
    const register = await open()
    await register.stop()
    expect(register.snapshot()).toMatchObject({ recent: [], parked: [], cloud: { queued: 0 } })
    expect(register.isFree()).toBe(true)
    expect(await register.retryParked({ operationId: '019ac000-0000-7000-8000-000000000000' })).toMatchObject(
      {
        ok: false,
        code: 'failed',
      },
    )
    expect(errors()).toEqual([])
  })
})
