import type { Sql, Tx } from '../../database/connect.ts'
import { unreadAmong } from '../../feed/progress.ts'
import { introduce, lockReader, prepareTransaction, readOn } from '../../feed/reader.ts'
import { factsInLedger, makeFacts, type Whose } from './definition.ts'
import { createFactsReader, FACTS } from './reader.ts'

const CUSTOMERS_AT_ONCE = 500
const MOST_SHOWN = 100

/** Facts that differ from the ledger. */
export interface Difference {
  customerId: number
  card: string
  kept: Facts | null
  made: Facts | null
}

type Facts = Record<string, unknown>

export interface Checked {
  customers: number
  /** Customers whose latest operations the reader has not read yet: they cannot be compared. */
  unread: number
  differing: number
  /** The first of them. */
  differences: Difference[]
}

interface Settings {
  /** All customers where it is left out. */
  customerIds?: number[]
  /** Of the shops, as long as no facts were ever made in another one. */
  timeZone: string
  signal?: AbortSignal | undefined
}

/** Compares facts with the ledger, and leaves both alone. */
export async function checkFacts(sql: Sql, settings: Settings): Promise<Checked> {
  return await eachBatch(sql, settings, (customerIds) =>
    sql.begin('isolation level repeatable read read only', async (sql) => {
      await prepareTransaction(sql)
      return await compare(sql, { customerIds, timeZone: await timeZoneOf(sql, settings) })
    }),
  )
}

/**
 * Makes facts anew, and tells which of them differed from the ledger. Where all customers are meant, the reader first
 * reads on, as the cloud does, so that they can be compared whether or not it runs.
 */
export async function rebuildFacts(sql: Sql, settings: Settings): Promise<Checked> {
  await introduce(sql, { name: FACTS, basis: settings.timeZone })
  const timeZone = await timeZoneOf(sql, settings)
  if (!settings.customerIds) await readOn(sql, createFactsReader(timeZone), settings)
  return await eachBatch(sql, settings, (customerIds) =>
    sql.begin(async (sql) => {
      await prepareTransaction(sql)
      await sql`select set_config('lock_timeout', '60s', true)`
      const reader = await lockReader(sql, { name: FACTS }, { wait: true })
      const whose = { customerIds, timeZone: reader?.basis ?? timeZone }
      const checked = await compare(sql, whose)
      await makeFacts(sql, whose)
      return checked
    }),
  )
}

/** The time zone that the facts are kept in, whatever the environment of a shell says. */
async function timeZoneOf(sql: Sql | Tx, settings: Settings): Promise<string> {
  const [reader] = await sql<{ basis: string }[]>`select basis from feed_readers where name = ${FACTS}`
  return reader?.basis ?? settings.timeZone
}

async function eachBatch(
  sql: Sql,
  { customerIds, signal }: Settings,
  check: (customerIds: number[]) => Promise<Checked>,
): Promise<Checked> {
  const total: Checked = { customers: 0, unread: 0, differing: 0, differences: [] }
  let lastId = 0
  while (!signal?.aborted) {
    const rows = await sql<{ id: number }[]>`
      select id from customers
      where id > ${lastId} ${customerIds ? sql`and id = any(${customerIds}::bigint[])` : sql``}
      order by id limit ${CUSTOMERS_AT_ONCE}`
    const last = rows.at(-1)
    if (!last) break
    lastId = last.id
    const checked = await check(rows.map(({ id }) => id))
    total.customers += checked.customers
    total.unread += checked.unread
    total.differing += checked.differing
    total.differences = [...total.differences, ...checked.differences].slice(0, MOST_SHOWN)
  }
  return total
}

/** Unread operations are asked for last: facts may be behind what they are compared with, never ahead of it. */
async function compare(sql: Tx, whose: Whose): Promise<Checked> {
  const { customerIds } = whose
  const different = await sql<Difference[]>`
    with ${factsInLedger(sql, whose)},
    kept as (
      select * from customer_facts where customer_id = any(${customerIds}::bigint[])),
    kept_months as (
      select * from customer_months where customer_id = any(${customerIds}::bigint[]))
    select customer_id as "customerId", card, kept.facts as kept, made.facts as made
    from (${documents(sql, 'kept')}) kept
    full join (${documents(sql, 'made')}) made using (customer_id)
    join customers on customers.id = customer_id
    where kept.facts is distinct from made.facts
    order by customer_id`
  const unread = await unreadAmong(sql, FACTS, customerIds)
  const differences = different.filter(({ customerId }) => !unread.has(customerId))
  return { customers: customerIds.length, unread: unread.size, differing: differences.length, differences }
}

function documents(sql: Tx, source: 'kept' | 'made') {
  return sql`
    select customer_id, to_jsonb(facts) - 'customer_id' - 'as_of' - 'tx'
      || jsonb_build_object('months', coalesce(months, '{}')) as facts
    from ${sql(source)} facts
    left join (
      select customer_id, jsonb_object_agg(month, jsonb_build_array(purchases, net_kopecks)) as months
      from ${sql(`${source}_months`)} group by customer_id) by_month using (customer_id)`
}
