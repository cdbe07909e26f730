import { type Logger, pino } from 'pino'
import { newId } from '../../../shared/id.ts'
import type { CustomerView, HeardOutcome, Operation, Outcome } from '../../../shared/operation.ts'
import { SECOND, toIso } from '../../../shared/time.ts'
import type { Clock } from '../time/clock.ts'
import type { ChangesReply } from './client.ts'
import type { Queue } from './queue.ts'

/** What can become of one request; `nothing` is that it goes well. */
export const faults = [
  'nothing',
  'request lost',
  'reply lost',
  'doubled',
  'slow',
  'away',
  'unauthorised',
  'revoked',
  'portal',
  'half a reply',
  'some answers',
  'answers in another order',
] as const
export type Fault = (typeof faults)[number]

const SLOW_MS = 30 * SECOND
export const AWAY_RETRY_MS = 30 * SECOND

export type FakeCloud = ReturnType<typeof createFakeCloud>

/** A cloud as a fetch function: it does an operation once by its id, and answers as badly as it is told. */
export function createFakeCloud(clock: Clock) {
  const known = new Map<string, Outcome>()
  const cloud = {
    /** How its clock differs from the register's. */
    aheadMs: 0,
    settingsVersion: 1,
    diagnosticsWanted: false,
    /** Each request takes the next of these; when they are used up, `otherwise` holds. */
    faults: [] as Fault[],
    otherwise: 'nothing' as Fault,
    /** Ids that it refuses, and ids for which it refuses the whole request. */
    refused: new Set<string>(),
    poison: new Set<string>(),
    /** Ids at which it meets a fault of its own; then it has done none of the request, or all but those. */
    failing: new Set<string>(),
    doesTheRest: false,
    /** Pages of the feed by the cursor they are asked with. */
    pages: new Map<string | null, ChangesReply>(),
    /** Called as each request comes. */
    onRequest: (_request: SeenRequest) => {},
    requests: [] as SeenRequest[],
    executed: [] as string[],
    underWay: 0,
    mostUnderWay: 0,
    fetch,
    /** When each request to this route came. */
    timesOf: (path: string) => cloud.requests.filter((seen) => seen.path === path).map((seen) => seen.atMs),
  }

  async function fetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const url = new URL(input instanceof Request ? input.url : input)
    const sent = typeof init.body === 'string' ? JSON.parse(init.body) : null
    const seen = { path: url.pathname, url, sent, headers: new Headers(init.headers), atMs: clock.elapsed() }
    cloud.requests.push(seen)
    cloud.onRequest(seen)
    cloud.underWay += 1
    cloud.mostUnderWay = Math.max(cloud.mostUnderWay, cloud.underWay)
    try {
      return await answer(seen, cloud.faults.shift() ?? cloud.otherwise, init.signal ?? undefined)
    } finally {
      cloud.underWay -= 1
    }
  }

  async function answer(seen: SeenRequest, fault: Fault, signal?: AbortSignal): Promise<Response> {
    if (fault === 'request lost') throw new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })
    if (fault === 'slow') await delay(signal)
    if (fault === 'away')
      return problem(503, 'unavailable', { 'retry-after': String(AWAY_RETRY_MS / SECOND) })
    if (fault === 'unauthorised') return problem(401, 'unauthorized')
    if (fault === 'revoked') return problem(401, 'register_revoked')
    if (fault === 'portal')
      return new Response('<html>Sign in</html>', { headers: { date: 'Thu, 01 Jan 1970 00:00:00 GMT' } })
    if (fault === 'doubled') serve(seen)
    const { status = 200, body } = serve(seen, fault)
    if (fault === 'reply lost') throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') })
    const text = JSON.stringify(body)
    return new Response(fault === 'half a reply' ? text.slice(0, text.length / 2) : text, {
      status,
      headers: headers(),
    })
  }

  function serve({ path, url, sent }: SeenRequest, fault?: Fault): { status?: number; body: unknown } {
    const serverTime = toIso(clock.now() + cloud.aheadMs)
    const { settingsVersion, diagnosticsWanted } = cloud
    if (path === '/v1/operations') return execute(sent.operations ?? [], fault)
    if (path === '/v1/heartbeat') return { body: { serverTime, settingsVersion, diagnosticsWanted } }
    if (path === '/v1/diagnostics') {
      cloud.diagnosticsWanted = false
      return { body: { isKept: true } }
    }
    if (path === '/v1/register') {
      const register = { id: 1, name: 'Касса 1', channel: 'stable' }
      const store = { id: 1, name: 'Ашукино' }
      const more = { programme: {}, toSettle: [], updateChannel: 'stable' }
      return { body: { store, register, settingsVersion, serverTime, ...more } }
    }
    if (path === '/v1/customers') return { body: { customer: viewOf(url.searchParams.get('code') ?? '') } }
    const none: ChangesReply = { customers: [], asOf: serverTime, cursor: 'f.1.0', more: false }
    return { body: cloud.pages.get(url.searchParams.get('since')) ?? none }
  }

  function execute(operations: Operation[], fault?: Fault) {
    if (operations.some(({ id }) => cloud.poison.has(id)))
      return { status: 400, body: { error: { code: 'malformed', message: 'Not of the contract.' } } }
    const good = operations.filter(({ id }) => !cloud.failing.has(id))
    if (good.length < operations.length) {
      if (cloud.doesTheRest) good.map(executeOne)
      return { status: 500, body: { error: { code: 'internal', message: 'Something is wrong.' } } }
    }
    const outcomes = operations.map(executeOne)
    const told = fault === 'some answers' ? outcomes.filter((_, index) => index % 2 === 0) : outcomes
    const [only] = outcomes
    const refusal = outcomes.length === 1 && only?.status === 'refused' ? only : null
    return {
      ...(refusal && { status: 404 }),
      body: {
        outcomes: fault === 'answers in another order' ? told.toReversed() : told,
        ...(refusal && { error: { code: refusal.code, message: refusal.message } }),
      },
    }
  }

  function executeOne(operation: Operation): Outcome {
    const { id, kind } = operation
    const before = known.get(id)
    if (before) return { ...before, replay: true }
    cloud.executed.push(id)
    const card = 'card' in operation ? operation.card : '000000'
    const outcome: Outcome = cloud.refused.has(id)
      ? {
          id,
          kind,
          status: 'refused',
          replay: false,
          code: 'customer_not_found',
          message: 'Nobody.',
          details: {},
        }
      : { id, kind, status: 'accepted', replay: false, earned: 40, spent: 0, customer: viewOf(card) }
    known.set(id, outcome)
    return outcome
  }

  function problem(status: number, code: string, more: Record<string, string> = {}): Response {
    const body = JSON.stringify({ error: { code, message: code } })
    return new Response(body, { status, headers: { ...headers(), ...more } })
  }

  const viewOf = (card: string): CustomerView => ({
    card,
    firstName: 'Анна',
    available: 40,
    held: 0,
    debt: 0,
    expiresNext: null,
  })
  const headers = () => ({
    'content-type': 'application/json',
    date: new Date(clock.now() + cloud.aheadMs).toUTCString(),
  })

  function delay(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = clock.after(SLOW_MS, resolve)
      signal?.addEventListener('abort', () => {
        cancel()
        reject(signal.reason)
      })
    })
  }

  return cloud
}

