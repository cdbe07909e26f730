import { type Logger, pino } from 'pino'

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

/** Log lines are JSON on stderr; stdout is for people and for what starts us. */
export function createLog(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['*.authorization', '*.key', '*.code', '*.pin'],
    },
    pino.destination({ dest: 2, sync: true }),
  )
}
