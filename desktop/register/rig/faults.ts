import type { Random } from './random.ts'

/** Where something can go wrong, and how often it does where it may: a share of the times that it is asked. */
const injections = {
  'network: the request is lost': 0.01,
  'network: the reply is lost': 0.015,
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
 * moves no other, and each is counted: a point that is never met tests nothing.
 */
export function createFaults(random: Random, possible: readonly Injection[]) {
  const counts = new Map<Injection, number>(possible.map((injection) => [injection, 0]))
  const chances = new Map(possible.map((injection) => [injection, random.fork(injection)]))
  let isOn = new Set<Injection>(possible)
  let isHealed = false

  function strike(injection: Injection): boolean {
    if (!chances.has(injection) || !isOn.has(injection)) return false
    counts.set(injection, (counts.get(injection) ?? 0) + 1)
    return true
  }

  return {
    /** Whether it goes wrong this time. */
    strikes: (injection: Injection): boolean =>
      !isHealed && chances.get(injection)?.chance(injections[injection]) === true && strike(injection),
    /** It goes wrong for sure, where it may at all. */
    strike,
    /** Where and how it goes wrong. */
    random: (injection: Injection): Random => chances.get(injection) ?? random,
    /** Only these may happen for now. */
    beginDay(swarm: readonly Injection[]): void {
      isOn = new Set(swarm)
    },
    heal(is: boolean): void {
      isHealed = is
    },
    counts: (): ReadonlyMap<Injection, number> => counts,
  }
}

/** Swarm: each day has a share of the faults switched on, so that rare ones meet without the frequent ones. */
export function drawSwarm(random: Random): Injection[] {
  const share = random.pick([0.25, 0.5, 0.75, 1])
  return allInjections.filter(() => random.chance(share))
}
