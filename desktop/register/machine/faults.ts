import type { Log } from './log.ts'

/** A till has no console that is looked at. The register goes on: what must not be lost is in the journal, step by step. */
export function logFaults(log: Log): void {
  process.on('uncaughtException', (error) => log.error({ err: error }, 'an uncaught fault'))
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'an unhandled rejection'))
}
