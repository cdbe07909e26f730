import { mendText } from '../../../shared/text.ts'
import { MINUTE, SECOND } from '../../../shared/time.ts'
import type { Clock } from '../time/clock.ts'
import type { CloudTime } from '../time/cloudTime.ts'
import type { CloudClient, Heartbeat, RegisterReply } from './client.ts'
import type { CustomerCopy } from './customerCopy.ts'
import type { TurnResult } from './drain.ts'
import type { Queue } from './queue.ts'

export interface ChoresOptions {
  queue: Pick<Queue, 'depth'>
  client: Pick<CloudClient, 'heartbeat' | 'register' | 'changes' | 'diagnostics'>
  copy: Pick<CustomerCopy, 'apply' | 'cursor'>
  clock: Clock
  time: Pick<CloudTime, 'offsetMs'>
  /** The facts that a heartbeat reports. */
  heartbeat: () => Pick<Heartbeat, 'exchange' | 'errors' | 'update'>
  /** The diagnostics that IT may ask for. */
  diagnostics: () => object
  onRegister: (reply: RegisterReply) => void
  /** These people asked to be forgotten: their names go from the disk before the page counts as taken. */
  onErased: (cards: string[]) => void
  signal: AbortSignal
}

const HEARTBEAT_EVERY_MS = MINUTE
/** The list of redemptions to settle changes without a change of the settings. */
const REGISTER_EVERY_MS = 10 * MINUTE
const CHANGES_EVERY_MS = MINUTE
const EXCHANGE_LONGEST = 100

/** The chores of the line beside the operations, each at its time; a chore that failed is still due. */
export function createChores(options: ChoresOptions) {
  const { queue, client, copy, clock, time, onRegister, onErased, signal } = options
  const start = clock.elapsed()
  const dueMs = { heartbeat: start, register: start, changes: start, diagnostics: Number.POSITIVE_INFINITY }
  let settingsVersion: number | null = null

  async function sendHeartbeat(): Promise<TurnResult> {
    const { queued, oldestAt, parked } = queue.depth()
    const { exchange, ...more } = options.heartbeat()
    const reply = await client.heartbeat(
      {
        queueDepth: queued,
        oldestQueuedSeconds: oldestAt === null ? null : Math.max(0, clock.now() - oldestAt) / SECOND,
        clockOffsetMs: time.offsetMs(),
        parked,
        ...more,
        exchange: mendText(exchange, EXCHANGE_LONGEST),
      },
      signal,
    )
    if (!reply.ok) return reply
    dueMs.heartbeat = clock.elapsed() + HEARTBEAT_EVERY_MS
    if (reply.value.settingsVersion !== settingsVersion) dueMs.register = clock.elapsed()
    if (reply.value.diagnosticsWanted) dueMs.diagnostics = clock.elapsed()
    return 'done'
  }

  async function readRegister(): Promise<TurnResult> {
    const reply = await client.register(signal)
    if (!reply.ok) return reply
    dueMs.register = clock.elapsed() + REGISTER_EVERY_MS
    settingsVersion = reply.value.settingsVersion
    onRegister(reply.value)
    return 'done'
  }

  async function takeChanges(): Promise<TurnResult> {
    const cursor = copy.cursor()
    const reply = await client.changes(cursor, signal)
    if (!reply.ok) return reply
    const { more } = reply.value
    if (more && reply.value.cursor === cursor)
      return { ok: false, failure: 'broken', message: 'the list of customers does not go on' }
    const erased = reply.value.customers.filter(({ status }) => status === 'erased')
    if (erased.length > 0) onErased(erased.map(({ card }) => card))
    // A disk that does not take a page will not take the next one either.
    const isTaken = copy.apply(reply.value)
    if (!more || !isTaken) dueMs.changes = clock.elapsed() + CHANGES_EVERY_MS
    return 'done'
  }

  /** Where it does not get through, the next heartbeat says that it is still wanted. */
  async function sendDiagnostics(): Promise<TurnResult> {
    dueMs.diagnostics = Number.POSITIVE_INFINITY
    const reply = await client.diagnostics(options.diagnostics(), signal)
    // A cloud that does not take the file says nothing of the line.
    return reply.ok || reply.failure === 'refused' ? 'done' : reply
  }

  const chores = {
    heartbeat: sendHeartbeat,
    register: readRegister,
    changes: takeChanges,
    diagnostics: sendDiagnostics,
  }
  const names = ['heartbeat', 'register', 'changes', 'diagnostics'] as const

  return {
    /** The chore whose turn it is, if any. */
    due(): (() => Promise<TurnResult>) | null {
      const name = names.find((name) => dueMs[name] <= clock.elapsed())
      return name ? chores[name] : null
    },
    nextInMs: () => Math.max(0, Math.min(...Object.values(dueMs)) - clock.elapsed()),
    heartbeatNow(): void {
      dueMs.heartbeat = clock.elapsed()
    },
  }
}
