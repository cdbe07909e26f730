import { z } from 'zod'
import { addStore, setHours } from '../acts/stores.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { table } from './print.ts'

export async function listStores({ sql }: House) {
  const stores = await sql<{ storeId: number; name: string; registers: number }[]>`
    select stores.id as "storeId", stores.name,
      (select count(*) from registers where store_id = stores.id and revoked_at is null) as registers
    from stores order by stores.id`
  return { stores: [...stores] }
}

export const storeCommands: Record<string, Command> = {
  'store add': commandOf(addStore, {
    usage: 'store add --name <name>',
    text: ({ storeId }) => `Added store ${storeId}. Next: register add, or register code.`,
  }),
  'store hours': commandOf(setHours, {
    usage: 'store hours --store <id or name> --from 09:00 --to 21:00 --zone Europe/Moscow | --off',
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
