import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')
const SOURCES = ['package.json', 'shared/**/*.{ts,css}', 'cloud/portal/**/*.{ts,tsx,css,html,svg}']
const BUILT = 'dist/portal/index.html'

export const portalFolder = join(ROOT, 'dist/portal')

/**
 * Builds the Mini App, unless that was done after the last change of its sources. Where the builder is not
 * installed, as on a server, what `npm run build` has made is taken as it is.
 */
export async function buildWhereStale(say: (line: string) => void): Promise<void> {
  const sources = globSync(SOURCES, { cwd: ROOT, exclude: ['cloud/portal/{e2e,server}/**'] })
  const isFresh = changedAt(BUILT) > Math.max(...sources.map(changedAt))
  if (isFresh || !existsSync(join(ROOT, 'node_modules/vite'))) return
  say('Building the Mini App…')
  const builder = spawn(process.execPath, [join(ROOT, 'build/portal.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(builder, 'close')
  if (code !== 0) throw new Error('The Mini App could not be built.')
}

function changedAt(path: string): number {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
}
