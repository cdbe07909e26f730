import { join } from 'node:path'
import Database from 'better-sqlite3'
import { pino } from 'pino'
import { createTestCloud, type TestCloud } from '../../cloud/testing/cloud.ts'
import type { Snapshot } from '../../shared/bridge.ts'
import { type Instant, MINUTE } from '../../shared/time.ts'
import { systemOneCFiles } from './exchange/oneCFiles.ts'
import {
  type BehaviourSetting,
  createSimulator,
  type SimulatorEvent,
  type SimulatorSetting,
} from './exchange/simulator.ts'
import { type Files, systemFiles } from './machine/files.ts'
import { openRegister, type Register, type RegisterOptions } from './register.ts'
import type { KeyStore } from './settings/keys.ts'
import { openSettings } from './settings/settings.ts'
import { makeShopFolder, removeShopFolder } from './testing/shopFolder.ts'
import { createTwoStepDisk, filesByFolder } from './testing/twoStepFiles.ts'
import { type Clock, pause, systemClock } from './time/clock.ts'

const CARD = '654321'
const CLOUD_URL = 'https://cloud.test'

/** The real cloud, whose time is the machine's, with a store and a customer who has points. */
export async function openTestCloud({
  points = 10_000,
  now = Date.now,
}: {
  points?: number
  now?: () => Instant
} = {}) {
  const cloud = await createTestCloud()
  Object.defineProperty(cloud.clock, 'now', { get: now })
  const request = cloud.app.request.bind(cloud.app)
  const pending = new Set<Promise<Response>>()
  cloud.app.request = (...asked) => {
    const answer = Promise.resolve(request(...asked))
    pending.add(answer)
    return answer.finally(() => pending.delete(answer))
  }
  const storeId = await cloud.addStore('Ашукино')
  await cloud.addCustomer(CARD, points)
  // A till knows without a network whom its store has seen.
  await cloud.sql`
    insert into store_customers (programme_id, store_id, customer_id, last_seen_at)
    select programme_id, ${storeId}::int, id, now() from customers`
  const { drop } = cloud
  return Object.assign(cloud, {
    storeId,
    /** A register that stopped has left its requests; the cloud, as a real one, ends them first. */
    async drop() {
      await Promise.allSettled(pending)
      await drop()
    },
  })
}

/** The cloud as a register's network: no socket, the same requests. */
export function fetchOf(cloud: Pick<TestCloud, 'app'>): typeof globalThis.fetch {
  return async (input, init) => await cloud.app.request(String(input), init)
}

export interface TestShopOptions extends Partial<Pick<RegisterOptions, 'takeMs' | 'fetch' | 'log'>> {
  cloud: Awaited<ReturnType<typeof openTestCloud>>
  behaviour?: BehaviourSetting
  /** Wraps what the register reaches the disk with. */
  files?: Files
  clock?: Clock
  /** Of the exchange folder: this system's own, or one on which a deletion and a renaming are two steps, as on Windows. */
  disk?: 'own' | 'two steps'
  program?: SimulatorSetting['program']
  hasVouchers?: boolean
  /** How often 1C looks, and how it draws. */
  pollMs?: number
  random?: () => number
}

export type TestShop = Awaited<ReturnType<typeof openTestShop>>

/** A till with its 1C: a folder of its own, a key of its own, started as often as a test likes. */
export async function openTestShop(options: TestShopOptions) {
  const { cloud, behaviour = { kind: 'polite' }, clock = systemClock, takeMs = MINUTE } = options
  const root = await makeShopFolder()
  const exchangeFolder = join(root, 'exchange')
  const dataFolder = join(root, 'data')
  await systemFiles.makeFolder(exchangeFolder)
  const log = options.log ?? pino({ level: 'silent' })
  await openSettings({ dataFolder, files: systemFiles, log }).change({ cloudUrl: CLOUD_URL, exchangeFolder })
  const { key } = await cloud.addRegister(cloud.storeId, `Касса ${root.slice(-6)}`)
  const keys: KeyStore = { load: async () => key, save: async () => {} }

  const windows = options.disk === 'two steps' ? openWindowsFolder(exchangeFolder, clock) : null
  const files = options.files ?? windows?.files ?? systemFiles
  const events: SimulatorEvent[] = []
  const simulator = createSimulator({
    folder: exchangeFolder,
    clock,
    behaviour,
    files: windows?.oneC ?? systemOneCFiles,
    program: options.program ?? 'its own',
    hasVouchers: options.hasVouchers ?? false,
    random: options.random ?? Math.random,
    pollMs: options.pollMs ?? 5,
    onEvent: (event) => events.push(event),
  })

  return {
    key,
    exchangeFolder,
    dataFolder,
    simulator,
    events,
    files,
    /** What lies in the exchange folder that a 1C might take for a discount of its own. */
    discounts: async () =>
      (await files.list(exchangeFolder)).filter((name) => /^discount(?!\.taken)/.test(name)),
    violations: () => events.filter(({ kind }) => kind === 'violation'),

    /** Resolves when the register has its copy of the customer. */
    async copied(card = CARD): Promise<void> {
      const copy = new Database(join(dataFolder, 'customers.sqlite'), { readonly: true })
      const known = copy.prepare('select count(*) from customers where card = ?').pluck()
      while (known.get(card) !== 1) await pause(systemClock, 5)
      copy.close()
    },

    /** Starts the register; `overrides` are for this life of it. */
    start: (overrides: Partial<RegisterOptions> = {}): Promise<Register> =>
      openRegister({
        dataFolder,
        keys,
        files,
        clock,
        fetch: options.fetch ?? fetchOf(cloud),
        random: Math.random,
        log,
        version: '0.0.0',
        takeMs,
        ...overrides,
      }),

    async close(): Promise<void> {
      await simulator.stop()
      await removeShopFolder(root)
    },
  }
}

/** The exchange folder on a disk as Windows has it, where the other side comes in between some of the steps. */
function openWindowsFolder(folder: string, clock: Clock) {
  const disk = createTwoStepDisk({
    clock,
    folders: [folder],
    between: async () => void (Math.random() < 0.2 && (await pause(systemClock, Math.random() * 4))),
  })
  return { oneC: disk.oneC, files: filesByFolder(folder, disk.files, systemFiles) }
}

/** Resolves with the first snapshot of which it is true. */
export function when(register: Register, isSo: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
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

/** A customer with a card stands at the till, and 1C has written an amount. */
export async function bringCustomer(
  shop: TestShop,
  register: Register,
  { card = CARD, ...receipt }: Parameters<TestShop['simulator']['newReceipt']>[0] & { card?: string },
): Promise<Snapshot> {
  const { purchaseKopecks } = receipt
  await shop.simulator.newReceipt(receipt)
  // Where the cloud is slow the copy answers, or the line is down for a moment: the cashier scans again.
  for (;;) {
    await when(
      register,
      ({ cloud, sale }) => cloud.line === 'online' && sale?.purchaseKopecks === purchaseKopecks,
    )
    await register.findCustomer({ code: card })
    const seen = await when(
      register,
      ({ phase, search, customer }) => phase === 'ready' && search === null && customer?.card === card,
    )
    if (seen.customer?.source === 'cloud' && seen.cloud.line === 'online') return seen
  }
}
