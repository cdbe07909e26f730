import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { buildWhereStale } from './built.ts'
import { findElectron } from './electronBinary.ts'
import type { WindowKind } from './main/windowKind.ts'
import type { RegisterSettings } from './register/commandLine/options.ts'
import { PRIVATE } from './register/machine/files.ts'

export interface ElectronShell {
  /** Resolves when the window is closed. */
  closed: Promise<void>
  close(): Promise<void>
}

const ROOT = join(import.meta.dirname, '..')
const START_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 10_000

/** A register with its screen in Electron; where that is not possible, says why in one line: null. */
export async function openInElectron({
  settings,
  window,
  say,
}: {
  settings: RegisterSettings
  /** Left out: the one that was kept. */
  window?: WindowKind | undefined
  say: (line: string) => void
}): Promise<ElectronShell | null> {
  const binary = await findElectron(say)
  if ('missing' in binary) {
    say(`No Electron: ${binary.missing}.`)
    return null
  }
  await buildWhereStale(say)
  const { args, forget } = argumentsOf({ ...settings, window })
  const shell = await runElectron(binary.path, [ROOT, ...args]).finally(forget)
  if (!shell) say('Electron does not run here: is there a display, and is this not root?')
  return shell
}

/** The key goes by a file that is removed once it was read: every user of a machine sees the arguments of its processes. */
export function argumentsOf({ key, ...others }: RegisterSettings & { window?: WindowKind | undefined }) {
  const said = Object.entries(others).filter(([, value]) => value !== undefined && value !== false)
  const args = said.map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`))
  if (key === undefined) return { args, forget: () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'kopilka-key-'))
  const path = join(folder, 'key')
  writeFileSync(path, key, { mode: PRIVATE })
  return {
    args: [...args, `--key-file=${path}`],
    forget: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Where it cannot run, it ends before there is a window: null. */
export async function runElectron(binary: string, args: string[]): Promise<ElectronShell | null> {
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'close').then(
    ([code]) => code,
    () => null,
  )
  const shown = new Promise<'shown'>((resolve) => {
    createInterface(child.stdout).on('line', (line) => line === 'KIOSK electron' && resolve('shown'))
  })
  const first = await Promise.race([shown, ended, pause(START_WITHIN_MS, 'late', { ref: false })])
  if (first === 'late') await stop(child)
  // Where a kiosk of this data folder is open already, that one comes to the front and this one ends well.
  if (first !== 'shown' && first !== 0) return null
  return { closed: ended.then(() => {}), close: () => stop(child) }
}

/** On Windows that is sudden, as a power cut is: the journal is made for it. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'close')
  child.kill()
  const late = await Promise.race([ended, pause(STOP_WITHIN_MS, 'late', { ref: false })])
  if (late === 'late') child.kill('SIGKILL')
}
