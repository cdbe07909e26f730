import type { Random } from './random.ts'

/** Where something can go wrong, and how often it does where it may: a share of the times that it is asked. */
const injections = {
  'network: the request is lost': 0.01,
  'network: the reply is lost': 0.015,
  'network: never answered': 0.005,
  'network: doubled': 0.012,
  'network: a copy comes late': 0.008,
  'network: slow': 0.01,
  'network: overtaken by what was sent later': 0.01,
  'network: 503 from a busy cloud': 0.005,
  'network: away for a while': 0.004,
  'cloud: ends in the middle, and starts again': 0.002,
  'clock: set forward or back': 0.004,
  'clock: asleep, with time standing still': 0.004,
  'process: killed': 0.02,
  'process: stopped': 0.006,
  'power: lost': 0.012,
  'power: lost within a commit of the journal': 0.004,
  'disk: what was not synced is gone': 1,
  'disk: a write is torn': 0.5,
  'disk: a rename is lost': 0.5,
  'disk: full': 0.001,
  'disk: EIO': 0.0005,
  'disk: the answer comes late': 0.1,
  'disk: EBUSY, another program has the file open': 0.004,
  'disk: EPERM, no right just now': 0.003,
  'disk: a deleted file stays while it is open': 0.5,
  'disk: no file between the two steps of a replacement': 0.3,
  'share: a rename is done, and its answer is lost': 0.002,
} as const
export type Injection = keyof typeof injections

export const allInjections = Object.keys(injections) as Injection[]

export type Faults = ReturnType<typeof createFaults>

/**
 * The one door through which anything goes wrong. Each point has a chance of its own, so that switching one off
 * moves no other, and each is counted: a point that is never met tests nothing. A short run has them so many `times`
 * as often.
 */
export function createFaults(random: Random, possible: readonly Injection[], { times = 1 } = {}) {
  const points = new Map(possible.map((injection) => [injection, createPoint(injection)]))
  let isHealed = false

  function createPoint(injection: Injection) {
    const chance = random.fork(injection)
    const share = Math.min(1, times * injections[injection])
    return { chance, share, isOn: true, count: 0, leftUntilNext: gapOf(chance, share) }
  }

  function strike(injection: Injection): boolean {
    const point = points.get(injection)
    if (!point?.isOn) return false
    point.count += 1
    return true
  }

  return {
    /** Whether it goes wrong this time. */
    strikes(injection: Injection): boolean {
      const point = points.get(injection)
      if (!point || isHealed) return false
      if (point.leftUntilNext > 0) {
        point.leftUntilNext -= 1
        return false
      }
      point.leftUntilNext = gapOf(point.chance, point.share)
      return strike(injection)
    },
    /** The fault strikes for sure, where it may at all. */
    strike,
    /** Where and how it goes wrong. */
    random: (injection: Injection): Random => points.get(injection)?.chance ?? random,
    /** Only these may happen for now. */
    beginDay(swarm: readonly Injection[]): void {
      for (const [injection, point] of points) point.isOn = swarm.includes(injection)
    },
    heal(is: boolean): void {
      isHealed = is
    },
    counts: (): ReadonlyMap<Injection, number> =>
      new Map([...points].map(([injection, { count }]) => [injection, count])),
  }
}

/** How often all goes well before it goes wrong: one draw for all of those times. */
function gapOf(chance: Random, share: number): number {
  return share >= 1 ? 0 : Math.floor(Math.log(1 - chance.next()) / Math.log(1 - share))
}

/** Swarm: each day has a share of the faults switched on, so that rare ones meet without the frequent ones. */
export function drawSwarm(random: Random): Injection[] {
  const share = random.pick([0.25, 0.5, 0.75, 1])
  return allInjections.filter(() => random.chance(share))
}
