import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { OpenAPIHono } from '@hono/zod-openapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBuiltFiles } from '../../http/builtFiles.ts'
import type { Env } from '../../http/context.ts'
import { portalRoutes } from './routes.ts'

const page = '<!doctype html><title>Карта</title>'
let folder: string
let app: OpenAPIHono<Env>

async function appWith({ botToken }: { botToken: string | null }) {
  const app = new OpenAPIHono<Env>()
  portalRoutes(app, { botToken, portal: await readBuiltFiles(folder) })
  return app
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kopilka-portal-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), page)
  await writeFile(join(folder, 'assets/index-a1.js'), 'export {}')
  await writeFile(join(folder, 'assets/golos.woff2'), Buffer.from([1, 2, 3]))
  app = await appWith({ botToken: '1:token' })
})
afterAll(() => rm(folder, { recursive: true }))

describe('the Mini App at /app', () => {
  it.each(['/app', '/app/'])('is the page at %s, asked for anew each time', async (path) => {
    const reply = await app.request(path)
    expect(await reply.text()).toBe(page)
    expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(reply.headers.get('cache-control')).toBe('no-cache')
  })

  it('may be framed by Telegram and by nobody else, and runs nothing but its own scripts', async () => {
    const { headers } = await app.request('/app')
    const policy = headers.get('content-security-policy')
    expect(policy).toContain('frame-ancestors https://web.telegram.org https://*.telegram.org')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("connect-src 'self';")
    expect(policy).not.toContain('unsafe')
    expect(headers.get('x-frame-options')).toBeNull()
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('keeps for ever what has its content in its name', async () => {
    const { headers } = await app.request('/app/assets/index-a1.js')
    expect(headers.get('cache-control')).toContain('immutable')
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  })

  it.each([
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip;q=1.0', 'gzip', gunzipSync],
    ['identity', null, (bytes: Buffer) => bytes],
  ] as const)('comes packed to who accepts %s', async (accepted, encoding, unpack) => {
    const reply = await app.request('/app', { headers: { 'accept-encoding': accepted } })
    expect(reply.headers.get('content-encoding')).toBe(encoding)
    expect(reply.headers.get('vary')).toBe('Accept-Encoding')
    expect(unpack(Buffer.from(await reply.arrayBuffer())).toString()).toBe(page)
  })

  it('leaves a font as it is', async () => {
    const reply = await app.request('/app/assets/golos.woff2', { headers: { 'accept-encoding': 'br' } })
    expect(reply.headers.get('content-encoding')).toBeNull()
    expect((await reply.arrayBuffer()).byteLength).toBe(3)
  })

  it.each(['/app/assets/other.js', '/app/assets/..%2f..%2findex.html', '/app/package.json'])(
    'has nothing at %s',
    async (path) => {
      expect((await app.request(path)).status).toBe(404)
    },
  )

  it('is not there without a bot, nor where it was never built', async () => {
    expect((await (await appWith({ botToken: null })).request('/app')).status).toBe(404)
    expect(await readBuiltFiles(join(folder, 'nowhere'))).toBeNull()
  })
})
