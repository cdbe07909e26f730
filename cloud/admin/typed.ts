import { z } from 'zod'
import { formatKopecks } from '../../shared/numbers.ts'
import { DAY, toIso } from '../../shared/time.ts'
import { integerInput } from '../acts/inputs.ts'
import { type Command, command, type House } from './command.ts'
import { table } from './print.ts'

const DAYS = 30

interface Row {
  store: string
  registerId: number
  register: string
  cashier: string | null
  typed: number
  typedKopecks: number
  purchases: number
}

/** How many purchases had an amount that a person typed, of those who typed any: the most first. */
export async function listTyped({ sql, now }: House, { days = DAYS }: { days?: number | undefined } = {}) {
  const rows = await sql<Row[]>`
    select stores.name as store, registers.id as "registerId", registers.name as register, o.cashier,
      count(*) filter (where o.typed)::int as typed,
      coalesce(sum(o.purchase_kopecks) filter (where o.typed), 0)::bigint as "typedKopecks",
      count(*)::int as purchases
    from stores
    join operations o on o.store_id = stores.id and o.recorded_at >= ${toIso(now - days * DAY)}
      and o.status = 'accepted' and o.kind in ('earn', 'redeem')
    join registers on registers.id = o.register_id
    left join holds h on h.customer_id = o.customer_id and h.id = o.id
    where o.kind = 'earn' or h.state = 'applied'
    group by stores.id, registers.id, o.cashier
    having bool_or(o.typed)
    order by 5 desc, 6 desc, 2, 4`
  return { days, typed: rows }
}

export const typedCommands: Record<string, Command> = {
  'typed list': command({
    usage: 'typed list [--days <n>]',
    input: z.strictObject({ days: integerInput.pipe(z.int().min(1).max(3650)).optional() }),
    run: listTyped,
    text: ({ typed }) =>
      table(
        ['store', 'register', 'cashier', 'typed', 'typed, ₽', 'of purchases'],
        typed.map((row) => [
          row.store,
          `${row.registerId} ${row.register}`,
          row.cashier,
          row.typed,
          formatKopecks(row.typedKopecks, '.'),
          row.purchases,
        ]),
      ),
  }),
}
