import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import type { ApiError } from '../../shared/api.ts'
import type { Instant } from '../../shared/time.ts'
import type { Limiter } from '../access/limits.ts'

/** An answer that is not 2xx: thrown by a handler, turned into JSON in one place. */
export class ApiFailure extends HTTPException {
  readonly code: string
  readonly details: Record<string, unknown> | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    more: { details?: Record<string, unknown>; retryAfterSeconds?: number } = {},
  ) {
    super(status, { message })
    this.code = code
    this.details = more.details
    this.retryAfterSeconds = more.retryAfterSeconds
  }
}

export function errorBody(code: string, message: string, details?: Record<string, unknown>): ApiError {
  return { error: { code, message, ...(details && { details }) } }
}

export function malformed(error: z.ZodError): ApiFailure {
  return new ApiFailure(
    400,
    'malformed',
    'The request does not have the form of the contract; details name the fields.',
    {
      details: faultsOf(error),
    },
  )
}

/** Which fields are wrong and how, without repeating what was sent. */
export function faultsOf(error: z.ZodError): { fields: { path: string; problem: string }[] } {
  return {
    fields: error.issues
      .slice(0, 20)
      .map((issue) => ({ path: issue.path.join('.'), problem: issue.message })),
  }
}

export function tooMany(retryAfterSeconds: number): ApiFailure {
  return new ApiFailure(429, 'too_many_requests', 'Too many requests; wait as Retry-After says.', {
    retryAfterSeconds,
  })
}

/** Takes the tokens of a request from its bucket, or answers 429. */
export function pace(limiter: Limiter, key: string | number, now: Instant, tokens = 1): void {
  const wait = limiter.waitSeconds(key, now, tokens)
  if (wait > 0) throw tooMany(wait)
  limiter.spend(key, now, tokens)
}

export function replyWithFailure(c: Context, failure: ApiFailure) {
  if (failure.retryAfterSeconds !== undefined) c.header('Retry-After', String(failure.retryAfterSeconds))
  return c.json(errorBody(failure.code, failure.message, failure.details), failure.status)
}
