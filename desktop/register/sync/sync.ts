import { MINUTE } from '../../../shared/time.ts'
import { backoffMs } from './backoff.ts'
import { type ChoresOptions, createChores } from './chores.ts'
import type { CloudClient, Notice } from './client.ts'
import type { CustomerCopy } from './customerCopy.ts'
import { createDrain, type TurnResult } from './drain.ts'
import { createLine, type LineOptions, type LineState, type Reason } from './line.ts'
import type { Queue } from './queue.ts'
import { isAnswered } from './reply.ts'
import { createWaits } from './waits.ts'

export interface SyncOptions
  extends LineOptions,
    Pick<ChoresOptions, 'heartbeat' | 'diagnostics' | 'onRegister' | 'onErased'> {
  queue: Queue
  client: Omit<CloudClient, 'enrol' | 'customer'>
  copy: Omit<CustomerCopy, 'find' | 'close' | 'wipe'>
  /** IT has ended the key of this register; called at every answer that says so. */
  onRevoked: () => void
  /** From 0 up to 1. */
  random: () => number
}

export interface Sync {
  /** There is something to send. */
  wake(): void
  state(): LineState
  /** Ends the request under way; the queue and the copy are not touched after it. */
  stop(): Promise<void>
}

/** The register must be enrolled again; until then asking more often changes nothing. */
const UNAUTHORISED_PAUSE_MS = MINUTE

/** The register's line to the cloud: one loop, one request at a time, operations before everything else. */
export function startSync(options: SyncOptions): Sync {
  const { client, clock, time, log, random } = options
  const stopping = new AbortController()
  const line = createLine(options)
  const waits = createWaits(clock, stopping.signal)
  const shared = { ...options, signal: stopping.signal }
  const { drain, nextInMs } = createDrain(shared)
  const chores = createChores(shared)
  const stopListening = client.onReply(heard)
  let failures = 0
  let isChoreFirst = false
  let lastBug = ''

  /** Between two pieces of work the queue is looked at again, so that a sale waits for one request at most. */
  async function work(): Promise<TurnResult> {
    // An operation is stamped with the time of the cloud, so that must be known before it is first sent.
    const isTimeUnknown = time.now() === null
    if (isTimeUnknown) chores.heartbeatNow()
    const chore = chores.due()
    // A chore also goes first where operations fail, so that the cloud hears of the failure.
    const goesFirst = isChoreFirst || isTimeUnknown
    isChoreFirst = false
    if (chore && goesFirst) return await chore()
    isChoreFirst = true
    const drained = await drain()
    isChoreFirst = typeof drained === 'object'
    return drained === 'idle' && chore ? await chore() : drained
  }

  async function turn(): Promise<void> {
    const step = await work()
    if (stopping.signal.aborted) return
    if (typeof step === 'object') await fail(step.failure, step)
    else if (step === 'done') succeed()
    else if (step === 'idle') await settleDown()
  }

  function succeed(): void {
    failures = 0
    line.up()
  }

  async function settleDown(): Promise<void> {
    lastBug = ''
    // With the line down and nothing to send, only a question shows when it is up again.
    if (line.state().line === 'online') await waits.idle(Math.min(chores.nextInMs(), nextInMs()))
    else chores.heartbeatNow()
  }

  async function fail(
    reason: Reason,
    { message, retryAfterMs = 0 }: { message?: string; retryAfterMs?: number },
  ) {
    failures += 1
    line.down(reason, message)
    if (reason === 'unauthorised' || reason === 'revoked')
      await waits.backOff(UNAUTHORISED_PAUSE_MS, UNAUTHORISED_PAUSE_MS)
    else await waits.backOff(backoffMs(failures, random), retryAfterMs)
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await turn()
      } catch (error) {
        // The queue or the copy: a full disk, or a bug. It may pass, and the points are in the journal.
        if (String(error) !== lastBug)
          log.error({ err: error }, 'the line to the cloud met a fault of its own')
        lastBug = String(error)
        await fail('failed', {})
      }
    }
  }

  function heard(notice: Notice): void {
    line.heard(notice)
    if (!notice.reply.ok && notice.reply.failure === 'revoked') options.onRevoked()
    if (notice.route === 'customer') lookedUp(notice.reply)
  }

  /** A look-up shows the state of the line too: the screen shows it at once, and the loop tries again by itself. */
  function lookedUp(reply: Notice['reply']): void {
    const { reason } = line.state()
    if (reply.ok || (isAnswered(reply) && reply.failure !== 'unauthorised' && reply.failure !== 'revoked')) {
      // An answer proves that the line is there, but not that other failures are over.
      if (reason === 'offline' || reason === 'broken') line.up()
      if (waits.isBackingOff()) waits.wake()
    } else if (line.state().line === 'online') {
      line.down(reply.failure, reply.message)
      waits.wake()
    }
  }

  const ended = run()
  return {
    wake: waits.wake,
    state: line.state,
    async stop() {
      stopListening()
      stopping.abort()
      await ended
    },
  }
}
