import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newRegisterKey } from '../access/registers/keys.ts'
import { createKeyring } from '../access/registers/registers.ts'
import { hashSecret } from '../access/secrets.ts'
import { logChange } from '../auditLog.ts'
import type { Sql } from '../database/connect.ts'
import { DEMO } from './author.ts'

/**
 * The key of the demo's register, kept in a file that only its owner can read. A key that is lost, or was
 * revoked, is replaced: the database knows no more of it than a hash.
 */
export async function demoKey(
  sql: Sql,
  { registerId, dataDir }: { registerId: number; dataDir: string },
): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  const path = join(dataDir, 'demo-register.key')
  const kept = await readKept(path)
  if (kept && (await createKeyring(sql).find(kept))?.id === registerId) return kept

  const key = newRegisterKey()
  await writeFile(path, `${key}\n`, { mode: 0o600 })
  await sql.begin(async (sql) => {
    await sql`update registers set key_hash = ${hashSecret(key)}, revoked_at = null where id = ${registerId}`
    await logChange(sql, { who: DEMO, action: 'register key', subject: `register ${registerId}` })
  })
  return key
}

async function readKept(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
