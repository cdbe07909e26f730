import type { Sql } from '../../database/connect.ts'
import { readOn } from '../../feed/reader.ts'
import type { Job, JobContext } from '../../jobs/job.ts'
import { checkFacts } from './check.ts'
import { createFactsReader, FACTS } from './reader.ts'

/** Many at once, because a customer with new operations gets all facts anew once a turn, however many there were. */
const OPERATIONS_A_TURN = 20_000

export function createFactsJob(timeZone: string): Job {
  const reader = createFactsReader(timeZone)
  return {
    name: FACTS,
    isContinuous: true,
    work: async (sql, context) => {
      await readOn(sql, reader, { ...context, operationsATurn: OPERATIONS_A_TURN })
      return {}
    },
  }
}

const CUSTOMERS_A_NIGHT = 1000
const MOST_LOGGED = 10

/**
 * Holds the facts about some customers against the ledger. A difference is a bug of ours: it is logged as it is, and
 * the job fails, so that it is told.
 */
async function checkSample(sql: Sql, { log, signal }: JobContext) {
  const customerIds = await pickCustomers(sql, CUSTOMERS_A_NIGHT)
  // Facts that were never made yet can differ from nothing, in whatever time zone.
  const { customers, unread, differing, differences } = await checkFacts(sql, {
    customerIds,
    timeZone: 'UTC',
    signal,
  })
  for (const { customerId, kept, made } of differences.slice(0, MOST_LOGGED))
    log?.error(
      { customer: customerId, kept, made },
      'the facts about a customer are not what the ledger says',
    )
  if (differing > 0)
    throw new Error(
      `the facts about ${differing} of ${customers} customers are not what the ledger says (customers ` +
        `${differences.map(({ customerId }) => customerId).join(', ')}): the log has them; "facts rebuild" makes them anew`,
    )
  return { customers, unread, differing }
}

export const factsCheckJob: Job = { name: 'facts-check', work: checkSample }

/** Picks customers at random; somewhat fewer where ids are missing. */
async function pickCustomers(sql: Sql, count: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select distinct id
    from (select max(id) as last from customers) ids
    cross join lateral (
      select 1 + floor(random() * last)::bigint as id from generate_series(1, ${count})) picked
    join customers using (id)`
  return rows.map(({ id }) => id)
}
