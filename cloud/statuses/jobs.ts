import type { Sql } from '../database/connect.ts'
import { introduce, lockReader, prepareTransaction, readOn } from '../feed/reader.ts'
import type { Job, JobContext } from '../jobs/job.ts'
import { evaluate, readLadders } from './evaluate.ts'
import { createStatusReader, STATUSES } from './reader.ts'

const CUSTOMERS_A_BATCH = 500

interface Setting {
  /** The time zone of programmes that have none of their own. */
  timeZone: string
}

/**
 * Raises customers who have reached a status, within seconds of the purchase. Where no book has statuses, nothing is
 * read.
 */
export function createStatusFollower({ timeZone }: Setting): Job {
  return {
    name: 'status-follower',
    isContinuous: true,
    work: async (sql, context) => {
      await follow(sql, timeZone, context)
      return {}
    },
  }
}

async function follow(sql: Sql, timeZone: string, context: JobContext) {
  const ladders = await readLadders(sql, { now: context.now, timeZone })
  if (ladders.size > 0) await readOn(sql, createStatusReader(ladders, context.now), context)
  return ladders
}

/**
 * Gives notices to customers who do not keep their status, and takes the status when the time of a notice is over. The
 * rest of the feed is read first, so that no customer loses a status they have just earned. Run twice, it changes
 * nothing.
 */
export function createStatusJob({ timeZone }: Setting): Job {
  return {
    name: STATUSES,
    work: async (sql, context) => {
      const ladders = await follow(sql, timeZone, context)
      const total = { customers: 0, changed: 0 }
      if (ladders.size === 0) return total
      await introduce(sql, createStatusReader(ladders, context.now))
      let lastId = 0
      while (!context.signal?.aborted) {
        const rows = await sql<{ id: number }[]>`
          select distinct customer_id as id from status_snapshots where customer_id > ${lastId}
          order by 1 limit ${CUSTOMERS_A_BATCH}`
        const last = rows.at(-1)
        if (!last) break
        lastId = last.id
        total.customers += rows.length
        total.changed += await sql.begin(async (sql) => {
          await prepareTransaction(sql)
          await lockReader(sql, { name: STATUSES }, { wait: true })
          const customerIds = rows.map(({ id }) => id)
          return await evaluate(sql, { customerIds, ladders, by: 'day', now: context.now })
        })
      }
      return total
    },
  }
}
