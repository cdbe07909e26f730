import { SHORTEST_END } from '../../../shared/api.ts'
import { cardOfCode } from '../../../shared/cardText.ts'
import type { CustomerRow, customerSorts } from '../../../shared/console/customers.ts'
import { operationIdSchema } from '../../../shared/operation.ts'
import type { Condition } from '../../../shared/segments/definition.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import { isIn } from '../../insight/segments/members.ts'
import { availableOfCustomer } from '../../ledger/conditions.ts'
import { isReceipt } from '../../ledger/purchases.ts'
import type { Ground } from '../../ledger/segmentCondition.ts'
import { formatPlace, placeOf } from '../cursor.ts'
import type { InSight } from '../sight.ts'

type Sort = (typeof customerSorts)[number]

/** The members of a segment at the moment of the question. */
export interface Within {
  definition: Condition
  ground: Ground
}

interface Wanted {
  place: InSight
  state?: CustomerRow['state'] | undefined
  segment?: Within | undefined
  sort: Sort
  after: string | undefined
  limit: number
  now: Instant
}

type Whose = Pick<Wanted, 'place' | 'state' | 'segment'>

interface Page {
  customers: CustomerRow[]
  next: string | null
}

/** A page of the customers of a programme, or of those whom some of its stores have seen. */
export async function listCustomers(sql: Sql, wanted: Wanted): Promise<Page> {
  const { sort, after, limit } = wanted
  const from = placeOf(after, sort)
  const key = keyOf(sql, sort)
  const isBeyond =
    from === undefined
      ? sql`true`
      : sort === 'oldest'
        ? sql`c.id > ${from.id}`
        : sql`(${key}, c.id) < (${from.key}::bigint, ${from.id}::bigint)`
  const order =
    sort === 'oldest' ? sql`c.id` : sort === 'newest' ? sql`c.id desc` : sql`${key} desc, c.id desc`
  const picked = await sql<{ id: number; key: number }[]>`
    select c.id, ${key} as key
    from customers c left join customer_facts f on f.customer_id = c.id
    where ${isWanted(sql, wanted)} and ${isBeyond}
    order by ${order} limit ${limit + 1}`
  const shown = picked.slice(0, limit)
  const last = picked.length > limit ? shown.at(-1) : undefined
  const rows = await readRows(
    sql,
    shown.map(({ id }) => id),
    wanted.now,
  )
  return {
    customers: shown.flatMap(({ id }) => rows.get(id) ?? []),
    next: last ? formatPlace(sort, last) : null,
  }
}

/** The key of an order, a whole number, so that a page begins exactly where the one before ended. */
function keyOf(sql: Sql, sort: Sort) {
  switch (sort) {
    case 'newest':
    case 'oldest':
      return sql`0::bigint`
    case 'points':
      return sql`c.balance`
    case 'spent':
      return sql`coalesce(f.net_kopecks, 0)`
    case 'last_purchase':
      return sql`coalesce((extract(epoch from f.last_purchase_at) * 1000)::bigint, 0)`
  }
}

const isWanted = (sql: Sql, { place, state, segment }: Whose) => sql`
  c.programme_id = ${place.programmeId}
  and ${segment ? isIn(sql, segment.definition, segment.ground) : sql`true`}
  and ${state === undefined ? sql`true` : sql`c.status = ${state}`}
  and ${
    place.stores === null
      ? sql`true`
      : sql`exists (
          select from store_customers seen
          where seen.customer_id = c.id and seen.store_id = any(${place.stores}::int[]))`
  }`

type Found = NonNullable<CustomerRow['found']>
type Hit = { id: number } & Found

const MOST_OF_A_RECEIPT = 20
const ONLY = 'name'

/** The customers whom a text may mean: by operation, card or receipt first, then by name until the page is full. */
export async function searchCustomers(sql: Sql, q: string, wanted: Omit<Wanted, 'sort'>): Promise<Page> {
  const { after, limit, now } = wanted
  const from = placeOf(after, ONLY)
  const [exact, named] = await Promise.all([
    from === undefined ? findExactly(sql, q, wanted) : [],
    findByName(sql, q, { ...wanted, below: from?.id, limit: limit + 1 }),
  ])
  const hits = new Map<number, Hit>()
  for (const hit of [...exact, ...named.slice(0, limit)]) if (!hits.has(hit.id)) hits.set(hit.id, hit)
  const rows = await readRows(sql, [...hits.keys()], now)
  const last = named.length > limit ? named[limit - 1] : undefined
  return {
    customers: [...hits.values()].flatMap(({ id, ...found }) => {
      const row = rows.get(id)
      return row ? { ...row, found } : []
    }),
    next: last ? formatPlace(ONLY, { key: 0, id: last.id }) : null,
  }
}

