import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'

// node build/portal.ts   the Mini App into dist/portal: built aside, so that nobody reads half of it

const dist = join(import.meta.dirname, '../dist')
const root = join(import.meta.dirname, '../cloud/portal')
const fresh = join(dist, `.portal-${process.pid}`)
const former = `${fresh}-former`

await build({
  root,
  configFile: join(root, 'vite.config.ts'),
  logLevel: 'warn',
  build: { outDir: fresh, emptyOutDir: true },
})
const place = join(dist, 'portal')
await rename(place, former).catch(() => {})
// Somebody else who builds the same may have been quicker.
await rename(fresh, place).catch(() => {})
await rm(former, { recursive: true, force: true })
await rm(fresh, { recursive: true, force: true })
