import type { z } from 'zod'
import type { heartbeatSchema } from '../../shared/api.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { withDeadline } from '../deadline.ts'
import { hashSecret } from './keys.ts'

export interface Register {
  id: number
  name: string
  channel: 'stable' | 'beta'
  store: { id: number; name: string }
}

type RegisterRow = Omit<Register, 'store'> & { storeId: number; storeName: string; keyHash: string }

const ANSWER_WITHIN_MS = 5000
const unanswered = () => Object.assign(new Error('the database does not answer'), { code: 'ETIMEDOUT' })

export interface Keyring {
  find(key: string): Promise<Register | null>
}

/**
 * The register a key belongs to. Asked of the database for every request, so that a revoked key ends at
 * once; requests that arrive while a question is under way share the next one.
 */
export function createKeyring(sql: Sql): Keyring {
  let next: Promise<Map<string, Register>> | null = null
  let asked = new Set<string>()
  let underWay: Promise<unknown> = Promise.resolve()

  function ask(keyHash: string): Promise<Map<string, Register>> {
    asked.add(keyHash)
    next ??= underWay.then(() => {
      const keyHashes = [...asked]
      asked = new Set()
      next = null
      // One question that is never answered must not keep all that come after it waiting.
      const answer = withDeadline(findRegisters(sql, keyHashes), ANSWER_WITHIN_MS, unanswered)
      underWay = answer.catch(() => {})
      return answer
    })
    return next
  }

  return {
    async find(key) {
      const keyHash = hashSecret(key).toString('hex')
      return (await ask(keyHash)).get(keyHash) ?? null
    },
  }
}

async function findRegisters(sql: Sql, keyHashes: string[]): Promise<Map<string, Register>> {
  const rows = await sql<RegisterRow[]>`
    select r.id, r.name, r.channel, s.id as "storeId", s.name as "storeName", encode(r.key_hash, 'hex') as "keyHash"
    from registers r join stores s on s.id = r.store_id
    where r.key_hash = any(${keyHashes.map((hash) => `\\x${hash}`)}::text[]::bytea[]) and r.revoked_at is null`
  return new Map(
    rows.map(({ storeId, storeName, keyHash, ...register }) => [
      keyHash,
      { ...register, store: { id: storeId, name: storeName } },
    ]),
  )
}

/** Answers what the register is to be told with it. */
export async function saveHeartbeat(
  sql: Sql,
  registerId: number,
  heartbeat: z.infer<typeof heartbeatSchema>,
  now: Instant,
): Promise<{ diagnosticsWanted: boolean }> {
  const [told] = await sql<{ diagnosticsWanted: boolean }[]>`
    update registers
    set last_seen_at = ${toIso(now)}, version = ${heartbeat.version}, heartbeat = ${sql.json(heartbeat)}
    where id = ${registerId}
    returning diagnostics_asked_at is not null as "diagnosticsWanted"`
  return told ?? { diagnosticsWanted: false }
}
