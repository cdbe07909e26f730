import { randomBytes } from 'node:crypto'
import { type ServerType, serve } from '@hono/node-server'
import { Hono } from 'hono'
import type { Logger } from 'pino'
import { openCodes } from '../cloud/access/people/codes.ts'
import { createLookupCounts } from '../cloud/access/registers/lookupCounts.ts'
import { createKeyring } from '../cloud/access/registers/registers.ts'
import { openVoucherKey } from '../cloud/access/voucherKey.ts'
import { createApp } from '../cloud/app.ts'
import type { Config } from '../cloud/config.ts'
import type { Sql } from '../cloud/database/connect.ts'
import { DEMO } from '../cloud/demo/author.ts'
import { signInitData } from '../cloud/demo/initData.ts'
import { readBuiltFiles } from '../cloud/http/builtFiles.ts'
import { createLimiter, createShares } from '../cloud/http/limits.ts'
import { buildWhereStale, builtFolder } from '../cloud/http/webApps.ts'
import { post } from '../cloud/ledger/post.ts'
import { createQueue } from '../cloud/ledger/queue.ts'
import { unread } from '../cloud/metrics/meters.ts'
import { openFileStore } from '../cloud/updates/openFileStore.ts'
import { consentVersion } from '../shared/consent.ts'

/** No bot has it, and it ends with the demo: what it signs is worth something here and nowhere else. */
const token = `0:${randomBytes(24).toString('base64url')}`
const anna = { id: 1, first_name: 'Анна', language_code: 'ru', card: '654321' }

/**
 * The Mini App as Telegram would open it for Анна of the demo, for a machine without Telegram: the cloud's own
 * routes on the demo's database, on an address of this machine only. Each visit is signed anew.
 */
export async function serveMiniApp(sql: Sql, { config, log }: { config: Config; log: Logger }) {
  await buildWhereStale('portal', (line) => console.error(line))
  await introduce(sql)
  const app = new Hono()
  app.get('/', (c) => {
    const { card: _, ...user } = anna
    const tgWebAppData = signInitData(user, {
      token,
      now: Date.now(),
      more: { query_id: randomBytes(8).toString('hex') },
    })
    return c.redirect(`/app#${new URLSearchParams({ tgWebAppData, tgWebAppVersion: '8.0' })}`)
  })
  app.onError((error, c) => {
    log.warn({ err: error }, 'a request of the Mini App could not be handed on')
    return c.body(null, 400)
  })
  app.mount('/', await cloudOf(sql, { config, log }))
  const server = await new Promise<ServerType>((resolve) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () => resolve(server))
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : address
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}

/** She agreed long ago, as far as the demo goes. A customer of somebody else who has that card has not. */
async function introduce(sql: Sql): Promise<void> {
  await sql`
    with introduced as (
      insert into people (telegram_id, customer_id, language)
      select ${anna.id}, id, 'ru' from customers
      where card = ${anna.card} and status <> 'erased' and exists (
        select from audit_log
        where who = ${DEMO} and action = 'customer add' and subject = 'customer ' || card)
      on conflict do nothing
      returning customer_id)
    insert into consents (customer_id, purpose, version, channel, recorded_by, given_at)
    select id, 'programme', ${consentVersion}, 'mini_app', ${DEMO}, created_at
    from customers join introduced on customer_id = id
    on conflict do nothing`
}

/** An operator that is made up, so that the consent is shown as a chain's would be. */
const demoOperator = {
  name: 'ООО «Копилка-демо»',
  address: '101000, Москва, ул. Примерная, 1',
  policyUrl: 'https://example.com/privacy',
}

async function cloudOf(sql: Sql, { config, log }: { config: Config; log: Logger }) {
  const freely = () => createLimiter({ perMinute: 6000, burst: 6000 })
  const app = createApp({
    sql,
    ofOffice: sql,
    queue: createQueue((requests) => post(sql, requests, { now: Date.now })),
    keyring: createKeyring(sql),
    codes: await openCodes(sql),
    voucherKey: openVoucherKey(config),
    now: Date.now,
    log,
    holdSeconds: undefined,
    chainName: config.chainName,
    supportContact: config.supportContact,
    joinUrl: config.joinUrl,
    operator: config.operator ?? demoOperator,
    timeZone: config.timeZone,
    botToken: token,
    webhook: null,
    botName: () => 'kopilka_bot',
    publicUrl: undefined,
    updates: openFileStore(config.updates),
    stopping: new AbortController().signal,
    portal: await readBuiltFiles(builtFolder('portal')),
    consoleApp: null,
    meters: unread,
    exposition: null,
    limiters: {
      ...createShares(),
      lookups: freely(),
      missedLookups: freely(),
      requests: freely(),
      failedEnrolments: freely(),
      strangers: freely(),
      operations: freely(),
      people: freely(),
    },
    lookups: createLookupCounts({ sql, log }),
  })
  return app.fetch
}
