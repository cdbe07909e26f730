import type { HeardOutcome } from '../../../shared/operation.ts'
import type { Log } from '../machine/log.ts'
import type { Outbox, SettledOperation } from '../outbox/outbox.ts'
import type { SessionStore } from '../session/store.ts'
import type { Queue } from '../sync/queue.ts'

export interface AnsweredQueueOptions {
  outbox: Pick<Outbox, 'next' | 'settle' | 'depth'>
  session: Pick<SessionStore, 'dispatch'>
  station: { offer: (redeemId: string) => void }
  journalChanged: () => void
  log: Log
}

/** The outbox as the line to the cloud uses it: takes the answers of the ledger to the journal, the folder and the screen. */
export function createAnsweredQueue(options: AnsweredQueueOptions): Queue {
  const { outbox, session, station, journalChanged, log } = options

  function settle(outcomes: HeardOutcome[]): void {
    for (const settled of outbox.settle(outcomes)) {
      const { id, kind, reference, state, outcome } = settled
      if (kind === 'redeem' && state === 'accepted') station.offer(id)
      session.dispatch({ type: 'outcome', id, outcome })
      if (kind === 'apply' && reference) session.dispatch({ type: 'applied', redeemId: reference, outcome })
      logOutcome(settled)
    }
    journalChanged()
  }

  function logOutcome({ id, kind, state, outcome }: SettledOperation): void {
    if (outcome.status === 'refused') {
      const { code, message, details } = outcome
      log.warn({ id, kind, state, code, details }, message)
    } else {
      const { earned, spent, replay } = outcome
      log.info({ id, kind, earned, spent, replay }, 'the ledger accepted an operation')
    }
  }

  return {
    next: outbox.next,
    settle,
    reject: (id, why) => settle([{ id, kind: null, status: 'refused', replay: false, details: {}, ...why }]),
    depth: outbox.depth,
  }
}
