import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { contrastOf } from '../../../shared/colour.ts'
import { createBridge } from './bridge.ts'
import { languageCodeOf, readLaunch } from './launch.ts'
import { coloursOfTheme, isDarkTheme } from './theme.ts'

const fragment = (fields: Record<string, string>) => `#${new URLSearchParams(fields)}`
const initData = new URLSearchParams({ user: '{"id":1,"language_code":"en-GB"}', hash: 'f' }).toString()

describe('what Telegram opens the app with', () => {
  let kept: Map<string, string>
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  beforeEach(() => {
    kept = new Map()
  })

  it('is in the fragment: init data as they were signed, colours, version', () => {
    const theme = { bg_color: '#17212b', text_color: 'red; background: url(x)', odd: 5 }
    const launch = readLaunch(
      fragment({
        tgWebAppData: initData,
        tgWebAppVersion: '8.0',
        tgWebAppThemeParams: JSON.stringify(theme),
      }),
      storage,
    )
    expect(launch).toMatchObject({ initData, version: '8.0', theme: { bg_color: '#17212b' } })
    expect(Object.keys(launch.theme)).toEqual(['bg_color'])
    expect(launch.session).toMatch(/^[0-9a-f]{32}$/)
    expect(languageCodeOf(launch)).toBe('en-GB')
  })

  it('is kept over a reload, with the session, whether the fragment is still there or not', () => {
    const first = readLaunch(fragment({ tgWebAppData: initData }), storage)
    expect(readLaunch('', storage)).toEqual(first)
    expect(readLaunch(fragment({ tgWebAppData: initData }), storage)).toEqual(first)
  })

  it('is a new session with new init data, and without a place to keep it', () => {
    const first = readLaunch(fragment({ tgWebAppData: initData }), storage)
    const next = readLaunch(fragment({ tgWebAppData: `${initData}&x=1` }), storage)
    expect(next.session).not.toBe(first.session)
    expect(readLaunch(fragment({ tgWebAppData: initData }), null).session).not.toBe(first.session)
  })

  it.each(['', '#', '#tgWebAppData=', '#tgWebAppThemeParams=%7B', '#tgWebAppThemeParams=null'])(
    'may be nothing: "%s"',
    (text) => {
      const launch = readLaunch(text, storage)
      expect(launch).toMatchObject({ initData: '', theme: {} })
      expect(languageCodeOf(launch)).toBeUndefined()
    },
  )
})

