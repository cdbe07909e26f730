import type { Outcome } from '../../shared/operation.ts'
import { isConflict, isHeldUp, isOutage } from '../database/outage.ts'
import { withDeadline } from '../deadline.ts'
import type { Request } from './request.ts'

type Execute = (requests: Request[]) => Promise<Outcome[]>

interface Waiting {
  requests: Request[]
  resolve: (outcomes: Outcome[]) => void
  reject: (error: unknown) => void
}

/** The ledger cannot take more just now; what its sender sends again is executed once at most. */
export class Overloaded extends Error {
  override name = 'Overloaded'
}

const GROUP_LIMIT = 500
const WAITING_LIMIT = 20_000
const CONFLICT_TRIES = 3
/** Longer than any timeout of the database: passed only when the database has gone silent. */
const GROUP_DEADLINE_MS = 20_000
const silent = () => new Overloaded('the database does not answer')

/**
 * Group commit: what arrives while a transaction runs waits here and goes together in the next. A
 * single request is a group of one and an outbox drain is a group of 500; there is no second path.
 */
export function createQueue(execute: Execute) {
  let waiting: Waiting[] = []
  let waitingOperations = 0
  let running: Promise<void> | null = null

  function submit(requests: Request[]): Promise<Outcome[]> {
    if (waitingOperations + requests.length > WAITING_LIMIT)
      return Promise.reject(new Overloaded('the queue is full'))
    return new Promise((resolve, reject) => {
      waiting.push({ requests, resolve, reject })
      waitingOperations += requests.length
      running ??= drain().finally(() => {
        running = null
      })
    })
  }

  async function drain(): Promise<void> {
    // One turn of the loop lets everything that arrived together join the first group.
    await new Promise(setImmediate)
    while (waiting.length > 0) await executeGroup(nextGroup())
  }

  function nextGroup(): Waiting[] {
    let operations = 0
    let count = 0
    for (const { requests } of waiting) {
      if (count > 0 && operations + requests.length > GROUP_LIMIT) break
      operations += requests.length
      count += 1
    }
    const group = waiting.slice(0, count)
    waiting = waiting.slice(count)
    waitingOperations -= operations
    return group
  }

  async function executeGroup(group: Waiting[]): Promise<void> {
    try {
      const outcomes = await tryAgainOnConflict(group.flatMap(({ requests }) => requests))
      // Replies are written after the next group is on its way, so that Postgres does not wait for them.
      setImmediate(() => reply(group, outcomes))
    } catch (error) {
      // What one request meets, a bug or a locked customer, must not fail those that travel with it.
      const concernsAll = error instanceof Overloaded || (isOutage(error) && !isHeldUp(error))
      if (group.length > 1 && !concernsAll) for (const alone of group) await executeGroup([alone])
      else for (const { reject } of group) reject(error)
    }
  }

  function reply(group: Waiting[], outcomes: Outcome[]): void {
    let start = 0
    for (const { requests, resolve } of group) {
      resolve(outcomes.slice(start, start + requests.length))
      start += requests.length
    }
  }

  async function tryAgainOnConflict(requests: Request[]): Promise<Outcome[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        // A group whose fate is unknown: its requests come again, and their ids keep them from doubling.
        return await withDeadline(execute(requests), GROUP_DEADLINE_MS, silent)
      } catch (error) {
        if (attempt === CONFLICT_TRIES || !isConflict(error)) throw error
      }
    }
  }

  return {
    submit,
    /** How many operations wait for their transaction. */
    waiting: () => waitingOperations,
    /** Resolves when nothing waits and nothing runs. */
    async idle(): Promise<void> {
      while (running) await running
    },
  }
}

export type Queue = ReturnType<typeof createQueue>
