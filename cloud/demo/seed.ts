import type { CustomerView } from '../../shared/operation.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import { newRegisterKey } from '../access/registers/keys.ts'
import { hashSecret } from '../access/secrets.ts'
import { logChange } from '../auditLog.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { post } from '../ledger/post.ts'
import { FIRST_PROGRAMME } from '../ledger/programme.ts'
import { findCustomer } from '../ledger/read.ts'
import type { Request } from '../ledger/request.ts'
import { DEMO } from './author.ts'
import { demoKey } from './key.ts'
import { historyOf, people, registerName, storeNames } from './people.ts'

interface DemoStore {
  id: number
  name: string
  register: { id: number; name: string }
}

export interface Demo {
  stores: DemoStore[]
  customers: CustomerView[]
  /** The key of the first store's register; the same every time. */
  key: string
}

/**
 * Three stores with a register each and a dozen customers with some weeks behind them. Seeding again
 * changes nothing, and finishes what was cut short; customers of somebody else are left alone.
 */
export async function seedDemo(sql: Sql, { now, dataDir }: { now: Instant; dataDir: string }): Promise<Demo> {
  const stores: DemoStore[] = []
  for (const name of storeNames) stores.push(await sql.begin((sql) => seedStore(sql, name)))
  await seedCustomers(sql, now)
  await liveThrough(sql, await historyOfAll(sql, stores))
  const [first] = stores
  if (!first) throw new Error('the demo has no store')
  const key = await demoKey(sql, { registerId: first.register.id, dataDir })
  return { stores, customers: await readCustomers(sql, now), key }
}

async function seedStore(sql: Tx, name: string): Promise<DemoStore> {
  const [made] = await sql<{ id: number }[]>`
    insert into stores (programme_id, name) values (${FIRST_PROGRAMME}, ${name})
    on conflict (programme_id, name) do nothing returning id`
  if (made)
    await logChange(sql, { who: DEMO, action: 'store add', subject: `store ${made.id}`, after: { name } })
  await seedRegister(sql, name)
  const [store] = await sql<{ id: number; registerId: number }[]>`
    select stores.id, registers.id as "registerId"
    from stores join registers on registers.store_id = stores.id and registers.name = ${registerName}
    where stores.programme_id = ${FIRST_PROGRAMME} and stores.name = ${name}`
  if (!store) throw new Error(`the store ${name} was not made`)
  return { id: store.id, name, register: { id: store.registerId, name: registerName } }
}

/** With a key that nobody knows; `demoKey` gives the first one a key to show. */
async function seedRegister(sql: Tx, store: string): Promise<void> {
  const [made] = await sql<{ id: number; storeId: number }[]>`
    insert into registers (store_id, name, key_hash)
    select id, ${registerName}, ${hashSecret(newRegisterKey())} from stores
    where programme_id = ${FIRST_PROGRAMME} and name = ${store}
    on conflict (store_id, name) do nothing
    returning id, store_id as "storeId"`
  if (!made) return
  const after = { storeId: made.storeId, name: registerName }
  await logChange(sql, { who: DEMO, action: 'register add', subject: `register ${made.id}`, after })
}

async function seedCustomers(sql: Sql, now: Instant): Promise<void> {
  await sql.begin(async (sql) => {
    for (const { card, firstName } of people) {
      const made = await sql`
        insert into customers (programme_id, card, first_name, created_at)
        values (${FIRST_PROGRAMME}, ${card}, ${firstName}, ${toIso(now)})
        on conflict (card) do nothing`
      if (made.count === 0) continue
      await logChange(sql, {
        who: DEMO,
        action: 'customer add',
        subject: `customer ${card}`,
        after: { status: 'active' },
      })
    }
  })
}

async function historyOfAll(sql: Sql, stores: DemoStore[]): Promise<Request[]> {
  const ours = await sql<{ card: string; since: Instant }[]>`
    select card, created_at as since
    from audit_log join customers on subject = 'customer ' || card
    where who = ${DEMO} and action = 'customer add'`
  const sinceOf = new Map(ours.map(({ card, since }) => [card, since]))
  const tills = tillsOf({ stores })
  return people.flatMap((person) => {
    const since = sinceOf.get(person.card)
    return since === undefined ? [] : historyOf(person, { since, tills })
  })
}

/** The registers as who asks. */
export const tillsOf = ({ stores }: Pick<Demo, 'stores'>) =>
  stores.map(({ id, register }) => {
    return { type: 'register' as const, programmeId: FIRST_PROGRAMME, storeId: id, registerId: register.id }
  })

/** Each operation at its own time, in their order, those that were not executed yet. */
async function liveThrough(sql: Sql, requests: Request[]): Promise<void> {
  const done = await sql<{ id: string }[]>`
    select id from operations where id = any(${requests.map(({ id }) => id)}::uuid[])`
  const doneIds = new Set(done.map(({ id }) => id))
  const missing = requests.filter(({ id }) => !doneIds.has(id)).sort((a, b) => a.at - b.at)
  for (const request of missing) await post(sql, [request], { now: () => request.at })
}

async function readCustomers(sql: Sql, now: Instant): Promise<CustomerView[]> {
  const customers = await Promise.all(people.map(({ card }) => findCustomer(sql, card, now)))
  return customers.filter((customer) => customer !== null)
}
