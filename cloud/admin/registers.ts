import { z } from 'zod'
import { toIso } from '../../shared/time.ts'
import { makePairingCode, revokeKey, setChannel } from '../access/registers/changes.ts'
import { newRegisterKey } from '../access/registers/keys.ts'
import { hashSecret } from '../access/secrets.ts'
import { logChange } from '../auditLog.ts'
import type { Tx } from '../database/connect.ts'
import { authorName } from '../ledger/rows.ts'
import { CHANNELS, type Channel } from '../updates/releases.ts'
import { AdminError, type Command, command, type House } from './command.ts'
import { LATE_APPLY, releaseHoldsOf } from './holds.ts'
import { flagInput, idInput, textInput } from './inputs.ts'
import { moment, table } from './print.ts'
import { findStore } from './stores.ts'

/** Makes a register with its key. The key is in the answer and nowhere else: the database keeps a hash. */
export async function addRegister({ sql, admin }: House, { store, name }: { store: string; name: string }) {
  return await sql.begin(async (sql) => {
    const { id: storeId, name: storeName } = await findStore(sql, store)
    const key = newRegisterKey()
    const [register] = await sql<{ registerId: number }[]>`
      insert into registers (store_id, name, key_hash) values (${storeId}, ${name}, ${hashSecret(key)})
      on conflict (store_id, name) do nothing
      returning id as "registerId"`
    if (!register) {
      throw new AdminError(
        'register_exists',
        `Store "${storeName}" has a register named "${name}" already: choose another name, ` +
          'or give it a new key with "register code".',
      )
    }
    await logChange(sql, {
      who: authorName(admin),
      action: 'register add',
      subject: `register ${register.registerId}`,
      after: { storeId, name },
    })
    return { ...register, key }
  })
}

/** A short-lived code with which a register fetches its key itself. */
export async function addPairingCode({ sql, now, admin }: House, { store }: { store: string }) {
  return await sql.begin(async (sql) => {
    const { id: storeId } = await findStore(sql, store)
    return await makePairingCode(sql, { storeId, who: authorName(admin), now })
  })
}

interface ListedRegister {
  registerId: number
  storeId: number
  store: string
  name: string
  channel: string
  version: string | null
  lastSeenAt: string | null
  revokedAt: string | null
}

export async function listRegisters({ sql }: House, { store }: { store?: string | undefined } = {}) {
  const storeId = store === undefined ? null : (await findStore(sql, store)).id
  const rows = await sql<(Omit<ListedRegister, 'lastSeenAt' | 'revokedAt'> & Moments)[]>`
    select registers.id as "registerId", store_id as "storeId", stores.name as store, registers.name, channel,
      version, last_seen_at as "lastSeenAt", revoked_at as "revokedAt"
    from registers join stores on stores.id = store_id
    where ${storeId}::int is null or store_id = ${storeId}::int
    order by store_id, registers.id`
  const registers = rows.map(
    ({ lastSeenAt, revokedAt, ...row }): ListedRegister => ({
      ...row,
      lastSeenAt: lastSeenAt === null ? null : toIso(lastSeenAt),
      revokedAt: revokedAt === null ? null : toIso(revokedAt),
    }),
  )
  return { registers }
}

interface Moments {
  lastSeenAt: number | null
  revokedAt: number | null
}

interface NamedRegister {
  register?: number | undefined
  store?: string | undefined
  name?: string | undefined
}

/**
 * Ends a register's key at once; doing it again changes nothing. What it holds of customers' points can be given back
 * with it: after the key has ended, so that nothing comes after.
 */
export async function revokeRegister(
  house: House,
  { 'release-holds': withHolds = false, ...named }: NamedRegister & { 'release-holds'?: boolean },
) {
  const { sql, now, admin } = house
  const revoked = await sql.begin(async (sql) => {
    const registerId = await findRegister(sql, named)
    const revokedAt = await revokeKey(sql, { registerId, who: authorName(admin), now })
    return { registerId, revokedAt: toIso(revokedAt) }
  })
  if (!withHolds) return revoked
  const { registerId } = revoked
  return {
    ...revoked,
    holds: await releaseHoldsOf(house, registerId, `the key of register ${registerId} was revoked`),
  }
}

