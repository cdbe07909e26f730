import { type Instant, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'

const FILES_KEPT = 3

/** Keeps what was asked for, once. What nobody asked for, or came already, is not kept. */
export async function keepDiagnostics(
  sql: Sql,
  { registerId, content, now }: { registerId: number; content: string; now: Instant },
): Promise<boolean> {
  return await sql.begin(async (sql) => {
    const wanted = await sql`
      update registers set diagnostics_asked_at = null
      where id = ${registerId} and diagnostics_asked_at is not null`
    if (wanted.count === 0) return false
    await sql`
      insert into diagnostics (register_id, received_at, content)
      values (${registerId}, ${toIso(now)}, ${content})`
    await sql`
      delete from diagnostics where register_id = ${registerId} and id not in (
        select id from diagnostics where register_id = ${registerId} order by id desc limit ${FILES_KEPT})`
    return true
  })
}
