import { type DestinationStream, pino } from 'pino'
import { shownJson } from '../shared/text.ts'

/** Logs are JSON lines on stderr; stdout is for people and for what starts us. */
export function createLog(level: string, to: DestinationStream = stderr()) {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['*.authorization', '*.key', '*.password', '*.token'],
      serializers: { err: withoutRowData },
      // People read these lines in a terminal, and some of the words in them are not ours.
      hooks: { streamWrite: shownJson },
    },
    to,
  )
}

const stderr = () => pino.destination({ dest: 2, sync: false, minLength: 4096, periodicFlush: 200 })

/** Postgres tells in `detail` which values were wrong; those are a customer's, and not for a log. */
function withoutRowData(error: Error) {
  const { detail: _, ...told } = pino.stdSerializers.err(error)
  return told
}