type Revoked = Awaited<ReturnType<typeof revokeRegister>>

function textOfRevoked(revoked: Revoked): string {
  const { registerId, revokedAt } = revoked
  const lines = [`The key of register ${registerId} is revoked since ${moment(revokedAt)} UTC.`]
  if (!('holds' in revoked)) return lines.join('\n')
  const { released, left } = revoked.holds
  const points = released.reduce((total, hold) => total + hold.points, 0)
  // What is only pending no register has claimed, so 1C has not heard of it.
  const given = released.filter(({ state }) => state !== 'pending')
  lines.push(`Released ${released.length} holds: ${points} points are back with their customers.`)
  if (given.length > 0) {
    const cards = given.map(({ card, points }) => `${card} (${points})`).join(', ')
    lines.push(`In doubt stays whether 1C gave the discount of ${given.length}: cards ${cards}.`, LATE_APPLY)
  }
  for (const { id, card, problem } of left) lines.push(`Not released: hold ${id} of card ${card}: ${problem}`)
  return lines.join('\n')
}

/** Which releases of the kiosk a register is offered; it hears of it within minutes. */
export async function setRegisterChannel(
  { sql, admin }: House,
  { register, channel }: { register: number; channel: Channel },
) {
  return await sql.begin(async (sql) => {
    const registerId = await findRegister(sql, { register })
    await setChannel(sql, { registerId, channel, who: authorName(admin) })
    return { registerId, channel }
  })
}

async function findRegister(sql: Tx, { register = 0, store, name = '' }: NamedRegister): Promise<number> {
  const storeId = store === undefined ? null : (await findStore(sql, store)).id
  const [found] = await sql<{ id: number }[]>`
    select id from registers where id = ${register} or (store_id = ${storeId}::int and name = ${name})`
  if (found) return found.id
  throw new AdminError('register_not_found', 'There is no such register: see "register list".')
}

export const registerCommands: Record<string, Command> = {
  'register add': command({
    usage: 'register add --store <id or name> --name <name>',
    input: z.strictObject({ store: textInput, name: textInput }),
    run: addRegister,
    text: ({ registerId, key }) => `Added register ${registerId}. Its key is shown this once:\n${key}`,
  }),
  'register code': command({
    usage: 'register code --store <id or name>',
    input: z.strictObject({ store: textInput }),
    run: addPairingCode,
    text: ({ code, expiresAt }) => `${code}\nType it at the register before ${moment(expiresAt)} UTC.`,
  }),
  'register list': command({
    usage: 'register list [--store <id or name>]',
    input: z.strictObject({ store: textInput.optional() }),
    run: listRegisters,
    text: ({ registers }) =>
      table(
        ['id', 'store', 'name', 'channel', 'version', 'last seen (UTC)', 'revoked (UTC)'],
        registers.map((register) => [
          register.registerId,
          register.store,
          register.name,
          register.channel,
          register.version,
          moment(register.lastSeenAt),
          moment(register.revokedAt),
        ]),
      ),
  }),
  'register channel': command({
    usage: 'register channel <id> stable|beta',
    input: z.strictObject({ register: idInput, channel: z.enum(CHANNELS) }),
    positionals: ['register', 'channel'],
    run: setRegisterChannel,
    text: ({ registerId, channel }) => `Register ${registerId} gets the releases of ${channel}.`,
  }),
  'register revoke': command({
    usage: 'register revoke --register <id> | --store <id or name> --name <name> [--release-holds]',
    input: z
      .strictObject({
        register: idInput.optional(),
        store: textInput.optional(),
        name: textInput.optional(),
        'release-holds': flagInput,
      })
      .refine(
        ({ register, store, name }) =>
          register === undefined
            ? store !== undefined && name !== undefined
            : store === undefined && name === undefined,
        'Give --register, or --store and --name',
      ),
    run: revokeRegister,
    text: textOfRevoked,
    exitCode: (revoked) => ('holds' in revoked && revoked.holds.left.length > 0 ? 1 : 0),
  }),
}
