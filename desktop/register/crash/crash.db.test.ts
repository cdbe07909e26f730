import { afterAll, describe, expect, it } from 'vitest'
import { expectHealthy } from '../../../cloud/jobs/testing.ts'
import { DEATHS_A_DEATH } from '../testing/shopFolder.ts'
import { openTestCloud } from '../testing.ts'
import type { KillPoint } from './killable.ts'
import { createPlaces } from './places.ts'
import type { Cloud } from './records.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import { type Ended, playWithDeaths } from './testing.ts'

const TILLS_AT_ONCE = 16
/** The scenarios share this machine, and each waits for the tills of the others. */
const MINUTES_AT_MOST = 10

describe.concurrent('a register that dies at any step and starts again', () => {
  let total = 0
  afterAll(() => console.log(`${total} deaths`))
  const atATill = createPlaces(TILLS_AT_ONCE)

  const play = (cloud: Cloud, scenario: Scenario, death: KillPoint | null) =>
    atATill(() => playWithDeaths(cloud, scenario, [...(scenario.earlier ?? []), death]))

  async function dieEverywhere(cloud: Cloud, scenario: Scenario): Promise<void> {
    const { found, expected, effects, gaps } = await play(cloud, scenario, null)
    expect(found).toEqual(expected)
    // Every transaction of the journal lies between two effects, so that a death comes before and after it.
    expect(gaps).toEqual([])

    const deaths = deathsAt(effects).filter((_, index) => index % DEATHS_A_DEATH === 0)
    const ends = await Promise.all(
      deaths.map(async (death) => ({ death, ...(await play(cloud, scenario, death).catch(asEnd)) })),
    )
    expect(ends.map(({ death, found }) => ({ death, found }))).toEqual(
      ends.map(({ death, expected }) => ({ death, found: expected })),
    )
    // Lives differ a little in what they look at and when, so a few die of nothing.
    const reached = ends.filter(({ isDeathReached }) => isDeathReached)
    expect(reached.length).toBeGreaterThan(deaths.length / 2)
    total += reached.length
    await expectHealthy(cloud.sql)
  }

  for (const scenario of scenarios) {
    it(
      `has the same in its journal, in the ledger and in the receipts of 1C: ${scenario.name}`,
      async () => {
        const cloud = await openTestCloud()
        await dieEverywhere(cloud, scenario).finally(() => cloud.drop())
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

/** A look changes nothing: to die after it is to die before the next effect. And every poll is like another. */
function deathsAt(effects: readonly string[]): KillPoint[] {
  return effects.flatMap((effect): KillPoint[] => {
    if (!LOOKS.test(effect)) return [death('before', effect), death('after', effect)]
    return Number(effect.split('#')[1]) <= LOOKS_ENOUGH ? [death('before', effect)] : []
  })
}

const death = (moment: KillPoint['moment'], effect: string): KillPoint => ({ moment, effect })
