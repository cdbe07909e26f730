import type { Outcome } from '../../shared/operation.ts'
import { isConflict, isHeldUp, isOutage } from '../database/outage.ts'
import { withDeadline } from '../deadline.ts'
import type { Author } from './account.ts'
import { KeysEnded } from './endedKeys.ts'
import { createLines, obstacleTo } from './lines.ts'
import type { Request } from './request.ts'
import { authorName } from './rows.ts'

/** What a group needs to begin while the one before it is still on its way. */
export interface Turn {
  /** Settles with the group before: where that fails, this one writes nothing. */
  before: Promise<unknown>
  /** To be called when all statements of this group are sent: the next group may begin. */
  onSent: () => void
}

/** Executes a group. Where it never calls `onSent`, the next group begins when this one is done. */
type Execute = (requests: Request[], turn?: Turn) => Promise<Outcome[]>
/** Finds the operations whose customers are locked by another session just now. */
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

/** Nothing was written, because that would have overtaken a group that failed. */
class GroupBeforeFailed extends Error {
  override name = 'GroupBeforeFailed'
}

/** A group that was given to the ledger. */
interface Given {
  /** Settles with its first try. */
  tried: Promise<unknown>
  /** Every operation in it is answered. */
  done: Promise<void>
}

const CONFLICT_TRIES = 3
/** Longer than any timeout of the database: passed only when the database has gone silent. */
export const GROUP_DEADLINE_MS = 20_000
/** How long, after one customer was found locked, each group is first searched for locked customers. */
const WATCHED_FOR_MS = 5_000
export const silent = () => new Overloaded('the database does not answer')

/** A locked customer is waited for once, and not again by each operation about them. */
class HeldElsewhere extends Overloaded {
  constructor() {
    super('another session holds this customer')
  }
}

/**
 * Group commit: what arrives while a transaction runs waits here and goes together in the next. A
 * single request is a group of one and an outbox drain is a group of 500; there is no second path. A group may be given
 * to the ledger when all that the one before asks for is on its way; what happens to that decides about both.
 */
export function createQueue(execute: Execute, findHeld: FindHeld = async () => []) {
  const lines = createLines<Waiting>()
  let watchedUntil = Number.NEGATIVE_INFINITY
  let running: Promise<void> | null = null
  let arrived = () => {}

  /** The operations of one author. They are executed in their order, and answered when all of them are. */
  function submit(requests: Request[]): Promise<Outcome[]> {
    const [first] = requests
    if (!first) return Promise.resolve([])
    const line = lineOf(first.author)
    const problem = obstacleTo(requests.length, lines.counts(line))
    if (problem) return Promise.reject(new Overloaded(problem))
    return new Promise((resolve, reject) => {
      const batch: Batch = { outcomes: [], open: requests.length, problem: null, resolve, reject }
      lines.add(
        line,
        requests.map((request) => ({ request, batch })),
      )
      arrived()
      run()
    })
  }

  function run(): void {
    running ??= drain().finally(() => {
      running = null
      // An operation that was given up may have been sent again at once.
      if (!lines.areEmpty()) run()
    })
  }

  async function drain(): Promise<void> {
    let latest: Given = { tried: Promise.resolve(), done: Promise.resolve() }
    do {
      while (!lines.areEmpty()) {
        // One turn of the event loop lets all operations join that have arrived.
        await new Promise(setImmediate)
        const { promise: sent, resolve: onSent } = Promise.withResolvers<void>()
        latest = give(lines.next(), latest, onSent)
        await Promise.race([sent, latest.done])
      }
      await Promise.race([latest.done, arrival()])
    } while (!lines.areEmpty())
  }

  const arrival = () =>
    new Promise<void>((resolve) => {
      arrived = resolve
    })

  /** Executes a group. The group before may still be on its way; it ends first, whatever this one meets. */
  function give(waiting: Waiting[], before: Given, onSent: () => void): Given {
    const group = waiting.filter(isOpen)
    if (group.length === 0) return before
    // An outage fails all batches of the group: the rest of a batch must not overtake what failed.
    const settled = (work: Promise<void>) => work.catch((error) => giveUp(group, error))
    if (performance.now() < watchedUntil) {
      const work = before.done.then(async () => executeGroup(await sortOut(group)))
      return { tried: work, done: settled(work) }
    }
    const mayWrite = before.tried.catch(() => {
      throw new GroupBeforeFailed('the group before failed')
    })
    mayWrite.catch(() => {}) // `execute` hears of it where it would write; it may end before
    const tried = attempt(group, { before: mayWrite, onSent })
    const first = tried.catch((error) => before.done.then(() => Promise.reject(error)))
    const work = executeGroup(group, first).catch((error) => {
      if (!(error instanceof GroupBeforeFailed)) throw error
      return executeGroup(group)
    })
    return { tried, done: settled(work) }
  }

  const attempt = (group: Waiting[], turn?: Turn): Promise<Outcome[]> =>
    withDeadline(
      execute(
        group.map(({ request }) => request),
        turn,
      ),
      GROUP_DEADLINE_MS,
      silent,
    )

  /** Gives up the operations about locked customers, and returns the others. */
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
    return group.filter(isOpen)
  }

  /** Rejects only with an error that concerns every operation: an outage, or the group before. */
  async function executeGroup(group: Waiting[], first?: Promise<Outcome[]>): Promise<void> {
    const open = first ? group : group.filter(isOpen)
    if (open.length === 0) return
    try {
      const outcomes = await tryAgainOnConflict(open, first)
      for (const [index, outcome] of outcomes.entries()) open[index]?.batch.outcomes.push(outcome)
      for (const { batch } of open) close(batch)
    } catch (error) {
      await narrow(open, error)
    }
  }

  /** A bug or a locked customer that one operation meets must not fail the others of its group. */
  async function narrow(group: Waiting[], error: unknown): Promise<void> {
    if (error instanceof Overloaded || error instanceof GroupBeforeFailed) throw error
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

  async function tryAgainOnConflict(group: Waiting[], first = attempt(group)): Promise<Outcome[]> {
    let trying = first
    for (let tries = 1; ; tries += 1) {
      try {
        // A group whose fate is unknown: its requests come again, and their ids keep them from doubling.
        return await trying
      } catch (error) {
        if (tries === CONFLICT_TRIES || !isConflict(error)) throw error
        trying = attempt(group)
      }
    }
  }

  return {
    submit,
    counts: (author: Author) => lines.counts(lineOf(author)),
    /** How many operations wait for their transaction. */
    waiting: () => lines.waiting(),
    /** Resolves when nothing waits and nothing runs. */
    async idle(): Promise<void> {
      while (running) await running
    },
  }
}

export type Queue = ReturnType<typeof createQueue>

const isOpen = ({ batch }: Waiting) => batch.open > 0

function lineOf(author: Author): string {
  return author.type === 'register' ? `register:${author.registerId}` : authorName(author)
}
