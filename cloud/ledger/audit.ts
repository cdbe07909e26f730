import { readFileSync } from 'node:fs'
import type { Sql, Tx } from '../database/connect.ts'

export interface Violation {
  query: string
  customerId: number | null
  reference: string
  details: Record<string, unknown>
}

/** The named queries of audit.sql, in the order they stand there. */
export const auditQueries = readFileSync(new URL('../sql/audit.sql', import.meta.url), 'utf8')
  .split(/^-- name: /m)
  .slice(1)
  .map((part) => ({ name: part.slice(0, part.indexOf('\n')).trim(), text: part.slice(part.indexOf('\n')) }))

const MOST_VIOLATIONS_A_QUERY = 100

/**
 * The audit reads tables whole and joins them; a plan by statistics of a quieter time reads one of them again for each
 * row of another.
 */
export async function prepareAudit(sql: Tx): Promise<void> {
  await sql`set local statement_timeout = 0`
  await sql`set local enable_nestloop = off`
}

/** Everything that is wrong with the ledger at one moment; nothing means healthy. */
export async function runAudit(sql: Sql): Promise<Violation[]> {
  return await sql.begin('isolation level repeatable read read only', async (sql) => {
    await prepareAudit(sql)
    const violations: Violation[] = []
    for (const { name, text } of auditQueries) {
      const rows = await sql.unsafe<Omit<Violation, 'query'>[]>(
        // Materialized: a plan that hopes to find a hundred soon walks each card's entries once for each of its operations.
        `with violations as materialized (${text.replace(/;\s*$/, '')})
         select customer_id as "customerId", reference, details from violations limit ${MOST_VIOLATIONS_A_QUERY}`,
      )
      violations.push(...rows.map((row) => ({ query: name, ...row })))
    }
    return violations
  })
}
