import { stat } from 'node:fs/promises'
import type { Sql } from '../database/connect.ts'
import type { Job } from '../jobs/job.ts'
import { keepErasures } from './erasures.ts'

/**
 * Keeps this process's list of erasures equal to the database. Erasing never waits for the list: lines that could not be
 * written are written by a later run, and until then the failed run is an alert.
 */
export function createErasuresJob(file: string): Job {
  let kept = ''
  const standOf = async (sql: Sql) => {
    const [row] = await sql<{ count: number }[]>`select count(*) as count from erasures`
    const size = await stat(file).then(
      (found) => found.size,
      () => null,
    )
    return `${row?.count} ${size}`
  }
  return {
    name: 'erasures',
    isOftenIdle: true,
    isOfProcess: true,
    async work(sql) {
      if ((await standOf(sql)) === kept) return { listed: 0 }
      const listed = await keepErasures(sql, file)
      kept = await standOf(sql)
      return { listed }
    },
  }
}
