import { ints, tableOf, texts } from '../database/columns.ts'
import type { Tx } from '../database/connect.ts'
import type { Request } from './request.ts'

/** The keys of some requests have ended, or open another door, since they were last looked at. Nothing was executed. */
export class KeysEnded extends Error {
  override name = 'KeysEnded'
  readonly #hashes: Set<string>

  constructor(ended: EndedKey[]) {
    super('the key has ended')
    this.#hashes = new Set(ended.map(({ hash }) => hash))
  }

  concerns({ author }: Request): boolean {
    return author.type === 'register' && author.keyHash !== undefined && this.#hashes.has(author.keyHash)
  }
}

export interface EndedKey {
  hash: string
}

/**
 * Asks which keys of a batch have ended; null: none is still to be looked at. A register is let in from memory, and one
 * whose key was revoked or replaced meanwhile is turned away where its batch is executed.
 */
export function endedKeys(sql: Tx, requests: Request[]) {
  const shown = new Map<string, { registerId: number; storeId: number; programmeId: number }>()
  for (const { author } of requests)
    if (author.type === 'register' && author.keyHash !== undefined) shown.set(author.keyHash, author)
  if (shown.size === 0) return null
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
  return sql`
    select shown.key_hash as hash from ${table} as shown(key_hash, register_id, store_id, programme_id)
    where not exists (
      select from registers join stores on stores.id = registers.store_id
      where registers.id = shown.register_id and registers.key_hash = decode(shown.key_hash, 'hex')
        and registers.revoked_at is null
        and stores.id = shown.store_id and stores.programme_id = shown.programme_id)`
}
