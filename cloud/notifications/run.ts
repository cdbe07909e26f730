import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Sql } from '../database/connect.ts'
import { whileLeading } from '../database/leader.ts'
import { deliver } from './deliver.ts'
import { openTelegram } from './telegram.ts'

/** The messages to customers in this process. Of several processes one sends, so that the pace is kept. */
export function openMessages(
  { telegram, timeZone }: Pick<Config, 'timeZone'> & { telegram: NonNullable<Config['telegram']> },
  { sql, log }: { sql: Sql; log: Logger },
) {
  const stopping = new AbortController()
  const delivery = {
    sql,
    send: openTelegram(telegram),
    timeZone,
    log: log.child({ loop: 'messages' }),
    stopping: stopping.signal,
  }
  let running: Promise<void> | null = null
  return {
    start() {
      running ??= whileLeading(sql, 'messages', (signal) => deliver({ ...delivery, signal }), {
        signal: stopping.signal,
        log,
      })
    },
    /** What is just being sent is still sent and marked. */
    async stop() {
      stopping.abort()
      await running
    },
  }
}
