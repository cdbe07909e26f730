import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** The programs that the cloud serves to browsers, each with the folder of its sources. */
export const webApps = { portal: 'cloud/portal', console: 'cloud/console/app' } as const
export type WebApp = keyof typeof webApps

const names: Record<WebApp, string> = { portal: 'the Mini App', console: 'the console' }

export const sourcesOf = (app: WebApp) => webApps[app]
export const builtFolder = (app: WebApp) => join(ROOT, 'dist', app)

/**
 * Builds a program, unless that was done after the last change of its sources. Where the builder is not
 * installed, as on a server, the result of `npm run build` is taken as it is.
 */
export async function buildWhereStale(app: WebApp, say: (line: string) => void): Promise<void> {
  const folder = sourcesOf(app)
  const own = globSync(`${folder}/**/*.{ts,tsx,css,html,svg}`, {
    cwd: ROOT,
    exclude: [`${folder}/{e2e,server}/**`],
  })
  const sources = [
    ...own,
    'package.json',
    'build/webApps.ts',
    ...globSync('shared/**/*.{ts,css}', { cwd: ROOT }),
  ]
  const isFresh = changedAt(`dist/${app}/index.html`) > Math.max(...sources.map(changedAt))
  if (isFresh || !existsSync(join(ROOT, 'node_modules/vite'))) return
  say(`Building ${names[app]}…`)
  const builder = spawn(process.execPath, [join(ROOT, 'build/webApps.ts'), app], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(builder, 'close')
  if (code !== 0) throw new Error(`It could not be built: ${names[app]}.`)
}

function changedAt(path: string): number {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
}
