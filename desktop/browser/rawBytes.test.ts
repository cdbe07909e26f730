import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Conversation, converse, type Door, fuzzDoor, survives } from '../../build/testing/rawBytes.ts'
import type { RegisterApi } from '../../shared/bridge.ts'
import { seedOf } from '../register/testing/random.ts'
import { type BrowserShell, serveInBrowser } from './serve.ts'

describe('no request of anybody ends the browser shell', () => {
  let folder: string
  let shell: BrowserShell
  let door: Door
  let upgrade: string
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kopilka-bytes-'))
    writeFileSync(join(folder, 'index.html'), '<!doctype html>')
    const register = {
      snapshot: () => ({ phase: 'idle' }),
      subscribe: () => () => {},
      findCustomer: async () => ({ ok: true, value: null }),
    } as unknown as RegisterApi
    shell = await serveInBrowser({ register, port: 0, folder, log: pino({ level: 'silent' }) })
    const { host, port, origin, searchParams } = new URL(shell.url)
    const upgradeWith = (token: string | null) =>
      `GET /register HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n` +
      `Sec-WebSocket-Protocol: kopilka, ${token}\r\n\r\n`
    upgrade = upgradeWith('wrong')
    const command = JSON.stringify({ type: 'command', id: 1, name: 'findCustomer', input: { code: '1' } })
    door = {
      port: Number(port),
      requests: [
        `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
        upgrade,
        `${upgradeWith(searchParams.get('token'))}${frameOf(command)}`,
      ],
      async askWell() {
        const answer = await fetch(origin)
        await answer.text()
        if (answer.status !== 200) throw new Error(`it answers with ${answer.status}`)
      },
    }
  })
  afterEach(async () => {
    await shell.close()
    rmSync(folder, { recursive: true })
  })

  const say = (text: string, end: Conversation['end'] = 'answered'): Conversation => ({ writes: [text], end })

  it.each(['//', '//x', 'http://[', 'http://x/'])(
    'answers with 400 where the address is %s',
    async (target) => {
      const { host } = new URL(shell.url)
      const asked = say(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      await survives(door, asked)
      expect(await converse(door, asked)).toMatch(/^HTTP\/1.1 400 /)
    },
  )

  it('bears that a refused screen resets its connection', async () => {
    expect(await converse(door, say(upgrade))).toMatch(/^HTTP\/1.1 403 /)
    await survives(door, say(upgrade, 'reset'))
    await survives(door, say(upgrade, 'reset_when_answered'))
  })

  it('lets go of a refused screen that says more, and can be closed', async () => {
    const more = 'x'.repeat(100_000)
    for (const end of ['closed', 'reset_when_answered'] as const)
      await survives(door, { writes: [upgrade, more, more], end })
    const closed = shell.close()
    await closed
    shell.close = () => closed
  })

  it('bears a thousand odd conversations', async () => {
    await fuzzDoor(door, { runs: 1000, seed: seedOf('BYTES_SEED') })
  })
})

/** As a browser sends it: masked, with a mask that changes nothing. */
function frameOf(text: string): string {
  return String.fromCharCode(0x81, 0x80 + text.length, 0, 0, 0, 0) + text
}
