import { z } from 'zod'
import { type Instant, MINUTE, toIso } from '../../shared/time.ts'
import { newPairingCode, newRegisterKey } from '../access/registers/keys.ts'
import { hashSecret } from '../access/secrets.ts'
import type { Tx } from '../database/connect.ts'
import { CHANNELS, type Channel } from '../updates/releases.ts'
import { ActError, act } from './act.ts'
import { idInput, textInput } from './inputs.ts'
import { placeOfRegister, placeOfStore } from './place.ts'
import { findStore } from './stores.ts'

/** Makes a register with its key. The key is in the answer and nowhere else: the database keeps a hash. */
export const addRegister = act({
  name: 'register add',
  title: 'Add a register',
  input: z.strictObject({ store: textInput, name: textInput }),
  isSecret: true,
  place: (sql, { store }) => placeOfStore(sql, store),
  async run(sql, { store, name }) {
    const { id: storeId, name: storeName } = await findStore(sql, store)
    const key = newRegisterKey()
    const [register] = await sql<{ registerId: number }[]>`
      insert into registers (store_id, name, key_hash) values (${storeId}, ${name}, ${hashSecret(key)})
      on conflict (store_id, name) do nothing
      returning id as "registerId"`
    if (!register) {
      throw new ActError(
        'register_exists',
        `Store "${storeName}" has a register named "${name}" already: choose another name, ` +
          'or give it a new key with "register code".',
      )
    }
    const change = { subject: subjectOf(register), after: { storeId, name } }
    return { result: { ...register, key }, change }
  },
})

const CODE_LIFE_MS = 15 * MINUTE

/**
 * A short-lived code with which a register fetches its key itself. Made for a register, it gives that one a
 * new key, whatever the machine calls itself; made for a store only, the machine's name decides.
 */
export const makePairingCode = act({
  name: 'register code',
  title: 'New pairing code',
  input: z.union([z.strictObject({ store: textInput }), z.strictObject({ register: idInput })]),
  isSecret: true,
  place: (sql, place) =>
    'store' in place ? placeOfStore(sql, place.store) : placeOfRegister(sql, place.register),
  async run(sql, place, { now }) {
    const register = 'register' in place ? await lockRegister(sql, place) : null
    const storeId = 'store' in place ? (await findStore(sql, place.store)).id : (register?.storeId ?? null)
    const code = newPairingCode()
    const expiresAt = toIso(now + CODE_LIFE_MS)
    await sql`
      insert into pairing_codes (code_hash, store_id, expires_at, register_id)
      values (${hashSecret(code)}, ${storeId}, ${expiresAt}, ${register?.registerId ?? null})`
    const subject = register ? subjectOf(register) : `store ${storeId}`
    return { result: { code, expiresAt }, change: { subject, after: { expiresAt } } }
  },
})

/** Which releases of the kiosk a register is offered; it hears of it within minutes. */
export const setChannel = act({
  name: 'register channel',
  title: 'Set channel',
  input: z.strictObject({ register: idInput, channel: z.enum(CHANNELS) }),
  place: (sql, { register }) => placeOfRegister(sql, register),
  async run(sql, { register, channel }) {
    const found = await lockRegister(sql, { register })
    const result = { registerId: found.registerId, channel }
    if (found.channel === channel) return { result, change: null }
    await sql`update registers set channel = ${channel} where id = ${found.registerId}`
    const change = { subject: subjectOf(found), before: { channel: found.channel }, after: { channel } }
    return { result, change }
  },
})

/** The register hears of it with its next heartbeat. Asked again before that, it is the same question. */
export const askDiagnostics = act({
  name: 'register diagnostics',
  title: 'Ask for diagnostics',
  input: z.strictObject({ register: idInput }),
  place: (sql, { register }) => placeOfRegister(sql, register),
  async run(sql, named, { now }) {
    const { registerId } = await lockRegister(sql, named)
    const asked = await sql`
      update registers set diagnostics_asked_at = ${toIso(now)}
      where id = ${registerId} and diagnostics_asked_at is null`
    return { result: null, change: asked.count === 0 ? null : { subject: subjectOf({ registerId }) } }
  },
})

/** Ends a register's key at once; doing it again changes nothing. */
export const revokeKey = act({
  name: 'register revoke',
  title: 'Revoke key',
  input: z
    .strictObject({ register: idInput.optional(), store: textInput.optional(), name: textInput.optional() })
    .refine(
      ({ register, store, name }) =>
        register === undefined
          ? store !== undefined && name !== undefined
          : store === undefined && name === undefined,
      'Give --register, or --store and --name',
    ),
  place: (sql, { register, store }) =>
    register === undefined ? placeOfStore(sql, store ?? '') : placeOfRegister(sql, register),
  async run(sql, named, { now }) {
    const { registerId, revokedAt: before } = await lockRegister(sql, named)
    const revokedAt = toIso(before ?? now)
    const result = { registerId, revokedAt }
    if (before !== null) return { result, change: null }
    await sql`update registers set revoked_at = ${revokedAt} where id = ${registerId}`
    const change = { subject: subjectOf(result), before: { revokedAt: null }, after: { revokedAt } }
    return { result, change }
  },
})

interface Named {
  register?: number | undefined
  store?: string | undefined
  name?: string | undefined
}

interface Locked {
  registerId: number
  storeId: number
  channel: Channel
  revokedAt: Instant | null
}

async function lockRegister(sql: Tx, { register = 0, store, name = '' }: Named): Promise<Locked> {
  const storeId = store === undefined ? null : (await findStore(sql, store)).id
  const [found] = await sql<Locked[]>`
    select id as "registerId", store_id as "storeId", channel, revoked_at as "revokedAt" from registers
    where id = ${register} or (store_id = ${storeId}::int and name = ${name})
    for no key update`
  if (found) return found
  throw new ActError('register_not_found', 'There is no such register: see "register list".')
}

const subjectOf = ({ registerId }: { registerId: number }) => `register ${registerId}`
