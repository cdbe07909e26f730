import program from '../../package.json' with { type: 'json' }
import type { RegisterSettings } from './commandLine/options.ts'
import { logFaults } from './machine/faults.ts'
import { systemFiles } from './machine/files.ts'
import type { Log } from './machine/log.ts'
import { JournalError } from './outbox/open.ts'
import { openRegister, type Register } from './register.ts'
import type { DisplayLink } from './screen/display.ts'
import { type KeyStore, keyFile } from './settings/keys.ts'
import { systemClock } from './time/clock.ts'
import type { Updates } from './updates/updates.ts'

/** What a shell brings to its register. */
interface Brought {
  keys?: KeyStore
  updates?: Updates | undefined
  display?: DisplayLink
}

/** A register on this machine's clock, disk and network, as its command line wants it. */
export async function startRegister(
  options: RegisterSettings,
  log: Log,
  { keys = keyFile({ dataFolder: options.data, files: systemFiles }), updates, display: link }: Brought = {},
): Promise<Register> {
  const { data, code, cloud, key, exchange, insecure, display } = options
  const register = await openRegister({
    dataFolder: data,
    commandLine: { cloud, key, exchange, insecure, display },
    keys,
    files: systemFiles,
    clock: systemClock,
    fetch,
    random: Math.random,
    log,
    version: program.version,
    updates,
    display: link,
  })
  if (code !== undefined) await enrol(register, code, log)
  return register
}

/**
 * The same for a program that is nothing but this register: what keeps it from starting and is no bug is said in a
 * line, and ends it.
 */
export async function startAlone(options: RegisterSettings, log: Log, brought?: Brought): Promise<Register> {
  try {
    const register = await startRegister(options, log, brought)
    logFaults(log)
    return register
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    console.error(error.message)
    process.exit(1)
  }
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
