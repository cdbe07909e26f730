import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findLoose, type LockFile } from './lockFile.ts'

// node build/lock.ts   prints every package that the lock file does not pin on some machine, and fails when there is one

const file = join(import.meta.dirname, '../package-lock.json')
const loose = findLoose(JSON.parse(await readFile(file, 'utf8')) as LockFile)
for (const line of loose) console.error(`package-lock.json: ${line}`)
if (loose.length > 0) process.exitCode = 1
