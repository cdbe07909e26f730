import { z } from 'zod'
import {
  changesReplySchema,
  customerReplySchema,
  diagnosticsReplySchema,
  enrolReplySchema,
  handOverReplySchema,
  type handOverRequestSchema,
  heartbeatReplySchema,
  type heartbeatSchema,
  joinsReplySchema,
  operationsReplySchema,
  purchasesReplySchema,
  registerReplySchema,
} from '../../../shared/api.ts'
import { heardOutcomeSchema, instantSchema, type Operation } from '../../../shared/operation.ts'
import { type Reading, reading } from '../../../shared/reading.ts'
import { SECOND } from '../../../shared/time.ts'
import type { Log } from '../machine/log.ts'
import type { Clock } from '../time/clock.ts'
import { type Measurement, measureByDateHeader, measureByTime } from '../time/clockOffset.ts'
import { ask } from './ask.ts'
import { type Answer, failedOf, type Reply } from './reply.ts'

export type RegisterReply = Reading<z.infer<typeof registerReplySchema>>
export type ChangesReply = Reading<z.infer<typeof changesReplySchema>>
export type Heartbeat = z.infer<typeof heartbeatSchema>

export type Route =
  | 'enrol'
  | 'register'
  | 'customer'
  | 'changes'
  | 'operations'
  | 'hand_over'
  | 'purchases'
  | 'voucher'
  | 'joins'
  | 'heartbeat'
  | 'diagnostics'

/** What listeners are told of every request. */
export interface Notice {
  route: Route
  reply: Reply<unknown>
  measurement: Measurement | null
}

export interface CloudClientOptions {
  url: string
  /** Null until the register is enrolled. */
  key: string | null
  fetch: typeof globalThis.fetch
  clock: Clock
  version: string
  log: Log
}

const ANSWER_WITHIN_MS = 10 * SECOND
/** A cashier waits: the local copy is better than a long wait for the cloud. */
const CUSTOMER_WITHIN_MS = 2.5 * SECOND
/** The cashier has asked for it, and looks at a wheel that turns. */
const PURCHASES_WITHIN_MS = 5 * SECOND
const CHANGES_LIMIT = 5000

/** The answers of the cloud, read so that a register of any age understands them. */
const heard = {
  enrol: reading(enrolReplySchema),
  register: reading(registerReplySchema),
  customer: reading(customerReplySchema),
  changes: reading(changesReplySchema),
  joins: reading(joinsReplySchema),
  heartbeat: reading(heartbeatReplySchema),
  diagnostics: reading(diagnosticsReplySchema),
  handOver: reading(handOverReplySchema),
  purchases: reading(purchasesReplySchema),
  // A voucher of a kind that this till does not know is shown as unreadable.
  voucher: z.object({ voucher: z.record(z.string(), z.unknown()) }),
  operations: operationsReplySchema.extend({ outcomes: z.array(z.unknown()) }).transform(sortOutcomes),
}

const namedSchema = z.object({ id: z.string() })

/** An outcome that only a newer version can read must not hold up the others; its id may still be readable. */
function sortOutcomes({ outcomes }: { outcomes: unknown[] }) {
  const read = outcomes.map((outcome) => heardOutcomeSchema.safeParse(outcome).data)
  const unread = outcomes.filter((_, index) => read[index] === undefined)
  return {
    outcomes: read.filter((outcome) => outcome !== undefined),
    unreadIds: unread.flatMap((outcome) => namedSchema.safeParse(outcome).data?.id ?? []),
  }
}

const timedSchema = z.object({ serverTime: instantSchema })

export type CloudClient = ReturnType<typeof createCloudClient>

