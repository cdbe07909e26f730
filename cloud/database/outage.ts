/** The database is away, overloaded or shutting down: nothing was decided, ask again later. */
export function isOutage(error: unknown): boolean {
  const code = codeOf(error)
  return code !== undefined && (LOST_CONNECTIONS.has(code) || OUTAGE_STATES.test(code))
}

/** A row is locked, or a statement took too long: it may concern a single request of many. */
export function isHeldUp(error: unknown): boolean {
  const code = codeOf(error)
  return code === '55P03' || code === '57014'
}

/** Another transaction was in the way: the same batch may be tried again at once. */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error)
  return code !== undefined && CONFLICT_STATES.has(code)
}

const LOST_CONNECTIONS = new Set([
  // postgres.js
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  // Node and the operating system
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
])

// 08 connection, 53 resources (connections, memory, disk), 57 operator (shutdown, start-up, cancelled by a
// timeout), 55P03 lock not available in time, 25006 read-only: we were moved to a standby during a failover.
const OUTAGE_STATES = /^(08...|53...|57...|55P03|25006)$/

const CONFLICT_STATES = new Set([
  '40001', // serialization failure
  '40P01', // deadlock
  '23505', // another process inserted the same key first
])

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  if ('cause' in error) return codeOf(error.cause)
  return undefined
}
