import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findCircles, findOffences, type SourceFile } from './directions.ts'

// node build/imports.ts   prints every import that goes the wrong way or round in a circle, and fails when there is one

const ROOT = join(import.meta.dirname, '..')
const PRODUCT = '{shared,cloud,desktop}/**/*.{ts,tsx,mts,cts,js,mjs,cjs}'

const files: SourceFile[] = []
for await (const found of glob(PRODUCT, { cwd: ROOT, exclude: (path) => path === 'node_modules' })) {
  const path = found.replaceAll('\\', '/')
  files.push({ path, text: await readFile(join(ROOT, path), 'utf8') })
}
const offences = [...files.flatMap(findOffences), ...findCircles(files)]
for (const offence of offences.sort()) console.error(offence)
if (offences.length > 0) process.exitCode = 1
