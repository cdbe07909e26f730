import { z } from 'zod'
import { moment, toIso } from '../../shared/time.ts'
import { perform } from '../acts/act.ts'
import { flagInput, textInput } from '../acts/inputs.ts'
import { addRegister, makePairingCode, revokeKey, setChannel } from '../acts/registers.ts'
import { findStore } from '../acts/stores.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { LATE_APPLY, releaseHoldsOf } from './holds.ts'
import { table } from './print.ts'

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

type Revocation = z.input<typeof revokeKey.input> & { 'release-holds'?: boolean }

/**
 * What a register holds of customers' points can be given back with its key: after the key has ended, so that nothing
 * comes after.
 */
export async function revokeRegister(
  house: House,
  { 'release-holds': withHolds = false, ...named }: Revocation,
) {
  const revoked = await perform(revokeKey, named, house)
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

export const registerCommands: Record<string, Command> = {
  'register add': commandOf(addRegister, {
    usage: 'register add --store <id or name> --name <name>',
    text: ({ registerId, key }) => `Added register ${registerId}. Its key is shown this once:\n${key}`,
  }),
  'register code': command({
    usage: 'register code --store <id or name>',
    input: z.strictObject({ store: textInput }),
    run: async (house, input) => await perform(makePairingCode, input, house),
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
  'register channel': commandOf(setChannel, {
    usage: 'register channel <id> stable|beta',
    positionals: ['register', 'channel'],
    text: ({ registerId, channel }) => `Register ${registerId} gets the releases of ${channel}.`,
  }),
  'register revoke': command({
    usage: 'register revoke --register <id> | --store <id or name> --name <name> [--release-holds]',
    input: revokeKey.input.safeExtend({ 'release-holds': flagInput }),
    run: revokeRegister,
    text: textOfRevoked,
    exitCode: (revoked) => ('holds' in revoked && revoked.holds.left.length > 0 ? 1 : 0),
  }),
}
