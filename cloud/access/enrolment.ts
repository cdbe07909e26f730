import type { Instant } from '../../shared/time.ts'
import { toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { hashSecret, newRegisterKey, spelledCode } from './keys.ts'
import type { Register } from './registers.ts'

export interface Enrolled {
  key: string
  register: Omit<Register, 'store'>
  store: Register['store']
}

/**
 * Spends a pairing code on a register of its store, or returns null where the code is worth nothing. A
 * register that enrols again under its name gets a new key, and the old one ends.
 */
export async function enrolRegister(
  sql: Sql,
  { code, name, version }: { code: string; name: string; version: string },
  now: Instant,
): Promise<Enrolled | null> {
  return await sql.begin(async (sql) => {
    const codeHash = hashSecret(spelledCode(code))
    const [store] = await sql<{ id: number; name: string }[]>`
      update pairing_codes set used_at = ${toIso(now)}
      from stores
      where code_hash = ${codeHash} and used_at is null and expires_at > ${toIso(now)}
        and stores.id = pairing_codes.store_id
      returning stores.id, stores.name`
    if (!store) return null

    const key = newRegisterKey()
    const [register] = await sql<Omit<Register, 'store'>[]>`
      insert into registers (store_id, name, key_hash, version)
      values (${store.id}, ${name}, ${hashSecret(key)}, ${version})
      on conflict (store_id, name) do update
      set key_hash = excluded.key_hash, version = excluded.version, revoked_at = null
      returning id, name, channel`
    if (!register) throw new Error('enrolment wrote no register')
    await sql`update pairing_codes set register_id = ${register.id} where code_hash = ${codeHash}`
    await sql`
      insert into audit_log (who, action, subject, after)
      values ('pairing code', 'register enrol', ${`register ${register.id}`}, ${sql.json({ name, version, store: store.name })})`
    return { key, register, store }
  })
}
