import program from '../../package.json' with { type: 'json' }
import { systemClock } from './clock.ts'
import { systemFiles } from './exchange/files.ts'
import type { Log } from './log.ts'
import type { RegisterSettings } from './options.ts'
import { prepareSettings } from './prepare.ts'
import { openRegister, type Register } from './register.ts'
import { type KeyStore, keyFile } from './settings.ts'
import type { Updates } from './updates.ts'

/** A register on this machine's clock, disk and network, as its command line wants it. */
export async function startRegister(
  options: RegisterSettings,
  log: Log,
  keys: KeyStore = keyFile({ dataFolder: options.data, files: systemFiles }),
  updates?: Updates,
): Promise<Register> {
  const { data, code } = options
  await prepareSettings(options, { keys, files: systemFiles, log })
  const register = await openRegister({
    dataFolder: data,
    keys,
    files: systemFiles,
    clock: systemClock,
    fetch,
    random: Math.random,
    log,
    version: program.version,
    updates,
  })
  if (code !== undefined) await enrol(register, code, log)
  return register
}

async function enrol(register: Register, code: string, log: Log): Promise<void> {
  const { cloudUrl, exchangeFolder } = register.snapshot().settings
  if (!cloudUrl) {
    log.error('a pairing code needs --cloud: where is the cloud?')
    return
  }
  const reply = await register.enrol({ cloudUrl, code, exchangeFolder })
  if (reply.ok) log.info(reply.value, 'enrolled')
  else log.error({ why: reply.code, message: reply.message }, 'the register was not enrolled')
}
