import type { Context } from 'hono'
import { SECOND } from '../../shared/time.ts'

/** A database that is there but silent (stopped, cut off) is an outage too; no request waits longer than this. */
export const ANSWER_WITHIN_MS = 12 * SECOND

/** Aborts when the client of a request has left, or was told that the answer took too long. */
export const givenUp = ({ req }: Context): AbortSignal =>
  AbortSignal.any([req.raw.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)])
