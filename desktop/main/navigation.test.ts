import { beforeEach, describe, expect, it } from 'vitest'
import { ORIGIN } from './address.ts'
import { stayAtHome } from './navigation.ts'
import { BrowserWindow, fire, resetElectron } from './testing/electron.ts'

describe('the window', () => {
  let window: BrowserWindow
  beforeEach(() => {
    resetElectron()
    window = new BrowserWindow({})
    stayAtHome(window.webContents as unknown as Electron.WebContents)
  })

  const isKept = (url: string, isMainFrame = true) =>
    fire(window.webContents, 'will-frame-navigate', { url, isMainFrame }).isPrevented

  it.each([`${ORIGIN}/`, `${ORIGIN}/index.html?x`])('may show %s', (url) => {
    expect(isKept(url)).toBe(false)
  })

  it.each([
    'https://evil.test/',
    'http://127.0.0.1:8080/',
    'file:///C:/Windows/win.ini',
    'data:text/html,x',
    'javascript:alert(1)',
    'about:blank',
    `${ORIGIN}.evil.test/`,
    `app://kopilka@evil.test/`,
    'app://other/',
    'not an address',
  ])('is not led away to %s', (url) => {
    expect(isKept(url)).toBe(true)
  })

  it('has no frames, no webviews and no second window', () => {
    expect(isKept(`${ORIGIN}/`, false)).toBe(true)
    expect(fire(window.webContents, 'will-attach-webview').isPrevented).toBe(true)
    const asked = { url: `${ORIGIN}/` } as Electron.HandlerDetails
    expect(window.webContents.openWindow(asked)).toEqual({ action: 'deny' })
  })
})