async function findExactly(sql: Sql, q: string, wanted: Whose): Promise<Hit[]> {
  const card = cardOfCode(q)
  const id = operationIdSchema.safeParse(q.toLowerCase()).data
  const [byOperation, byCard, byReceipt] = await Promise.all([
    id === undefined
      ? []
      : sql<Hit[]>`
          select c.id, 'operation' as by, operations.id as "operationId", receipt
          from operations join customers c on c.id = operations.customer_id
          where operations.id = ${id} and ${isWanted(sql, wanted)}`,
    card === null
      ? []
      : sql<Hit[]>`
          select c.id, 'card' as by, null as "operationId", null as receipt
          from customers c where c.card = ${card} and ${isWanted(sql, wanted)}`,
    q.length < SHORTEST_END ? [] : findByReceipt(sql, q, wanted),
  ])
  return [...byOperation, ...byCard, ...byReceipt]
}

/** Finds a receipt by its end, store by store, in the index that returns at the till use. */
async function findByReceipt(sql: Sql, receipt: string, wanted: Whose): Promise<Hit[]> {
  const { programmeId, stores } = wanted.place
  return await sql<Hit[]>`
    select c.id, 'receipt' as by, sale.id as "operationId", sale.receipt
    from stores
    cross join lateral (
      select id, customer_id, receipt, at from operations
      where store_id = stores.id and status = 'accepted' and kind in ('earn', 'redeem') and receipt is not null
        and ${isReceipt(sql, receipt)}
      order by at desc limit ${MOST_OF_A_RECEIPT}) sale
    join customers c on c.id = sale.customer_id
    where stores.programme_id = ${programmeId} and ${stores === null ? sql`true` : sql`stores.id = any(${stores}::int[])`}
      and ${isWanted(sql, wanted)}
    order by sale.at desc, sale.id limit ${MOST_OF_A_RECEIPT}`
}

async function findByName(
  sql: Sql,
  q: string,
  { below, limit, ...wanted }: Whose & { limit: number; below: number | undefined },
): Promise<Hit[]> {
  // A number is no name: it need not be looked for in 100,000 names.
  if (/^[\d\s+()-]*$/.test(q)) return []
  return await sql<Hit[]>`
    select c.id, 'name' as by, null as "operationId", null as receipt
    from customers c
    where c.first_name ilike ${`%${q.replaceAll(/[\\%_]/g, '\\$&')}%`} and ${isWanted(sql, wanted)}
      and ${below === undefined ? sql`true` : sql`c.id < ${below}`}
    order by c.id desc limit ${limit}`
}

type Row = Omit<CustomerRow, 'found' | 'joinedAt' | 'lastPurchaseAt'> & {
  joinedAt: Instant
  lastPurchaseAt: Instant | null
}

/** The rows of a list, with one look-up a customer however many the planner expects. */
async function readRows(sql: Sql, ids: number[], now: Instant): Promise<Map<number, CustomerRow>> {
  const rows = await sql<Row[]>`
    select c.id, c.card, c.first_name as "firstName", c.status as state, c.debt, c.created_at as "joinedAt",
      ${availableOfCustomer(sql, now)} as available,
      coalesce((
        select sum(remaining) from lots
        where customer_id = c.id and filled and active_from > ${toIso(now)}), 0)::bigint as waiting,
      coalesce(f.purchases, 0) as purchases, coalesce(f.net_kopecks, 0)::bigint as "netKopecks",
      f.last_purchase_at as "lastPurchaseAt"
    from unnest(${ids}::bigint[]) as wanted(id)
    cross join lateral (select * from customers where customers.id = wanted.id limit 1) c
    left join lateral (select * from customer_facts where customer_id = c.id limit 1) f on true`
  return new Map(
    rows.map(({ joinedAt, lastPurchaseAt, ...row }) => [
      row.id,
      {
        ...row,
        joinedAt: toIso(joinedAt),
        lastPurchaseAt: lastPurchaseAt === null ? null : toIso(lastPurchaseAt),
        found: null,
      },
    ]),
  )
}
