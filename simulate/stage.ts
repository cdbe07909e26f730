import { newRegisterKey } from '../cloud/access/registers/keys.ts'
import { hashSecret } from '../cloud/access/secrets.ts'
import type { Sql } from '../cloud/database/connect.ts'
import { post } from '../cloud/ledger/post.ts'
import { FIRST_PROGRAMME } from '../cloud/ledger/programme.ts'
import type { Request } from '../cloud/ledger/request.ts'
import { codesOfBatch, insertBatch } from '../cloud/vouchers/batches.ts'
import type { Random } from '../desktop/register/rig/random.ts'
import { newId } from '../shared/id.ts'
import { voucherTermsSchema } from '../shared/rules/voucher.ts'
import { MINUTE } from '../shared/time.ts'
import type { VoucherBatch } from '../shared/voucherBatch.ts'
import { simulatedVoucherKey } from './cloud.ts'
import { batchesOf, type Code } from './codes.ts'
import { inviteFriends } from './invitations.ts'
import { cardOf, drawCustomer, phonesOf } from './plan.ts'

export interface Stage {
  registers: { id: number; key: string }[]
  /** What each customer had in the morning. */
  points: Map<string, number>
  /** Of vouchers that customers have. */
  codes: Code[]
}

const REGISTERS_A_STORE = 3
const AT_ONCE = 100

/** Stores with their registers, and customers with points. */
export async function setStage(
  sql: Sql,
  random: Random,
  { registers, customers, minutes }: { registers: number; customers: number; minutes: number },
): Promise<Stage> {
  const points = new Map<string, number>()
  for (let customer = 1; customer <= customers; customer += 1)
    points.set(cardOf(customer), random.chance(0.15) ? 0 : random.int(50, 9000))
  await addCustomers(sql, points)
  await sql`
    insert into people (telegram_id, customer_id, language)
    select id, id, 'ru' from customers where card = any(${[...phonesOf(customers)]})`
  await inviteFriends(sql, random.fork('friends'), { customers })
  const codes = await giveCodes(sql, random.fork('codes'), { customers, dayMs: minutes * MINUTE })
  return { registers: await addRegisters(sql, registers), points, codes }
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

/** Vouchers of every kind. */
async function giveCodes(
  sql: Sql,
  random: Random,
  { customers, dayMs }: { customers: number; dayMs: number },
): Promise<Code[]> {
  const now = Date.now()
  const given: Code[] = []
  for (const { terms, codes, isPersonal } of batchesOf(now, { dayMs })) {
    const cards = Array.from({ length: codes }, () =>
      isPersonal ? cardOf(drawCustomer(random, customers)) : null,
    )
    const batch = await sql.begin(async (sql) => {
      const batch: VoucherBatch = { ...voucherTermsSchema.parse(terms), audience: { type: 'bearer', codes } }
      const ids = await sql<{ card: string; id: number }[]>`
        select card, id from customers where card = any(${cards.filter((card) => card !== null)})`
      const idOf = new Map(ids.map(({ card, id }) => [card, id]))
      return await insertBatch(sql, {
        ...{ programmeId: FIRST_PROGRAMME, batch, key: simulatedVoucherKey, by: 'admin:simulate', now },
        owners: cards.map((card) => (card === null ? null : (idOf.get(card) ?? null))),
      })
    })
    const printed = await codesOfBatch(sql, simulatedVoucherKey, batch)
    given.push(...printed.map(({ code, card: owner }) => ({ code, batch, owner, terms })))
  }
  return given
}
