import { test as base, expect, type Page } from '@playwright/test'
import { consentVersion } from '../../../shared/consent.ts'
import { newId } from '../../../shared/id.ts'
import { DAY, type Instant, MINUTE, SECOND } from '../../../shared/time.ts'
import { type Codes, openCodes } from '../../access/people/codes.ts'
import { connect, type Sql } from '../../database/connect.ts'
import { signInitData } from '../../demo/initData.ts'
import type { Author } from '../../ledger/account.ts'
import { post } from '../../ledger/post.ts'
import type { Request } from '../../ledger/request.ts'
import { join } from '../../people/people.ts'
import { operatorEnvironment, testOperator } from '../../people/testing.ts'
import { type CloudProcess, startCloudProcess } from '../../testing/process.ts'

const botToken = '12345:a-token-for-tests'

/** A person with a phone, another one for each test. */
export interface Person {
  id: number
  firstName: string
  /** What Telegram hands the app at its start: signed anew at each opening. */
  initData(options?: { at?: Instant; token?: string }): string
  /** Agrees by way of the bot, so that there is a card before the app is opened. */
  joined(): Promise<Customer>
}

export interface Customer {
  card: string
  customerId: number
  gift(points: number, daysAgo: number): Promise<void>
  /** So many, the newest of one point, the one before of two … */
  giftsOf(count: number): Promise<void>
  buys(kopecks: number, daysAgo: number): Promise<void>
  /** Buys for so much, and pays so many points of it. */
  spends(points: number, kopecks: number, daysAgo: number): Promise<void>
}

interface Fixtures {
  person: Person
  /** Opens the app as Telegram does, in the fixture's page. */
  open(options?: Opening): Promise<Page>
  /** What the page may complain of in this test; nothing, unless it says so. */
  faults: { expected: RegExp | null }
}

interface Opening {
  initData?: string
  theme?: Record<string, string>
  version?: string
}

interface WorkerFixtures {
  sql: Sql
  codes: Codes
  cloud: CloudProcess
}

let people = 0

export const test = base.extend<Fixtures, WorkerFixtures>({
  sql: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern.
    async ({}, use) => {
      const sql = connect(databaseUrl(), { poolSize: 2 })
      await use(sql)
      await sql.end()
    },
    { scope: 'worker' },
  ],
  codes: [async ({ sql, cloud: _ }, use) => use(await openCodes(sql)), { scope: 'worker' }],
  cloud: [
    // biome-ignore lint/correctness/noEmptyPattern: as above.
    async ({}, use) => {
      const cloud = await startCloudProcess({
        DATABASE_URL: databaseUrl(),
        TELEGRAM_BOT_TOKEN: botToken,
        // Nobody listens there: these tests need Telegram's signature, not Telegram.
        TELEGRAM_API_URL: 'http://127.0.0.1:9',
        CHAIN_NAME: 'Ромашка',
        SUPPORT_CONTACT: '@romashka_help',
        ...operatorEnvironment,
      })
      await use(cloud)
      await cloud.stop()
    },
    { scope: 'worker' },
  ],
  person: async ({ sql, cloud: _ }, use, { workerIndex }) => {
    people += 1
    const id = 7_000_000_000 + workerIndex * 100_000 + people
    await use(personOf(sql, { id, firstName: 'Анна' }))
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  faults: async ({}, use) => use({ expected: null }),
  open: async ({ page, cloud, person, faults }, use) => {
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    const strangers: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(`${cloud.url}/`)) strangers.push(request.url())
    })
    await use(async ({ initData = person.initData(), theme = {}, version = '8.0' } = {}) => {
      const fragment = new URLSearchParams({
        tgWebAppData: initData,
        tgWebAppVersion: version,
        tgWebAppPlatform: 'android',
        tgWebAppThemeParams: JSON.stringify(theme),
      })
      await page.goto(`${cloud.url}/app#${fragment}`)
      return page
    })
    expect(strangers, 'requests to anybody but the cloud').toEqual([])
    const unexpected = complaints.filter((complaint) => !faults.expected?.test(complaint))
    expect(unexpected, 'complaints of the page').toEqual([])
  },
})

