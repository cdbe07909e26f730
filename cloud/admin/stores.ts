import { z } from 'zod'
import { logChange } from '../access/auditLog.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { authorName } from '../ledger/rows.ts'
import { AdminError, type Command, command, type House } from './command.ts'
import { textInput } from './inputs.ts'
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
