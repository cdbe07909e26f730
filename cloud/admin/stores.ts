import { z } from 'zod'
import { findProgramme, programmeInput } from '../acts/programmes.ts'
import { addStore, setHours } from '../acts/stores.ts'
import { type Command, command, commandOf, type House } from './command.ts'
import { table } from './print.ts'

const listInput = z.strictObject({ programme: programmeInput })

export async function listStores({ sql }: House, { programme }: z.output<typeof listInput> = {}) {
  const { id: programmeId } = await findProgramme(sql, programme)
  const stores = await sql<{ storeId: number; name: string; registers: number }[]>`
    select stores.id as "storeId", stores.name,
      (select count(*) from registers where store_id = stores.id and revoked_at is null) as registers
    from stores where programme_id = ${programmeId} order by stores.id`
  return { stores: [...stores] }
}

export const storeCommands: Record<string, Command> = {
  'store add': commandOf(addStore, {
    usage: 'store add --name <name> [--programme <id or name>]',
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
    usage: 'store list [--programme <id or name>]',
    input: listInput,
    run: listStores,
    text: ({ stores }) =>
      table(
        ['id', 'name', 'registers'],
        stores.map(({ storeId, name, registers }) => [storeId, name, registers]),
      ),
  }),
}
