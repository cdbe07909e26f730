import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Conversation, converse, type Door, fuzzDoor, survives } from '../../build/testing/rawBytes.ts'
import { seedOf } from '../../desktop/register/testing/random.ts'
import { serveOneC } from './serve.ts'

describe('the 1C of the demo', () => {
  let folder: string
  let oneC: Awaited<ReturnType<typeof serveOneC>>
  let door: Door
  let host: string
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kopilka-1c-'))
    oneC = await serveOneC({ folder, port: 0 })
    host = new URL(oneC.url).host
    door = {
      port: Number(new URL(oneC.url).port),
      requests: [
        ...['/', '/page.js', '/events'].map((path) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
        post(host, { action: 'new_receipt', kopecks: 100 }),
        post(host, { action: 'take_by_itself', isOn: true }),
        post(host, { action: 'end' }),
      ],
      async askWell() {
        const answer = await fetch(oneC.url)
        await answer.text()
        if (answer.status !== 200) throw new Error(`it answers with ${answer.status}`)
      },
    }
  })
  afterEach(async () => {
    await oneC.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('bears an action that breaks off in the middle of its body', async () => {
    const half = post(host, { action: 'take' }).slice(0, -3)
    await survives(door, { writes: [half], end: 'reset_when_answered' })
    await survives(door, { writes: [half], end: 'closed' })
  })

  it('bears that its folder is gone, and says so on its page', async () => {
    rmSync(folder, { recursive: true })
    await survives(door, { writes: [post(host, { action: 'new_receipt', kopecks: 100 })], end: 'closed' })
    const watch: Conversation = { writes: [`GET /events HTTP/1.1\r\nHost: ${host}\r\n\r\n`], end: 'answered' }
    await vi.waitFor(async () => expect(await converse(door, watch)).toContain('ENOENT'), PATIENCE)
  })

  it('bears a thousand odd conversations', async () => {
    await fuzzDoor(door, { runs: 1000, seed: seedOf('BYTES_SEED') })
  })
})

/** What kopilka.bsl cannot write it tries for a while before it complains. */
const PATIENCE = { timeout: 60_000, interval: 100 }

function post(host: string, action: object): string {
  const body = JSON.stringify(action)
  return `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}