/** The cloud as typed questions. Whatever goes wrong is a value. */
export function createCloudClient({ url, key, fetch, clock, version, log }: CloudClientOptions) {
  const base = url.endsWith('/') ? url : `${url}/`
  const listeners = new Set<(notice: Notice) => void>()
  const loggedRoutes = new Set<Route>()
  const headers = { accept: 'application/json', ...authorizationOf(key) }

  async function call<T>(
    route: Route,
    { path, json, timeoutMs = ANSWER_WITHIN_MS, signal, anyStatus }: Call,
    schema: z.ZodType<T>,
  ): Promise<Reply<T>> {
    const init =
      json === undefined
        ? { headers }
        : {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(json),
          }
    const asked = await ask({ fetch, clock }, { url: new URL(path, base), init, timeoutMs, signal })
    if ('problem' in asked)
      return tell(route, { ok: false, failure: 'offline', message: asked.problem }, null)
    return tell(route, read(route, asked.answer, schema, anyStatus), asked.answer)
  }

  function read<T>(route: Route, answer: Answer, schema: z.ZodType<T>, anyStatus = false): Reply<T> {
    const isSuccess = answer.status >= 200 && answer.status < 300
    const parsed = isSuccess || anyStatus ? schema.safeParse(answer.body) : null
    if (parsed?.success) {
      loggedRoutes.delete(route)
      return { ok: true, value: parsed.data }
    }
    if (isSuccess && parsed && answer.body !== undefined && !loggedRoutes.has(route)) {
      loggedRoutes.add(route)
      const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
      log.error({ route, faults: faults.slice(0, 10) }, 'the answer of the cloud is not of the contract')
    }
    return failedOf(answer)
  }

  function tell<T>(route: Route, reply: Reply<T>, answer: Answer | null): Reply<T> {
    // A portal in between has a clock too, and it is not the cloud's.
    const measurement = answer && (reply.ok || reply.code !== undefined) ? measurementOf(answer) : null
    for (const listener of listeners) {
      try {
        listener({ route, reply, measurement })
      } catch (error) {
        log.error({ err: error, route }, 'a listener of replies failed')
      }
    }
    return reply
  }

  return {
    enrol: ({ code, name }: { code: string; name: string }, signal?: AbortSignal) =>
      call('enrol', { path: 'v1/enrol', json: { code, name, version }, signal }, heard.enrol),

    register: (signal?: AbortSignal) => call('register', { path: 'v1/register', signal }, heard.register),

    customer(code: string, signal?: AbortSignal) {
      const path = `v1/customers?${new URLSearchParams({ code })}`
      return call('customer', { path, timeoutMs: CUSTOMER_WITHIN_MS, signal }, heard.customer)
    },

    changes(cursor: string | null, signal?: AbortSignal) {
      const query = new URLSearchParams({
        limit: String(CHANGES_LIMIT),
        ...(cursor !== null && { since: cursor }),
      })
      return call('changes', { path: `v1/customers/changes?${query}`, signal }, heard.changes)
    },

    /** A single operation that is refused comes with an error status, and with its outcome all the same. */
    operations: (operations: Operation[], signal?: AbortSignal) =>
      call(
        'operations',
        { path: 'v1/operations', json: { operations }, signal, anyStatus: true },
        heard.operations,
      ),

    heartbeat: (state: Omit<Heartbeat, 'version'>, signal?: AbortSignal) =>
      call('heartbeat', { path: 'v1/heartbeat', json: { version, ...state }, signal }, heard.heartbeat),

    diagnostics: (content: object, signal?: AbortSignal) =>
      call('diagnostics', { path: 'v1/diagnostics', json: content, signal }, heard.diagnostics),

    /** An operation that the ledger refused and the shop cannot mend: the chain's people have it then. */
    handOver: (parked: z.infer<typeof handOverRequestSchema>, signal?: AbortSignal) =>
      call('hand_over', { path: 'v1/parked', json: parked, signal }, heard.handOver),

    purchases(by: { receipt?: string; card?: string; day?: string }, signal?: AbortSignal) {
      const path = `v1/purchases?${new URLSearchParams(by)}`
      return call('purchases', { path, timeoutMs: PURCHASES_WITHIN_MS, signal }, heard.purchases)
    },

    /** What a voucher gives to the customer of this card. */
    voucher(shown: { code: string; card: string }, signal?: AbortSignal) {
      const path = `v1/vouchers?${new URLSearchParams(shown)}`
      return call('voucher', { path, timeoutMs: CUSTOMER_WITHIN_MS, signal }, heard.voucher)
    },

    joins: (signal?: AbortSignal) => call('joins', { path: 'v1/register/joins', signal }, heard.joins),

    /** Calls the listener with every reply, before the caller has it, until the returned function is called. */
    onReply(listener: (notice: Notice) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

interface Call {
  path: string
  json?: unknown
  timeoutMs?: number
  signal?: AbortSignal | undefined
  /** The body tells whether the cloud did what it was asked, not the status. */
  anyStatus?: boolean
}

/** A key that a header cannot carry was damaged where it was kept; without one the cloud asks to enrol again. */
function authorizationOf(key: string | null): { authorization?: string } {
  return key !== null && /^[\x21-\x7e]+$/.test(key) ? { authorization: `Bearer ${key}` } : {}
}

function measurementOf({ body, headers, roundTrip }: Answer): Measurement | null {
  const timed = timedSchema.safeParse(body)
  if (timed.success) return measureByTime(roundTrip, Date.parse(timed.data.serverTime))
  const date = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(date) ? null : measureByDateHeader(roundTrip, date)
}