describe('the line to Telegram', () => {
  type Message = { source?: unknown; data?: unknown }
  /** A window as little as the line needs. */
  function page(more: Record<string, unknown> = {}) {
    let listener: (message: Message) => void = () => {}
    const sent: unknown[] = []
    const parent = { postMessage: (message: string) => sent.push(JSON.parse(message)) }
    const own = { addEventListener: (_: string, added: typeof listener) => (listener = added), ...more }
    const window = Object.assign(own, { parent: more.isFramed ? parent : own })
    return {
      window: window as unknown as Window,
      sent,
      parent,
      receive: (message: Message) => listener(message),
    }
  }

  it('on a phone goes through the proxy, as JSON', () => {
    const said: unknown[] = []
    const { window } = page({
      TelegramWebviewProxy: { postEvent: (...event: unknown[]) => said.push(event) },
    })
    const bridge = createBridge(window, '8.0')
    bridge.say('web_app_ready')
    bridge.say('web_app_setup_back_button', { is_visible: true })
    expect(said).toEqual([
      ['web_app_ready', '""'],
      ['web_app_setup_back_button', '{"is_visible":true}'],
    ])
  })

  it('of an old Windows goes through external.notify', () => {
    const said: unknown[] = []
    const { window } = page({ external: { notify: (message: string) => said.push(JSON.parse(message)) } })
    createBridge(window, '8.0').say('web_app_expand')
    expect(said).toEqual([{ eventType: 'web_app_expand', eventData: '' }])
  })

  it('in a frame goes to the page around, and hears only that page', () => {
    const { window, sent, parent, receive } = page({ isFramed: true })
    const bridge = createBridge(window, '8.0')
    bridge.say('iframe_ready', { reload_supported: true })
    expect(sent).toEqual([{ eventType: 'iframe_ready', eventData: { reload_supported: true } }])
    const heard: unknown[] = []
    const end = bridge.on('theme_changed', (data) => heard.push(data))
    const data = JSON.stringify({ eventType: 'theme_changed', eventData: { a: 1 } })
    receive({ source: {}, data })
    for (const noise of [5, 'no json', '[]', '{}', '{"eventType":5}'])
      receive({ source: parent, data: noise })
    receive({ source: parent, data })
    end()
    receive({ source: parent, data })
    expect(heard).toEqual([{ a: 1 }])
  })

  it.each([
    'Telegram.WebView.receiveEvent',
    'TelegramGameProxy.receiveEvent',
    'TelegramGameProxy_receiveEvent',
  ])('is called back as %s', (path) => {
    const { window } = page()
    let backs = 0
    createBridge(window, '8.0').on('back_button_pressed', () => {
      backs += 1
    })
    const receive = path
      .split('.')
      .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], window)
    ;(receive as (type: string) => void)('back_button_pressed')
    expect(backs).toBe(1)
  })

  it.each([
    ['6.0', []],
    ['6.10', ['web_app_setup_back_button']],
    ['7.9', ['web_app_setup_back_button']],
    ['7.10', ['web_app_setup_back_button', 'web_app_set_bottom_bar_color']],
  ])('says to version %s only what it understands', (version, understood) => {
    const said: string[] = []
    const { window } = page({ TelegramWebviewProxy: { postEvent: (type: string) => said.push(type) } })
    const bridge = createBridge(window, version)
    bridge.say('web_app_setup_back_button', { is_visible: true })
    bridge.say('web_app_set_bottom_bar_color', { color: '#ffffff' })
    expect(said).toEqual(understood)
  })

  it('says nothing where no Telegram is', () => {
    const { window, sent } = page()
    const bridge = createBridge(window, '8.0')
    bridge.say('web_app_ready')
    expect([bridge.isAvailable(), sent]).toEqual([false, []])
  })
})

describe('the colours of the screen', () => {
  const AA = 4.5
  const colour = fc
    .integer({ min: 0, max: 0xffffff })
    .map((value) => `#${value.toString(16).padStart(6, '0')}`)
  const names = [
    'text_color',
    'hint_color',
    'accent_text_color',
    'button_color',
    'button_text_color',
  ] as const
  /** Any accents on a ground that is light or dark throughout, as every theme's is. */
  const theme = fc
    .tuple(
      fc.tuple(colour, colour, colour, colour, colour),
      fc.constantFrom('#ffffff', '#f1f1f4', '#17212b', '#000000'),
    )
    .map(([colours, ground]) => ({
      bg_color: ground,
      secondary_bg_color: ground,
      ...Object.fromEntries(names.map((name, index) => [name, colours[index] ?? ''])),
    }))

  it('can be read in any theme', () => {
    fc.assert(
      fc.property(theme, (theme) => {
        const colours = coloursOfTheme(theme, false)
        for (const name of ['ink', 'soft', 'accent', 'good', 'warn', 'bad'] as const) {
          expect(contrastOf(colours[name], colours.page), `${name} on page`).toBeGreaterThanOrEqual(AA)
          expect(contrastOf(colours[name], colours.surface), `${name} on surface`).toBeGreaterThanOrEqual(AA)
        }
        for (const name of ['accent', 'good', 'warn', 'bad'] as const) {
          const [ink, ground] = [colours[`${name}-on-soft`], colours[`${name}-soft`]]
          expect(contrastOf(ink, ground), `${name} on its soft`).toBeGreaterThanOrEqual(AA)
        }
        expect(contrastOf(colours['button-ink'], colours.button), 'button').toBeGreaterThanOrEqual(AA)
      }),
    )
  })

  it('are ours where Telegram gives none, by what the phone prefers', () => {
    expect(coloursOfTheme({}, false).surface).toBe('#ffffff')
    expect(coloursOfTheme({}, true).surface).toBe('#1d2421')
  })

  it('are dark when the ground is, whatever the phone prefers', () => {
    expect(isDarkTheme({ bg_color: '#17212b' }, false)).toBe(true)
    expect(isDarkTheme({ bg_color: '#ffffff' }, true)).toBe(false)
  })
})
