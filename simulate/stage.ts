import { newRegisterKey } from '../cloud/access/registers/keys.ts'
import { hashSecret } from '../cloud/access/secrets.ts'
import type { Sql } from '../cloud/database/connect.ts'
import { post } from '../cloud/ledger/post.ts'
import type { Request } from '../cloud/ledger/request.ts'
import type { Random } from '../desktop/register/rig/random.ts'
import { newId } from '../shared/id.ts'
import { cardOf, phonesOf } from './plan.ts'

export interface Stage {
  registers: { id: number; key: string }[]
  /** What each customer had in the morning. */
  points: Map<string, number>
}

const REGISTERS_A_STORE = 3
const AT_ONCE = 100

/** Stores with their registers, and customers with points. */
export async function setStage(
  sql: Sql,
  random: Random,
  { registers, customers }: { registers: number; customers: number },
): Promise<Stage> {
  const points = new Map<string, number>()
  for (let customer = 1; customer <= customers; customer += 1)
    points.set(cardOf(customer), random.chance(0.15) ? 0 : random.int(50, 9000))
  await addCustomers(sql, points)
  await sql`
    insert into people (telegram_id, customer_id, language)
    select id, id, 'ru' from customers where card = any(${[...phonesOf(customers)]})`
  return { registers: await addRegisters(sql, registers), points }
}

async function addRegisters(sql: Sql, count: number): Promise<Stage['registers']> {
  const registers: Stage['registers'] = []
  let storeId = 0
  for (let index = 0; index < count; index += 1) {
    if (index % REGISTERS_A_STORE === 0) {
      const [store] = await sql<{ id: number }[]>`
        insert into stores (name) values (${`Магазин ${index / REGISTERS_A_STORE + 1}`}) returning id`
      storeId = store?.id ?? 0
    }
    const key = newRegisterKey()
    const [register] = await sql<{ id: number }[]>`
      insert into registers (store_id, name, key_hash)
      values (${storeId}, ${`Касса ${index + 1}`}, ${hashSecret(key)}) returning id`
    registers.push({ id: register?.id ?? 0, key })
  }
  return registers
}

async function addCustomers(sql: Sql, points: Map<string, number>): Promise<void> {
  const cards = [...points.keys()]
  await sql`insert into customers (card, first_name) select card, 'Анна' from unnest(${cards}::text[]) as card`
  const now = Date.now()
  const author = { type: 'admin', name: 'simulate' } as const
  const gifts: Request[] = [...points]
    .filter(([, gift]) => gift > 0)
    .map(([card, gift]) => ({
      ...{ id: newId(now), kind: 'adjust', at: now, card, points: gift, reason: 'the morning', author },
    }))
  for (let done = 0; done < gifts.length; done += AT_ONCE) {
    const outcomes = await post(sql, gifts.slice(done, done + AT_ONCE), { now: () => now })
    const refused = outcomes.find(({ status }) => status === 'refused')
    if (refused) throw new Error(`a customer got no points: ${JSON.stringify(refused)}`)
  }
}
