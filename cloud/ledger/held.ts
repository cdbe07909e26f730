import type { Sql } from '../database/connect.ts'
import { findCustomers } from './load.ts'
import { type Request, referenceOf } from './request.ts'
import { namedByRequest } from './scope.ts'

/** The requests whose customer is locked by another session just now. It waits for no lock, and keeps none. */
export async function findHeld(sql: Sql, requests: Request[]): Promise<Request[]> {
  return await sql.begin(async (sql) => {
    const references = requests.flatMap((request) => referenceOf(request) ?? [])
    const customerOfOriginal = await findCustomers(sql, [...new Set(references)])
    const byRequestId = new Map(requests.map((request) => [request.id, request]))
    const named = requests.map((request) => namedByRequest(request, byRequestId, customerOfOriginal))
    const others = requests.flatMap((request) => (request.kind === 'merge' ? request.otherCard : []))
    const held = await sql<{ id: number; card: string }[]>`
      with concerned as (
        select coalesce(merged_into, id) as id, card from customers
        where card = any(${[...named.filter((name) => typeof name === 'string'), ...others]})
          or id = any(${named.filter((name) => typeof name === 'number')}::bigint[])
      ), free as (
        select id from customers where id in (select id from concerned) for no key update skip locked
      )
      select id, card from concerned where id not in (select id from free)`
    const names = new Set<string | number | null>(held.flatMap(({ id, card }) => [id, card]))
    return requests.filter(
      (request, index) =>
        names.has(named[index] ?? null) || (request.kind === 'merge' && names.has(request.otherCard)),
    )
  })
}
