import { z } from 'zod'
import { isTimeZone } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { ActError, act } from './act.ts'
import { flagInput, textInput } from './inputs.ts'
import { placeOfProgramme, placeOfStore } from './place.ts'
import { findProgramme, programmeInput } from './programmes.ts'

export const addStore = act({
  name: 'store add',
  title: 'Add a store',
  input: z.strictObject({ name: textInput, programme: programmeInput }),
  place: (sql, { programme }) => placeOfProgramme(sql, programme),
  async run(sql, { name, programme }) {
    const { id: programmeId } = await findProgramme(sql, programme)
    const [store] = await sql<{ storeId: number }[]>`
      insert into stores (programme_id, name) values (${programmeId}, ${name})
      on conflict (programme_id, name) do nothing returning id as "storeId"`
    if (!store)
      throw new ActError('store_exists', `There is a store named "${name}" already: see "store list".`)
    return { result: store, change: { subject: `store ${store.storeId}`, after: { name } } }
  },
})

type HoursRow = Record<'opensAt' | 'closesAt' | 'timeZone', string | null>
const noHours: HoursRow = { opensAt: null, closesAt: null, timeZone: null }

const clockInput = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time such as 09:00 is expected')

/** Sets the hours in which a silent register is worth an alert; without hours there is none. */
export const setHours = act({
  name: 'store hours',
  title: 'Set the hours of a store',
  input: z
    .strictObject({
      store: textInput,
      from: clockInput.refine((text) => text !== '24:00', 'a day begins at 00:00').optional(),
      to: clockInput.optional(),
      zone: textInput.refine(isTimeZone, 'a time zone such as Europe/Moscow is expected').optional(),
      off: flagInput,
    })
    .refine(
      ({ from, to, zone, off }) => [from, to, zone].every((given) => (given === undefined) === off),
      'Give --from, --to and --zone, or --off alone',
    ),
  place: (sql, { store }) => placeOfStore(sql, store),
  async run(sql, { store, from, to, zone, off }) {
    const { id } = await findStore(sql, store)
    const [before] = await sql<HoursRow[]>`
      select opens_at as "opensAt", closes_at as "closesAt", time_zone as "timeZone"
      from stores where id = ${id} for no key update`
    const after: HoursRow = off
      ? noHours
      : { opensAt: from ?? null, closesAt: to ?? null, timeZone: zone ?? null }
    await sql`
      update stores set opens_at = ${after.opensAt}, closes_at = ${after.closesAt}, time_zone = ${after.timeZone}
      where id = ${id}`
    const change = { subject: `store ${id}`, before: { ...before }, after: { ...after } }
    return { result: { storeId: id, ...after }, change }
  },
})

/** By its number or its name, if only one programme has such a store; a name that is all digits loses to the number. */
export async function findStore(sql: Sql | Tx, store: string): Promise<{ id: number; name: string }> {
  const id = /^\d{1,9}$/.test(store) ? Number(store) : null
  const [found, another] = await sql<{ id: number; name: string }[]>`
    select id, name from stores where id = ${id}::int or name = ${store} order by id is distinct from ${id}::int`
  if (found && another && found.id !== id) {
    throw new ActError(
      'store_ambiguous',
      `Several programmes have a store "${store}": give its number, ${found.id} or ${another.id}; see "store list".`,
    )
  }
  if (found) return found
  throw new ActError('store_not_found', `There is no store "${store}": see "store list", or add it first.`)
}
