import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandName, CommandReply, Snapshot } from '../../../shared/bridge.ts'
import { type Instant, MINUTE, SECOND } from '../../../shared/time.ts'
import { codeOf } from '../machine/files.ts'
import type { Log } from '../machine/log.ts'
import { openRegister, type Register, type RegisterOptions } from '../register.ts'
import { pause } from '../time/clock.ts'
import { createDisk } from './disk.ts'
import type { Faults } from './faults.ts'
import { createJournals } from './journal.ts'
import { createLife, type Life } from './life.ts'
import type { Random } from './random.ts'
import { brief, RegisterGone, type RunningRegister } from './running.ts'
import { createDeviceClock, type VirtualTime } from './time.ts'

export interface MachineOptions {
  /** Where the files of SQLite lie, in memory where there is room; nothing else is ever written there. */
  folder: string
  time: VirtualTime
  random: Random
  faults: Faults
  fetch: typeof globalThis.fetch
  cloudUrl: string
  key: string
  skewMs: number
  takeMs: number
  /** Hears every line of a register's log from `warn` on. */
  onLog: (line: LogLine) => void
  /** What a test plants a bug with: what the register is made of, changed. */
  plant?: (options: RegisterOptions) => RegisterOptions
}

export interface LogLine {
  level: 'warn' | 'error'
  message: string
  fields: Record<string, unknown>
  /** Of the error it is about. */
  code: string | null
  text: string
}

export type Machine = ReturnType<typeof createMachine>

/** Longer than any outage that the rig makes. */
const PATIENCE_MS = 120 * MINUTE
const START_AGAIN_MS = 3 * SECOND

