import { MINUTE } from '../../../shared/time.ts'
import type { UpdateProblem, UpdateState } from '../../../shared/update.ts'
import type { Log } from '../../register/machine/log.ts'
import { type Clock, pause } from '../../register/time/clock.ts'
import type { Updates } from '../../register/updates/updates.ts'
import { type Feed, type Installer, NotVerified } from './installer.ts'
import { nightOf } from './night.ts'
import {
  type Around,
  firstPlan,
  type Plan,
  shownOf,
  step,
  type UpdateEffect,
  type UpdateEvent,
} from './policy.ts'
import type { UpdateRecord } from './record.ts'

const TICK_MS = MINUTE
/** A register that has not started by then hangs, and a newer version may mend it. */
const START_WITHIN_MS = 5 * MINUTE
const WITHIN_MS: Record<UpdateEffect, number> = { find: 2 * MINUTE, fetch: 180 * MINUTE, install: 2 * MINUTE }

export interface UpdatesOptions {
  installer: Installer
  record: UpdateRecord
  clock: Clock
  random: () => number
  log: Log
  /** Null until the register is enrolled. */
  feed: () => Promise<Feed | null>
}

/** Keeps this program current: looks, fetches, and installs at a moment when no work is under way at the till. */
export function createUpdates({ installer, record, clock, random, log, feed }: UpdatesOptions) {
  const isNight = nightOf(random)
  const listeners = new Set<() => void>()
  let plan: Plan = firstPlan(clock.elapsed(), random())
  /** Undefined until it is known whether there is one; null where it could not start. */
  let register: { isFree(): boolean } | null | undefined
  let isStopped = false
  let cancelTick: (() => void) | null = null
  const cancelWait = clock.after(START_WITHIN_MS, () => begin(null))

  const around = (): Around => ({
    elapsedMs: clock.elapsed(),
    random: random(),
    isNight: isNight(clock.now()),
    isFree: register?.isFree() ?? register === null,
    isDown: register === null,
    refusalOf: record.refusalOf,
    wasTried: (version) => record.wasTried(version, clock.now()),
  })

  function tell(event: UpdateEvent): void {
    if (isStopped) return
    const before = JSON.stringify(shownOf(plan))
    const next = step(plan, event, around())
    plan = next.plan
    if (JSON.stringify(shownOf(plan)) !== before) for (const listener of listeners) listener()
    if (next.effect) void perform(next.effect)
  }

  async function perform(effect: UpdateEffect): Promise<void> {
    try {
      tell(await withDeadline(done(effect), effect))
    } catch (error) {
      log.error({ err: error, version: plan.version, effect }, 'the update did not go on')
      tell({ type: 'failed', problem: problemOf(effect, error) })
    }
  }

  /** What hangs must not hang until the register is switched off. */
  async function withDeadline(work: Promise<UpdateEvent>, effect: UpdateEffect): Promise<UpdateEvent> {
    const ended = new AbortController()
    const late = pause(clock, WITHIN_MS[effect], ended.signal).then(() => {
      if (!ended.signal.aborted) throw new Error('that took too long')
    })
    return await (Promise.race([work, late]) as Promise<UpdateEvent>).finally(() => ended.abort())
  }

  async function done(effect: UpdateEffect): Promise<UpdateEvent> {
    switch (effect) {
      case 'find': {
        const from = await feed()
        return { type: 'found', version: from && (await installer.find(from)) }
      }
      case 'fetch':
        await installer.fetch((percent) => tell({ type: 'progress', percent: Math.floor(percent) }))
        return { type: 'fetched' }
      case 'install':
        return await install()
    }
  }

  async function install(): Promise<UpdateEvent> {
    if (plan.version === null) throw new Error('there is no version to install')
    await installer.verify()
    const takeBack = await record.attempting(plan.version, clock.now())
    // A cashier may have begun meanwhile.
    if (!around().isFree) {
      await takeBack()
      return { type: 'fetched' }
    }
    log.info({ version: plan.version }, 'installing a newer version')
    await installer.install()
    return { type: 'failed', problem: 'failed_installs' }
  }

  function tick(): void {
    tell({ type: 'tick' })
    cancelTick = clock.after(TICK_MS, tick)
  }

  /** From now on it is known whether there is a register, and how it is. */
  function begin(started: { isFree(): boolean } | null): void {
    cancelWait()
    register = started
    if (cancelTick === null) tick()
  }

  return {
    state: (): UpdateState => shownOf(plan),
    failures: record.failures,
    askNow() {
      if (!around().isFree) return 'busy'
      tell({ type: 'asked' })
      return null
    },
    subscribe: (listener: () => void) => void listeners.add(listener),
    begin,
    stop(): void {
      isStopped = true
      cancelWait()
      cancelTick?.()
    },
  } satisfies Updates & Record<string, unknown>
}

function problemOf(effect: UpdateEffect, error: unknown): UpdateProblem {
  if (error instanceof NotVerified) return 'not_verified'
  return effect === 'install' ? 'failed_installs' : 'away'
}
