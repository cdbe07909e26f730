import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Door, fuzzDoor } from '../build/testing/rawBytes.ts'
import { readConfig } from '../cloud/config.ts'
import type { Sql } from '../cloud/database/connect.ts'
import { createTestDatabase } from '../cloud/database/testing.ts'
import { seedDemo } from '../cloud/demo/seed.ts'
import { seedOf } from '../desktop/register/testing/random.ts'
import { serveMiniApp } from './miniApp.ts'

let close: (() => Promise<void>)[]
let dataDir: string
let sql: Sql
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'kopilka-mini-'))
  const database = await createTestDatabase()
  sql = database.sql
  close = [async () => rmSync(dataDir, { recursive: true }), () => database.drop()]
})
afterEach(async () => {
  for (const end of close.toReversed()) await end()
})

async function open(): Promise<string> {
  const config = readConfig({ KOPILKA_DATA: dataDir })
  const miniApp = await serveMiniApp(sql, { config, log: pino({ level: 'silent' }) })
  close.push(miniApp.close)
  return miniApp.url
}

it.each([
  ['Анна of the demo, and of nobody else', seedDemoIn, 200],
  ['nobody where that card is somebody else’s', addStranger, 404],
])('the Mini App of the demo is that of %s', async (_whom, fill, status) => {
  await fill()
  const opened = await fetch(await open(), { redirect: 'manual' })
  const { hash, origin } = new URL(opened.headers.get('location') ?? '', opened.url)
  const initData = new URLSearchParams(hash.slice(1)).get('tgWebAppData')
  const me = await fetch(`${origin}/v1/me`, { headers: { authorization: `tma ${initData}` } })
  expect(me.status).toBe(status)
  const people = await sql`select from people`
  expect(people.length).toBe(status === 200 ? 1 : 0)
})

async function seedDemoIn(): Promise<void> {
  await seedDemo(sql, { now: Date.now(), dataDir })
}

async function addStranger(): Promise<void> {
  await sql`insert into customers (programme_id, card, first_name) values (1, '654321', 'Анфиса')`
  await seedDemoIn()
}

it('the Mini App of the demo bears odd conversations', async () => {
  const url = await open()
  const { host, port } = new URL(url)
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`
  const body = JSON.stringify({ operations: [] })
  const door: Door = {
    port: Number(port),
    requests: [
      ...['/', '/app', '/v1/me', '/health', '/docs', '/updates/stable/latest.yml'].map(get),
      `POST /v1/operations HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer kop_x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    ],
    async askWell() {
      const answer = await fetch(`${url}health`)
      await answer.text()
      expect(answer.status).toBe(200)
    },
  }
  await fuzzDoor(door, { runs: 500, seed: seedOf('BYTES_SEED') })
})
