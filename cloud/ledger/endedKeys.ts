import { ints, tableOf, texts } from '../database/columns.ts'
import type { Tx } from '../database/connect.ts'
import type { Request } from './request.ts'

/** The keys of some requests have ended, or open another door, since they were last looked at. Nothing was executed. */
export class KeysEnded extends Error {
  override name = 'KeysEnded'
  readonly #hashes: Set<string>

  constructor(hashes: string[]) {
    super('the key has ended')
    this.#hashes = new Set(hashes)
  }

  concerns({ author }: Request): boolean {
    return author.type === 'register' && author.keyHash !== undefined && this.#hashes.has(author.keyHash)
  }
}

/**
 * Looks at the keys that a batch came in with, as it is executed: a register is let in from memory, and one whose key
 * was revoked or replaced meanwhile is turned away here.
 */
export async function findEndedKeys(sql: Tx, requests: Request[]): Promise<string[]> {
  const shown = new Map<string, { registerId: number; storeId: number; programmeId: number }>()
  for (const { author } of requests)
    if (author.type === 'register' && author.keyHash !== undefined) shown.set(author.keyHash, author)
  if (shown.size === 0) return []
  const rows = [...shown].map(([keyHash, author]) => ({ keyHash, ...author }))
  const ended = await sql<{ keyHash: string }[]>`
    select shown.key_hash as "keyHash"
    from ${tableOf(sql, rows, [texts(({ keyHash }) => keyHash), ints(({ registerId }) => registerId), ints(({ storeId }) => storeId), ints(({ programmeId }) => programmeId)])} as shown(key_hash, register_id, store_id, programme_id)
    where not exists (
      select from registers join stores on stores.id = registers.store_id
      where registers.id = shown.register_id and registers.key_hash = decode(shown.key_hash, 'hex')
        and registers.revoked_at is null
        and stores.id = shown.store_id and stores.programme_id = shown.programme_id)`
  return ended.map(({ keyHash }) => keyHash)
}
