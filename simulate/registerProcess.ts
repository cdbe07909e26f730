import { systemFiles } from '../desktop/register/machine/files.ts'
import { createLog } from '../desktop/register/machine/log.ts'
import { openRegister } from '../desktop/register/register.ts'
import { keyFile } from '../desktop/register/settings/keys.ts'
import { openSettings } from '../desktop/register/settings/settings.ts'
import { type Clock, systemClock } from '../desktop/register/time/clock.ts'
import type { CommandName, CommandReply } from '../shared/bridge.ts'
import type { FromRegister, RegisterSetting, ToRegister } from './messages.ts'

// A register as a process that can be killed: its screen is whoever started it.

const setting: RegisterSetting = JSON.parse(process.argv[2] ?? '')
const { cloudUrl, key, exchangeFolder, dataFolder, takeMs, skewMs } = setting
const send = (message: FromRegister) => process.connected && process.send?.(message)

process.once('disconnect', () => process.exit())
// Ctrl-C reaches the whole group; who started us says when to end.
process.on('SIGINT', () => {})

const log = createLog('warn')
const files = systemFiles
const keys = keyFile({ dataFolder, files })
await keys.save(key)
await openSettings({ dataFolder, files, log }).change({ cloudUrl, exchangeFolder })
const clock: Clock = { ...systemClock, now: () => systemClock.now() + skewMs }
const register = await openRegister({
  ...{ dataFolder, keys, files, clock, fetch, log, takeMs },
  random: Math.random,
  version: '0.0.0',
})
const commands: Record<CommandName, (input: never) => Promise<CommandReply<CommandName>>> = register

process.on('message', async (message: ToRegister) => {
  if (message.type === 'stop') {
    await register.stop()
    return process.disconnect()
  }
  const reply = await commands[message.command](message.input as never)
  send({ type: 'reply', number: message.number, reply })
})
register.subscribe((snapshot) => send({ type: 'snapshot', snapshot }))
send({ type: 'snapshot', snapshot: register.snapshot() })
