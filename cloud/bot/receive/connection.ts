import { setTimeout as pause } from 'node:timers/promises'
import { type Api, GrammyError } from 'grammy'
import type { Logger } from 'pino'
import { backoff } from '../../../shared/backoff.ts'
import { SECOND } from '../../../shared/time.ts'
import { problemOf } from '../faults.ts'

/** The way to Telegram. */
export interface Connection {
  token: string
  apiUrl: string
  log: Logger
  signal: AbortSignal
}

const PAUSES = { first: SECOND, longest: 30 * SECOND }

/**
 * Tries until Telegram answers; undefined when the signal ended that. It waits as long as Telegram says, otherwise
 * ever longer. A token that Telegram does not know is not tried again: it is thrown.
 */
export async function keepTrying<Answer>(
  { token, log, signal }: Connection,
  ask: () => Promise<Answer>,
): Promise<Answer | undefined> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      return await ask()
    } catch (error) {
      if (signal.aborted) return undefined
      if (isUnauthorized(error)) throw error
      const pauseMs = pauseAfter(error, failures)
      log.warn({ problem: problemOf(error, token), pauseMs }, 'Telegram cannot be asked: trying again')
      await pause(pauseMs, undefined, { signal }).catch(() => {})
    }
  }
  return undefined
}

function pauseAfter(error: unknown, failures: number): number {
  const retryAfter = error instanceof GrammyError ? error.parameters.retry_after : undefined
  if (retryAfter !== undefined) return retryAfter * SECOND
  return Math.round(backoff(failures, PAUSES) * (0.5 + Math.random() / 2))
}

/** Telegram knows no bot by this token: it was mistyped, or revoked. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof GrammyError && (error.error_code === 401 || error.error_code === 404)
}

/** grammY's signals are those of an older library with other types; it uses of them what Node's have. */
export function forTelegram(signal: AbortSignal) {
  return signal as unknown as NonNullable<Parameters<Api['getMe']>[0]>
}
