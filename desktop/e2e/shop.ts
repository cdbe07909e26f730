import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test as base, expect, type Page } from '@playwright/test'
import Database from 'better-sqlite3'
import { newRegisterKey } from '../../cloud/access/registers/keys.ts'
import { hashSecret } from '../../cloud/access/secrets.ts'
import { voucherKeyOf } from '../../cloud/access/voucherKey.ts'
import { connect, type Sql } from '../../cloud/database/connect.ts'
import type { Author } from '../../cloud/ledger/account.ts'
import { postWithin } from '../../cloud/ledger/post.ts'
import { FIRST_PROGRAMME } from '../../cloud/ledger/programme.ts'
import type { Request } from '../../cloud/ledger/request.ts'
import { addVouchers, voucherOf } from '../../cloud/ledger/testing/makers.ts'
import { registerWithin } from '../../cloud/people/registration.ts'
import { type CloudProcess, startCloudProcess } from '../../cloud/testing/process.ts'
import { newId } from '../../shared/id.ts'
import { voucherCodeOf } from '../../shared/voucherCode.ts'
import { type BehaviourSetting, createSimulator, type Simulator } from '../register/exchange/simulator.ts'
import { systemClock } from '../register/time/clock.ts'

/** A till as it stands in a shop: its kiosk process, its folder, its 1C, and a customer of its own. */
interface Shop {
  card: string
  sql: Sql
  oneC: Simulator
  exchangeFolder: string
  kioskUrl(): string
  /** What the customer sees, where the setting says so. */
  displayUrl(): string
  storeName: string
  /** The kiosk's process is killed, and started again on the same data. */
  restart(): Promise<void>
  balance(): Promise<number>
  /** The names in the exchange folder. */
  files(): Promise<string[]>
  /** Resolves when the register has its copy of the customer, or of another one. */
  copied(card?: string): Promise<void>
  /** Resolves when the copy knows that this card stands for another one. */
  knowsMerged(card: string): Promise<void>
}

export interface ShopSetting {
  /** Of the customer; drawn where it is not said. */
  card?: string
  points: number
  behaviour: BehaviourSetting
  isEnrolled: boolean
  /** The customer sees their side. */
  hasDisplay?: boolean
}

/** One for all tests of a worker. It may go, and comes back at the same address; a test that fails in between ends its worker. */
export interface Cloud {
  url: string
  goAway(): Promise<void>
  comeBack(): Promise<void>
}

interface Fixtures {
  setting: ShopSetting
  /** Reads codes all the while, which costs as much as all the rest of the screen. */
  camera: 'auto' | 'off'
  shop: Shop
  /** The screen, opened. */
  kiosk: Page
}

interface WorkerFixtures {
  /** For a file of tests that changes what all shops of a chain share: its name, by which no other file gets the same one. */
  ownDatabase: string | null
  databaseUrl: string
  sql: Sql
  cloud: Cloud
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  ownDatabase: [null, { option: true, scope: 'worker' }],
  databaseUrl: [
    async ({ ownDatabase }, use) =>
      await (ownDatabase === null ? use(sharedDatabaseUrl()) : withOwnDatabase(use)),
    { scope: 'worker' },
  ],
  sql: [
    async ({ databaseUrl }, use) => {
      const sql = connect(databaseUrl, { poolSize: 4 })
      await use(sql)
      await sql.end()
    },
    { scope: 'worker' },
  ],
  cloud: [
    async ({ databaseUrl }, use) => {
      const env = { DATABASE_URL: databaseUrl, JOIN_URL: 'https://t.me/kopilka_bot', VOUCHER_KEY }
      let running: CloudProcess | null = await startCloudProcess(env)
      const { url } = running
      await use({
        url,
        async goAway() {
          await running?.stop('SIGKILL')
          running = null
        },
        async comeBack() {
          running = await startCloudProcess({ ...env, PORT: new URL(url).port })
        },
      })
      await running?.stop()
    },
    { scope: 'worker' },
  ],
  setting: [{ points: 500, behaviour: { kind: 'polite' }, isEnrolled: true }, { option: true }],
  camera: ['off', { option: true }],
  shop: async ({ sql, cloud, setting }, use) => {
    const shop = await openShop({ sql, cloud, setting })
    await use(shop)
    await shop.close()
  },
  kiosk: async ({ page, shop, camera }, use) => {
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text())
    })
    const strangers: string[] = []
    page.on('request', (request) => {
      if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) strangers.push(request.url())
    })
    const choice = JSON.stringify({ type: camera })
    await page.addInitScript((choice) => localStorage.setItem('kopilka.camera', choice), choice)
    await page.goto(shop.kioskUrl())
    await page.getByText(shop.storeName).or(page.getByText('Подключите кассу')).first().waitFor()
    await use(page)
    expect(strangers, 'requests to anybody but this machine').toEqual([])
    expect(
      faults.filter((fault) => !isAboutLostSocket(fault)),
      'errors of the page',
    ).toEqual([])
  },
})

