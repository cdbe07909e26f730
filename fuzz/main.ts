import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { understood } from '../build/command/commandLine.ts'
import { closeAfter } from '../build/command/interrupt.ts'
import { openTemporaryPostgres } from '../cloud/database/temporary.ts'
import { readOptions, usage } from './options.ts'
import { reportOf } from './print.ts'
import { runFuzz } from './run.ts'

const newSeed = () => String(randomInt(1_000_000_000))
const options = understood(usage, () => readOptions(process.argv.slice(2), newSeed))
console.log(`seed ${options.seed}`)

await closeAfter(async (closers) => {
  const folder = await mkdtemp(join(tmpdir(), 'kopilka-fuzz-'))
  closers.defer(() => rm(folder, { recursive: true, force: true }))
  const postgres = await openTemporaryPostgres()
  closers.defer(() => postgres.stop())
  const say = (text: string) => process.stderr.write(`${text}\n`)
  const report = await runFuzz(options, { databaseUrl: postgres.url, folder, closers, say })
  console.log(reportOf(report))
  if (report.findings.length > 0 || report.remains.length > 0) process.exitCode = 1
})
