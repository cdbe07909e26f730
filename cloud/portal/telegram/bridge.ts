/** What we say to Telegram, and what comes with it. */
interface Said {
  web_app_ready: undefined
  web_app_expand: undefined
  web_app_close: undefined
  web_app_request_safe_area: undefined
  web_app_request_content_safe_area: undefined
  web_app_setup_back_button: { is_visible: boolean }
  web_app_set_header_color: { color_key: 'secondary_bg_color' }
  web_app_set_background_color: { color: string }
  web_app_set_bottom_bar_color: { color: string }
  web_app_trigger_haptic_feedback:
    | { type: 'selection_change' }
    | { type: 'notification'; notification_type: 'success' | 'warning' | 'error' }
  web_app_open_link: { url: string }
  /** Of a page of t.me, what is behind it. */
  web_app_open_tg_link: { path_full: string }
  web_app_add_to_home_screen: undefined
  iframe_ready: { reload_supported: true }
  iframe_will_reload: undefined
}

/** Since which version of Telegram a word is understood; the others always are. */
const SINCE: Partial<Record<keyof Said, [major: number, minor: number]>> = {
  web_app_setup_back_button: [6, 1],
  web_app_open_tg_link: [6, 1],
  web_app_set_header_color: [6, 1],
  web_app_set_background_color: [6, 1],
  web_app_trigger_haptic_feedback: [6, 1],
  web_app_set_bottom_bar_color: [7, 10],
  web_app_request_safe_area: [8, 0],
  web_app_add_to_home_screen: [8, 0],
  web_app_request_content_safe_area: [8, 0],
}

type Heard =
  | 'theme_changed'
  | 'back_button_pressed'
  | 'safe_area_changed'
  | 'content_safe_area_changed'
  | 'reload_iframe'

type Listener = (data: unknown) => void
export type Bridge = ReturnType<typeof createBridge>

interface Surroundings extends Window {
  /** Phones and Telegram Desktop. */
  TelegramWebviewProxy?: { postEvent(type: string, data: string): void }
  /** Each client calls the one it knows. */
  Telegram?: { WebView: { receiveEvent: Receive } }
  TelegramGameProxy?: { receiveEvent: Receive }
  TelegramGameProxy_receiveEvent?: Receive
}
type Receive = (type: string, data: unknown) => void

/**
 * The line to Telegram, by its documented events, so that no script of somebody else runs beside a customer's
 * card. Outside of Telegram it says nothing and hears nothing.
 */
export function createBridge(page: Window, version: string) {
  const surroundings = page as Surroundings
  const listeners = new Map<string, Set<Listener>>()
  const isFramed = page.parent !== page

  const isAvailable = () => Boolean(surroundings.TelegramWebviewProxy ?? notifierOf(page)) || isFramed

  const receive: Receive = (type, data) => {
    for (const listener of listeners.get(type) ?? []) listener(data)
  }
  surroundings.Telegram = { WebView: { receiveEvent: receive } }
  surroundings.TelegramGameProxy = { receiveEvent: receive }
  surroundings.TelegramGameProxy_receiveEvent = receive
  page.addEventListener('message', ({ source, data }) => {
    if (!isFramed || source !== page.parent) return
    const { eventType, eventData } = parseMessage(data)
    if (eventType) receive(eventType, eventData)
  })

  return {
    isAvailable,
    /** Whether this Telegram would do anything about it. */
    understands: (type: keyof Said) => isAvailable() && isAtLeast(version, SINCE[type] ?? [0, 0]),
    say<Type extends keyof Said>(type: Type, ...[data]: Said[Type] extends undefined ? [] : [Said[Type]]) {
      const since = SINCE[type]
      if (since && !isAtLeast(version, since)) return
      const eventData = data ?? ''
      const message = JSON.stringify({ eventType: type, eventData })
      const notify = notifierOf(page)
      if (surroundings.TelegramWebviewProxy)
        surroundings.TelegramWebviewProxy.postEvent(type, JSON.stringify(eventData))
      else if (notify) notify(message)
      // Nothing of it is secret, and the policy of the page lets nobody but Telegram frame it.
      else if (isFramed) page.parent.postMessage(message, '*')
    },
    /** Returns what ends it. */
    on(type: Heard, listener: Listener): () => void {
      const all = listeners.get(type) ?? new Set()
      listeners.set(type, all.add(listener))
      return () => all.delete(listener)
    },
  }
}

/** Of an old Telegram on Windows. */
function notifierOf(page: Window): ((message: string) => void) | null {
  const external = (page as { external?: { notify?: unknown } }).external
  const notify = external?.notify
  return typeof notify === 'function' ? (message) => notify.call(external, message) : null
}

function parseMessage(data: unknown): { eventType?: string; eventData?: unknown } {
  if (typeof data !== 'string') return {}
  try {
    const message: unknown = JSON.parse(data)
    if (typeof message !== 'object' || message === null || !('eventType' in message)) return {}
    const { eventType } = message
    return typeof eventType === 'string'
      ? { eventType, eventData: 'eventData' in message ? message.eventData : undefined }
      : {}
  } catch {
    return {}
  }
}

function isAtLeast(version: string, [major, minor]: [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number)
  return ownMajor > major || (ownMajor === major && ownMinor >= minor)
}
