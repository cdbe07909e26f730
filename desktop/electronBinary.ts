import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const FETCH_WITHIN_MS = 60_000

export type Binary = { path: string } | { missing: string }

/**
 * The program of Electron: its package comes without, and fetches it when asked to. A machine that cannot have
 * it gets a reason in one line instead.
 */
export async function findElectron(
  say: (line: string) => void,
  folder: string | null = packageFolder(),
): Promise<Binary> {
  if (!folder) return { missing: 'the package electron is not installed' }
  const path = binaryIn(folder)
  if (path) return { path }
  say(`Fetching Electron, for at most ${FETCH_WITHIN_MS / 1000} seconds…`)
  const problem = await fetchBinary(folder)
  const fetched = binaryIn(folder)
  return fetched ? { path: fetched } : { missing: problem ?? 'its installer left no program' }
}

function packageFolder(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  } catch {
    return null
  }
}

/** As the package itself looks for it, only without fetching when it is not there. */
function binaryIn(folder: string): string | null {
  const wanted = join(folder, 'path.txt')
  if (!existsSync(wanted)) return null
  const path = join(folder, 'dist', readFileSync(wanted, 'utf8').trim())
  return existsSync(path) ? path : null
}

/** Null when it went well, otherwise why not. */
function fetchBinary(folder: string): Promise<string | null> {
  return new Promise((resolve) => {
    const limits = { timeout: FETCH_WITHIN_MS, killSignal: 'SIGKILL' } as const
    execFile(process.execPath, [join(folder, 'install.js')], limits, (error, _output, faults) => {
      if (!error) resolve(null)
      else if (error.killed) resolve('it took too long to fetch')
      else resolve(`it cannot be fetched: ${faults.trim().split('\n')[0] || error.message}`)
    })
  })
}
