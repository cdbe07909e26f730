import { RegisterGone } from '../rig/running.ts'
import type { Moment } from './effects.ts'
import { watchGaps } from './gaps.ts'
import { openPlayedTill, type World } from './playedTill.ts'
import { hasMoved } from './records.ts'
import type { Scenario } from './scenarios.ts'

/** Where a register dies, and whether its machine loses the power with it. */
export interface Death extends Moment {
  of: 'process' | 'machine'
}

/** Of the last life that was to end by a death. */
interface LastLife {
  effects: readonly string[]
  isDeathReached: boolean
  /** Transactions of the journal with no effect between them, where a death would have been missed. */
  gaps: readonly string[]
}

export interface Ended extends LastLife {
  /** What the journal, the ledger and 1C say in the end, and what they must. */
  found: object
  expected: object
}

/**
 * Plays a scenario in as many lives as there are deaths, and one more in which the register settles
 * everything.
 */
export async function playWithDeaths(
  world: World,
  scenario: Scenario,
  deaths: (Death | null)[],
): Promise<Ended> {
  const { time, cloud } = world
  let death: Death | null = null
  let isDead = false
  let gaps: ReturnType<typeof watchGaps> | null = null
  const till = await openPlayedTill(world, scenario, {
    hear({ effect, moment }) {
      if (moment === 'before') gaps?.look(effect)
      if (isDead || effect !== death?.effect || moment !== death.moment) return undefined
      isDead = true
      till.end(death.of)
      return new Promise<never>(() => {})
    },
  })
  const { card, simulator, exchanged } = till
  let last: LastLife = { effects: [], isDeathReached: false, gaps: [] }

  try {
    for (const [index, next] of deaths.entries()) {
      death = next
      isDead = false
      gaps = next ? null : watchGaps(till.dataFolder)
      await live({ isFirst: index === 0 }).catch(unlessGone)
      last = { effects: till.effects(), isDeathReached: isDead, gaps: gaps?.found ?? [] }
      gaps = null
      if (till.hasLostPower()) await simulator.repeatWord()
      if (scenario.isAwayForLong) await till.until(isTaken, '1C takes what lies there')
    }
    death = null
    await settleEverything()
    return { ...last, ...(await till.records()) }
  } finally {
    await time.waitsFor(till.close())
  }

  async function live({ isFirst }: { isFirst: boolean }): Promise<void> {
    const register = await till.start()
    if (isFirst) {
      const played = { ...till, register }
      await scenario.bring?.(played)
      till.number()
      await scenario.play(played)
    }
    if (scenario.isStopped) return
    await till.settled(register)
    await register.stop()
  }

  async function settleEverything(): Promise<void> {
    const register = await till.start()
    await till.settled(register)
    if (!scenario.isRewritten && !till.hasLostPower()) {
      const isOpen = exchanged().includes('amount.json') && !(await time.waitsFor(hasMoved(cloud, card)))
      const what = isOpen ? 'the sale is shown' : 'no sale is shown'
      await till.until(() => (register.snapshot().sale !== null) === isOpen, what)
    }
    await register.stop()
  }

  function isTaken(): boolean {
    return !exchanged().some((name) => ['discount.txt', 'discount.json'].includes(name))
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof RegisterGone)) throw error
}
