import type { z } from 'zod'
import type { heartbeatSchema } from '../../../shared/api.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import { withDeadline } from '../../deadline.ts'
import { hashSecret } from '../secrets.ts'

export interface Register {
  id: number
  name: string
  channel: 'stable' | 'beta'
  /** Of its store. */
  programmeId: number
  store: { id: number; name: string }
}

const keyHashOf = (key: string): string => hashSecret(key).toString('hex')

/** The register of a key; `revoked` where the key has ended, and null where it never was one. */
type Found = Register | 'revoked' | null

type RegisterRow = Omit<Register, 'store'> & { storeId: number; storeName: string }

const ANSWER_WITHIN_MS = 5000
const unanswered = () => Object.assign(new Error('the database does not answer'), { code: 'ETIMEDOUT' })

export interface Keyring {
  /** The register that may come in with it. */
  find(key: string): Promise<Register | null>
  look(key: string): Promise<Found>
  /** The register that had this key when it was last looked at; undefined if the key never was. */
  recall(key: string): Recalled | undefined
}

/** A register that is let in from memory; the ledger is to look at the key. */
export interface Recalled {
  register: Register
  keyHash: string
}

/**
 * The register a key belongs to. Asked of the database for every request, so that a revoked key ends at
 * once; requests that arrive while a question is under way share the next one. What is recalled may have ended
 * meanwhile: it is for who has the ledger look at the key itself, with the operations.
 */
export function createKeyring(sql: Sql): Keyring {
  let next: Promise<Map<string, Found>> | null = null
  let asked = new Set<string>()
  let underWay: Promise<unknown> = Promise.resolve()
  /** Those that came in with a key that was good. There are no more of them than keys were ever made. */
  const remembered = new Map<string, Register>()

  function ask(keyHash: string): Promise<Map<string, Found>> {
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

  async function look(key: string): Promise<Found> {
    const keyHash = keyHashOf(key)
    const found = (await ask(keyHash)).get(keyHash) ?? null
    if (found === null || found === 'revoked') remembered.delete(keyHash)
    else remembered.set(keyHash, found)
    return found
  }

  return {
    look,
    recall(key) {
      const keyHash = keyHashOf(key)
      const register = remembered.get(keyHash)
      return register && { register, keyHash }
    },
    async find(key) {
      const found = await look(key)
      return found === 'revoked' ? null : found
    },
  }
}

async function findRegisters(sql: Sql, keyHashes: string[]): Promise<Map<string, Found>> {
  const rows = await sql<(RegisterRow & { keyHash: string; isRevoked: boolean })[]>`
    select encode(asked.key_hash, 'hex') as "keyHash", r.id, r.name, r.channel, s.programme_id as "programmeId",
      s.id as "storeId", s.name as "storeName", r.id is null or r.revoked_at is not null as "isRevoked"
    from unnest(${keyHashes.map((hash) => `\\x${hash}`)}::text[]::bytea[]) as asked(key_hash)
    left join registers r on r.key_hash = asked.key_hash
    left join stores s on s.id = r.store_id
    left join ended_keys on ended_keys.key_hash = asked.key_hash
    where r.id is not null or ended_keys.register_id is not null`
  return new Map(
    rows.map(({ keyHash, isRevoked, ...row }) => [keyHash, isRevoked ? 'revoked' : registerOf(row)]),
  )
}

function registerOf({ storeId, storeName, ...register }: RegisterRow): Register {
  return { ...register, store: { id: storeId, name: storeName } }
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