/** The computer in the shop: a disk, two clocks, and the power of both in somebody else's hands. */
export function createMachine(options: MachineOptions) {
  const { folder, time, random, faults } = options
  const exchangeFolder = join(folder, 'exchange')
  const dataFolder = join(folder, 'data')
  const clock = createDeviceClock(time, options)
  const disk = createDisk({ time, clock, faults, exchangeFolder })
  for (const each of [exchangeFolder, dataFolder]) disk.folders.add(each)
  const journals = createJournals({ disk, faults, die: () => losePower() })
  let life: Life | null = null

  function losePower(): void {
    if (!life || life.isOver()) return
    journals.losePower()
    life.end(new RegisterGone('the power is gone'))
    disk.losePower()
    time.after(faults.random('power: lost').between(SECOND, 30 * SECOND), disk.restorePower)
  }

  function killProcess(): void {
    if (!life || life.isOver()) return
    life.end(new RegisterGone('the process was killed'))
  }

  /** Whatever runs on it ends: the process alone, or the machine with it. */
  function end(what: 'process' | 'machine'): void {
    if (what === 'machine') losePower()
    else killProcess()
  }

  /** A place for SQLite, and what is read there before there are promises. */
  function layFolder(): void {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
    const settings = disk.contentOf(join(dataFolder, 'settings.json'))
    if (settings) writeFileSync(join(dataFolder, 'settings.json'), settings, { mode: 0o600 })
  }

  function registerOptions(current: Life): RegisterOptions {
    const given: RegisterOptions = {
      dataFolder,
      commandLine: { cloud: options.cloudUrl, exchange: exchangeFolder },
      keys: { load: async () => options.key, save: async () => {} },
      ...current.options,
      random: random.next,
      newId: (now) => idOf(now, random),
      log: logOf(current, options.onLog),
      version: '0.0.0',
      takeMs: options.takeMs,
    }
    return options.plant?.(given) ?? given
  }

  /** Where the disk keeps it from starting, somebody starts it again. */
  async function start(onSnapshot: (snapshot: Snapshot) => void): Promise<RunningRegister> {
    for (;;) {
      await disk.powered()
      await life?.settled()
      const { openDatabase } = journals
      const current = createLife({ files: disk.files, clock, fetch: options.fetch, openDatabase })
      life = current
      try {
        layFolder()
        const register = await Promise.race([openRegister(registerOptions(current)), current.ended])
        return running(register, current, onSnapshot)
      } catch (error) {
        if (current.isOver() || !/^(ENOSPC|EIO|SQLITE_FULL)$/.test(codeOf(error) ?? codeIn(error)))
          throw error
        current.end(new RegisterGone('the disk kept it from starting'))
        await pause(time, START_AGAIN_MS)
      }
    }
  }

  function running(
    register: Register,
    current: Life,
    onSnapshot: (snapshot: Snapshot) => void,
  ): RunningRegister {
    let latest = register.snapshot()
    const looks = new Set<(snapshot: Snapshot) => void>()
    const show = (snapshot: Snapshot) => {
      if (current.isOver()) return
      latest = snapshot
      onSnapshot(snapshot)
      for (const look of [...looks]) look(snapshot)
    }
    register.subscribe(show)
    onSnapshot(latest)
    const commands: Record<CommandName, (input: never) => Promise<CommandReply<CommandName>>> = register

    return {
      call(command, input) {
        if (current.isOver()) return current.ended
        const reply = current.guard(commands[command](input as never))
        return Promise.race([reply as never, current.ended])
      },
      snapshot() {
        if (current.isOver()) throw new RegisterGone('the register is gone')
        return latest
      },
      until(what, isSo) {
        if (current.isOver()) return current.ended
        if (isSo(latest)) return Promise.resolve(latest)
        const { promise, resolve, reject } = Promise.withResolvers<Snapshot>()
        const look = (snapshot: Snapshot) => isSo(snapshot) && resolve(snapshot)
        looks.add(look)
        const cancel = time.after(PATIENCE_MS, () =>
          reject(new Error(`the register has not shown ${what} within two hours: ${brief(latest)}`)),
        )
        const stop = () => {
          cancel()
          looks.delete(look)
        }
        promise.then(stop, stop)
        return Promise.race([promise, current.ended.finally(stop)])
      },
      isGone: current.isOver,
      async kill(what) {
        end(what)
      },
      async stop() {
        if (current.isOver()) return
        await Promise.race([register.stop(), current.ended]).catch(unlessGone)
        if (current.isOver()) return
        current.end(new RegisterGone('the register was stopped'))
      },
    }
  }

  return {
    ...{ exchangeFolder, dataFolder, clock, disk, start },
    /** The journal of the register that runs. */
    journal: () => journals.find(join(dataFolder, 'outbox.sqlite')),
    heal: disk.heal,
    end,
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof RegisterGone)) throw error
}

/** UUIDv7 of the rig's own chance. */
function idOf(now: Instant, random: Random): string {
  const time = Math.floor(now).toString(16).padStart(12, '0')
  const digits = (count: number) =>
    random
      .int(0, 16 ** count - 1)
      .toString(16)
      .padStart(count, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digits(3)}-8${digits(3)}-${digits(6)}${digits(6)}`
}

function logOf(life: Life, onLog: (line: LogLine) => void): Log {
  const write = (level: LogLine['level']) => (first: unknown, second?: unknown) => {
    if (life.isOver()) return
    const fields: Record<string, unknown> = typeof first === 'object' && first !== null ? { ...first } : {}
    const { err } = fields
    onLog({
      level,
      message: String(typeof first === 'string' ? first : second),
      fields,
      code: codeOf(err) ?? null,
      text: err instanceof Error ? err.message : '',
    })
  }
  const nothing = () => {}
  return {
    debug: nothing,
    info: nothing,
    warn: write('warn') as Log['warn'],
    error: write('error') as Log['error'],
  }
}

/** The journal says in words what SQLite's code was. */
function codeIn(error: unknown): string {
  return /\((SQLITE_FULL)\w*\)/.exec(String(error))?.[1] ?? ''
}
