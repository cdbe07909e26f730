import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { understood } from '../../build/command/commandLine.ts'
import { type Closers, closeAfter } from '../../build/command/interrupt.ts'
import { systemClock } from '../../desktop/register/time/clock.ts'
import { addUp, type ManyOptions, type Played, playMany } from './many.ts'
import { commandOf, readVirtualOptions, usage } from './options.ts'
import { play } from './play.ts'
import { neverStruck, reportOf } from './report.ts'
import { failureOf, shrink } from './shrink.ts'

/** Many days of sales in virtual time; a run that fails is made smaller, and said as a command. */
export async function simulateVirtually(args: string[]): Promise<void> {
  const newSeed = () => String(randomInt(1_000_000_000))
  const options = understood(usage, () =>
    readVirtualOptions(args, { newSeed, processes: availableParallelism() }),
  )
  await closeAfter(async (closers) => {
    const startedMs = systemClock.elapsed()
    const played = await playAll(options, closers)
    const all = addUp(played)
    console.log(reportOf(all, (systemClock.elapsed() - startedMs) / 1000))
    const never = neverStruck(options.year, all)
    if (never.length > 0) console.log(`\nnever happened, so nothing was tested of it: ${never.join('; ')}`)
    const failed = played.find(({ year }) => failureOf(year) !== null)
    if (!failed && never.length === 0) return
    process.exitCode = 1
    if (!failed) return
    console.log(`\nthis does not hold, and is being made smaller:\n${commandOf(failed.options)}`)
    const smaller = await shrink(failed, (each) => play(each, { closers }))
    console.log(`\nthe smallest run found in ${smaller.tries} tries:\n${commandOf(smaller.options)}`)
  })
}

/** A single run is played here, and says how far it is. */
async function playAll(options: ManyOptions, closers: Closers): Promise<Played[]> {
  const say = (text: string) => process.stderr.write(`${text}\n`)
  console.log(commandOf(options.year, options.seeds))
  if (options.seeds === 1)
    return [{ options: options.year, year: await play(options.year, { closers, say }) }]
  let count = 0
  return await playMany(options, {
    closers,
    onPlayed({ options: { seed }, year }) {
      count += 1
      const failure = failureOf(year)
      say(
        `${count} of ${options.seeds}: seed ${seed}, ${year.sales} sales, log ${year.hash}${failure ? `: ${failure}: NOT SO` : ''}`,
      )
    },
  })
}