export interface SeenRequest {
  path: string
  url: URL
  /** What was sent; empty where nothing was. */
  sent: { operations?: Operation[] } & Record<string, unknown>
  headers: Headers
  atMs: number
}

export type FakeQueue = ReturnType<typeof createFakeQueue>

/** An outbox without a disk; it does not forgive an outcome for what it does not have. */
export function createFakeQueue(...operations: Operation[]) {
  const waiting = new Map(operations.map((operation) => [operation.id, operation]))
  const made = new Map(waiting)
  const settled: HeardOutcome[] = []
  const rejected: string[] = []
  const reasons: string[] = []

  function take(id: string | null): void {
    if (id === null || !waiting.delete(id)) throw new Error('no such operation waits')
  }

  /** By the card, its own or that of the operation it settles or refunds. */
  function ownerOf(operation: Operation): string {
    if ('card' in operation) return operation.card
    const original = made.get(operation.kind === 'refund' ? operation.originalId : operation.redeemId)
    return original ? ownerOf(original) : operation.id
  }

  return {
    settled,
    rejected,
    /** Why each was rejected. */
    reasons,
    add(operation: Operation): void {
      made.set(operation.id, operation)
      waiting.set(operation.id, operation)
    },
    waiting: () => [...waiting.values()],
    next(limit, aside = new Set()) {
      const heldUp = new Set<string>()
      const free = [...waiting.values()].filter((operation) => {
        if (aside.has(operation.id)) heldUp.add(ownerOf(operation))
        return !heldUp.has(ownerOf(operation))
      })
      return free.slice(0, limit)
    },
    settle(outcomes) {
      for (const { id } of outcomes) take(id)
      settled.push(...outcomes)
    },
    reject(id, { code }) {
      take(id)
      rejected.push(id)
      reasons.push(code)
    },
    depth() {
      const [oldest] = waiting.values()
      return { queued: waiting.size, oldestAt: oldest ? Date.parse(oldest.at) : null, parked: 0 }
    },
  } satisfies Queue & Record<string, unknown>
}

export function earn(card = '654321'): Operation {
  return { id: newId(), kind: 'earn', at: '2025-12-07T10:00:00.000Z', card, purchaseKopecks: 100_000 }
}

/** A log whose lines a test can read. */
export function createTestLog(): {
  log: Logger
  lines: () => { level: number; msg: string }[]
  text: () => string
} {
  const written: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void written.push(line) })
  return { log, lines: () => written.map((line) => JSON.parse(line)), text: () => written.join('') }
}