/** Some tests kill the kiosk's process, and a browser says so. */
const isAboutLostSocket = (fault: string) => /WebSocket|ERR_CONNECTION_REFUSED/.test(fault)

function sharedDatabaseUrl(): string {
  const url = process.env.KOPILKA_E2E_DATABASE
  if (!url) throw new Error('no database: run the tests with playwright.config.ts')
  return url
}

async function withOwnDatabase(use: (url: string) => Promise<void>): Promise<void> {
  const server = connect(sharedDatabaseUrl(), { poolSize: 1 })
  const name = `e2e_${process.pid}`
  await server`create database ${server(name)}`
  await use(Object.assign(new URL(sharedDatabaseUrl()), { pathname: `/${name}` }).href)
  await server`drop database ${server(name)} with (force)`
  await server.end()
}

async function openShop({ sql, cloud, setting }: { sql: Sql; cloud: Cloud; setting: ShopSetting }) {
  const root = await mkdtemp(join(tmpdir(), 'kopilka-e2e-'))
  const exchangeFolder = join(root, 'exchange')
  await mkdir(exchangeFolder)
  const { key, storeName } = await addRegister(sql)
  const card = await addCustomer(sql, setting)
  await beSeen(sql, card, storeName)
  const oneC = createSimulator({
    folder: exchangeFolder,
    clock: systemClock,
    behaviour: setting.behaviour,
    random: Math.random,
    onEvent: () => {},
  })
  const options = [
    ...(setting.isEnrolled ? ['--cloud', cloud.url, '--key', key] : []),
    ...(setting.hasDisplay ? ['--display', 'monitor'] : []),
  ]
  async function isInCopy(table: 'customers' | 'merged', card: string): Promise<void> {
    const copy = new Database(join(root, 'data', 'customers.sqlite'), { readonly: true })
    const known = copy.prepare(`select count(*) from ${table} where card = ?`).pluck()
    await expect.poll(() => known.get(card)).toBe(1)
    copy.close()
  }
  const start = () => startKiosk([...options, '--exchange', exchangeFolder, '--data', join(root, 'data')])
  let kiosk = await start()
  return {
    card,
    sql,
    oneC,
    storeName,
    exchangeFolder,
    kioskUrl: () => kiosk.url,
    displayUrl: () => kiosk.displayUrl,
    async restart() {
      await stop(kiosk.process, 'SIGKILL')
      kiosk = await start()
    },
    async balance() {
      const [row] = await sql<{ balance: number }[]>`select balance from customers where card = ${card}`
      return row?.balance ?? 0
    },
    files: () => readdir(exchangeFolder),
    copied: (wanted: string = card) => isInCopy('customers', wanted),
    knowsMerged: (wanted: string) => isInCopy('merged', wanted),
    async close() {
      await stop(kiosk.process, 'SIGTERM')
      await oneC.stop()
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** Numbered as a chain does; none twice in a run, and none within another. */
let shops = 0

async function addRegister(sql: Sql): Promise<{ key: string; storeName: string }> {
  const key = newRegisterKey()
  shops += 1
  const storeName = `Ромашка № ${1000 + Number(process.env.TEST_WORKER_INDEX) * 200 + shops}`
  await sql`
    with store as (insert into stores (name) values (${storeName}) returning id)
    insert into registers (store_id, name, key_hash) select id, 'Касса 1', ${hashSecret(key)} from store`
  return { key, storeName }
}

const author: Author = { type: 'admin', name: 'e2e' }

/** A card of its own, so that tests that run side by side do not meet. */
export async function addCustomer(
  sql: Sql,
  { card: wanted, points }: Pick<ShopSetting, 'card' | 'points'>,
): Promise<string> {
  const now = Date.now()
  const registered = await sql.begin((sql) =>
    registerWithin(sql, { programmeId: FIRST_PROGRAMME, firstName: 'Анна', card: wanted, author, now }),
  )
  if (registered.status !== 'registered') throw new Error(`no customer: ${registered.status}`)
  const { card } = registered
  const given: Request = { id: newId(now), kind: 'adjust', at: now, card, points, reason: 'e2e', author }
  if (points > 0) await sql.begin((sql) => postWithin(sql, [given], { now: () => now }))
  return card
}

/** A till knows without a network whom its store has seen. */
export async function beSeen(sql: Sql, card: string, storeName: string): Promise<void> {
  await sql`
    insert into store_customers (programme_id, store_id, customer_id, last_seen_at)
    select stores.programme_id, stores.id, customers.id, now() from stores, customers where stores.name = ${storeName} and card = ${card}`
}

/** What the screen says first. */
export const title = (kiosk: Page) => kiosk.getByRole('heading', { level: 1 })

/** Digit by digit, as a person types: faster would be a scanner. */
export async function typeCard(kiosk: Page, card: string, label = 'Номер карты'): Promise<void> {
  const field = kiosk.getByRole('textbox', { name: label })
  await field.click()
  await field.pressSequentially(card, { delay: 80 })
}

/** The latest operations are folded until somebody opens them. */
export async function openRecent(kiosk: Page): Promise<void> {
  await kiosk.getByRole('button', { name: 'Последние операции', expanded: false }).click()
}

/** What the clouds of these tests know codes by. */
const VOUCHER_KEY = 'OfTheTillsInTheBrowserAndNothingElse0'

/** Vouchers that whoever shows them may use once; their codes. */
export async function addCodes(sql: Sql, ...made: Parameters<typeof voucherOf>[]): Promise<string[]> {
  const { hash } = voucherKeyOf(VOUCHER_KEY)
  const codes = made.map(() => voucherCodeOf(BigInt(randomInt(2 ** 43))))
  await addVouchers(
    sql,
    ...made.map(([gives, terms], index) => voucherOf(gives, terms, { hash: hash(codes[index] ?? '') })),
  )
  return codes
}

/** What became of these codes. */
export async function usesOf(sql: Sql, codes: string[]): Promise<{ held: number; used: number }[]> {
  const { hash } = voucherKeyOf(VOUCHER_KEY)
  return [
    ...(await sql<{ held: number; used: number }[]>`
    select held, used from vouchers where encode(hash, 'hex') = any(${codes.map(hash)}) order by id`),
  ]
}

interface Kiosk {
  url: string
  displayUrl: string
  process: ChildProcess
}

async function startKiosk(options: string[]): Promise<Kiosk> {
  const main = join(import.meta.dirname, '../kiosk.ts')
  // Playwright's workers have it set, and Node warns of it where NO_COLOR is set too.
  const { FORCE_COLOR: _, ...env } = process.env
  const child = spawn(process.execPath, [main, '--shell', 'browser', '--log-level', 'error', ...options], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let displayUrl = ''
  for await (const line of createInterface({ input: child.stdout })) {
    displayUrl = /^DISPLAY (\S+)$/.exec(line)?.[1] ?? displayUrl
    const url = /^KIOSK (\S+)$/.exec(line)?.[1]
    if (url) return { url, displayUrl, process: child }
  }
  throw new Error('the kiosk did not start')
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}
