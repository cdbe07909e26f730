import type { Sees } from '../access/staff/accounts.ts'
import type { Sql, Tx } from '../database/connect.ts'
import type { Asking } from './permissions.ts'

/** The place that an act concerns: a programme, and of it some stores or all. */
export interface Place {
  programmeId: number
  stores: number[] | 'all'
}

/** Whether a person sees every programme and store, future ones too. */
export const seesEverything = (who: Asking) => who.type === 'admin' || seesAll(who.sees)

export const seesAll = ({ programmes, stores }: Sees) => programmes === null && stores === null

/** Whether a place is in sight. A person who is limited to stores may change nothing that other stores depend on too. */
export function sees({ programmes, stores }: Sees, place: Place): boolean {
  if (programmes !== null && !programmes.includes(place.programmeId)) return false
  return stores === null || (place.stores !== 'all' && place.stores.some((id) => stores.includes(id)))
}

// The place of the thing that was named; null where there is no such thing, or more than one.

/** By number or name; where none is given, the only programme. */
export async function placeOfProgramme(sql: Sql | Tx, named: string | undefined): Promise<Place | null> {
  const programmes = await sql<{ id: number; name: string }[]>`select id, name from programmes order by id`
  const found =
    named === undefined
      ? programmes.filter(() => programmes.length === 1)
      : programmes.filter(({ id, name }) => String(id) === named || name === named)
  const [only, another] = found
  return only && !another ? { programmeId: only.id, stores: 'all' } : null
}

export async function placeOfStore(sql: Sql | Tx, store: string): Promise<Place | null> {
  const id = /^\d{1,9}$/.test(store) ? Number(store) : null
  return onlyOf(
    await sql<StoreRow[]>`
    select programme_id as "programmeId", id as "storeId" from stores where id = ${id}::int or name = ${store}`,
  )
}

export async function placeOfRegister(sql: Sql | Tx, register: number): Promise<Place | null> {
  return onlyOf(
    await sql<StoreRow[]>`
    select programme_id as "programmeId", stores.id as "storeId"
    from registers join stores on stores.id = store_id where registers.id = ${register}`,
  )
}

export async function placeOfHold(sql: Sql | Tx, hold: string): Promise<Place | null> {
  return onlyOf(
    await sql<StoreRow[]>`
    select programme_id as "programmeId", store_id as "storeId" from holds where id = ${hold}`,
  )
}

interface StoreRow {
  programmeId: number
  storeId: number
}

function onlyOf([only, another]: StoreRow[]): Place | null {
  return only && !another ? { programmeId: only.programmeId, stores: [only.storeId] } : null
}

/** A customer is of the stores that have seen them. */
export async function placeOfCustomer(
  sql: Sql | Tx,
  customer: { card: string } | { id: number },
): Promise<Place | null> {
  const which = 'card' in customer ? sql`card = ${customer.card}` : sql`id = ${customer.id}`
  const [row] = await sql<{ programmeId: number; stores: number[] }[]>`
    select programme_id as "programmeId",
      array(select store_id from store_customers where customer_id = customers.id) as stores
    from customers where ${which}`
  return row ?? null
}

/** A discrepancy without a customer is about the whole cloud. */
export async function placeOfDiscrepancy(sql: Sql | Tx, id: number): Promise<Place | null> {
  const [row] = await sql<{ customerId: number | null; kind: string; reference: string }[]>`
    select customer_id as "customerId", kind, reference from discrepancies where id = ${id}`
  if (!row || row.customerId === null) return null
  return row.kind === 'hold_in_doubt'
    ? await placeOfHold(sql, row.reference)
    : await placeOfCustomer(sql, { id: row.customerId })
}
