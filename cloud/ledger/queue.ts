import type { Outcome } from '../../shared/operation.ts'
import { isConflict, isHeldUp, isOutage } from '../database/outage.ts'
import { withDeadline } from '../deadline.ts'
import type { Author } from './account.ts'
import { KeysEnded } from './endedKeys.ts'
import { createLines } from './lines.ts'
import type { Request } from './request.ts'
import { authorName } from './rows.ts'

type Execute = (requests: Request[]) => Promise<Outcome[]>
/** Those whose customers somebody else holds just now. */
type FindHeld = (requests: Request[]) => Promise<Request[]>

/** The operations that were submitted together, and are answered together. */
interface Batch {
  /** In the order of the operations, as far as they are executed. */
  outcomes: Outcome[]
  /** How many are neither executed nor given up. */
  open: number
  /** Why one of them could not be executed. */
  problem: Error | null
  resolve: (outcomes: Outcome[]) => void
  reject: (error: unknown) => void
}

interface Waiting {
  request: Request
  batch: Batch
}

/** The ledger cannot take more just now; what its sender sends again is executed once at most. */
export class Overloaded extends Error {
  override name = 'Overloaded'
}

const CONFLICT_TRIES = 3
/** Longer than any timeout of the database: passed only when the database has gone silent. */
const GROUP_DEADLINE_MS = 20_000
/** For so long after a customer was found held, groups are looked through for customers who are held. */
const WATCHED_FOR_MS = 5_000
const silent = () => new Overloaded('the database does not answer')

/** The ledger waits for who is held only once, and not again for each operation about them. */
class HeldElsewhere extends Overloaded {
  constructor() {
    super('another session holds this customer')
  }
}

/**
 * Group commit: what arrives while a transaction runs waits here and goes together in the next. A
 * single request is a group of one and an outbox drain is a group of 500; there is no second path.
 */
export function createQueue(execute: Execute, findHeld: FindHeld = async () => []) {
  const lines = createLines<Waiting>()
  let watchedUntil = Number.NEGATIVE_INFINITY
  let running: Promise<void> | null = null

  /** The operations of one author. They are executed in their order, and answered when all of them are. */
  function submit(requests: Request[]): Promise<Outcome[]> {
    const [first] = requests
    if (!first) return Promise.resolve([])
    const line = lineOf(first.author)
    const obstacle = lines.obstacle(line, requests.length)
    if (obstacle) return Promise.reject(new Overloaded(obstacle))
    return new Promise((resolve, reject) => {
      const batch: Batch = { outcomes: [], open: requests.length, problem: null, resolve, reject }
      lines.add(
        line,
        requests.map((request) => ({ request, batch })),
      )
      running ??= drain().finally(() => {
        running = null
      })
    })
  }

  async function drain(): Promise<void> {
    // One turn of the loop lets everything that arrived together join the first group.
    await new Promise(setImmediate)
    while (!lines.areEmpty()) {
      const group = lines.next()
      // An outage that concerns everybody: what follows in these batches may not overtake what failed.
      await executeFree(group).catch((error) => giveUp(group, error))
    }
  }

  async function executeFree(group: Waiting[]): Promise<void> {
    await executeGroup(performance.now() < watchedUntil ? await sortOut(group) : group)
  }

  /** Gives up what is about customers who are held, and returns the others. */
  async function sortOut(group: Waiting[]): Promise<Waiting[]> {
    const held = new Set(
      await withDeadline(findHeld(group.map(({ request }) => request)), GROUP_DEADLINE_MS, silent),
    )
    if (held.size === 0) return group
    watchedUntil = performance.now() + WATCHED_FOR_MS
    giveUp(
      group.filter(({ request }) => held.has(request)),
      new HeldElsewhere(),
    )
    return group.filter(({ batch }) => batch.open > 0)
  }

  /** Rejects only with what concerns everybody. */
  async function executeGroup(group: Waiting[]): Promise<void> {
    const open = group.filter(({ batch }) => batch.open > 0)
    if (open.length === 0) return
    try {
      const outcomes = await tryAgainOnConflict(open.map(({ request }) => request))
      for (const [index, outcome] of outcomes.entries()) open[index]?.batch.outcomes.push(outcome)
      for (const { batch } of open) close(batch)
    } catch (error) {
      await narrow(open, error)
    }
  }

  /** What one operation meets, a bug or a locked customer, must not fail those that travel with it. */
  async function narrow(group: Waiting[], error: unknown): Promise<void> {
    if (error instanceof Overloaded) throw error
    if (error instanceof KeysEnded) {
      giveUp(
        group.filter(({ request }) => error.concerns(request)),
        error,
      )
      return await executeGroup(group)
    }
    if (isOutage(error)) {
      if (!isHeldUp(error)) throw error
      watchedUntil = performance.now() + WATCHED_FOR_MS
      const free = await sortOut(group)
      const batches = [...Map.groupBy(free, ({ batch }) => batch).values()]
      if (free.length < group.length) await executeGroup(free)
      // Each try waits for the lock again, so halves would take longer than one after the other.
      else if (batches.length > 1) for (const alone of batches) await executeGroup(alone)
      else giveUp(group, error)
      return
    }
    const [first] = group
    const half = Math.ceil(group.length / 2)
    if (group.length > 1)
      for (const part of [group.slice(0, half), group.slice(half)]) await executeGroup(part)
    else if (first) fail(first, error)
  }

  function fail({ batch, request }: Waiting, cause: unknown): void {
    batch.problem ??= new Error(`the ${request.kind} ${request.id} could not be executed`, { cause })
    close(batch)
  }

  /** One more operation of the batch is done with; after the last its sender is told. */
  function close(batch: Batch): void {
    batch.open -= 1
    if (batch.open > 0) return
    const { problem, outcomes, resolve, reject } = batch
    // Replies are written after the next group is on its way, so that Postgres does not wait for them.
    setImmediate(() => (problem ? reject(problem) : resolve(outcomes)))
  }

  function giveUp(group: Waiting[], error: unknown): void {
    for (const { batch } of group) {
      if (batch.open > 0) batch.reject(error)
      batch.open = 0
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
    waiting: () => lines.waiting(),
    /** Resolves when nothing waits and nothing runs. */
    async idle(): Promise<void> {
      while (running) await running
    },
  }
}

export type Queue = ReturnType<typeof createQueue>

function lineOf(author: Author): string {
  return author.type === 'register' ? `register:${author.registerId}` : authorName(author)
}
