import type { z } from 'zod'
import type { handOverRequestSchema } from '../../shared/api.ts'
import { type Instant, startOfUtcDay, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { customerOfCardIn } from './cards.ts'

type Parked = z.infer<typeof handOverRequestSchema>

interface From {
  register: { id: number; name: string; programmeId: number; store: { name: string } }
  now: Instant
}

/** So many discrepancies of a register are filed one by one in a UTC day: people settle no more than that. */
const FILED_A_DAY = 200

/**
 * Files an operation that a register could not get executed, once however often it is reported. Points do not move. Above
 * the limit of a day one discrepancy counts the rest: the register's journal has them.
 */
export async function fileParked(sql: Sql, parked: Parked, from: From): Promise<void> {
  await sql.begin(async (sql) => {
    // One after the other, so that the limit of a day is exact.
    await sql`select from registers where id = ${from.register.id} for no key update`
    if (await isFiled(sql, parked.id)) return
    if ((await countFiled(sql, from)) < FILED_A_DAY) await fileOne(sql, parked, from)
    else await countOneMore(sql, from)
  })
}

async function isFiled(sql: Tx, id: string): Promise<boolean> {
  const found = await sql`
    select from discrepancies where kind = 'parked' and reference = ${id} and settled_at is null`
  return found.length > 0
}

async function countFiled(sql: Tx, { register, now }: From): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) from discrepancies
    where kind = 'parked' and details->>'registerId' = ${register.id}::int::text
      and filed_at >= ${toIso(startOfUtcDay(now))}`
  return row?.count ?? 0
}

async function fileOne(sql: Tx, { id, card, ...details }: Parked, { register, now }: From): Promise<void> {
  await sql`
    insert into discrepancies (kind, reference, customer_id, details, filed_at)
    values ('parked', ${id},
      ${customerOfCardIn(sql, card ?? '', register.programmeId)},
      ${JSON.stringify({ card, ...details, ...namesOf(register) })}::text::jsonb, ${toIso(now)})
    on conflict (kind, reference) where settled_at is null do nothing`
}

/** Counts an operation that is handed over; one that is sent again, because an answer got lost, counts again. */
async function countOneMore(sql: Tx, { register, now }: From): Promise<void> {
  const day = toIso(now).slice(0, 10)
  const details = { ...namesOf(register), day, more: 1 }
  await sql`
    insert into discrepancies (kind, reference, details, filed_at)
    values ('parked', ${`register ${register.id} on ${day}`}, ${JSON.stringify(details)}::text::jsonb, ${toIso(now)})
    on conflict (kind, reference) where settled_at is null do update
    set details = discrepancies.details || jsonb_build_object('more', (discrepancies.details->>'more')::int + 1)`
}

const namesOf = ({ id, name, store }: From['register']) => ({
  registerId: id,
  register: name,
  store: store.name,
})
