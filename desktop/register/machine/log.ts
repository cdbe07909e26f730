import { writeSync } from 'node:fs'
import { type DestinationStream, type Logger, pino } from 'pino'
import { codeOf } from './files.ts'

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

/** Log lines are JSON, on stderr where nothing else is said; stdout is for people and for what starts us. */
export function createLog(level: string, destination: DestinationStream = stderr): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['*.authorization', '*.key', '*.pin'],
    },
    destination,
  )
}

const ATTEMPTS = 100

/** May be a file on a full disk, or a pipe whose reader is gone: then a line of the log is lost, and never a till. */
const stderr: DestinationStream = {
  write(line) {
    let bytes = Buffer.from(line)
    for (let attempt = 0; attempt < ATTEMPTS && bytes.length > 0; attempt += 1) {
      try {
        bytes = bytes.subarray(writeSync(2, bytes))
      } catch (error) {
        // The reader of a pipe is slow.
        if (codeOf(error) !== 'EAGAIN') return
      }
    }
  },
}
