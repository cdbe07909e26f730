import { connect, type Sql, type Tx } from '../database/connect.ts'
import { isOutage } from '../database/outage.ts'
import type { FeedOperation } from './operations.ts'
import { type Reader, type TurnOptions, takeTurn } from './reader.ts'

/** A reader that writes down what it is handed, in the transaction in which it is handed it. */
export async function createScribe(sql: Sql, name = 'scribe'): Promise<Reader> {
  await sql`
    create table if not exists seen (
      reader text not null, n bigint generated always as identity, customer_id bigint, operation_id uuid)`
  return {
    name,
    basis: 'any',
    walk: async (sql, customerIds) =>
      void (await sql`
        insert into seen (reader, customer_id) select ${name}, id from unnest(${customerIds}::bigint[]) id`),
    follow: async (sql, operations) =>
      void (await sql`
        insert into seen (reader, customer_id, operation_id)
        select ${name}, * from unnest(
          ${operations.map(({ customerId }) => customerId)}::bigint[], ${operations.map(({ id }) => id)}::uuid[])`),
  }
}

export async function seenBy(sql: Sql, { name }: Reader) {
  const rows = await sql<{ customerId: number; operationId: string | null }[]>`
    select customer_id as "customerId", operation_id as "operationId" from seen where reader = ${name} order by n`
  return {
    customers: rows.filter(({ operationId }) => operationId === null).map(({ customerId }) => customerId),
    operations: rows.flatMap(({ operationId }) => operationId ?? []),
  }
}

export const deaths = ['before its work', 'after its work', 'with its connection'] as const
export type Death = (typeof deaths)[number]

/** A turn of a process that dies at it; where there was nothing to read, it ends unharmed. */
export async function dieReading(
  url: string,
  reader: Reader,
  { death, ...options }: TurnOptions & { death: Death },
): Promise<void> {
  const sql = connect(url, { poolSize: 1 })
  try {
    await takeTurn(sql, dying(reader, death), options)
  } catch (error) {
    if (!(error instanceof Died) && !isOutage(error)) throw error
  } finally {
    await sql.end({ timeout: 0 })
  }
}

function dying(reader: Reader, death: Death): Reader {
  async function die<Handed>(
    sql: Tx,
    handed: Handed,
    work: (sql: Tx, handed: Handed) => Promise<void>,
  ): Promise<void> {
    if (death === 'before its work') throw new Died()
    await work(sql, handed)
    if (death === 'with its connection') await sql`select pg_terminate_backend(pg_backend_pid())`
    throw new Died()
  }
  return {
    ...reader,
    walk: (sql, customerIds) => die(sql, customerIds, reader.walk),
    follow: (sql, operations: FeedOperation[]) => die(sql, operations, reader.follow),
  }
}

class Died extends Error {
  override message = 'the reader died'
}
