import { MINUTE } from '../../../shared/time.ts'
import type { UpdateProblem, UpdateState } from '../../../shared/update.ts'

/** Where the updater is. Times are milliseconds that only ever grow. */
export interface Plan {
  work: 'idle' | 'finding' | 'fetching' | 'installing'
  version: string | null
  /** The cloud named this version and it lies here whole: when that was last known. */
  readyAtMs: number | null
  percent: number | null
  problem: UpdateProblem | null
  nextLookMs: number
  /** After a failure nothing is begun before this, unless IT asks. */
  pausedUntilMs: number
  /** IT said "now". */
  askedAtMs: number | null
}

export type UpdateEvent =
  | { type: 'tick' }
  | { type: 'asked' }
  | { type: 'found'; version: string | null }
  | { type: 'progress'; percent: number }
  | { type: 'fetched' }
  | { type: 'failed'; problem: UpdateProblem }

/** What is so at this moment. */
export interface Around {
  elapsedMs: number
  /** From 0 up to 1. */
  random: number
  /** In the hours in which a register may go without asking. */
  isNight: boolean
  /** No sale, no open step of a redemption, nothing being written. */
  isFree: boolean
  /** The register could not start: the till is out of work anyway, and a newer version may mend it. */
  isDown: boolean
  /** Why this version is not wanted here any more. */
  refusalOf: (version: string) => UpdateProblem | null
  /** Its installer was started not long ago, and here we are again. */
  wasTried: (version: string) => boolean
}

export type UpdateEffect = 'find' | 'fetch' | 'install'
export type UpdateStep = { plan: Plan; effect: UpdateEffect | null }

const LOOK_EVERY_MS = 60 * MINUTE
const PAUSE_MS = 10 * MINUTE
/** What cannot be verified will hardly be better in an hour, and each attempt is a whole download. */
const UNVERIFIED_PAUSE_MS = 6 * 60 * MINUTE
/** A release may have been pulled: what was confirmed longer ago is asked for again before it is installed. */
const FRESH_MS = 5 * MINUTE
/** After that, the request of IT is forgotten: a till that turns quiet only then must not restart by surprise. */
const ASKED_FOR_MS = 30 * MINUTE
/** The registers of a chain are switched on at the same moment. */
const FIRST_LOOK_WITHIN_MS = 2 * MINUTE

export function firstPlan(elapsedMs: number, random: number): Plan {
  return {
    work: 'idle',
    version: null,
    readyAtMs: null,
    percent: null,
    problem: null,
    nextLookMs: elapsedMs + random * FIRST_LOOK_WITHIN_MS,
    pausedUntilMs: elapsedMs,
    askedAtMs: null,
  }
}

export function step(plan: Plan, event: UpdateEvent, around: Around): UpdateStep {
  switch (event.type) {
    case 'tick':
      return goOn(plan, around)
    case 'asked':
      return goOn(
        {
          ...plan,
          askedAtMs: around.elapsedMs,
          pausedUntilMs: around.elapsedMs,
          nextLookMs: around.elapsedMs,
        },
        around,
      )
    case 'found':
      return found(plan, event.version, around)
    case 'progress':
      return stay({ ...plan, percent: event.percent })
    case 'fetched':
      return goOn(
        { ...settled(plan, around), readyAtMs: around.elapsedMs, percent: null, problem: null },
        around,
      )
    case 'failed':
      return stay(failed(plan, event.problem, around))
  }
}

const stay = (plan: Plan): UpdateStep => ({ plan, effect: null })

function goOn(plan: Plan, around: Around): UpdateStep {
  const { elapsedMs, isFree } = around
  if (plan.work !== 'idle' || elapsedMs < plan.pausedUntilMs) return stay(plan)
  if (plan.version !== null && plan.readyAtMs !== null && isFree && isWanted(plan, plan.version, around)) {
    const isFresh = elapsedMs - plan.readyAtMs <= FRESH_MS
    return isFresh ? begin(plan, 'installing', 'install') : begin(plan, 'finding', 'find')
  }
  return elapsedMs >= plan.nextLookMs ? begin(plan, 'finding', 'find') : stay(plan)
}

const begin = (plan: Plan, work: Plan['work'], effect: UpdateEffect): UpdateStep => ({
  plan: { ...plan, work },
  effect,
})

function isWanted({ askedAtMs }: Plan, version: string, around: Around): boolean {
  if (askedAtMs !== null && around.elapsedMs - askedAtMs <= ASKED_FOR_MS) return true
  return (around.isNight || around.isDown) && !around.wasTried(version)
}

function found(plan: Plan, version: string | null, around: Around): UpdateStep {
  const refusal = version === null ? null : around.refusalOf(version)
  if (version === null || refusal !== null) {
    const nothing = { readyAtMs: null, percent: null, askedAtMs: null }
    return stay({ ...settled(plan, around), ...nothing, version, problem: refusal })
  }
  // The same one as before is only looked at again: it stays ready meanwhile.
  const isSame = version === plan.version
  const next = isSame ? plan : { ...plan, version, readyAtMs: null, problem: null }
  return begin({ ...next, percent: 0 }, 'fetching', 'fetch')
}

/** Nothing is being done, and the next look has its time. */
function settled(plan: Plan, { elapsedMs, random }: Around): Plan {
  return { ...plan, work: 'idle', nextLookMs: elapsedMs + LOOK_EVERY_MS * (0.75 + 0.5 * random) }
}

function failed(plan: Plan, problem: UpdateProblem, { elapsedMs, random }: Around): Plan {
  const pauseMs = problem === 'not_verified' ? UNVERIFIED_PAUSE_MS : PAUSE_MS
  const againMs = elapsedMs + pauseMs * (1 + random)
  return {
    ...plan,
    work: 'idle',
    // A cloud that is away takes nothing back that it said before.
    readyAtMs: plan.work === 'finding' ? plan.readyAtMs : null,
    percent: null,
    problem,
    nextLookMs: againMs,
    pausedUntilMs: againMs,
    askedAtMs: null,
  }
}

export function shownOf({ work, version, readyAtMs, percent, problem }: Plan): UpdateState {
  if (work === 'installing') return { state: 'installing', version, percent: null, problem: null }
  if (readyAtMs !== null) return { state: 'ready', version, percent: null, problem }
  if (work === 'fetching') return { state: 'downloading', version, percent, problem: null }
  if (work === 'finding') return { state: 'checking', version: null, percent: null, problem: null }
  return { state: problem === null ? 'none' : 'failed', version, percent: null, problem }
}
