import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { toIso } from '../shared/time.ts'
import { newRegisterKey } from './access/registers/keys.ts'
import { hashSecret } from './access/secrets.ts'
import { openSession } from './access/staff/sessions.ts'
import { readConfig } from './config.ts'
import { createTestDatabase } from './database/testing.ts'
import { serveCloud } from './serve.ts'

test('a job that waits has none of the connections that the sales wait for', async () => {
  const { sql, url, drop } = await createTestDatabase()
  const config = readConfig({ DATABASE_URL: url, PORT: '0' })
  const cloud = await serveCloud(config, pino({ level: 'silent' }))
  await sql.begin(async (locking) => {
    await locking`lock table holds in access exclusive mode`
    const waiting = () => sql`
      select distinct application_name as name from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`
    await expect.poll(waiting).toEqual([{ name: 'kopilka jobs' }])
  })
  await cloud.stop()
  await drop()
})

test('a cloud whose key of the vouchers is another one, or none, starts and says so', async () => {
  const { sql, url, drop } = await createTestDatabase()
  await sql`insert into voucher_key (fingerprint) values (${hashSecret('another')})`
  const dataDir = await mkdtemp(join(tmpdir(), 'kopilka-serve-'))
  const said: string[] = []
  const log = pino({ level: 'error' }, { write: (line) => void said.push(JSON.parse(line).problem) })
  const start = async () =>
    (await serveCloud(readConfig({ DATABASE_URL: url, PORT: '0', KOPILKA_DATA: dataDir }), log)).stop()
  const file = join(dataDir, 'voucher.key')
  await start()
  expect(existsSync(file)).toBe(false)
  for (const key of ['no key', randomBytes(32)]) {
    await writeFile(file, key)
    await start()
  }
  expect(said).toEqual([
    expect.stringContaining('no such file'),
    expect.stringContaining('is no voucher key'),
    expect.stringContaining('made with another key'),
  ])
  await rm(dataDir, { recursive: true })
  await drop()
})

test('what the office asks for has none of the connections that the look-ups of tills wait for', async () => {
  const { sql, url, drop } = await createTestDatabase()
  const config = readConfig({ DATABASE_URL: url, PORT: '0' })
  const cloud = await serveCloud(config, pino({ level: 'silent' }))
  const key = newRegisterKey()
  await sql`insert into stores (name) values ('Ашукино')`
  await sql`insert into registers (store_id, name, key_hash) select id, 'Касса 1', ${hashSecret(key)} from stores`
  await sql
    .begin(async (locking) => {
      await locking`lock table staff_sessions in access exclusive mode`
      const asking = ['/v1/console/session', '/console/account', '/fleet'].flatMap((path) =>
        Array.from({ length: 10 }, () =>
          fetch(cloud.url + path, { headers: { cookie: 'kopilka_staff=x' }, redirect: 'manual' }),
        ),
      )
      const waiting = () => sql`
      select distinct application_name as name from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%staff_sessions%'`
      await expect.poll(waiting).toEqual([{ name: 'kopilka office' }])
      const headers = { authorization: `Bearer ${key}` }
      expect((await fetch(`${cloud.url}/v1/customers?code=654321`, { headers })).status).toBe(404)
      return { asking }
    })
    .then(({ asking }) => Promise.all(asking))
  await cloud.stop()
  await drop()
})

test('who asks for many reports leaves the others of the office their connections', async () => {
  const { sql, url, drop } = await createTestDatabase()
  const cloud = await serveCloud(readConfig({ DATABASE_URL: url, PORT: '0' }), pino({ level: 'silent' }))
  const now = Date.now()
  const signIn = async (account: string) => {
    await sql`insert into staff (name, roles, created_at) values (${account}, '{owner}', ${toIso(now)})`
    const from = { ip: '10.0.0.1', userAgent: 'a browser' }
    return await sql.begin((sql) => openSession(sql, { account, isProven: true, from, now }))
  }
  const [olga, oleg] = [await signIn('olga'), await signIn('oleg')]
  const ask = async (path: string, token: string) =>
    (await fetch(`${cloud.url}/v1/console/${path}`, { headers: { cookie: `kopilka_staff=${token}` } })).status
  const reports = await sql.begin(async (locking) => {
    await locking`lock table holds in access exclusive mode`
    const reports = Array.from({ length: 10 }, () => ask('reports/liability', olga))
    const waiting = async () =>
      (
        await sql`
          select from pg_stat_activity
          where datname = current_database() and application_name = 'kopilka office' and wait_event_type = 'Lock'`
      ).count
    await expect.poll(waiting).toBeGreaterThanOrEqual(2)
    const anyReport = Promise.race(reports).then((status) => `a report: ${status}`)
    expect(await Promise.race([ask('session', oleg), anyReport])).toBe(200)
    return { all: Promise.all(reports) }
  })
  expect(new Set(await reports.all)).toEqual(new Set([200]))
  await cloud.stop()
  await drop()
})
