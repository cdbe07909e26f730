import type { Person } from '../../access/staff/accounts.ts'
import { authorFor, readings } from '../../acts/permissions.ts'
import { logChange, type Origin } from '../../auditLog.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { takeLock } from '../../database/locks.ts'
import { authorName } from '../../ledger/rows.ts'

/** The name under which the log has that staff looked at a customer's data. */
export const CUSTOMER_VIEW = 'customer view'

/** A view is logged once a minute for each pair of viewer and customer: reading on is no new view. */
const AGAIN_AFTER = '1 minute'

export async function noteView(
  sql: Sql,
  { person, card, from }: { person: Person; card: string; from: Origin },
): Promise<void> {
  const author = authorFor(person, readings.customers)
  if (!author) throw new Error('who may not look has looked')
  const who = authorName(author)
  const subject = `customer ${card}`
  const isNoted = async (sql: Sql | Tx) => {
    const [noted] = await sql`
      select from audit_log
      where subject = ${subject} and action = ${CUSTOMER_VIEW} and who = ${who} and at > now() - ${AGAIN_AFTER}::interval
      order by id desc limit 1`
    return noted !== undefined
  }
  if (await isNoted(sql)) return
  await sql.begin(async (sql) => {
    // Two pages that are opened at once are one look.
    await takeLock(sql, `${who} looks at ${subject}`)
    if (!(await isNoted(sql))) await logChange(sql, { who, from, action: CUSTOMER_VIEW, subject })
  })
}
