import { afterAll, describe, expect, it } from 'vitest'
import { expectHealthy } from '../../../cloud/jobs/testing.ts'
import { openTestCloud } from '../testing.ts'
import { pause, systemClock } from '../time/clock.ts'
import { type Bite, type DiskEnd, playOnDisk } from './diskPlay.ts'
import { createPlaces } from './places.ts'
import type { Cloud } from './records.ts'
import { type Scenario, scenarios } from './scenarios.ts'

const TILLS_AT_ONCE = 16
/** The scenarios share this machine, and each waits for the tills of the others. */
const MINUTES_AT_MOST = 10
const PATIENCE_MS = 120_000
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
  const atATill = createPlaces(TILLS_AT_ONCE)
  const play = (cloud: Cloud, scenario: Scenario, bite: Bite | null) =>
    atATill(() => Promise.race([playOnDisk(cloud, scenario, bite), hung()]))

  async function failEverywhere(cloud: Cloud, scenario: Scenario): Promise<void> {
    const { found, expected, effects } = await play(cloud, scenario, null)
    expect(found).toEqual(expected)
    const bites = bitesAt(effects, PLAYED.indexOf(scenario.name))
    const ends = await Promise.all(
      bites.map(async (bite) => ({ bite, ...(await play(cloud, scenario, bite).catch(asEnd)) })),
    )
    expect(ends.map(({ bite, found }) => ({ bite, found }))).toEqual(
      ends.map(({ bite, expected }) => ({ bite, found: expected })),
    )
    const reached = ends.filter(({ isReached }) => isReached)
    expect(reached).not.toEqual([])
    disks += bites.length
    failed += reached.length
    await expectHealthy(cloud.sql)
  }

  for (const scenario of scenarios.filter(({ name }) => PLAYED.includes(name))) {
    it(
      `says so plainly, once, and goes on by itself when there is room: ${scenario.name}`,
      async () => {
        const cloud = await openTestCloud()
        await failEverywhere(cloud, scenario).finally(() => cloud.drop())
      },
      MINUTES_AT_MOST * 60_000,
    )
  }
})

/** A till that waits for ever says nothing of which disk it was. */
async function hung(): Promise<never> {
  await pause(systemClock, PATIENCE_MS)
  throw new Error('this till never comes to an end')
}

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
