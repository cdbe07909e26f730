import program from '../../package.json' with { type: 'json' }
import type { Snapshot } from '../../shared/bridge.ts'
import { systemClock } from './clock.ts'
import { systemFiles } from './exchange/files.ts'
import { createLog } from './log.ts'
import { readOptions, usage } from './options.ts'
import { prepareSettings } from './prepare.ts'
import { openRegister } from './register.ts'
import { keyFile } from './settings.ts'

// npm run register: a register without a screen. What happens is in its log.

const options = readOptions(process.argv.slice(2))
if ('problem' in options) {
  console.error(`${options.problem}\n\n${usage}`)
  process.exit(2)
}

const log = createLog(options['log-level'])
const keys = keyFile({ dataFolder: options.data, files: systemFiles })
await prepareSettings(options, { keys, files: systemFiles, log })
const register = await openRegister({
  dataFolder: options.data,
  keys,
  files: systemFiles,
  clock: systemClock,
  fetch,
  random: Math.random,
  log,
  version: program.version,
})
let lastShown = ''
register.subscribe(logChanges)
if (options.code !== undefined) await enrol(options.code)

const stopAsked = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
})
console.log('REGISTER ready')
log.info({ signal: await stopAsked }, 'stopping')
await register.stop()

async function enrol(code: string): Promise<void> {
  const { cloudUrl, exchangeFolder } = register.snapshot().settings
  const reply = cloudUrl
    ? await register.enrol({ cloudUrl, code, exchangeFolder })
    : { ok: false as const, code: 'malformed', message: 'say where the cloud is with --cloud' }
  if (reply.ok) log.info(reply.value, 'enrolled')
  else {
    log.error({ why: reply.code }, `not enrolled: ${reply.message}`)
    process.exitCode = 1
  }
}

function logChanges({ phase, sale, act, cloud, exchange }: Snapshot): void {
  const shown = { phase, sale, act, cloud: cloud.line, exchange }
  const text = JSON.stringify(shown)
  if (text !== lastShown) log.info(shown, 'a screen would show')
  lastShown = text
}
