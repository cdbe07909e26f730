import { errorSchema } from '../../../shared/api.ts'
import { reading } from '../../../shared/reading.ts'
import { type Instant, MINUTE, SECOND } from '../../../shared/time.ts'
import type { RoundTrip } from '../time/clockOffset.ts'

/**
 * `offline`: no answer. `broken`: an answer, but not of our cloud, as from the sign-in page of a network.
 * The others are what our cloud says no with; `refused` is a no to this very request, `internal` a fault of the
 * cloud's own at it. `revoked`: the key was good once, and IT has ended it; `unauthorised`: this cloud does not know it.
 */
export type Failure =
  | 'offline'
  | 'unavailable'
  | 'internal'
  | 'unauthorised'
  | 'revoked'
  | 'throttled'
  | 'refused'
  | 'broken'

export interface Failed {
  ok: false
  failure: Failure
  status?: number
  /** The code and message of the cloud; without an answer, what the network said. */
  code?: string
  message?: string
  details?: Record<string, unknown>
  retryAfterMs?: number
}

export type Reply<T> = { ok: true; value: T } | Failed

/** An answer as it came. */
export interface Answer {
  status: number
  headers: Headers
  /** Undefined where the body is not JSON. */
  body: unknown
  roundTrip: RoundTrip
}

/** A wrong Retry-After must not silence a shop for a day. */
const LONGEST_RETRY_AFTER_MS = 10 * MINUTE

const heardErrorSchema = reading(errorSchema)

export function failedOf({ status, headers, body, roundTrip }: Answer): Failed {
  const error = heardErrorSchema.safeParse(body).data?.error
  const retryAfterMs = retryAfterOf(headers, roundTrip.endedAt)
  return {
    ok: false,
    failure: failureOf(status, error?.code),
    status,
    ...(error && { code: error.code, message: error.message }),
    ...(error?.details && { details: error.details }),
    ...(retryAfterMs !== null && { retryAfterMs }),
  }
}

/** Whether our cloud has answered, also where it said no. */
export function isAnswered(reply: Reply<unknown>): boolean {
  return reply.ok || ['refused', 'throttled', 'unauthorised', 'revoked'].includes(reply.failure)
}

/** The kind of failure. A 4xx without a code of the contract comes from a proxy or a portal. */
function failureOf(status: number, code: string | undefined): Failure {
  if (status === 401) return code === 'register_revoked' ? 'revoked' : 'unauthorised'
  if (status === 429) return 'throttled'
  if (status >= 500) return status === 500 && code === 'internal' ? 'internal' : 'unavailable'
  return status >= 400 && code !== undefined ? 'refused' : 'broken'
}

/** The seconds of Retry-After, which may be a date by the clock of the server. */
function retryAfterOf(headers: Headers, now: Instant): number | null {
  const text = headers.get('retry-after')
  if (text === null) return null
  const answeredAt = Date.parse(headers.get('date') ?? '') || now
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * SECOND : Date.parse(text) - answeredAt
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS)
}
