import { randomUUIDv7 } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { bookDocumentSchema } from '../shared/rules/book.ts'
import { toIso } from '../shared/time.ts'
import { newRegisterKey } from './access/registers/keys.ts'
import { hashSecret } from './access/secrets.ts'
import { connect, type Sql } from './database/connect.ts'
import { type EmbeddedPostgres, openEmbeddedPostgres } from './database/embedded.ts'
import { createTestDatabase, insist } from './database/testing.ts'
import { runAudit } from './ledger/audit.ts'
import { publishBook } from './ledger/books.ts'
import { post } from './ledger/post.ts'
import { type CloudProcess, sendUntilAnswered, startCloudProcess } from './testing/process.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function start(env: Record<string, string>): Promise<CloudProcess> {
  const cloud = await startCloudProcess(env)
  cleanUps.push(() => cloud.stop('SIGKILL'))
  return cloud
}

/** A store with one register, whose key is returned, and customers with points: cards from 100001 on. */
async function makeShop(sql: Sql, customers: number, points: number): Promise<string> {
  const key = newRegisterKey()
  const [store] = await sql<{ id: number }[]>`
    insert into stores (name) values (${`Ашукино ${randomUUIDv7()}`}) returning id`
  await sql`
    insert into registers (store_id, name, key_hash) values (${store?.id ?? 0}, 'Касса 1', ${hashSecret(key)})`
  await sql`
    insert into customers (card) select (100000 + i)::text from generate_series(1, ${customers}) i
    on conflict do nothing`
  const author = { type: 'admin', name: 'test' } as const
  const gifts = Array.from({ length: customers }, (_, i) => String(100_001 + i)).map((card) => ({
    ...{
      kind: 'adjust' as const,
      id: randomUUIDv7(),
      at: Date.now(),
      author,
      card,
      points,
      reason: 'a gift',
    },
  }))
  await insist(() => post(sql, gifts, { now: Date.now }))
  return key
}

const earn = (customers: number) => ({
  kind: 'earn',
  id: randomUUIDv7(),
  at: toIso(Date.now()),
  card: String(100_001 + Math.floor(Math.random() * customers)),
  purchaseKopecks: 10_000 + Math.floor(Math.random() * 1_000_000),
  confirmDuplicate: true,
})

/** Workers that send earn after earn until told to stop, and remember what was acknowledged. */
function load(
  url: () => string,
  key: string,
  { workers, customers }: { workers: number; customers: number },
) {
  const acknowledged: string[] = []
  const thresholds: { count: number; reached: () => void }[] = []
  let stopped = false
  const work = async () => {
    while (!stopped) {
      const operation = earn(customers)
      const { outcomes } = await sendUntilAnswered(url, key, [operation])
      expect(outcomes[0]?.status).toBe('accepted')
      acknowledged.push(operation.id)
      for (const { count, reached } of thresholds) if (acknowledged.length >= count) reached()
    }
  }
  const done = Promise.all(Array.from({ length: workers }, work))
  return {
    acknowledged,
    more: (count: number) =>
      new Promise<void>((reached) => thresholds.push({ count: acknowledged.length + count, reached })),
    async stop() {
      stopped = true
      await done
    },
  }
}

