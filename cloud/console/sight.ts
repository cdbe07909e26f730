import type { Person, Sees } from '../access/staff/accounts.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { ApiFailure } from '../http/errors.ts'

/** A programme, and the stores of it that somebody sees or asks about. */
export interface InSight {
  programmeId: number
  name: string
  timeZone: string
  /** Null: all of them, those that come later too. */
  stores: number[] | null
}

interface Asked {
  programme?: number | undefined
  store?: number | undefined
}

/** Said alike of what is out of sight and of what is not there. */
export const outOfSight = () =>
  new ApiFailure(
    404,
    'out_of_sight',
    'There is no such thing in the programmes and stores that this account may see.',
  )

/** What is asked about, or the first programme that the account sees. */
export async function findInSight(
  sql: Sql | Tx,
  { sees }: Pick<Person, 'sees'>,
  { programme, store }: Asked,
  timeZone: string,
): Promise<InSight> {
  const [found] = await sql<(Omit<InSight, 'stores'> & { stores: number[] })[]>`
    select programmes.id as "programmeId", programmes.name, coalesce(programmes.time_zone, ${timeZone}) as "timeZone",
      array(
        select stores.id from stores
        where stores.programme_id = programmes.id and ${isStoreInSight(sql, sees)}
          and stores.id = coalesce(${store ?? null}::int, stores.id)
        order by stores.id) as stores
    from programmes
    where ${isProgrammeInSight(sql, sees)} and programmes.id = coalesce(${programme ?? null}::int, programmes.id)
      and (${store === undefined && sees.stores === null} or exists (
        select from stores
        where stores.programme_id = programmes.id and ${isStoreInSight(sql, sees)}
          and stores.id = coalesce(${store ?? null}::int, stores.id)))
    order by programmes.id limit 1`
  if (!found) throw outOfSight()
  return { ...found, stores: store === undefined && sees.stores === null ? null : found.stores }
}

/** Points are of a programme: whoever sees a part of its stores is told of no sum of them. */
export function refusePart({ stores }: InSight): void {
  if (stores !== null)
    throw new ApiFailure(
      404,
      'out_of_sight',
      'This is of a whole programme, and you may see a part of its stores.',
    )
}

// Of rows of `programmes`, `stores` and `c`, a customer, in a query.

export const isProgrammeInSight = (sql: Sql | Tx, { programmes }: Sees) =>
  programmes === null ? sql`true` : sql`programmes.id = any(${programmes}::int[])`

export const isStoreInSight = (sql: Sql | Tx, { programmes, stores }: Sees) => sql`
  ${programmes === null ? sql`true` : sql`stores.programme_id = any(${programmes}::int[])`}
  and ${stores === null ? sql`true` : sql`stores.id = any(${stores}::int[])`}`

/** A customer is of the stores that have seen them. */
export const isCustomerInSight = (sql: Sql | Tx, { programmes, stores }: Sees) => sql`
  ${programmes === null ? sql`true` : sql`c.programme_id = any(${programmes}::int[])`}
  and ${
    stores === null
      ? sql`true`
      : sql`exists (
          select from store_customers seen where seen.customer_id = c.id and seen.store_id = any(${stores}::int[]))`
  }`
