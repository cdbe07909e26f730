import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { RegisterApi, Snapshot } from '../../shared/bridge.ts'
import { type BrowserShell, serveInBrowser } from './serve.ts'

describe('the browser shell', () => {
  let root: string
  let folder: string
  let shell: BrowserShell
  let asked: unknown[]
  let push: (snapshot: Snapshot) => void
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'kopilka-screen-'))
    folder = join(root, 'screen')
    mkdirSync(folder)
    writeFileSync(join(folder, 'index.html'), '<!doctype html>')
    writeFileSync(join(folder, 'main.js'), '1')
    asked = []
    const register = {
      snapshot: () => ({ phase: 'idle' }),
      subscribe(listener: typeof push) {
        push = listener
        return () => {}
      },
      async findCustomer(input: unknown) {
        asked.push(input)
        return { ok: true, value: null }
      },
    } as unknown as RegisterApi
    shell = await serveInBrowser({ register, port: 0, folder, log: pino({ level: 'silent' }) })
  })
  afterEach(async () => {
    await shell.close()
    rmSync(root, { recursive: true })
  })

  const address = () => new URL(shell.url)
  const token = () => address().searchParams.get('token') ?? ''
  const get = (path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; headers: Record<string, unknown> }>((resolve, reject) => {
      const { port } = address()
      const asking = httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
        response
          .resume()
          .on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }))
      })
      asking.on('error', reject).end()
    })

  /** Resolves with the socket and its messages, or with the status it was refused with. */
  function connect({ origin = address().origin, protocols = ['kopilka', token()], path = '/register' } = {}) {
    const socket = new WebSocket(`ws://${address().host}${path}`, protocols, { origin })
    const messages: unknown[] = []
    const waiting: (() => void)[] = []
    socket.on('message', (data) => {
      messages.push(JSON.parse(String(data)))
      for (const look of waiting) look()
    })
    const until = (count: number) =>
      new Promise<unknown[]>((resolve) => {
        const look = () => messages.length >= count && resolve(messages)
        waiting.push(look)
        look()
      })
    return new Promise<{ socket: WebSocket; until: typeof until } | number>((resolve) => {
      socket.on('open', () => resolve({ socket, until }))
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
      socket.on('error', () => resolve(0))
    })
  }

  it('shows a snapshot at once and on every change, and answers commands by their id', async () => {
    const screen = await connect()
    if (typeof screen === 'number') throw new Error(`refused with ${screen}`)
    await screen.until(1)
    screen.socket.send(JSON.stringify({ type: 'command', id: 7, name: 'findCustomer', input: { code: '1' } }))
    await screen.until(2)
    push({ phase: 'ready' } as Snapshot)
    expect(await screen.until(3)).toEqual([
      { type: 'snapshot', snapshot: { phase: 'idle' } },
      { type: 'reply', id: 7, reply: { ok: true, value: null } },
      { type: 'snapshot', snapshot: { phase: 'ready' } },
    ])
    expect(asked).toEqual([{ code: '1' }])
    screen.socket.terminate()
  })

  it.each([
    ['another site', { origin: 'http://evil.test' }],
    ['the same port under another name', { origin: `http://localhost:1` }],
    ['a wrong token', { protocols: ['kopilka', 'wrong'] }],
    ['no token', { protocols: ['kopilka'] }],
    ['another path', { path: '/' }],
  ])('lets nobody in from or with %s', async (_what, options) => {
    expect(await connect(options)).toBe(403)
    expect(asked).toEqual([])
  })

  it.each([
    ['no JSON', 'x'],
    ['an unknown command', JSON.stringify({ type: 'command', id: 1, name: 'snapshot', input: {} })],
    ['another message', JSON.stringify({ type: 'snapshot' })],
  ])('closes on %s', async (_what, text) => {
    const screen = await connect()
    if (typeof screen === 'number') throw new Error(`refused with ${screen}`)
    const closed = new Promise((resolve) => screen.socket.on('close', resolve))
    screen.socket.send(text)
    expect(await closed).toBe(1008)
  })

  it('serves the screen with a policy that lets nothing else in', async () => {
    const { status, headers } = await get('/')
    expect(status).toBe(200)
    expect(headers['content-security-policy']).toContain("script-src 'self' 'wasm-unsafe-eval';")
    expect(headers['content-security-policy']).not.toContain('unsafe-inline')
    expect(await get('/main.js')).toMatchObject({
      headers: { 'content-type': expect.stringContaining('javascript') },
    })
  })

  it.each(['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/..%2fsecret', '/nothing.js', '/%'])(
    'serves nothing outside of it: %s',
    async (path) => {
      writeFileSync(join(root, 'secret'), 'x')
      expect((await get(path)).status).toBe(path === '/%' ? 200 : 404)
    },
  )

  it('answers for its own host only, against names that were pointed at this machine', async () => {
    expect((await get('/', { host: 'evil.test' })).status).toBe(421)
  })
})
