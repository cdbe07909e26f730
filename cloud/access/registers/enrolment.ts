import type { Instant } from '../../../shared/time.ts'
import { toIso } from '../../../shared/time.ts'
import { logChange } from '../../auditLog.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { hashSecret } from '../secrets.ts'
import { newRegisterKey, spelledCode } from './keys.ts'
import type { Register } from './registers.ts'

type Enrolling = Pick<Register, 'id' | 'name' | 'channel'>

export interface Enrolled {
  key: string
  register: Enrolling
  store: Register['store']
}

/**
 * Spends a pairing code on a register of its store, or returns null where the code is worth nothing. A
 * register that enrols again under its name, or with a code made for it, gets a new key, and the old one ends.
 */
export async function enrolRegister(
  sql: Sql,
  { code, name, version }: { code: string; name: string; version: string },
  now: Instant,
): Promise<Enrolled | null> {
  return await sql.begin(async (sql) => {
    const codeHash = hashSecret(spelledCode(code))
    const [paired] = await sql<{ id: number; name: string; registerId: number | null }[]>`
      update pairing_codes set used_at = ${toIso(now)}
      from stores
      where code_hash = ${codeHash} and used_at is null and expires_at > ${toIso(now)}
        and stores.id = pairing_codes.store_id
      returning stores.id, stores.name, pairing_codes.register_id as "registerId"`
    if (!paired) return null
    const { registerId, ...store } = paired

    const key = newRegisterKey()
    const device = { name, version, keyHash: hashSecret(key), now }
    const register =
      registerId === null ? await addOrRenew(sql, store.id, device) : await renew(sql, registerId, device)
    await sql`update pairing_codes set register_id = ${register.id} where code_hash = ${codeHash}`
    await logChange(sql, {
      who: 'pairing code',
      action: 'register enrol',
      subject: `register ${register.id}`,
      after: { name: register.name, device: name, version, store: store.name },
    })
    return { key, register, store }
  })
}

interface Device {
  name: string
  version: string
  keyHash: Buffer
  now: Instant
}

/** The key that a new one replaces is known to have ended: a till that was stolen hears of it, and forgets. */
async function endKey(sql: Tx, register: { id: number } | { storeId: number; name: string }, now: Instant) {
  const which =
    'id' in register
      ? sql`id = ${register.id}`
      : sql`store_id = ${register.storeId} and name = ${register.name}`
  await sql`
    with ending as (select key_hash, id from registers where ${which} for update)
    insert into ended_keys (key_hash, register_id, ended_at)
    select key_hash, id, ${toIso(now)} from ending
    on conflict do nothing`
}

async function addOrRenew(sql: Tx, storeId: number, { name, version, keyHash, now }: Device) {
  await endKey(sql, { storeId, name }, now)
  const [register] = await sql<Enrolling[]>`
    insert into registers (store_id, name, key_hash, version)
    values (${storeId}, ${name}, ${keyHash}, ${version})
    on conflict (store_id, name) do update
    set key_hash = excluded.key_hash, version = excluded.version, revoked_at = null
    returning id, name, channel`
  if (!register) throw new Error('enrolment wrote no register')
  return register
}

async function renew(sql: Tx, registerId: number, { version, keyHash, now }: Device) {
  await endKey(sql, { id: registerId }, now)
  const [register] = await sql<Enrolling[]>`
    update registers set key_hash = ${keyHash}, version = ${version}, revoked_at = null
    where id = ${registerId}
    returning id, name, channel`
  if (!register) throw new Error('the register of a pairing code is gone')
  return register
}
