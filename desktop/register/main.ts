import type { Snapshot } from '../../shared/bridge.ts'
import { readOptions, registerOptions, registerUsage } from './commandLine/options.ts'
import { createLog } from './machine/log.ts'
import { startAlone } from './start.ts'

// npm run register: a register without a screen. What happens is in its log.

const read = readOptions(registerOptions, process.argv.slice(2))
if ('problem' in read) {
  console.error(`${read.problem}\n\nnpm run register -- [options]\n${registerUsage}`)
  process.exit(2)
}

const log = createLog(read.options['log-level'])
const register = await startAlone(read.options, log)
let lastShown = ''
register.subscribe(logChanges)
logChanges(register.snapshot())

const stopAsked = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
})
console.log('REGISTER ready')
log.info({ signal: await stopAsked }, 'stopping')
await register.stop()

function logChanges({ phase, sale, act, cloud, exchange }: Snapshot): void {
  const shown = { phase, sale, act, cloud: cloud.line, exchange }
  const text = JSON.stringify(shown)
  if (text !== lastShown) log.info(shown, 'a screen would show')
  lastShown = text
}
