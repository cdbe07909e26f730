import { join } from 'node:path'
import { z } from 'zod'
import { serveInBrowser } from './browser/serve.ts'
import { buildWhereStale } from './built.ts'
import { openInElectron } from './electronShell.ts'
import { windowKindSchema } from './main/windowKind.ts'
import { readOptions, registerOptions, registerUsage } from './register/commandLine/options.ts'
import { createLog } from './register/machine/log.ts'
import { startAlone } from './register/start.ts'
import { createDisplay } from './screen/display/display.ts'

// npm run kiosk: a register with its screen.

const kioskOptions = registerOptions.extend({
  shell: z.enum(['browser', 'electron']).optional(),
  port: z.coerce.number().int().min(0).max(65_535).default(0),
  window: windowKindSchema.optional(),
})

const read = readOptions(kioskOptions, process.argv.slice(2))
if ('problem' in read) {
  console.error(`${read.problem}\n\nnpm run kiosk -- [options]
  --shell      electron, or browser: any browser of this machine (default electron where it can be had)
  --port       of the browser shell (default any that is free)
  --window     of Electron: kiosk (the whole screen), normal, companion-left or companion-right (a column beside 1C); kept
${registerUsage}`)
  process.exit(2)
}

const stopAsked = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
})
const say = (line: string) => console.error(line)
const { shell, port, window, ...settings } = read.options
const electron = shell === 'browser' ? null : await openInElectron({ settings, window, say })

if (electron) {
  console.log('KIOSK electron')
  await Promise.race([stopAsked, electron.closed])
  await electron.close()
} else if (shell === 'electron') {
  process.exitCode = 1
} else {
  if (shell === undefined) say('Showing the register in a browser instead.')
  await showInBrowser()
}

async function showInBrowser(): Promise<void> {
  await buildWhereStale(say)
  const log = createLog(settings['log-level'])
  const built = (part: string) => join(import.meta.dirname, '../dist', part)
  const display = createDisplay({ dataFolder: settings.data, folder: built('display'), log })
  const register = await startAlone(settings, log, { display })
  const served = await serveInBrowser({ register, port, folder: built('renderer'), log })
  await display.begin(register)
  const shown = display.state()
  if (shown.state === 'shown') for (const link of shown.links) console.log(`DISPLAY ${link}`)
  console.log(`KIOSK ${served.url}`)
  log.info({ signal: await stopAsked }, 'stopping')
  await display.close()
  await served.close()
  await register.stop()
}
