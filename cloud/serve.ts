import type { Logger } from 'pino'
import { SECOND } from '../shared/time.ts'
import { openCodes } from './access/people/codes.ts'
import { createLookupCounts } from './access/registers/lookupCounts.ts'
import { createKeyring } from './access/registers/registers.ts'
import { openVoucherKey, whyVouchersUnknown } from './access/voucherKey.ts'
import { createApp, openDirectDoor } from './app.ts'
import { openBot } from './bot/run.ts'
import type { Config } from './config.ts'
import { openConnections } from './connections.ts'
import { claimEmbedded } from './database/embedded/claim.ts'
import { withDeadline } from './deadline.ts'
import { chatOf } from './fleet/chat.ts'
import { type BuiltFiles, readBuiltFiles } from './http/builtFiles.ts'
import { createLimiters } from './http/limits.ts'
import { tellPatiently } from './http/turnedAway.ts'
import { builtFolder } from './http/webApps.ts'
import { startJobs } from './jobs/schedule.ts'
import { findHeld } from './ledger/held.ts'
import { createLanes } from './ledger/lanes.ts'
import { createQueue } from './ledger/queue.ts'
import { listen } from './listen.ts'
import { measureGroups } from './metrics/measure.ts'
import { openMetrics } from './metrics/open.ts'
import { openMessages } from './notifications/run.ts'
import { timetableOf } from './timetable.ts'
import { openFileStore } from './updates/openFileStore.ts'

/** A database may have gone silent: longer than this a stop does not wait for it. */
const END_WITHIN_MS = 25 * SECOND

/** The whole cloud: database, ledger, routes, jobs, bot. Resolves when it answers; `stop` leaves nothing behind. */
export async function serveCloud(config: Config, log: Logger, { endWithinMs = END_WITHIN_MS } = {}) {
  const { now, holdSeconds, timeZone } = { now: Date.now, ...config }
  const { url, sql, ofJobs, ofOffice, writers, close } = await openConnections(config, { now })
  let claim: Awaited<ReturnType<typeof claimEmbedded>> = null
  let metrics: Awaited<ReturnType<typeof openMetrics>> | null = null
  try {
    if (!config.databaseUrl) claim = await claimEmbedded(url)
    if (!config.databaseUrl && !claim) throw new Error(inUse(config.dataDir))
    const stopping = new AbortController()
    metrics = await openMetrics(config, { sql, now, log, waitingOperations: () => queue.waiting() })
    const { meters, exposition, server: metricsServer } = metrics
    const queue = createLanes(
      writers.map(({ execute }) =>
        createQueue(measureGroups(meters, execute), (requests) => findHeld(sql, requests)),
      ),
    )
    const lookups = createLookupCounts({ sql, log })
    const voucherKey = openVoucherKey(config)
    const unknown = await whyVouchersUnknown(sql, voucherKey)
    if (unknown !== null) log.error({ problem: unknown }, 'no till knows any voucher')
    const telegram = openTelegramSide(config, { sql, voucherKey, now, log })
    const cloud = {
      sql,
      ofOffice,
      queue,
      keyring: createKeyring(sql),
      codes: await openCodes(sql),
      voucherKey,
      now,
      log,
      holdSeconds,
      chainName: config.chainName,
      supportContact: config.supportContact,
      joinUrl: config.joinUrl,
      operator: config.operator,
      timeZone: config.timeZone,
      botToken: config.telegram?.token ?? null,
      webhook: telegram?.bot.webhook ?? null,
      botName: () => telegram?.bot.name() ?? null,
      updates: openFileStore(config.updates),
      stopping: stopping.signal,
      publicUrl: config.publicUrl,
      portal: await findPortal(config, log),
      consoleApp: await findConsole(log),
      meters,
      exposition,
      limiters: createLimiters(config),
      lookups,
    }
    const fetch = tellPatiently(createApp(cloud).fetch, config.turnedAwayPerSecond)
    const server = await listen(fetch, config, await openDirectDoor(cloud))
    const { erasuresFile, telegram: bot } = config
    const timetable = timetableOf({ timeZone, tell: chatOf(config), erasuresFile, bot })
    const jobs = startJobs(timetable, { sql: ofJobs, now, log, holdSeconds, meters })
    telegram?.bot.start()
    telegram?.messages.start()

    return {
      url: server.url,
      /** Null unless the metrics have a port of their own. */
      metricsUrl: metricsServer && `${metricsServer.url}/metrics`,
      sql,
      databaseUrl: url,
      async stop() {
        stopping.abort()
        const ending = [
          telegram?.bot.stop(),
          telegram?.messages.stop(),
          server.close(),
          metricsServer?.close(),
          jobs.stop(),
        ]
        const ended = Promise.all(ending).then(() => Promise.all([queue.idle(), lookups.stop()]))
        await withDeadline(ended, endWithinMs, () => new Error('it does not end')).catch((error) => {
          log.warn({ problem: error.message }, 'stopping without the rest of what was in flight')
          server.cut()
          metricsServer?.cut()
        })
        await claim?.release()
        await close()
      },
    }
  } catch (error) {
    await metrics?.server?.close()
    await claim?.release()
    await close()
    throw error
  }
}

/** Without a bot there is no way to open it. */
async function findPortal({ telegram }: Config, log: Logger): Promise<BuiltFiles | null> {
  const portal = telegram && (await readBuiltFiles(builtFolder('portal')))
  if (telegram && !portal) log.warn('the Mini App was never built, so /app is empty: npm run build makes it')
  return portal
}

async function findConsole(log: Logger): Promise<BuiltFiles | null> {
  const files = await readBuiltFiles(builtFolder('console'))
  if (!files) log.warn('the console was never built, so /console only signs in: npm run build makes it')
  return files
}

const inUse = (dataDir: string) =>
  `Another Kopilka cloud already runs on the data in ${dataDir}. Stop it first, or give this one another ` +
  'KOPILKA_DATA, or a DATABASE_URL, which several clouds may share.'

export type RunningCloud = Awaited<ReturnType<typeof serveCloud>>

/** What needs a bot: the bot itself, and the messages that it sends of its own accord. */
function openTelegramSide({ telegram, ...config }: Config, around: Parameters<typeof openBot>[1]) {
  if (telegram)
    return {
      bot: openBot({ ...config, telegram }, around),
      messages: openMessages({ ...config, telegram }, around),
    }
  around.log.info('there is no Telegram bot: TELEGRAM_BOT_TOKEN is not set')
  return null
}
