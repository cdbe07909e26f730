import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Door, fuzzDoor } from '../build/testing/rawBytes.ts'
import { readConfig } from '../cloud/config.ts'
import { createTestDatabase } from '../cloud/database/testing.ts'
import { seedOf } from '../desktop/register/testing/random.ts'
import { serveMiniApp } from './miniApp.ts'

let close: (() => Promise<void>)[]
let url: string
beforeEach(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kopilka-mini-'))
  const database = await createTestDatabase()
  close = [async () => rmSync(dataDir, { recursive: true }), () => database.drop()]
  const config = readConfig({ KOPILKA_DATA: dataDir })
  const miniApp = await serveMiniApp(database.sql, { config, log: pino({ level: 'silent' }) })
  close.push(miniApp.close)
  url = miniApp.url
})
afterEach(async () => {
  for (const end of close.toReversed()) await end()
})

it('the Mini App of the demo bears odd conversations', async () => {
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
