import type { HeardAcceptance, HeardOutcome, Operation } from '../../../shared/operation.ts'
import type { Log } from '../machine/log.ts'
import type { Clock } from '../time/clock.ts'
import type { CloudTime } from '../time/cloudTime.ts'
import { createAside } from './aside.ts'
import type { CloudClient } from './client.ts'
import type { CustomerCopy } from './customerCopy.ts'
import type { Queue } from './queue.ts'
import type { Failed } from './reply.ts'

/** The result of a turn of the line. `narrowed`: nothing is done yet, but the next turn tries fewer operations. */
export type TurnResult = 'idle' | 'done' | 'narrowed' | Failed

export interface DrainOptions {
  queue: Queue
  client: Pick<CloudClient, 'operations'>
  copy: Pick<CustomerCopy, 'remember'>
  clock: Clock
  time: Pick<CloudTime, 'now'>
  log: Log
  signal: AbortSignal
}

const BATCH_LIMIT = 200
/** Statuses that are about the address or the sender, and not about the operations. */
const NOT_THE_OPERATIONS = [401, 403, 404, 429]

/** Neither a yes nor a no of the ledger: it may have done the operation, and may do it yet. */
const UNREADABLE = {
  code: 'unreadable',
  message: 'Only a newer version of this program can read the answer.',
}

/**
 * Sends the operations that wait longest, one batch a call. Only an operation that the cloud has answered leaves the
 * queue.
 */
export function createDrain({ queue, client, copy, clock, time, log, signal }: DrainOptions) {
  const aside = createAside(clock)
  /** One of so many operations at the head is one that the cloud will not take; 0 when there is none. */
  let suspects = 0
  let stuckInARow = 0
  let hasToldOfGaps = false

  async function drain(): Promise<TurnResult> {
    const again = aside.due()
    const batch = again
      ? [again]
      : queue.next(suspects > 0 ? Math.ceil(suspects / 2) : BATCH_LIMIT, aside.ids())
    if (batch.length === 0) return 'idle'
    const sentAt = time.now()
    const reply = await client.operations(batch, signal)
    if (!reply.ok) return isAboutOperations(reply) ? narrow(batch, reply) : reply

    const { unreadIds } = reply.value
    const outcomes = outcomesOf(batch, reply.value.outcomes)
    const unreadable = batch.filter(({ id }) => unreadIds.includes(id))
    for (const operation of unreadable) setAside(operation, UNREADABLE)
    if (outcomes.length === 0) {
      if (unreadable.length > 0) return 'narrowed'
      const message = 'the cloud answered none of the operations'
      const answer: Failed = { ok: false, failure: 'broken', message }
      // An outcome without an id is of an operation whose id the cloud could not read.
      const refused = reply.value.outcomes.find((outcome) => outcome.id === null)
      return refused?.status === 'refused'
        ? narrow(batch, { ...answer, failure: 'refused', message: refused.message })
        : answer
    }
    tellOfGaps(batch.length, outcomes.length)
    queue.settle(outcomes)
    aside.answered(outcomes.flatMap(({ id }) => id ?? []))
    suspects = Math.max(0, suspects - outcomes.length)
    stuckInARow = 0
    remember(outcomes, sentAt)
    return 'done'
  }

  /** Logs unanswered operations once, until the cloud answers a whole batch again: they are sent again with every batch. */
  function tellOfGaps(sent: number, answered: number): void {
    if (answered < sent && !hasToldOfGaps)
      log.warn({ sent, answered }, 'the cloud left operations unanswered')
    hasToldOfGaps = answered < sent
  }

  /** Halves the batch until one operation is left; that one steps aside, so that the line goes on. */
  function narrow(batch: Operation[], failed: Failed): TurnResult {
    suspects = batch.length
    const [only] = batch
    if (batch.length > 1 || !only) return 'narrowed'
    const message = failed.message ?? failed.failure
    if (failed.failure === 'internal') return fault(only, failed, message)
    // A proxy that finds a single operation too large has some other trouble.
    if (failed.failure !== 'refused') return failed
    suspects = 0
    stuckInARow += 1
    park(only, { code: 'malformed', message })
    // A cloud that takes none at all is no reason to hurry through the whole queue.
    return stuckInARow > 1 ? failed : 'narrowed'
  }

  /** A cloud that fails at one after the other is asked for one at a time, at the pace of a line that is down. */
  function fault(only: Operation, failed: Failed, message: string): TurnResult {
    const isNew = !aside.ids().has(only.id)
    suspects = 0
    if (isNew) {
      stuckInARow += 1
      if (stuckInARow > 1) suspects = 1
      if (aside.isFull()) return failed
    }
    setAside(only, { code: 'internal', message })
    return isNew && stuckInARow > 1 ? failed : 'narrowed'
  }

  function setAside(operation: Operation, why: { code: string; message: string }): void {
    const { id, kind } = operation
    const isNew = !aside.ids().has(id)
    if (aside.meet(operation) === 'lost') {
      park(operation, why)
      aside.leave(id)
    } else if (isNew)
      log.warn({ id, kind, ...why }, 'an operation waits beside the line: the cloud fails at it')
  }

  function park({ id, kind }: Operation, why: { code: string; message: string }): void {
    log.error({ id, kind, ...why }, 'the cloud does not take an operation')
    queue.reject(id, why)
  }

  /** Writes the customers of outcomes into the copy, as of the time of sending: the next page of the feed is surely newer. */
  function remember(outcomes: HeardOutcome[], sentAt: number | null): void {
    if (sentAt === null) return
    // A replayed outcome shows the customer as of its first answer.
    const fresh = outcomes.filter(
      (outcome): outcome is HeardAcceptance => outcome.status === 'accepted' && !outcome.replay,
    )
    for (const { customer } of fresh) copy.remember(customer, sentAt)
  }

  return {
    drain,
    /** How long until an operation that is aside is tried again. */
    nextInMs: aside.nextInMs,
  }
}

function isAboutOperations({ failure, status = 0 }: Failed): boolean {
  return (
    status === 413 ||
    failure === 'internal' ||
    (failure === 'refused' && !NOT_THE_OPERATIONS.includes(status))
  )
}

/** The outcomes of what was sent, each once, in the order of sending. */
function outcomesOf(batch: Operation[], outcomes: HeardOutcome[]): HeardOutcome[] {
  const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome]))
  return batch.flatMap(({ id }) => byId.get(id) ?? [])
}
