import { diskFailureOf } from '../machine/diskWatch.ts'
import type { Log } from '../machine/log.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Effect } from '../session/state.ts'
import type { SessionStore } from '../session/store.ts'
import type { World } from '../session/world.ts'
import { commit } from './commit.ts'

type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>

export interface EffectsOptions {
  outbox: Outbox
  session: Pick<SessionStore, 'dispatch' | 'dispatchAfter'>
  world: () => World
  lookUps: {
    find: (effect: EffectOf<'find'>) => void
    findVoucher: (effect: EffectOf<'find_voucher'>) => void
  }
  station: { withdraw: (effect: EffectOf<'withdraw'>) => void; clearDiscount: () => void }
  /** The journal has something to send. */
  wake: () => void
  journalChanged: () => void
  log: Log
}

/** Does what the session asks for: of the journal, of the folder of 1C, of the cloud. */
export function createEffects(options: EffectsOptions) {
  const { outbox, session, world, lookUps, station, wake, journalChanged, log } = options

  function performOne(effect: Effect): void {
    switch (effect.type) {
      case 'find':
        lookUps.find(effect)
        break
      case 'find_voucher':
        lookUps.findVoucher(effect)
        break
      case 'commit_earn':
      case 'commit_redeem':
      case 'commit_refund':
      case 'commit_merge':
        performCommit(effect)
        break
      case 'be_patient': {
        const { id, stage, ms } = effect
        // What was undone is open again once the screen does not wait any more, whenever the cloud answers.
        session.dispatchAfter(ms, { type: 'patience_over', id, stage }, journalChanged)
        break
      }
      case 'withdraw':
        station.withdraw(effect)
        wake()
        journalChanged()
        break
      case 'clear_discount':
        station.clearDiscount()
        break
    }
  }

  function performCommit(effect: Parameters<typeof commit>[2]): void {
    try {
      commit(outbox, world(), effect)
    } catch (error) {
      log.error({ err: error }, 'the journal did not take an operation; nothing was done')
      const code = diskFailureOf(error) === null ? 'failed' : 'not_written'
      session.dispatch({ type: 'commit_failed', id: effect.id, code })
      return
    }
    wake()
    session.dispatch({ type: 'committed', id: effect.id })
    journalChanged()
  }

  return {
    /** The session has changed already, so an effect that fails must not stop the effects after it. */
    perform(effect: Effect): void {
      try {
        performOne(effect)
      } catch (error) {
        log.error({ err: error, effect: effect.type }, 'what was to be done about an event failed')
      }
    },
  }
}
