import { SECOND } from '../../../shared/time.ts'
import type { Clock } from '../time/clock.ts'
import { codeOf } from './files.ts'
import type { Log } from './log.ts'

const LOOK_EVERY_MS = 5 * SECOND
const FAILURES = /^(ENOSPC|EDQUOT|EFBIG|EROFS|EIO|SQLITE_(FULL|READONLY|IOERR|CANTOPEN)\w*)$/

/** The code of an error that says: the disk did not take what was to be written. Null for any other error. */
export function diskFailureOf(error: unknown): string | null {
  const code = codeOf(error) ?? ''
  return FAILURES.test(code) ? code : null
}

export interface DiskOptions {
  clock: Clock
  log: Log
  /** Writes where this register must be able to write; fails where it cannot. */
  tryWriting: () => Promise<void>
  /** The disk has begun to fail, with this code, or takes what is written again: null. */
  onChange: (failure: string | null) => void
}

/**
 * The disk under the data folder. A write that fails fails there and then, and its caller is told; here all such failures
 * become one alert, and the register goes on trying to write until the disk takes it.
 */
export function watchDisk({ clock, log, tryWriting, onChange }: DiskOptions) {
  let failure: string | null = null
  let cancelLook = () => {}
  let isStopped = false

  function told(error: unknown): void {
    const code = diskFailureOf(error)
    if (code === null || failure !== null || isStopped) return
    failure = code
    log.error(
      { err: error },
      'the disk of this register does not take what is written: is it full or read-only?',
    )
    lookLater()
    onChange(failure)
  }

  function lookLater(): void {
    cancelLook = clock.after(LOOK_EVERY_MS, () => {
      tryWriting().then(recovered, () => isStopped || lookLater())
    })
  }

  function recovered(): void {
    if (isStopped) return
    failure = null
    log.info('the disk of this register takes what is written again')
    onChange(null)
  }

  function tellingOne(work: (...args: unknown[]) => unknown) {
    return (...args: unknown[]) => {
      try {
        const result = work(...args)
        if (result instanceof Promise) result.catch(told)
        return result
      } catch (error) {
        told(error)
        throw error
      }
    }
  }

  return {
    told,
    /** The same functions: where the disk makes one of them fail, it is told here too. */
    telling<T extends object>(functions: T): T {
      const entries = Object.entries(functions).map(([name, value]) => [
        name,
        typeof value === 'function' ? tellingOne(value as (...args: unknown[]) => unknown) : value,
      ])
      return Object.fromEntries(entries)
    },
    stop(): void {
      isStopped = true
      cancelLook()
    },
  }
}
