import type { z } from 'zod'
import type { heartbeatSchema } from '../../shared/api.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { hashSecret } from './keys.ts'

export interface Register {
  id: number
  name: string
  channel: 'stable' | 'beta'
  store: { id: number; name: string }
}

type RegisterRow = Omit<Register, 'store'> & { storeId: number; storeName: string }

/** The register a key belongs to. Asked of the database every time, so that a revoked key ends at once. */
export async function findRegisterByKey(sql: Sql, key: string): Promise<Register | null> {
  const [row] = await sql<RegisterRow[]>`
    select r.id, r.name, r.channel, s.id as "storeId", s.name as "storeName"
    from registers r join stores s on s.id = r.store_id
    where r.key_hash = ${hashSecret(key)} and r.revoked_at is null`
  if (!row) return null
  const { storeId, storeName, ...register } = row
  return { ...register, store: { id: storeId, name: storeName } }
}

export async function saveHeartbeat(
  sql: Sql,
  registerId: number,
  heartbeat: z.infer<typeof heartbeatSchema>,
  now: Instant,
): Promise<void> {
  await sql`
    update registers
    set last_seen_at = ${toIso(now)}, version = ${heartbeat.version}, heartbeat = ${sql.json(heartbeat)}
    where id = ${registerId}`
}
