import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { understood } from '../build/command/commandLine.ts'
import { closeAfter } from '../build/command/interrupt.ts'
import { openTemporaryPostgres } from '../cloud/database/temporary.ts'
import { runDay } from './day.ts'
import { readOptions, usage } from './options.ts'
import { reportOf } from './print.ts'
import { simulateVirtually } from './virtual/main.ts'

const args = process.argv.slice(2)
if (args.includes('--virtual')) await simulateVirtually(args)
else await simulateForReal(args)

/** One day on real processes, a real network and a real Postgres. */
async function simulateForReal(args: string[]): Promise<void> {
  const options = understood(usage, () => readOptions(args, () => String(randomInt(1_000_000_000))))
  const { seed, registers, sales, takeMs } = options
  console.log(
    `seed ${seed}: ${sales} sales at ${registers} registers, a discount is offered for ${takeMs} ms`,
  )

  await closeAfter(async (closers) => {
    const folder = await mkdtemp(join(tmpdir(), 'kopilka-simulate-'))
    const postgres = await openTemporaryPostgres()
    closers.defer(() => postgres.stop())
    const say = (text: string) => process.stderr.write(`${text}\n`)
    const day = await runDay(options, { databaseUrl: postgres.url, folder, closers, say })
    console.log(reportOf(day))
    if (day.findings.every(({ violations }) => violations.length === 0)) {
      closers.defer(() => rm(folder, { recursive: true, maxRetries: 5 }))
    } else {
      console.log(`The folders of the tills are kept in ${folder}`)
      process.exitCode = 1
    }
  })
}
