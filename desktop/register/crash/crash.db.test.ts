import { afterAll, describe, expect, it } from 'vitest'
import { expectHealthy } from '../../../cloud/jobs/testing.ts'
import { type Death, type Ended, playWithDeaths } from './deathPlay.ts'
import { openWorld, type World } from './playedTill.ts'
import { type Scenario, scenarios } from './scenarios.ts'

/** The scenarios share this machine. */
const MINUTES_AT_MOST = 10

describe.concurrent('a register that dies at any step and starts again', () => {
  let total = 0
  afterAll(() => console.log(`${total} deaths`))

  async function dieEverywhere(world: World, scenario: Scenario): Promise<void> {
    const play = (death: Death | null) =>
      world.play(() => playWithDeaths(world, scenario, [...(scenario.earlier ?? []), death]))
    const { found, expected, effects, gaps } = await play(null)
    expect(found).toEqual(expected)
    // Every transaction of the journal lies between two effects, so that a death comes before and after it.
    expect(gaps).toEqual([])

    const deaths = deathsAt(effects)
    const ends = await Promise.all(
      deaths.map(async (death) => ({ death, ...(await play(death).catch(asEnd)) })),
    )
    expect(ends.map(({ death, found }) => ({ death, found }))).toEqual(
      ends.map(({ death, expected }) => ({ death, found: expected })),
    )
    // Lives differ a little in what they look at and when, so a few die of nothing.
    const reached = ends.filter(({ isDeathReached }) => isDeathReached)
    expect(reached.length).toBeGreaterThan(deaths.length / 2)
    total += reached.length
  }

  for (const scenario of scenarios) {
    it(
      `has the same in its journal, in the ledger and in the receipts of 1C: ${scenario.name}`,
      async () => {
        const world = await openWorld(scenario.name)
        try {
          await world.time.run(dieEverywhere(world, scenario))
          await expectHealthy(world.cloud.sql)
        } finally {
          await world.cloud.drop()
        }
      },
      MINUTES_AT_MOST * 60_000,
    )
  }
})

function asEnd(error: Error): Ended {
  return { effects: [], isDeathReached: true, gaps: [], found: { failed: error.stack }, expected: {} }
}

const LOOKS = /^(stat|read|list|fetch \/v1\/(register|customers|customers\/changes)) /
const LOOKS_ENOUGH = 4

/**
 * A look changes nothing: to die after it is to die before the next effect. And every poll is like another. With the power
 * goes what was not synced since the effect before, be it a file or a transaction.
 */
function deathsAt(effects: readonly string[]): Death[] {
  return effects.flatMap((effect): Death[] => {
    const before: Death = { effect, moment: 'before', of: 'process' }
    if (LOOKS.test(effect)) return Number(effect.split('#')[1]) <= LOOKS_ENOUGH ? [before] : []
    return [before, { ...before, moment: 'after' }, { ...before, of: 'machine' }]
  })
}
