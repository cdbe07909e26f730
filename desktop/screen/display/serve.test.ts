import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Door, fuzzDoor } from '../../../build/testing/rawBytes.ts'
import { preferencesSchema, type Snapshot } from '../../../shared/bridge.ts'
import type { Display } from '../../../shared/display.ts'
import { MINUTE } from '../../../shared/time.ts'
import { seedOf } from '../../register/testing/random.ts'
import { type DisplayServer, serveDisplay } from './serve.ts'

const nobody = {
  ...{ version: '1.0.0', preferences: preferencesSchema.parse({}), joinUrl: null, timeZone: 'Europe/Moscow' },
  ...{ act: null, customer: null, sale: null, offer: null, supportContact: null, recent: [] },
} as unknown as Snapshot
const anna = {
  ...nobody,
  customer: { card: '654321', firstName: 'Анна', available: 840, expiresNext: null, status: 'active' },
} as unknown as Snapshot

describe('the server of the customer display', () => {
  let root: string
  let folder: string
  let server: DisplayServer
  let snapshot: Snapshot
  let listeners: Set<(snapshot: Snapshot) => void>
  let open: IncomingMessage[]
  const token = 'x'.repeat(32)

  async function serve(port: number | null = null, tellAgainMs = 60 * MINUTE) {
    server = await serveDisplay({
      register: {
        snapshot: () => snapshot,
        subscribe(listener) {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      },
      ...{ port, folder, token, log: pino({ level: 'silent' }), tellAgainMs },
    })
  }
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'kopilka-display-'))
    folder = join(root, 'display')
    mkdirSync(folder)
    writeFileSync(join(folder, 'index.html'), '<!doctype html>')
    writeFileSync(join(root, 'key'), 'secret')
    listeners = new Set()
    open = []
    snapshot = nobody
    await serve()
  })
  afterEach(async () => {
    for (const response of open) response.destroy()
    await server.close()
    rmSync(root, { recursive: true })
  })

  function become(next: Snapshot): void {
    snapshot = next
    for (const listener of listeners) listener(next)
  }
  const origin = () => new URL(server.url).origin
  const ask = (path: string, init: RequestInit = {}) => fetch(`${origin()}${path}`, init)

  /** A screen that looks, and what it was told. */
  function look(given = token): Promise<{ status: number; told: Display[] }> {
    return new Promise((resolve, reject) => {
      const told: Display[] = []
      let text = ''
      get(`${origin()}/events?token=${given}`, (response) => {
        open.push(response)
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
          const parts = text.split('\n\n')
          text = parts.pop() ?? ''
          told.push(...parts.map((part) => JSON.parse(part.replace(/^data: /, '')) as Display))
        })
        response.on('error', () => {})
        resolve({ status: response.statusCode ?? 0, told })
      }).on('error', reject)
    })
  }
  const scenes = ({ told }: { told: Display[] }) => told.map(({ scene }) => scene.type)

  it('tells every screen what is so, and the same to both on every change', async () => {
    const [left, right] = [await look(), await look()]
    become(anna)
    for (const screen of [left, right])
      await vi.waitFor(() => expect(scenes(screen)).toEqual(['idle', 'customer']))
    expect(left.told).toEqual(right.told)
    const late = await look()
    await vi.waitFor(() => expect(late.told).toEqual(left.told.slice(-1)))
  })

  it('is silent about changes that are not for the customer', async () => {
    const screen = await look()
    become({ ...nobody, recent: [{ firstName: 'Борис' }] } as unknown as Snapshot)
    become(anna)
    await vi.waitFor(() => expect(scenes(screen)).toEqual(['idle', 'customer']))
  })

  it.each(['', 'wrong', 'x'.repeat(31), 'x'.repeat(33)])(
    'tells nothing to who has no token: "%s"',
    async (given) => {
      expect(await look(given)).toEqual({ status: 403, told: [] })
    },
  )

  it('says again what is so, for who hears nothing believes nothing', async () => {
    await server.close()
    await serve(null, 5)
    snapshot = anna
    const screen = await look()
    await vi.waitFor(() => expect(scenes(screen).slice(0, 3)).toEqual(['customer', 'customer', 'customer']))
  })

  it('takes nothing: there is no way in', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])
      expect((await ask(`/events?token=${token}`, { method })).status).toBe(405)
    expect((await ask('/register')).status).toBe(404)
  })

  it('serves its page and nothing outside of its folder, with a policy that lets nothing else in', async () => {
    const page = await ask('/')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect((await ask('/..%2fkey')).status).toBe(404)
  })

  it('has room for a few screens, and again when one has gone', async () => {
    for (let index = 0; index < 8; index += 1) expect((await look()).status).toBe(200)
    expect((await look()).status).toBe(503)
    open[0]?.destroy()
    await vi.waitFor(async () => expect((await look()).status).toBe(200))
  })

  it('is for this machine alone, or for the network of the shop', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#x{32}$/)
    expect(server.networkUrls).toEqual([])
    await server.close()
    await serve(0)
    for (const url of server.networkUrls) {
      expect(url).toMatch(/#x{32}$/)
      expect((await fetch(url)).status).toBe(200)
    }
  })

  it('bears a thousand odd conversations', async () => {
    const host = new URL(server.url).host
    const door: Door = {
      port: Number(new URL(server.url).port),
      requests: [
        `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
        `GET /events?token=wrong HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
      ],
      async askWell() {
        const answer = await ask('/')
        await answer.text()
        if (answer.status !== 200) throw new Error(`it answers with ${answer.status}`)
      },
    }
    await fuzzDoor(door, { runs: 1000, seed: seedOf('BYTES_SEED') })
  })
})
