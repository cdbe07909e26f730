import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import type { ApiError } from '../../shared/api.ts'
import { shownLine } from '../../shared/text.ts'

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

const FAULTS_TOLD = 10
const LONGEST_TOLD = 100

/** Which fields are wrong and how, without repeating what was sent: a name of the sender's own is cut short. */
export function faultsOf(error: z.ZodError): { fields: { path: string; problem: string }[]; more?: number } {
  const more = error.issues.length - FAULTS_TOLD
  const fields = error.issues.slice(0, FAULTS_TOLD).map((issue) => ({
    path: told(issue.path.slice(0, DEEPEST_PATH).join('.')),
    problem: problemOf(issue),
  }))
  return more > 0 ? { fields, more } : { fields }
}

const DEEPEST_PATH = 8

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return told(issue.message)
  const [first = '', ...others] = issue.keys
  const more = others.length > 0 ? ` and ${others.length} more` : ''
  return `The contract has no field ${JSON.stringify(told(first))}${more}`
}

function told(text: string): string {
  const line = shownLine(text.slice(0, LONGEST_TOLD))
  return text.length > LONGEST_TOLD ? `${line}…` : line
}

export function tooMany(retryAfterSeconds: number): ApiFailure {
  return new ApiFailure(429, 'too_many_requests', 'Too many requests; wait as Retry-After says.', {
    retryAfterSeconds,
  })
}

export const bodyOf = ({ code, message, details }: ApiFailure): ApiError => errorBody(code, message, details)

export function replyWithFailure(c: Context, failure: ApiFailure) {
  if (failure.retryAfterSeconds !== undefined) c.header('Retry-After', String(failure.retryAfterSeconds))
  return c.json(bodyOf(failure), failure.status)
}
