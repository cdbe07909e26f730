import { expect, it } from 'vitest'
import { type Closers, closeAfter } from '../../build/command/interrupt.ts'
import { allInjections } from '../../desktop/register/rig/faults.ts'
import { addUp, type Played, playMany } from './many.ts'
import { commandOf } from './options.ts'
import { play } from './play.ts'
import { neverStruck } from './report.ts'
import { failureOf } from './shrink.ts'
import type { YearOptions } from './year.ts'

const usual: YearOptions = {
  ...{ isSwarm: true, registers: 10, customers: 500, salesADay: 50, faults: allInjections },
  ...{ seed: '1', sales: 100 },
}

it('plays the same seed as the same run, to the byte of its log, and another seed as another', async () => {
  const options = { ...usual, registers: 3, sales: 150, salesADay: 25 }
  const [first, again, other] = [
    await play({ ...options, seed: '7' }),
    await play({ ...options, seed: '7' }),
    await play({ ...options, seed: '8' }),
  ]
  expect(again.hash).toBe(first.hash)
  expect(again.events).toBe(first.events)
  expect(other.hash).not.toBe(first.hash)
})

// Half a minute of work for two cores, and many times as long where others have them.
const patience = { timeout: 900_000 }
it(
  'holds for 20,000 sales with every fault there is: seeds that are always the same, and a new one',
  patience,
  async () => {
    const played = await closeAfter(async (closers) => [
      ...(await playSeeds('c', { sales: 4000, seeds: 4, closers })),
      ...(await playSeeds(String(Date.now() % 1_000_000_000), { sales: 2000, seeds: 2, closers })),
    ])
    const failed = played.flatMap(({ options, year }) => {
      const failure = failureOf(year)
      return failure ? [{ failure, command: commandOf(options) }] : []
    })
    expect(failed).toEqual([])
    const all = addUp(played)
    expect(all.sales).toBe(20_000)
    expect(neverStruck(usual, all)).toEqual([])
  },
)

async function playSeeds(
  seed: string,
  { sales, seeds, closers }: { sales: number; seeds: number; closers: Closers },
): Promise<Played[]> {
  return await playMany(
    { year: { ...usual, seed, sales }, seeds, processes: 2 },
    { closers, onPlayed: ({ options, year }) => console.log(`${commandOf(options)}: log ${year.hash}`) },
  )
}
