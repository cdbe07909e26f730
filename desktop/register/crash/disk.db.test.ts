import { afterAll, describe, expect, it } from 'vitest'
import { expectHealthy } from '../../../cloud/jobs/testing.ts'
import { type Bite, type DiskEnd, playOnDisk } from './diskPlay.ts'
import { openWorld, type World } from './playedTill.ts'
import { type Scenario, scenarios } from './scenarios.ts'

/** The scenarios share this machine. */
const MINUTES_AT_MOST = 10
const CODES = ['ENOSPC', 'EROFS', 'EIO'] as const

const PLAYED = [
  'an earn, from the start of the register',
  'a refund',
  'a redemption that 1C takes by renaming, from the start of the register',
  'a redemption that 1C never takes',
  'a redemption of the second protocol that 1C confirms',
  'a redemption that the cashier cancels in the middle of the offer',
]

describe.concurrent('a register whose disk is full, read-only or failing from any step on', () => {
  let disks = 0
  let failed = 0
  afterAll(() => {
    console.log(`${failed} of ${disks} disks failed`)
    // Lives differ a little in what they look at and when, so a few disks never begin to fail.
    expect(failed).toBeGreaterThan(disks / 2)
  })

  async function failEverywhere(world: World, scenario: Scenario): Promise<void> {
    const play = (bite: Bite | null) => world.play(() => playOnDisk(world, scenario, bite))
    const { found, expected, effects } = await play(null)
    expect(found).toEqual(expected)
    const bites = bitesAt(effects, PLAYED.indexOf(scenario.name))
    const ends = await Promise.all(bites.map(async (bite) => ({ bite, ...(await play(bite).catch(asEnd)) })))
    expect(ends.map(({ bite, found }) => ({ bite, found }))).toEqual(
      ends.map(({ bite, expected }) => ({ bite, found: expected })),
    )
    const reached = ends.filter(({ isReached }) => isReached)
    expect(reached).not.toEqual([])
    disks += bites.length
    failed += reached.length
  }

  for (const scenario of scenarios.filter(({ name }) => PLAYED.includes(name))) {
    it(
      `says so plainly, once, and goes on by itself when there is room: ${scenario.name}`,
      async () => {
        const world = await openWorld(scenario.name)
        try {
          await world.time.run(failEverywhere(world, scenario))
          await expectHealthy(world.cloud.sql)
        } finally {
          await world.cloud.drop()
        }
      },
      MINUTES_AT_MOST * 60_000,
    )
  }
})

function asEnd(error: Error): DiskEnd {
  return { effects: [], isReached: true, found: { failed: error.stack }, expected: {} }
}

const WRITES = /^(write|rename|remove|make) /
const LOOKS_ENOUGH = 3

/**
 * Between any two effects lies at most one transaction of the journal, so a disk that fails from each effect on meets
 * each of them as its first. What is written by its own name fails in every place; in which way goes on with each effect
 * and each scenario, which have most of their effects in common.
 */
function bitesAt(effects: readonly string[], turn: number): Bite[] {
  const code = (index: number) => CODES[index % CODES.length] ?? 'EIO'
  return effects.flatMap((effect, index): Bite[] => {
    const all = { effect, place: 'both', code: code(index), isOnce: false } as const
    if (!WRITES.test(effect)) return Number(effect.split('#')[1]) <= LOOKS_ENOUGH ? [all] : []
    return [
      { ...all, code: code(index + turn) },
      { ...all, place: 'data' },
      { ...all, place: 'exchange' },
      { ...all, isOnce: true },
    ]
  })
}