/** Each acknowledged operation of this register is there once: the ids are unique, so being there is enough. */
async function expectAllThere(sql: Sql, key: string, acknowledged: string[]): Promise<void> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) from operations where id = any(${acknowledged}::uuid[]) and status = 'accepted'`
  expect(row?.count).toBe(new Set(acknowledged).size)
  const [all] = await sql<{ count: number }[]>`
    select count(*) from operations
    where kind = 'earn' and register_id = (select id from registers where key_hash = ${hashSecret(key)})`
  expect(all?.count).toBe(acknowledged.length)
  expect(await runAudit(sql)).toEqual([])
}

describe('two API processes on one database', () => {
  let sql: Sql
  let DATABASE_URL: string
  let clouds: CloudProcess[] = []
  let drop: () => Promise<void>
  beforeAll(async () => {
    ;({ sql, url: DATABASE_URL, drop } = await createTestDatabase())
    clouds = await Promise.all([startCloudProcess({ DATABASE_URL }), startCloudProcess({ DATABASE_URL })])
  })
  afterAll(async () => {
    for (const cloud of clouds) await cloud.stop('SIGKILL')
    await drop()
  })
  const urlOf = (cloud: number) => clouds[cloud]?.url ?? ''

  test('accept exactly one of 50 redemptions of all points', async () => {
    const key = await makeShop(sql, 1, 1000)
    const replies = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const redeem = { kind: 'redeem', id: randomUUIDv7(), at: toIso(Date.now()), card: '100001' }
        const operation = { ...redeem, purchaseKopecks: 500_000 + i, points: 1000 }
        return await sendUntilAnswered(() => urlOf(i % 2), key, [operation])
      }),
    )
    const outcomes = replies.flatMap((reply) => reply.outcomes)
    expect(outcomes.filter((outcome) => outcome.status === 'accepted')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome.status === 'refused')).toHaveLength(49)
    expect(await sql`select balance, debt from customers where card = '100001'`).toEqual([
      { balance: 0, debt: 0 },
    ])
    expect(await runAudit(sql)).toEqual([])
  })

  test('execute equal ids that are sent to both at once only once', async () => {
    const key = await makeShop(sql, 20, 1)
    const operations = Array.from({ length: 100 }, () => earn(20))
    const replies = await Promise.all(
      operations.flatMap((operation) =>
        clouds.map((cloud) => sendUntilAnswered(() => cloud.url, key, [operation])),
      ),
    )
    const outcomes = replies.flatMap((reply) => reply.outcomes)
    expect(outcomes.filter((outcome) => outcome.status === 'accepted' && !outcome.replay)).toHaveLength(100)
    expect(outcomes.filter((outcome) => outcome.status === 'accepted' && outcome.replay)).toHaveLength(100)
    await expectAllThere(
      sql,
      key,
      operations.map((operation) => operation.id),
    )
  })

  test('give the last 1,000 points of a budget to 200 receipts that come at once, exactly', async () => {
    const key = await makeShop(sql, 20, 1)
    const rule = { id: 'gift', title: 'Подарок', award: { type: 'points', points: 6 }, budget: 'gifts' }
    const document = bookDocumentSchema.parse({
      rules: [rule],
      budgets: [{ id: 'gifts', title: 'Подарки', limit_points: 1600 }],
    })
    const now = Date.now()
    const book = { programmeId: 1, validFrom: now, now, by: 'admin:anna', reason: 'a test' }
    await sql.begin((sql) => publishBook(sql, { ...book, document }))
    const sell = (count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, index) =>
          sendUntilAnswered(() => urlOf(index % 2), key, [{ ...earn(20), purchaseKopecks: 10_000 + index }]),
        ),
      )
    const spent = async () => [...(await sql`select spent from budget_spending where budget_id = 'gifts'`)]
    await sell(100)
    expect(await spent()).toEqual([{ spent: 600 }])
    const sold = await sell(200)
    expect(sold.flatMap(({ outcomes }) => outcomes.map(({ status }) => status))).toEqual(
      Array.from({ length: 200 }, () => 'accepted'),
    )
    expect(await spent()).toEqual([{ spent: 1600 }])
    const given = await sql<{ points: number; receipts: number }[]>`
      select points, count(*)::int as receipts from entries where rule_id = 'gift' group by 1 order by 1`
    // Of the last 1,000: 166 whole ones, and the four points that were left.
    expect(given).toEqual([
      { points: 4, receipts: 1 },
      { points: 6, receipts: 100 + 166 },
    ])
    expect(await runAudit(sql)).toEqual([])
    await sql.begin((sql) => publishBook(sql, { ...book, document: bookDocumentSchema.parse({}) }))
  })

  test('end cleanly when they are stopped under load, and every request that was taken is answered', async () => {
    const key = await makeShop(sql, 50, 1)
    let url = urlOf(0)
    const running = load(() => url, key, { workers: 8, customers: 50 })
    await running.more(100)
    url = urlOf(1)
    expect(await clouds[0]?.stop('SIGTERM')).toBe(0)
    await running.more(100)
    await running.stop()
    await expectAllThere(sql, key, running.acknowledged)
  })

  test('cannot have one port: that is told in one sentence', async () => {
    const PORT = new URL(urlOf(1)).port
    await expect(startCloudProcess({ DATABASE_URL, PORT })).rejects.toThrow(/Port \d+ of 127.0.0.1 is in use/)
  })
})

test('the API killed under load: what was acknowledged is there once, what was not can be sent again', async () => {
  const { sql, url: DATABASE_URL, drop } = await createTestDatabase()
  cleanUps.push(drop)
  const key = await makeShop(sql, 50, 1)
  let cloud = await start({ DATABASE_URL })
  const running = load(() => cloud.url, key, { workers: 16, customers: 50 })
  for (let round = 0; round < 3; round += 1) {
    await running.more(200)
    await cloud.stop('SIGKILL')
    cloud = await start({ DATABASE_URL })
  }
  await running.more(200)
  await running.stop()
  await expectAllThere(sql, key, running.acknowledged)
})

describe('a cloud with a database of its own', () => {
  let KOPILKA_DATA: string
  let cloud: CloudProcess
  let embedded: EmbeddedPostgres
  let sql: Sql
  beforeAll(async () => {
    KOPILKA_DATA = await mkdtemp(join(tmpdir(), 'kopilka-durability-'))
    cloud = await startCloudProcess({ KOPILKA_DATA })
    embedded = await openEmbeddedPostgres(KOPILKA_DATA)
    sql = connect(embedded.url)
  })
  afterAll(async () => {
    await sql.end()
    await embedded.stop()
    const code = await cloud.stop('SIGINT')
    await rm(KOPILKA_DATA, { recursive: true, force: true })
    expect(code).toBe(0)
  })
  const postmaster = () =>
    Number(readFileSync(join(KOPILKA_DATA, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0])

  test('is the only one: a second cloud on the same data says so, and does not disturb the first', async () => {
    await expect(startCloudProcess({ KOPILKA_DATA })).rejects.toThrow(
      /Another Kopilka cloud already runs on the data/,
    )
    expect((await fetch(`${cloud.url}/ready`)).status).toBe(200)
  })

  test('that is silent answers 503 within the patience of a register', async () => {
    const key = await makeShop(sql, 1, 1)
    const stopped: number[] = []
    const freeze = (pid: number) => {
      signal(pid, 'SIGSTOP')
      stopped.push(pid)
    }
    let reply: Response
    try {
      const parent = postmaster()
      freeze(parent) // first, so that nobody is born while the others are counted
      for (const pid of childrenOf(parent)) freeze(pid)
      reply = await fetch(`${cloud.url}/v1/register`, { headers: { authorization: `Bearer ${key}` } })
    } finally {
      for (const pid of stopped) signal(pid, 'SIGCONT')
    }
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '2'])
    const after = await sendUntilAnswered(() => cloud.url, key, [earn(1)])
    expect(after.outcomes[0]?.status).toBe('accepted')
  })

  test('loses nothing acknowledged when Postgres is killed under load: it comes back', async () => {
    const key = await makeShop(sql, 50, 1)
    const running = load(() => cloud.url, key, { workers: 16, customers: 50 })
    for (let round = 0; round < 3; round += 1) {
      await Promise.race([running.more(200), cloud.crashed])
      process.kill(postmaster(), 'SIGKILL')
    }
    await Promise.race([running.more(200), cloud.crashed])
    await running.stop()
    await expectAllThere(sql, key, running.acknowledged)
  })
})

const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)

/** A backend may have ended since it was listed. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
