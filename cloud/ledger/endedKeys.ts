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
 * The keys of a batch that have ended, as an array: a register is let in from memory, and one whose key was revoked or
 * replaced meanwhile is turned away where its batch is executed.
 */
export function endedKeys(sql: Tx, requests: Request[]) {
  const shown = new Map<string, { registerId: number; storeId: number; programmeId: number }>()
  for (const { author } of requests)
    if (author.type === 'register' && author.keyHash !== undefined) shown.set(author.keyHash, author)
  if (shown.size === 0) return sql`'{}'::text[]`
  const table = tableOf(
    sql,
    [...shown],
    [
      texts(([keyHash]) => keyHash),
      ints(([, { registerId }]) => registerId),
      ints(([, { storeId }]) => storeId),
      ints(([, { programmeId }]) => programmeId),
    ],
  )
  return sql`array(
    select shown.key_hash from ${table} as shown(key_hash, register_id, store_id, programme_id)
    where not exists (
      select from registers join stores on stores.id = registers.store_id
      where registers.id = shown.register_id and registers.key_hash = decode(shown.key_hash, 'hex')
        and registers.revoked_at is null
        and stores.id = shown.store_id and stores.programme_id = shown.programme_id))`
}
