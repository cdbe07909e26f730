import type { CommandRefusal } from '../../../shared/bridge.ts'
import type { Clock } from '../time/clock.ts'
import { type Effect, type Event, emptySession, resetAfterMs, type Session } from './state.ts'
import { step } from './step.ts'
import type { World } from './world.ts'

export type SessionStore = ReturnType<typeof createSessionStore>

/** Keeps the session and its timers, and hands out what is to be done about an event. */
export function createSessionStore({
  clock,
  world,
  perform,
  onChange,
}: {
  clock: Clock
  world: () => World
  perform: (effect: Effect) => void
  onChange: () => void
}) {
  let session: Session = emptySession
  let saleSinceMs = clock.elapsed()
  let cancelReset = () => {}
  const waiting = new Set<() => void>()

  function dispatch(event: Event): CommandRefusal | null {
    const before = session
    const next = step(session, event, world())
    if ('refused' in next) return next.refused
    session = next.session
    if (session.sale?.id !== before.sale?.id) saleSinceMs = clock.elapsed()
    if (session.turn !== before.turn) scheduleReset()
    for (const effect of next.effects) perform(effect)
    if (session !== before) onChange()
    return null
  }

  function scheduleReset(): void {
    cancelReset()
    const { turn } = session
    const ms = resetAfterMs(session)
    cancelReset = ms === null ? () => {} : clock.after(ms, () => dispatch({ type: 'reset', turn }))
  }

  /** Cancelled with the session: a register that has stopped waits for no answer. */
  function dispatchAfter(ms: number, event: Event, then: () => void): void {
    const cancel = clock.after(ms, () => {
      waiting.delete(cancel)
      dispatch(event)
      then()
    })
    waiting.add(cancel)
  }

  return {
    get: () => session,
    /** The cashier waits at the screen for the outcome of this operation. */
    isAttended: (id: string) =>
      (session.act?.type === 'processing' && session.act.operationId === id) ||
      (session.merging?.state === 'asked' && session.merging.id === id),
    /** Since when 1C or the cashier last changed the sale. */
    saleAgeMs: () => clock.elapsed() - saleSinceMs,
    dispatch,
    dispatchAfter,
    stop(): void {
      cancelReset()
      for (const cancel of waiting) cancel()
    },
  }
}
