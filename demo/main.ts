import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../cloud/config.ts'
import { describeDemo } from '../cloud/demo/describe.ts'
import { seedDemo, tillsOf } from '../cloud/demo/seed.ts'
import { seedStaff } from '../cloud/demo/staff.ts'
import { smallYear, wholeYear } from '../cloud/demo/year/seedYear.ts'
import { buildWhereStale } from '../cloud/http/webApps.ts'
import { createLog } from '../cloud/log.ts'
import { serveCloud } from '../cloud/serve.ts'
import { openInBrowser } from './browser.ts'
import { serveConsole } from './console.ts'
import { openKiosk } from './kiosk.ts'
import { serveMiniApp } from './miniApp.ts'
import { serveOneC } from './oneC/serve.ts'
import { writeYear } from './year.ts'

// npm start: the whole system on one machine, with demo data: cloud, console, register, kiosk, and a 1C to play with.
// npm start -- --small has a season of some hundred customers in the place of a year of thousands.

const closers: (() => Promise<void>)[] = []
const stopAsked = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
})

try {
  const asked = readOptions()
  const config = readConfig(process.env)
  const log = createLog(config.logLevel === 'info' ? 'warn' : config.logLevel)
  await buildWhereStale('console', (line) => console.error(line)).catch((error) =>
    console.error(error.message),
  )
  const cloud = await serveCloud(config, log)
  closers.push(cloud.stop)
  const demo = await seedDemo(cloud.sql, { now: Date.now(), dataDir: config.dataDir })

  const exchange = join(config.dataDir, 'demo-exchange')
  const data = join(config.dataDir, 'demo-register')
  const oneC = await serveOneC({ folder: exchange, port: 0 })
  closers.push(oneC.close)
  const settings = {
    ...{ cloud: cloud.url, key: demo.key, exchange, data },
    ...({ display: 'monitor', 'log-level': 'warn' } as const),
  }
  const kiosk = await openKiosk(settings, log)
  closers.push(kiosk.close)

  // A database of somebody else gets no owner whom nobody knows, and no year that was not lived there.
  const isOwn = config.databaseUrl === undefined && config.publicUrl === undefined
  if (isOwn) await seedStaff(cloud.sql, Date.now())
  const office = isOwn ? await serveConsole(cloud.sql, { cloud: cloud.url, log }) : null
  if (office) closers.push(office.close)

  const miniApp = await serveMiniApp(cloud.sql, { config, log })
  closers.push(miniApp.close)

  const shown = kiosk.url ?? 'the window of Electron'
  const display = kiosk.displayUrl ?? 'on the second monitor, where there is one'
  console.log(
    describeDemo(demo, {
      ...{ cloud: cloud.url, kiosk: shown, display, oneC: oneC.url, miniApp: miniApp.url },
      office: office?.url ?? null,
    }),
  )
  console.log(`CLOUD ${cloud.url}\nONEC ${oneC.url}\nKIOSK ${kiosk.url ?? 'electron'}`)
  if (office) {
    console.log(`CONSOLE ${office.url}`)
    const year = writeYear({
      ...{ databaseUrl: cloud.databaseUrl, now: Date.now(), timeZone: config.timeZone, tills: tillsOf(demo) },
      year: asked.small ? smallYear : wholeYear,
    })
    closers.push(year.close)
    year.told.then((operations) => {
      if (operations) console.log(`The year of the demo is there: ${operations} operations.`)
    })
  }
  if (process.stdout.isTTY) for (const url of [oneC.url, kiosk.url, office?.url]) if (url) openInBrowser(url)
  await Promise.race([stopAsked, kiosk.closed])
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
for (const close of closers.toReversed()) await close()

function readOptions(): { small: boolean } {
  try {
    return parseArgs({ options: { small: { type: 'boolean', default: false } } }).values
  } catch (error) {
    const problem = error instanceof Error ? error.message : error
    throw new Error(
      `${problem}\n\nnpm start [-- --small]   with a season of some hundred customers instead of a year of thousands`,
    )
  }
}
