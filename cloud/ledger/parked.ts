import type { z } from 'zod'
import type { handOverRequestSchema } from '../../shared/api.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'

type Parked = z.infer<typeof handOverRequestSchema>

/** Files what a register could not get executed, once however often it is told; the points stay as they are. */
export async function fileParked(
  sql: Sql,
  { id, card, ...details }: Parked,
  { register, now }: { register: { id: number; name: string; store: { name: string } }; now: Instant },
): Promise<void> {
  const known = { ...details, registerId: register.id, register: register.name, store: register.store.name }
  await sql`
    insert into discrepancies (kind, reference, customer_id, details, filed_at)
    values ('parked', ${id}, (select id from customers where card = ${card}),
      ${JSON.stringify({ card, ...known })}::text::jsonb, ${toIso(now)})
    on conflict (kind, reference) where settled_at is null do nothing`
}
