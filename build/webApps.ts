import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { sourcesOf, type WebApp, webApps } from '../cloud/http/webApps.ts'

// node build/webApps.ts [portal|console]   what the cloud serves to browsers, into dist/: built aside, so that
// nobody reads half of it

// A test that has it built hands on its own, with which React would be twice as large and much slower.
process.env.NODE_ENV = 'production'

const wanted = process.argv.slice(2)
const dist = join(import.meta.dirname, '../dist')

for (const app of Object.keys(webApps) as WebApp[])
  if (wanted.length === 0 || wanted.includes(app)) await buildAside(app)

async function buildAside(app: WebApp): Promise<void> {
  const root = join(import.meta.dirname, '..', sourcesOf(app))
  const fresh = join(dist, `.${app}-${process.pid}`)
  const former = `${fresh}-former`
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: fresh, emptyOutDir: true },
  })
  const place = join(dist, app)
  await rename(place, former).catch(() => {})
  // Another process that builds the same may have been quicker.
  await rename(fresh, place).catch(() => {})
  await rm(former, { recursive: true, force: true })
  await rm(fresh, { recursive: true, force: true })
}
