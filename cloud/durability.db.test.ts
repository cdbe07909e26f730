import { randomUUIDv7 } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { toIso } from '../shared/time.ts'
import { hashSecret, newRegisterKey } from './access/keys.ts'
import { connect, type Sql } from './database/connect.ts'
import { openEmbeddedPostgres } from './database/embedded.ts'
import { createTestDatabase } from './database/testing.ts'
import { runAudit } from './ledger/audit.ts'
import { post } from './ledger/post.ts'
import { type CloudProcess, sendUntilAnswered, startCloudProcess } from './testing.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function start(env: Record<string, string>): Promise<CloudProcess> {
  const cloud = await startCloudProcess(env)
  cleanUps.push(() => cloud.stop('SIGKILL'))
  return cloud
}

async function makeShop(sql: Sql, customers: number, points: number): Promise<string> {
  const key = newRegisterKey()
  await sql`insert into stores (name) values ('Ашукино')`
  await sql`insert into registers (store_id, name, key_hash) values (1, 'Касса 1', ${hashSecret(key)})`
  await sql`insert into customers (card) select (100000 + i)::text from generate_series(1, ${customers}) i`
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
  await post(sql, gifts, { now: Date.now })
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

/** Each acknowledged operation is there once: the ids are unique, so being there is enough. */
async function expectAllThere(sql: Sql, acknowledged: string[]): Promise<void> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) from operations where id = any(${acknowledged}::uuid[]) and status = 'accepted'`
  expect(row?.count).toBe(new Set(acknowledged).size)
  const [all] = await sql<{ count: number }[]>`select count(*) from operations where kind = 'earn'`
  expect(all?.count).toBe(acknowledged.length)
  expect(await runAudit(sql)).toEqual([])
}

test('of 50 redemptions of all points through two API processes at once, exactly one is accepted', async () => {
  const { sql, url: DATABASE_URL, drop } = await createTestDatabase()
  cleanUps.push(drop)
  const key = await makeShop(sql, 1, 1000)
  const clouds = [await start({ DATABASE_URL }), await start({ DATABASE_URL })]
  const replies = await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      const redeem = { kind: 'redeem', id: randomUUIDv7(), at: toIso(Date.now()), card: '100001' }
      const operation = { ...redeem, purchaseKopecks: 500_000 + i, points: 1000 }
      return await sendUntilAnswered(() => clouds[i % 2]?.url ?? '', key, [operation])
    }),
  )
  const outcomes = replies.flatMap((reply) => reply.outcomes)
  expect(outcomes.filter((outcome) => outcome.status === 'accepted')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome.status === 'refused')).toHaveLength(49)
  expect(await sql`select balance, debt from customers`).toEqual([{ balance: 0, debt: 0 }])
  expect(await runAudit(sql)).toEqual([])
})

test('equal ids sent to two API processes at once are executed once', async () => {
  const { sql, url: DATABASE_URL, drop } = await createTestDatabase()
  cleanUps.push(drop)
  const key = await makeShop(sql, 20, 1)
  const clouds = [await start({ DATABASE_URL }), await start({ DATABASE_URL })]
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
    operations.map((operation) => operation.id),
  )
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
  await expectAllThere(sql, running.acknowledged)
})

test('Postgres killed under load: the embedded server comes back, and nothing acknowledged is lost', async () => {
  const KOPILKA_DATA = await mkdtemp(join(tmpdir(), 'kopilka-durability-'))
  cleanUps.push(() => rm(KOPILKA_DATA, { recursive: true, force: true }))
  const cloud = await start({ KOPILKA_DATA })
  const embedded = await openEmbeddedPostgres(KOPILKA_DATA)
  cleanUps.push(() => embedded.stop())
  const sql = connect(embedded.url)
  cleanUps.push(() => sql.end())
  const key = await makeShop(sql, 50, 1)
  const running = load(() => cloud.url, key, { workers: 16, customers: 50 })
  for (let round = 0; round < 3; round += 1) {
    await Promise.race([running.more(200), cloud.crashed])
    const postmaster = readFileSync(join(KOPILKA_DATA, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]
    process.kill(Number(postmaster), 'SIGKILL')
  }
  await Promise.race([running.more(200), cloud.crashed])
  await running.stop()
  await expectAllThere(sql, running.acknowledged)
  expect(await cloud.stop('SIGTERM')).toBe(0)
})

test('stopped under load, the API ends cleanly, and every request it had taken is answered', async () => {
  const { sql, url: DATABASE_URL, drop } = await createTestDatabase()
  cleanUps.push(drop)
  const key = await makeShop(sql, 50, 1)
  const first = await start({ DATABASE_URL })
  const second = await start({ DATABASE_URL })
  let url = first.url
  const running = load(() => url, key, { workers: 8, customers: 50 })
  await running.more(100)
  url = second.url
  expect(await first.stop('SIGTERM')).toBe(0)
  await running.more(100)
  await running.stop()
  await expectAllThere(sql, running.acknowledged)
})

test('a second cloud on the same data says so, and does not disturb the first', async () => {
  const KOPILKA_DATA = await mkdtemp(join(tmpdir(), 'kopilka-second-'))
  cleanUps.push(() => rm(KOPILKA_DATA, { recursive: true, force: true }))
  const first = await start({ KOPILKA_DATA })
  await expect(startCloudProcess({ KOPILKA_DATA })).rejects.toThrow(
    /Another Kopilka cloud already runs on the data/,
  )
  expect((await fetch(`${first.url}/ready`)).status).toBe(200)
  expect(await first.stop('SIGINT')).toBe(0)
})

test('a port in use is told in one sentence', async () => {
  const { url: DATABASE_URL, drop } = await createTestDatabase()
  cleanUps.push(drop)
  const first = await start({ DATABASE_URL })
  const PORT = new URL(first.url).port
  await expect(startCloudProcess({ DATABASE_URL, PORT })).rejects.toThrow(/Port \d+ of 127.0.0.1 is in use/)
})

test('a database that is silent is answered 503 within the patience of a register', async () => {
  const KOPILKA_DATA = await mkdtemp(join(tmpdir(), 'kopilka-silent-'))
  cleanUps.push(() => rm(KOPILKA_DATA, { recursive: true, force: true }))
  const cloud = await start({ KOPILKA_DATA })
  const postmaster = Number(
    readFileSync(join(KOPILKA_DATA, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0],
  )
  const embedded = await openEmbeddedPostgres(KOPILKA_DATA)
  const sql = connect(embedded.url)
  const key = await makeShop(sql, 1, 1)
  await sql.end()
  await embedded.stop()
  const backends = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8')
    .trim()
    .split(' ')
    .map(Number)
  const everyone = [postmaster, ...backends]
  let reply: Response
  try {
    for (const pid of everyone) signal(pid, 'SIGSTOP')
    reply = await fetch(`${cloud.url}/v1/register`, { headers: { authorization: `Bearer ${key}` } })
  } finally {
    for (const pid of everyone) signal(pid, 'SIGCONT')
  }
  expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '2'])
  const after = await sendUntilAnswered(() => cloud.url, key, [earn(1)])
  expect(after.outcomes[0]?.status).toBe('accepted')
  expect(await cloud.stop('SIGTERM')).toBe(0)
})

/** A backend may have ended since it was listed. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
