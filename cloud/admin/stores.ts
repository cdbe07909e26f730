import { z } from 'zod'
import { logChange } from '../auditLog.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { isTimeZone } from '../fleet/hours.ts'
import { authorName } from '../ledger/rows.ts'
import { AdminError, type Command, command, type House } from './command.ts'
import { flagInput, textInput } from './inputs.ts'
import { table } from './print.ts'

export async function addStore({ sql, admin }: House, { name }: { name: string }) {
  return await sql.begin(async (sql) => {
    const [store] = await sql<{ storeId: number }[]>`
      insert into stores (name) values (${name}) on conflict (name) do nothing returning id as "storeId"`
    if (!store) {
      throw new AdminError('store_exists', `There is a store named "${name}" already: see "store list".`)
    }
    const subject = `store ${store.storeId}`
    await logChange(sql, { who: authorName(admin), action: 'store add', subject, after: { name } })
    return store
  })
}

export async function listStores({ sql }: House) {
  const stores = await sql<{ storeId: number; name: string; registers: number }[]>`
    select stores.id as "storeId", stores.name,
      (select count(*) from registers where store_id = stores.id and revoked_at is null) as registers
    from stores order by stores.id`
  return { stores: [...stores] }
}

interface HoursInput {
  store: string
  from?: string | undefined
  to?: string | undefined
  zone?: string | undefined
  off: boolean
}

/** A register that is silent in these hours is worth an alert; without hours there is none. */
export async function setHours({ sql, admin }: House, { store, from, to, zone, off }: HoursInput) {
  return await sql.begin(async (sql) => {
    const { id } = await findStore(sql, store)
    const [before] = await sql<HoursRow[]>`
      select opens_at as "opensAt", closes_at as "closesAt", time_zone as "timeZone"
      from stores where id = ${id} for update`
    const after: HoursRow = off
      ? nothing
      : { opensAt: from ?? null, closesAt: to ?? null, timeZone: zone ?? null }
    await sql`
      update stores set opens_at = ${after.opensAt}, closes_at = ${after.closesAt}, time_zone = ${after.timeZone}
      where id = ${id}`
    const change = { who: authorName(admin), action: 'store hours', subject: `store ${id}` }
    await logChange(sql, { ...change, before: { ...before }, after: { ...after } })
    return { storeId: id, ...after }
  })
}

type HoursRow = Record<'opensAt' | 'closesAt' | 'timeZone', string | null>
const nothing: HoursRow = { opensAt: null, closesAt: null, timeZone: null }

const clockInput = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time such as 09:00 is expected')
const zoneInput = textInput.refine(isTimeZone, 'a time zone such as Europe/Moscow is expected')

/** By its number or its name; a name that is all digits loses to the number. */
export async function findStore(sql: Sql | Tx, store: string): Promise<{ id: number; name: string }> {
  const id = /^\d{1,9}$/.test(store) ? Number(store) : null
  const [found] = await sql<{ id: number; name: string }[]>`
    select id, name from stores where id = ${id}::int or name = ${store} order by id is distinct from ${id}::int`
  if (found) return found
  throw new AdminError('store_not_found', `There is no store "${store}": see "store list", or add it first.`)
}

export const storeCommands: Record<string, Command> = {
  'store add': command({
    usage: 'store add --name <name>',
    input: z.strictObject({ name: textInput }),
    run: addStore,
    text: ({ storeId }) => `Added store ${storeId}. Next: register add, or register code.`,
  }),
  'store hours': command({
    usage: 'store hours --store <id or name> --from 09:00 --to 21:00 --zone Europe/Moscow | --off',
    input: z
      .strictObject({
        store: textInput,
        from: clockInput.refine((text) => text !== '24:00', 'a day begins at 00:00').optional(),
        to: clockInput.optional(),
        zone: zoneInput.optional(),
        off: flagInput,
      })
      .refine(
        ({ from, to, zone, off }) => [from, to, zone].every((given) => (given === undefined) === off),
        'Give --from, --to and --zone, or --off alone',
      ),
    run: setHours,
    text: ({ storeId, opensAt, closesAt, timeZone }) =>
      opensAt === null
        ? `Store ${storeId} has no hours: silent registers of it are no alert.`
        : `Store ${storeId} is open from ${opensAt} to ${closesAt}, ${timeZone}.`,
  }),
  'store list': command({
    usage: 'store list',
    input: z.strictObject({}),
    run: (house) => listStores(house),
    text: ({ stores }) =>
      table(
        ['id', 'name', 'registers'],
        stores.map(({ storeId, name, registers }) => [storeId, name, registers]),
      ),
  }),
}
