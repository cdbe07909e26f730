import { openCodes } from '../cloud/access/people/codes.ts'
import { createLookupCounts } from '../cloud/access/registers/lookupCounts.ts'
import { createKeyring } from '../cloud/access/registers/registers.ts'
import { voucherKeyOf } from '../cloud/access/voucherKey.ts'
import { createApp } from '../cloud/app.ts'
import { createLimiter, createShares } from '../cloud/http/limits.ts'
import { createQueue } from '../cloud/ledger/queue.ts'
import { createLog } from '../cloud/log.ts'
import { unread } from '../cloud/metrics/meters.ts'
import { openFolderStore } from '../cloud/updates/folderStore.ts'
import { openConnection } from './client.ts'
import { seedCustomers, settle } from './customers.ts'
import type { Finding } from './findings.ts'
import { anyOf } from './purchases.ts'
import type { Stage } from './stage.ts'
import { type Counted, createTally } from './tally.ts'
import { someLots } from './throughput.ts'

const WITH_LOTS = 0.2

/** The customers asked for are those with lots: the longer way. */
export async function lookups(stage: Stage): Promise<Finding[]> {
  const { customers } = stage.options
  const cards = await seedCustomers(stage, Math.ceil(customers * WITH_LOTS), someLots(Date.now()))
  await seedCustomers(stage, customers - cards.length)
  await settle(stage)
  const inServer = await ask(stage, cards, await callTheApp(stage))
  const connection = await openConnection(stage.api.url, stage.keys[0] ?? '')
  const overHttp = await ask(stage, cards, async (path) => (await connection.get(path)).status)
  connection.close()
  const among = `look-up by card among ${customers.toLocaleString('en')} customers`
  return [
    { what: `${among}, in the server`, reach: { p99Ms: 5 }, ...inServer },
    { what: `${among}, over HTTP, one connection`, ...overHttp },
  ]
}

/** The same routes in this process, without a socket. */
async function callTheApp({ sql, keys }: Stage): Promise<(path: string) => Promise<number>> {
  const log = createLog('silent')
  const unlimited = () => createLimiter({ perMinute: 1e9, burst: 1e9 })
  const app = createApp({
    sql,
    ofOffice: sql,
    queue: createQueue(() => Promise.reject(new Error('nothing is written here'))),
    keyring: createKeyring(sql),
    codes: await openCodes(sql),
    voucherKey: () => voucherKeyOf('of the bench'),
    now: Date.now,
    log,
    holdSeconds: undefined,
    chainName: 'Копилка',
    supportContact: undefined,
    joinUrl: undefined,
    operator: undefined,
    timeZone: 'Europe/Moscow',
    botToken: null,
    webhook: null,
    botName: () => 'kopilka_bot',
    updates: openFolderStore('no folder'),
    stopping: new AbortController().signal,
    publicUrl: undefined,
    portal: null,
    consoleApp: null,
    meters: unread,
    exposition: null,
    limiters: {
      ...createShares(),
      lookups: unlimited(),
      missedLookups: unlimited(),
      requests: unlimited(),
      failedEnrolments: unlimited(),
      strangers: unlimited(),
      operations: unlimited(),
      people: unlimited(),
    },
    lookups: createLookupCounts({ sql, log }),
  })
  const headers = { authorization: `Bearer ${keys[0]}` }
  return async (path) => {
    const response = await app.request(path, { headers })
    await response.text()
    return response.status
  }
}

async function ask(
  { options }: Stage,
  cards: string[],
  statusOf: (path: string) => Promise<number>,
): Promise<Counted> {
  const tally = createTally()
  const startedAt = performance.now()
  const openAt = startedAt + options.warmUpSeconds * 1000
  const closeAt = openAt + options.seconds * 1000
  let isOpen = false
  for (;;) {
    const askedAt = performance.now()
    if (askedAt > closeAt) break
    if (!isOpen && askedAt > openAt) {
      tally.open()
      isOpen = true
    }
    const status = await statusOf(`/v1/customers?code=${anyOf(cards)}`)
    tally.add({ startedAt: askedAt, acceptedOperations: 1 })
    if (status !== 200) tally.problem(String(status))
  }
  tally.close()
  return tally.count()
}
