import { type Instant, toIso } from '../../shared/time.ts'
import { noteHead } from '../auditLog.ts'
import type { Sql } from '../database/connect.ts'
import { runAudit, type Violation } from '../ledger/audit.ts'
import type { Job, JobContext } from './job.ts'

/** Looks for violations of the ledger's sums, and files each for a person, once while it is open. */
export async function audit(sql: Sql, { now, log, signal }: JobContext) {
  const violations = await Promise.race([runAudit(sql), stopped(signal)])
  const filed = await fileViolations(sql, violations, now)
  const head = await noteHead(sql, now)
  log?.info({ head }, 'where the log of changes ends')
  if (violations.length > 0) {
    const queries = Object.groupBy(violations, ({ query }) => query)
    const counts = Object.entries(queries).map(([query, found]) => [query, found?.length])
    log?.error({ queries: Object.fromEntries(counts), filed }, 'the ledger violates its invariants')
  }
  return { violations: violations.length, filed }
}

export const auditJob: Job = { name: 'audit', work: audit }

/** The queries of a large ledger take minutes, and have no batches to end between. */
function stopped(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new Error('stopped with its process; the next run does it all'))
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}

/**
 * Each row locks its customer a little, so rows are written in the order in which all writers lock customers. The
 * violation may be that a customer is missing, so the row names one who is there.
 */
async function fileViolations(sql: Sql, violations: Violation[], now: Instant): Promise<number> {
  const rows = violations.map(({ query, customerId, reference, details }) => ({
    reference: `${query}:${reference}`,
    customer_id: customerId,
    details,
  }))
  const filed = await sql`
    insert into discrepancies (kind, reference, customer_id, details, filed_at)
    select 'audit', reference, customers.id, details, ${toIso(now)}
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as row(reference text, customer_id bigint, details jsonb)
    left join customers on customers.id = row.customer_id
    order by customers.id
    on conflict (kind, reference) where settled_at is null do nothing`
  return filed.count
}
