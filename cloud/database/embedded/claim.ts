import { openLockSession } from '../locks.ts'

const LOCK = 0x6b6f72

/**
 * One cloud an embedded database: two would fight for one folder that only one of them was asked to keep.
 * Null when another has it.
 */
export async function claimEmbedded(url: string): Promise<{ release(): Promise<void> } | null> {
  const sql = openLockSession(url, 'kopilka cloud')
  const [row] = await sql`select pg_try_advisory_lock(${LOCK}) as claimed`
  const release = () => sql.end({ timeout: 1 })
  if (row?.claimed) return { release }
  await release()
  return null
}