function personOf(sql: Sql, { id, firstName }: { id: number; firstName: string }): Person {
  let opened = 0
  return {
    id,
    firstName,
    initData({ at = Date.now(), token = botToken } = {}) {
      opened += 1
      const user = { id, first_name: firstName, language_code: 'ru' }
      return signInitData(user, { token, now: at, more: { query_id: `AAH${id}${opened}`, signature: 'x_-' } })
    },
    async joined() {
      const now = Date.now()
      const joining = await join(sql, botToken, {
        telegramId: id,
        firstName,
        language: 'ru',
        consentVersion,
        channel: 'mini_app',
        operator: testOperator,
        now,
      })
      if (joining.status !== 'joined') throw new Error(joining.status)
      return customerOf(sql, joining.person)
    },
  }
}

export async function someoneElse(sql: Sql, beside: Person): Promise<{ person: Person; customer: Customer }> {
  const person = personOf(sql, { id: beside.id + 50_000, firstName: 'Борис' })
  return { person, customer: await person.joined() }
}

function customerOf(sql: Sql, { card, customerId }: { card: string; customerId: number }): Customer {
  const execute = async (...requests: [Request, ...Request[]]) => {
    const outcomes = await post(sql, requests, { now: () => requests[0].at })
    const refused = outcomes.find(({ status }) => status !== 'accepted')
    if (refused) throw new Error(`refused: ${JSON.stringify(refused)}`)
  }
  const at = (daysAgo: number) => Date.now() - (daysAgo * DAY || MINUTE)
  return {
    card,
    customerId,
    async gift(points, daysAgo) {
      const author: Author = { type: 'system', name: 'e2e' }
      await execute({ id: newId(), kind: 'bonus', at: at(daysAgo), card, points, reason: 'e2e', author })
    },
    async giftsOf(count) {
      const author: Author = { type: 'system', name: 'e2e' }
      const given = Array.from({ length: count }, (_, index) => {
        const base = { id: newId(), kind: 'bonus', card, reason: 'e2e', author } as const
        return { ...base, at: at(0) - index * MINUTE, points: index + 1 }
      })
      await execute(...(given as [Request, ...Request[]]))
    },
    async buys(kopecks, daysAgo) {
      const author = await tillOf(sql)
      await execute({ id: newId(), kind: 'earn', at: at(daysAgo), card, purchaseKopecks: kopecks, author })
    },
    async spends(points, kopecks, daysAgo) {
      const author = await tillOf(sql)
      const redeem = { id: newId(), at: at(daysAgo), card, purchaseKopecks: kopecks, points, author }
      await execute({ ...redeem, kind: 'redeem' })
      await execute({ id: newId(), kind: 'apply', at: redeem.at + SECOND, redeemId: redeem.id, author })
    },
  }
}

/** A till of the one store of these tests. */
async function tillOf(sql: Sql): Promise<Author> {
  await sql`insert into stores (name) values ('Ашукино') on conflict (programme_id, name) do nothing`
  await sql`
    insert into registers (store_id, name, key_hash)
    select id, 'Касса', sha256('nobody has it') from stores where name = 'Ашукино'
    on conflict do nothing`
  const [till] = await sql<{ programmeId: number; storeId: number; registerId: number }[]>`
    select stores.programme_id as "programmeId", stores.id as "storeId", registers.id as "registerId"
    from stores join registers on store_id = stores.id where stores.name = 'Ашукино'`
  if (!till) throw new Error('there is no till')
  return { type: 'register', ...till }
}

function databaseUrl(): string {
  const url = process.env.KOPILKA_E2E_DATABASE
  if (!url) throw new Error('no database: run the tests with playwright.config.ts')
  return url
}

/** What Telegram's own themes are. */
export const themes = {
  day: {
    bg_color: '#ffffff',
    secondary_bg_color: '#efeff4',
    section_bg_color: '#ffffff',
    text_color: '#000000',
    hint_color: '#8e8e93',
    subtitle_text_color: '#8e8e93',
    link_color: '#007aff',
    accent_text_color: '#007aff',
    button_color: '#007aff',
    button_text_color: '#ffffff',
    destructive_text_color: '#ff3b30',
  },
  night: {
    bg_color: '#17212b',
    secondary_bg_color: '#232e3c',
    section_bg_color: '#17212b',
    text_color: '#f5f5f5',
    hint_color: '#708499',
    subtitle_text_color: '#708499',
    link_color: '#6ab3f3',
    accent_text_color: '#6ab2f2',
    button_color: '#5288c1',
    button_text_color: '#ffffff',
    destructive_text_color: '#ec3942',
  },
}
