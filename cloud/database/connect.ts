import postgres from 'postgres'

type Types = { instant: number; bigint: number }
export type Sql = postgres.Sql<Types>
/** What `sql.begin` hands to its function. */
export type Tx = postgres.TransactionSql<Types>

/**
 * The server shows the name in `pg_stat_activity`. A connection is made anew after half an hour or an hour, unless it is kept until
 * it dies.
 */
export type ConnectOptions = { poolSize?: number; name?: string; isKept?: boolean }

export function connect(
  url: string,
  { poolSize = 10, name = 'kopilka', isKept = false }: ConnectOptions = {},
): Sql {
  return postgres(url, {
    max: poolSize,
    ...(isKept && { max_lifetime: null }),
    connect_timeout: 5,
    // A call during an outage must fail now, not wait out an ever longer pause.
    backoff: () => 0.1,
    types: { instant, bigint },
    connection: { application_name: name, TimeZone: 'UTC', ...sessionLimits(url) },
    onnotice: () => {},
  })
}

// Behind pgbouncer in transaction mode (`?prepare=false`) a session is not ours to configure: pgbouncer refuses
// start-up parameters it does not track. There the limits belong to the role:
// `alter role kopilka set statement_timeout = '10s'; alter role kopilka set lock_timeout = '5s'`.
function sessionLimits(url: string): { statement_timeout?: number; lock_timeout?: number } {
  if (/[?&]prepare=(false|disable)(&|$)/.test(url)) return {}
  return { statement_timeout: 10_000, lock_timeout: 5_000 }
}

// timestamptz is an Instant everywhere in the code: epoch milliseconds.
const instant = {
  to: 1184,
  from: [1184],
  serialize: (at: number | Date) => new Date(at).toISOString(),
  parse: (text: string) => {
    // '2025-12-07 10:00:00.123456+00' is not the ISO form that every Date.parse must know.
    const at = Date.parse(`${text.slice(0, 10)}T${text.slice(11).replace(/\+00$/, 'Z')}`)
    if (Number.isNaN(at)) throw new RangeError(`Not a moment in UTC: ${text}`)
    return at
  },
}

const bigint = {
  to: 20,
  from: [20],
  serialize: (value: number) => String(value),
  parse: (text: string) => {
    const value = Number(text)
    if (!Number.isSafeInteger(value)) throw new RangeError(`Too large for a number: ${text}`)
    return value
  },
}
