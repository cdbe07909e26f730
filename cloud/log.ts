import { pino } from 'pino'

/** Logs are JSON lines on stderr; stdout is for people and for what starts us. */
export function createLog(level: string) {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['*.authorization', '*.key', '*.code', '*.password', '*.token'],
    },
    pino.destination({ dest: 2, sync: false, minLength: 4096, periodicFlush: 200 }),
  )
}
