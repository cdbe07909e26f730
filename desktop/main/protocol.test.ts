import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ORIGIN } from './address.ts'
import { declareScheme, serveScreen } from './protocol.ts'
import { supportUrl } from './supportPage.ts'
import { resetElectron, state } from './testing/electron.ts'

describe('the protocol of the screen', () => {
  let root: string
  beforeEach(() => {
    resetElectron()
    root = mkdtempSync(join(tmpdir(), 'kopilka-protocol-'))
    mkdirSync(join(root, 'screen/assets'), { recursive: true })
    mkdirSync(join(root, 'screen-of-others'))
    writeFileSync(join(root, 'screen/index.html'), '<!doctype html>')
    writeFileSync(join(root, 'screen/assets/decoder.wasm'), 'wasm')
    for (const path of ['secret', 'screen-of-others/secret']) writeFileSync(join(root, path), 'secret')
    serveScreen({ folder: join(root, 'screen'), logPath: 'C:\\<Касса>\\kiosk.log' })
  })
  afterEach(() => rmSync(root, { recursive: true }))

  /** The address goes as it is written: what a Request would tidy up must not matter. */
  async function get(url: string, method = 'GET'): Promise<Response> {
    const handler = state.protocols.get('app')
    if (!handler) throw new Error('Nobody serves it.')
    return await handler({ url, method } as GlobalRequest)
  }

  it('is a secure origin of its own', () => {
    declareScheme()
    const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true }
    expect(state.schemes).toEqual([{ scheme: 'app', privileges }])
  })

  it('serves the screen with a policy that lets nothing else in', async () => {
    const page = await get(`${ORIGIN}/`)
    expect(await page.text()).toBe('<!doctype html>')
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
    expect(page.headers.get('content-security-policy')).toContain("connect-src 'self';")
    const wasm = await get(`${ORIGIN}/assets/decoder.wasm?v=1`)
    expect(wasm.headers.get('content-type')).toBe('application/wasm')
  })

  it.each([
    '/../secret',
    '/../../etc/passwd',
    '/assets/../../secret',
    '/%2e%2e/secret',
    '/%2e%2e%2fsecret',
    '/..%2fsecret',
    '/..%5csecret',
    '/../screen-of-others/secret',
    '/%2e%2e%2fscreen-of-others/secret',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    '/C:/Windows/win.ini',
    '/file:///etc/passwd',
    '/index.html%00.js',
    '/assets',
    '/nothing.js',
  ])('serves nothing outside of it: %s', async (path) => {
    const answer = await get(`${ORIGIN}${path}`)
    expect(answer.status).toBe(404)
    expect(await answer.text()).toBe('There is nothing at this address.')
  })

  it('serves no other host, and takes nothing', async () => {
    expect((await get('app://other/')).status).toBe(404)
    expect((await get(`app://kopilka@other/`)).status).toBe(404)
    expect((await get(`${ORIGIN}/`, 'POST')).status).toBe(405)
  })

  it('has a page that stands on its own for when the screen or the register fails', async () => {
    const screen = await get(supportUrl('screen'))
    expect(screen.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'",
    )
    const text = await screen.text()
    expect(text).toContain('Попробовать ещё раз')
    expect(text).toContain('C:\\&lt;Касса>\\kiosk.log')
    const register = await get(supportUrl('register'))
    expect(await register.text()).toContain('не смогла начать работу')
  })
})
