import type { Accepted, Operation, Outcome } from '../../../shared/operation.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { CloudClient } from './client.ts'
import type { CustomerCopy } from './customerCopy.ts'
import type { Queue } from './queue.ts'
import type { Failed } from './reply.ts'

/** One piece of work of the line. `narrowed`: nothing is done yet, but the next try is a smaller one. */
export type Step = 'idle' | 'done' | 'narrowed' | Failed

export interface DrainOptions {
  queue: Queue
  client: Pick<CloudClient, 'operations'>
  copy: Pick<CustomerCopy, 'remember'>
  clock: Clock
  log: Log
  offsetMs: () => number | null
  signal: AbortSignal
}

const BATCH_LIMIT = 200
/** Says something of the address or the sender, and nothing of the operations. */
const NOT_THE_OPERATIONS = [401, 403, 404, 429]

/** Sends what waits longest, one batch a call. Only what the cloud has answered leaves the queue. */
export function createDrain({ queue, client, copy, clock, log, offsetMs, signal }: DrainOptions) {
  /** Among so many operations at the head is one that the cloud will not take; 0 when there is none. */
  let suspects = 0
  let rejectedInARow = 0
  let hasToldOfGaps = false

  return async function drain(): Promise<Step> {
    const batch = queue.next(suspects > 0 ? Math.ceil(suspects / 2) : BATCH_LIMIT)
    if (batch.length === 0) return 'idle'
    const sentAt = clock.now()
    const reply = await client.operations(batch, signal)
    if (!reply.ok) return isAboutOperations(reply) ? narrow(batch, reply) : reply

    const outcomes = outcomesOf(batch, reply.value.outcomes)
    if (outcomes.length === 0) {
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
    suspects = Math.max(0, suspects - outcomes.length)
    rejectedInARow = 0
    remember(outcomes, sentAt)
    return 'done'
  }

  /** Once, until the cloud answers a whole batch again: what it left out goes with every one in between. */
  function tellOfGaps(sent: number, answered: number): void {
    if (answered < sent && !hasToldOfGaps)
      log.warn({ sent, answered }, 'the cloud left operations unanswered')
    hasToldOfGaps = answered < sent
  }

  /** Halves the batch until one operation is left; that one steps aside, so that the line goes on. */
  function narrow(batch: Operation[], failed: Failed): Step {
    suspects = batch.length
    const [only] = batch
    if (batch.length > 1 || !only) return 'narrowed'
    // A proxy that finds a single operation too large has some other trouble.
    if (failed.failure !== 'refused') return failed
    suspects = 0
    rejectedInARow += 1
    const message = failed.message ?? 'refused'
    log.error({ id: only.id, kind: only.kind, message }, 'the cloud does not take an operation')
    queue.reject(only.id, message)
    // A cloud that takes none at all is no reason to hurry through the whole queue.
    return rejectedInARow > 1 ? failed : 'narrowed'
  }

  /** The time of sending is the latest that surely lies before what the next page of the feed shows. */
  function remember(outcomes: Outcome[], sentAt: number): void {
    const offset = offsetMs()
    if (offset === null) return
    // A replayed outcome shows the customer as they were then.
    const fresh = outcomes.filter(
      (outcome): outcome is Accepted => outcome.status === 'accepted' && !outcome.replay,
    )
    for (const { customer } of fresh) copy.remember(customer, sentAt + offset)
  }
}

function isAboutOperations({ failure, status = 0 }: Failed): boolean {
  return status === 413 || (failure === 'refused' && !NOT_THE_OPERATIONS.includes(status))
}

/** The outcomes of what was sent, each once, in the order of sending. */
function outcomesOf(batch: Operation[], outcomes: Outcome[]): Outcome[] {
  const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome]))
  return batch.flatMap(({ id }) => byId.get(id) ?? [])
}
