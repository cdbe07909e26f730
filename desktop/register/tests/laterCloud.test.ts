import { rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Snapshot } from '../../../shared/bridge.ts'
import { toIso } from '../../../shared/time.ts'
import { missOf, sentencesOf } from '../../renderer/failure.ts'
import { russian } from '../../renderer/texts.ts'
import { systemFiles } from '../machine/files.ts'
import { openRegister, type Register } from '../register.ts'
import { openSettings } from '../settings/settings.ts'
import { createTestLog } from '../sync/testing.ts'
import { makeShopFolder } from '../testing/shopFolder.ts'
import { systemClock } from '../time/clock.ts'

// A cloud of a later version: every answer has words, fields and items that this version has never heard of.

const CARD = '654321'
const REPLACED = '222222'
const REPLACEMENT = 'This card was replaced by another one.'
const REFUSAL = 'The spending of this card is paused until its owner confirms it in the app.'

const customer = {
  ...{ card: CARD, firstName: 'Анна', available: 500, held: 0, debt: 0, expiresNext: null },
  ...{ status: 'under_review', tier: { name: 'gold', since: '2027-01-01' } },
}
const tomorrow = { newField: [1, { deep: true }] }

/** What it was asked of operations, and what it says to each kind of them. */
type Sent = { id: string; kind: string }
function createCloudOfTomorrow() {
  const seen: Sent[] = []
  /** Replies that only a newer version can read at all. */
  const answersStrangely = new Set<string>()

  function outcomeOf({ id, kind }: Sent): object {
    seen.push({ id, kind })
    const accepted = {
      id,
      kind,
      status: 'accepted',
      replay: false,
      earned: 40,
      spent: 0,
      customer,
      ...tomorrow,
    }
    if (answersStrangely.has(kind)) return { id, kind, status: 'postponed', until: '2027-02-01' }
    if (kind === 'redeem')
      return {
        id,
        kind,
        status: 'refused',
        replay: false,
        code: 'owner_must_confirm',
        message: REFUSAL,
        details: { in: 'app' },
      }
    return {
      ...accepted,
      kind: `${kind}_v2`,
      hold: { state: 'escrowed', points: 0, until: toIso(0), ...tomorrow },
    }
  }

  function answer(
    path: { name: string; code: string | null },
    sent: { operations?: Sent[] },
  ): { status?: number; body: object } {
    const serverTime = toIso(Date.now())
    switch (path.name) {
      case '/v1/register': {
        const register = { id: 1, name: 'Касса 1', channel: 'canary', ...tomorrow }
        const programme = { cashback_basis_points: 20_000, card_digits: 13, redeem_proof: 'palm', books: [] }
        const toSettle = [{ id: 5 }, { kind: 'voucher', state: 'escrowed' }]
        const more = {
          programme,
          toSettle,
          settingsVersion: 2,
          serverTime,
          updateChannel: 'canary',
          ...tomorrow,
        }
        return { body: { store: { id: 1, name: 'Ашукино', ...tomorrow }, register, ...more } }
      }
      case '/v1/customers/changes': {
        const row = { ...customer, segments: ['sleeping'] }
        const rows = [
          row,
          { card: { number: CARD } },
          { ...row, card: '111111', firstName: null, status: 'erased' },
        ]
        return { body: { customers: rows, asOf: serverTime, cursor: 'v2:77', more: false, ...tomorrow } }
      }
      case '/v1/customers':
        if (path.code === REPLACED)
          return { status: 410, body: { error: { code: 'card_replaced', message: REPLACEMENT } } }
        return { body: { customer, vouchers: [{}] } }
      case '/v1/operations': {
        const outcomes = (sent.operations ?? []).map(outcomeOf)
        const isRefused = outcomes.length === 1 && 'code' in (outcomes[0] ?? {})
        return { status: isRefused ? 451 : 207, body: { outcomes, ...tomorrow } }
      }
      default:
        return { body: { serverTime, settingsVersion: 2, diagnosticsWanted: false, orders: ['dance'] } }
    }
  }

  const server: Server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://cloud')
    const path = { name: pathname, code: searchParams.get('code') }
    const { status = 200, body } = answer(path, text === '' ? {} : JSON.parse(text))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  return { server, seen, answersStrangely }
}

