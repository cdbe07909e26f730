import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serveInBrowser } from '../desktop/browser/serve.ts'
import { createLog } from '../desktop/register/machine/log.ts'
import { startRegister } from '../desktop/register/start.ts'

// node screenProcess.ts <cloud> <key> <folder>   a kiosk in the browser, with a page that is quickly built

const [cloud = '', key = '', folder = ''] = process.argv.slice(2)
process.chdir(folder)
const screen = join(folder, 'screen')
mkdirSync(screen)
writeFileSync(join(screen, 'index.html'), '<!doctype html>')
writeFileSync(join(screen, 'main.js'), '1')
const log = createLog('error')
const settings = {
  cloud,
  key,
  exchange: join(folder, 'exchange'),
  data: join(folder, 'data'),
  'log-level': 'error',
} as const
const register = await startRegister(settings, log)
const served = await serveInBrowser({ register, port: 0, folder: screen, log })
console.log(`KIOSK ${served.url}`)
process.once('SIGTERM', async () => {
  await served.close()
  await register.stop()
})
