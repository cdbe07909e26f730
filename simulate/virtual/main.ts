import { randomInt } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { type Closers, closeAfter } from '../../bench/interrupt.ts'
import { makeShopFolder } from '../../desktop/register/testing/shopFolder.ts'
import { systemClock } from '../../desktop/register/time/clock.ts'
import { commandOf, readVirtualOptions } from './options.ts'
import { neverStruck, reportOf } from './report.ts'
import { failureOf, shrink } from './shrink.ts'
import { runYear, type Year, type YearOptions } from './year.ts'

/** Many days of sales in virtual time; a run that fails is made smaller, and said as a command. */
export async function simulateVirtually(args: string[]): Promise<void> {
  const options = readVirtualOptions(args, () => String(randomInt(1_000_000_000)))
  console.log(commandOf(options))
  await closeAfter(async (closers) => {
    const startedMs = systemClock.elapsed()
    const year = await play(options, closers, (text) => process.stderr.write(`${text}\n`))
    console.log(reportOf(year, (systemClock.elapsed() - startedMs) / 1000))
    const never = neverStruck(options, year)
    if (never.length > 0) console.log(`\nnever happened, so nothing was tested of it: ${never.join('; ')}`)
    if (failureOf(year) === null && never.length === 0) return
    process.exitCode = 1
    if (failureOf(year) === null) return
    const smaller = await shrink(options, (each) => play(each, closers))
    console.log(`\nthe smallest run found in ${smaller.tries} tries:\n${commandOf(smaller.options)}`)
  })
}

async function play(options: YearOptions, closers: Closers, say?: (text: string) => void): Promise<Year> {
  const folder = await makeShopFolder()
  closers.defer(() => rm(folder, { recursive: true, force: true }))
  try {
    return await runYear(options, { folder, ...(say && { say }) })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
