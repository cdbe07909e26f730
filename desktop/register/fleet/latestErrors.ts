import type { z } from 'zod'
import type { heartbeatSchema } from '../../../shared/api.ts'
import { mendText } from '../../../shared/text.ts'
import { toIso } from '../../../shared/time.ts'
import { codeOf } from '../machine/files.ts'
import type { Log } from '../machine/log.ts'
import type { Clock } from '../time/clock.ts'

export type RegisterError = NonNullable<z.infer<typeof heartbeatSchema>['errors']>[number]

const KEPT = 10
const LONGEST = 200

/**
 * The same log, whose latest errors can be asked for. Only the message and the code of a failed system call
 * are kept: what else a line carries may be about a customer, and these go to the cloud.
 */
export function rememberErrors(log: Log, clock: Clock): { log: Log; latest(): RegisterError[] } {
  const errors: RegisterError[] = []

  function note(args: unknown[]): void {
    const message = args.find((arg) => typeof arg === 'string')
    const code = args.map(codeIn).find((code) => code !== null)
    const text = mendText([message, code && `(${code})`].filter(Boolean).join(' '), LONGEST)
    if (text === '') return
    errors.push({ at: toIso(clock.now()), text })
    if (errors.length > KEPT) errors.shift()
  }

  const error: Log['error'] = (...args: [string]) => {
    note(args)
    log.error(...args)
  }
  return {
    log: { debug: log.debug.bind(log), info: log.info.bind(log), warn: log.warn.bind(log), error },
    latest: () => [...errors],
  }
}

/** `ENOSPC` and the like, of the error in a line of the log. */
function codeIn(arg: unknown): string | null {
  const { err } = typeof arg === 'object' && arg !== null && 'err' in arg ? arg : { err: null }
  const code = codeOf(err) ?? ''
  return /^[A-Z0-9_]{2,40}$/.test(code) ? code : null
}