let cloud: ReturnType<typeof createCloudOfTomorrow>
let root = ''
let register: Register
let testLog: ReturnType<typeof createTestLog>
beforeEach(async () => {
  cloud = createCloudOfTomorrow()
  await new Promise<void>((resolve) => cloud.server.listen(0, '127.0.0.1', resolve))
  root = await makeShopFolder()
  const [dataFolder, exchangeFolder] = [join(root, 'data'), join(root, 'exchange')]
  await systemFiles.makeFolder(exchangeFolder)
  testLog = createTestLog()
  const { log } = testLog
  const cloudUrl = `http://127.0.0.1:${(cloud.server.address() as AddressInfo).port}`
  await openSettings({ dataFolder, files: systemFiles, log }).change({ cloudUrl, exchangeFolder })
  register = await openRegister({
    ...{ dataFolder, files: systemFiles, clock: systemClock, fetch, log },
    keys: { load: async () => 'kop_secret', save: async () => {} },
    random: Math.random,
    version: '0.1.0',
  })
})
afterEach(async () => {
  await register.stop()
  cloud.server.closeAllConnections()
  await new Promise((resolve) => cloud.server.close(resolve))
  await rm(root, { recursive: true, force: true, maxRetries: 5 })
})

function when(isSo: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
  return new Promise((resolve) => {
    const look = (snapshot: Snapshot) => {
      if (!isSo(snapshot)) return
      stop()
      resolve(snapshot)
    }
    const stop = register.subscribe(look)
    look(register.snapshot())
  })
}

async function bringCustomer(): Promise<void> {
  await writeFile(join(root, 'exchange', 'amount.json'), '{"amount": 1000}')
  await when(({ sale, cloud, store }) => sale !== null && cloud.line === 'online' && store !== null)
  await register.findCustomer({ code: CARD })
  await when(({ phase, customer }) => phase === 'ready' && customer?.source === 'cloud')
}

describe('beside a cloud of a later version a register', () => {
  test('stays online, knows its shop, and earns', async () => {
    await bringCustomer()
    await register.earn({ purchaseKopecks: 100_000 })
    const { act } = await when(({ act }) => act?.type === 'success' && !act.isQueued)
    expect(act).toMatchObject({ earned: 40, available: 500 })
    const { cloud: line, store, recent, programme } = register.snapshot()
    expect(line).toMatchObject({ line: 'online', queued: 0 })
    expect(store?.name).toBe('Ашукино')
    expect(programme).toMatchObject({ cashback_basis_points: 20_000, redeem_proof: 'palm' })
    expect(recent).toMatchObject([{ earned: 40, state: 'done' }])
    expect(testLog.text()).not.toContain('not of the contract')
    expect(testLog.text()).not.toContain('line to the cloud is down')
  })

  test('says plainly why points are not spent, and that they were not touched', async () => {
    await bringCustomer()
    await register.redeem({ purchaseKopecks: 100_000, points: 100 })
    const { act } = await when(({ act }) => act?.type === 'error')
    expect(act).toMatchObject({ code: 'owner_must_confirm', fate: 'untouched', details: { in: 'app' } })
    if (act?.type !== 'error') return
    expect(sentencesOf(act, russian)).toEqual({
      what: `Облако отказало: ${REFUSAL.slice(0, -1)}`,
      points: 'Баллы не списаны: у покупателя всё как было.',
      next: 'Закройте чек без баллов и покажите это сообщение администратору.',
    })
    expect(register.snapshot()).toMatchObject({ cloud: { line: 'online', queued: 0 }, parked: [] })
  })

  test('says why a customer is not found, for a reason that is new', async () => {
    await when(({ cloud }) => cloud.line === 'online')
    await register.findCustomer({ code: REPLACED })
    const { notFound, customer } = await when(({ notFound }) => notFound !== null)
    expect([customer, notFound]).toEqual([null, { code: REPLACED, reason: 'refused', message: REPLACEMENT }])
    expect(notFound && missOf(notFound, russian)).toBe(`Облако отказало: ${REPLACEMENT}`)
    expect(register.snapshot().cloud.line).toBe('online')
  })

  test('is not held up by an answer that it cannot read at all', async () => {
    cloud.answersStrangely.add('earn')
    await bringCustomer()
    await register.earn({ purchaseKopecks: 100_000 })
    const { act } = await when(({ act }) => act?.type === 'success')
    expect(act).toMatchObject({ isQueued: true })
    cloud.answersStrangely.clear()
    await register.cancel({})
    // Its own customer waits behind it; the register, and everybody else, do not.
    expect(register.snapshot().cloud).toMatchObject({ line: 'online', queued: 1 })
  })
})
