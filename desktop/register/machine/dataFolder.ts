import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PRIVATE } from './files.ts'
import type { Log } from './log.ts'

/** The files that this register and its shells put into the data folder. */
const OURS =
  /^(running|(outbox|customers)\.sqlite.*|(settings|updates)\.json(\.tmp)?|key(\.safe)?(\.tmp)?|window(\.tmp)?|diagnostics-.*\.json|bad|logs|chromium)$/
const OPEN_TO_OTHERS = 0o077

export function makeDataFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
}

/**
 * A data folder that was made by hand or by an older version is closed to other users: our files in any case, the folder
 * itself only where all that lies in it is ours, because `--data /tmp` must not lock other programs out of /tmp.
 */
export function closeDataFolder(folder: string, log: Log): void {
  // Windows has its own rights, which the folder of the user's profile sets.
  if (!process.getuid) return
  try {
    const names = readdirSync(folder)
    for (const name of names) if (OURS.test(name)) closeFile(join(folder, name))
    const { mode, uid } = statSync(folder)
    if ((mode & OPEN_TO_OTHERS) === 0) return
    if (uid === process.getuid() && names.every((name) => OURS.test(name))) chmodSync(folder, 0o700)
    else log.warn({ folder }, 'the data folder is open to other users, and not only ours to close')
  } catch (error) {
    log.warn({ err: error, folder }, 'the data folder could not be closed to other users')
  }
}

function closeFile(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isFile() && (stat.mode & OPEN_TO_OTHERS) !== 0) chmodSync(path, PRIVATE)
}
