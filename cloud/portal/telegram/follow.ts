import type { Bridge } from './bridge.ts'
import { coloursOf, type Launch } from './launch.ts'
import { applyTheme } from './theme.ts'

interface Followed {
  bridge: Bridge
  launch: Launch
  onBack(): void
}

/** The page takes the colours, the insets and the back button of the Telegram around it, and keeps to them. */
export function followTelegram({ bridge, launch, onBack }: Followed): void {
  const root = document.documentElement
  const prefersDark = matchMedia('(prefers-color-scheme: dark)')
  let theme = launch.theme

  function paint() {
    const page = applyTheme(root, theme, prefersDark.matches)
    bridge.say('web_app_set_header_color', { color_key: 'secondary_bg_color' })
    bridge.say('web_app_set_background_color', { color: page })
    bridge.say('web_app_set_bottom_bar_color', { color: page })
  }

  prefersDark.addEventListener('change', paint)
  bridge.on('theme_changed', (data) => {
    theme = { ...theme, ...coloursOf((data as { theme_params?: unknown } | null)?.theme_params) }
    paint()
  })
  bridge.on('safe_area_changed', (data) => setInsets(root, 'screen', data))
  bridge.on('content_safe_area_changed', (data) => setInsets(root, 'content', data))
  bridge.on('back_button_pressed', onBack)
  bridge.on('reload_iframe', () => {
    bridge.say('iframe_will_reload')
    location.reload()
  })
  paint()
  bridge.say('iframe_ready', { reload_supported: true })
  bridge.say('web_app_expand')
  bridge.say('web_app_request_safe_area')
  bridge.say('web_app_request_content_safe_area')
}

/** What covers the edges: the phone (a notch) and Telegram (its buttons, when it shows us on the whole screen). */
function setInsets(root: HTMLElement, of: 'screen' | 'content', data: unknown): void {
  const insets = (data ?? {}) as Record<string, unknown>
  for (const side of ['top', 'bottom']) {
    const value = insets[side]
    if (typeof value === 'number' && value >= 0) root.style.setProperty(`--${of}-${side}`, `${value}px`)
  }
}
