import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { brief, RegisterGone, type RunningRegister } from '../desktop/register/rig/running.ts'
import type { CommandInput, CommandName, CommandReply, Snapshot } from '../shared/bridge.ts'
import type { FromRegister, RegisterSetting, ToRegister } from './messages.ts'

export const LOG_FILE = 'register.log'

const PROGRAM = 'simulate/registerProcess.ts'
const PATIENCE_MS = 90_000

/** A till as a process of its own, of the version that lies in a folder; resolves when it shows its first screen. */
export async function startRegister(
  from: string,
  setting: RegisterSetting,
  onSnapshot: (snapshot: Snapshot) => void,
): Promise<RunningRegister> {
  mkdirSync(setting.dataFolder, { recursive: true })
  const log = openSync(join(setting.dataFolder, LOG_FILE), 'a')
  const child = spawn(process.execPath, [join(from, PROGRAM), JSON.stringify(setting)], {
    stdio: ['ignore', 'ignore', log, 'ipc'],
  })
  closeSync(log)
  const exited = once(child, 'exit')
  const ends = new Set<(error: Error) => void>()
  const looks = new Set<(snapshot: Snapshot) => void>()
  const replies = new Map<number, (reply: unknown) => void>()
  let latest: Snapshot | null = null
  let calls = 0
  let isEndAsked = false
  let end: Error | null = null

  child.on('message', (message: FromRegister) => {
    if (message.type === 'reply') return replies.get(message.number)?.(message.reply)
    latest = message.snapshot
    onSnapshot(latest)
    for (const look of looks) look(latest)
  })
  exited.then(([code, signal]) => {
    const how = `the register ended with ${code ?? signal}: see ${join(setting.dataFolder, LOG_FILE)}`
    end = isEndAsked ? new RegisterGone(how) : new Error(how)
    for (const reject of ends) reject(end)
  })

  /** Waits for something of the register for as long as there is one. */
  function wait<T>(what: string, begin: (resolve: (value: T) => void) => () => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (end) return reject(end)
      const finish = () => {
        clearTimeout(timer)
        ends.delete(fail)
        release()
      }
      const fail = (error: Error) => {
        finish()
        reject(error)
      }
      const timer = setTimeout(
        () =>
          fail(new Error(`in ${PATIENCE_MS / 1000} s the register did not get to ${what}: ${brief(latest)}`)),
        PATIENCE_MS,
      )
      ends.add(fail)
      const release = begin((value) => {
        finish()
        resolve(value)
      })
    })
  }

  const until = (what: string, isSo: (snapshot: Snapshot) => boolean): Promise<Snapshot> => {
    if (latest && !end && isSo(latest)) return Promise.resolve(latest)
    return wait<Snapshot>(what, (resolve) => {
      const look = (snapshot: Snapshot) => isSo(snapshot) && resolve(snapshot)
      looks.add(look)
      return () => looks.delete(look)
    })
  }

  const tell = (message: ToRegister) => child.connected && child.send(message, () => {})

  async function endBy(how: () => void): Promise<void> {
    isEndAsked = true
    if (!end) how()
    await exited
  }

  await until('its first screen', () => true).catch(async (error) => {
    child.kill('SIGKILL')
    throw error
  })
  return {
    call: <K extends CommandName>(command: K, input: CommandInput<K>) =>
      wait<CommandReply<K>>(`an answer to ${command}`, (resolve) => {
        calls += 1
        const number = calls
        replies.set(number, (reply) => resolve(reply as CommandReply<K>))
        tell({ type: 'call', number, command, input })
        return () => replies.delete(number)
      }),
    snapshot() {
      if (end) throw end
      if (!latest) throw new Error('nothing was shown yet')
      return latest
    },
    until,
    isGone: () => end !== null,
    // Of the machine nothing ends here but the process.
    kill: () => endBy(() => child.kill('SIGKILL')),
    stop: () => endBy(() => tell({ type: 'stop' })),
  }
}
