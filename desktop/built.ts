import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const SOURCES = ['package.json', '{shared,desktop}/**/*.{ts,tsx,css,html}']
const BUILT = [
  'dist/renderer/index.html',
  'dist/display/index.html',
  'dist/main/main.cjs',
  'dist/preload/preload.cjs',
]

/** Builds the screen and the Electron shell, unless that was done after the last change of their sources. */
export async function buildWhereStale(say: (line: string) => void): Promise<void> {
  const sources = globSync(SOURCES, { cwd: ROOT, exclude: ['desktop/e2e/**'] })
  const newestSource = Math.max(...sources.map(changedAt))
  if (Math.min(...BUILT.map(changedAt)) > newestSource) return
  say('Building the screen…')
  const builder = spawn(process.execPath, [join(ROOT, 'build/bundle.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(builder, 'close')
  if (code !== 0) throw new Error('The screen could not be built.')
}

function changedAt(path: string): number {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
}
