import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findOffences } from './directions.ts'

// node build/imports.ts   prints every import that goes the wrong way, and fails when there is one

const ROOT = join(import.meta.dirname, '..')
const PRODUCT = '{shared,cloud,desktop}/**/*.{ts,tsx,mts,cts,js,mjs,cjs}'

const offences: string[] = []
for await (const found of glob(PRODUCT, { cwd: ROOT, exclude: (path) => path === 'node_modules' })) {
  const path = found.replaceAll('\\', '/')
  offences.push(...findOffences({ path, text: await readFile(join(ROOT, path), 'utf8') }))
}
for (const offence of offences.sort()) console.error(offence)
if (offences.length > 0) process.exitCode = 1
