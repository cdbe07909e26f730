import type { Instant } from '../shared/time.ts'
import type { Config } from './config.ts'
import { connect } from './database/connect.ts'
import { openDatabase } from './database/open.ts'
import { createWriter } from './ledger/writer.ts'

/** The connections of a cloud: each kind of work has its own, so that none waits for those of another. */
export async function openConnections(config: Config, { now }: { now: () => Instant }) {
  const database = await openDatabase(config)
  // Each job that runs holds one connection and works on another: not on those that the sales wait for.
  const ofJobs = connect(database.url, { name: 'kopilka jobs' })
  // A report may take seconds, and a till does not wait for who looks up a customer so long.
  const ofOffice = connect(database.url, { name: 'kopilka office', poolSize: 4 })
  const { holdSeconds, timeZone } = config
  // Two lanes keep two processors busy, this one's and that of Postgres.
  const writers = [1, 2].map(() => createWriter(database, { now, holdSeconds, timeZone }))
  return {
    ...{ url: database.url, sql: database.sql, ofJobs, ofOffice, writers },
    async close(): Promise<void> {
      const pools = [ofJobs, ofOffice].map((pool) => pool.end({ timeout: 5 }))
      await Promise.all([...pools, ...writers.map((writer) => writer.end())])
      await database.close()
    },
  }
}
