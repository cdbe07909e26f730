import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import postgres from 'postgres'
import { SECOND } from '../../shared/time.ts'
import { withDeadline } from '../deadline.ts'
import type { Sql, Tx } from './connect.ts'
import { neverCommit, tryLock } from './locks.ts'
import { isOutage } from './outage.ts'

const { PostgresError } = postgres

interface Leading {
  /** Ends it: the work is asked to end, then the lock is given up. */
  signal: AbortSignal
  log: Logger
  /** How long a process waits before it asks for the lock again. */
  retryMs?: number
  /** How often the lock is looked at. */
  probeMs?: number
  /** How long an answer may take: a connection that is silent for longer is lost. */
  answerMs?: number
  /** After how long without a word from us the server gives the lock to another: our machine may be gone. */
  silenceMs?: number
}

/**
 * Does this work in one of several processes: in whichever has the lock of that name. The work is handed a signal
 * that is aborted when the lock is lost; until it has ended, this process does not ask for the lock again. For
 * as long as a broken connection goes unnoticed here, another process may have begun: the work must bear that.
 */
export async function whileLeading(
  sql: Sql,
  name: string,
  work: (signal: AbortSignal) => Promise<void>,
  {
    signal,
    log,
    retryMs = SECOND,
    probeMs = 5 * SECOND,
    answerMs = 5 * SECOND,
    silenceMs = 30 * SECOND,
  }: Leading,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await leadOnce(sql, name, { work, signal, log, probeMs, answerMs, silenceMs })
    } catch (error) {
      if (isOutage(error)) log.debug({ leader: name }, 'nobody can lead: the database is away')
      else log.error({ leader: name, err: error }, 'the work of the leader failed')
    }
    await pause(retryMs, undefined, { signal }).catch(() => {})
  }
}

interface Turn {
  work: (signal: AbortSignal) => Promise<void>
  signal: AbortSignal
  log: Logger
  probeMs: number
  answerMs: number
  silenceMs: number
}

async function leadOnce(sql: Sql, name: string, turn: Turn): Promise<void> {
  const { work, signal, log, silenceMs } = turn
  const lost = new AbortController()
  const isLost = new Promise<never>((_, reject) => {
    lost.signal.addEventListener('abort', () => reject(lost.signal.reason))
  })
  const begun: Promise<void>[] = []
  const ended = sql.begin(async (lock) => {
    // Of a machine that lost its power the server would hear nothing for hours.
    if (!(await tryLock(lock, `leader ${name}`, { idleMs: silenceMs }))) return
    log.info({ leader: name }, 'this process leads')
    const running = work(AbortSignal.any([signal, lost.signal]))
    begun.push(running)
    await watch(lock, running, turn).catch(async (error) => {
      lost.abort(error)
      if (isAnswered(error)) throw error
    })
    if (lost.signal.aborted) await neverCommit()
  })
  try {
    await Promise.race([ended, isLost])
  } catch (error) {
    lost.abort(error)
    if (begun.length === 0) throw error
    log.warn({ leader: name, problem: (error as Error).message }, 'this process leads no more')
  }
  await Promise.all(begun)
}

class Silence extends Error {
  override message = 'the connection of the lock is silent'
}

/** The connection lives, or may live again, and must then be told to give up the lock. */
function isAnswered(error: unknown): boolean {
  return error instanceof Silence || (error instanceof PostgresError && error.severity !== 'FATAL')
}

/** Until the work has ended. A connection that is silent is as lost as one that is closed. */
async function watch(lock: Tx, running: Promise<void>, { probeMs, answerMs }: Turn): Promise<void> {
  const ended = new AbortController()
  const end = () => ended.abort()
  running.then(end, end)
  for (;;) {
    await pause(probeMs, undefined, { signal: ended.signal }).catch(() => {})
    if (ended.signal.aborted) return
    await withDeadline(
      lock`select 1`.then(() => {}),
      answerMs,
      () => new Silence(),
    )
  }
}
