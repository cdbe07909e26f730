/** What Telegram puts into the fragment of the address when it opens a Mini App. */
export interface Launch {
  /** Signed by Telegram; empty where somebody opened the page in an ordinary browser. */
  initData: string
  theme: Record<string, string>
  version: string
  /** Made up here at the first look: the init data are good for this app alone. */
  session: string
}

const KEY = 'kopilka launch'

/**
 * The fragment is read once and kept as long as the page lives in its window, so that a reload goes on and the
 * address shows nothing secret.
 */
export function readLaunch(fragment: string, storage: Pick<Storage, 'getItem' | 'setItem'> | null): Launch {
  const kept = readKept(storage)
  const given = new URLSearchParams(fragment.replace(/^#/, ''))
  const initData = given.get('tgWebAppData') ?? ''
  if (initData === '' && kept) return kept
  const launch: Launch = {
    initData,
    theme: parseTheme(given.get('tgWebAppThemeParams')),
    version: given.get('tgWebAppVersion') ?? '6.0',
    session: kept?.initData === initData ? kept.session : newSession(),
  }
  if (initData !== '') storage?.setItem(KEY, JSON.stringify(launch))
  return launch
}

/** The user that Telegram names: for the language of the first screen only, the cloud believes no page. */
export function languageCodeOf({ initData }: Launch): string | undefined {
  try {
    const user: unknown = JSON.parse(new URLSearchParams(initData).get('user') ?? '')
    const code = typeof user === 'object' && user && 'language_code' in user ? user.language_code : undefined
    return typeof code === 'string' ? code : undefined
  } catch {
    return undefined
  }
}

function parseTheme(text: string | null): Record<string, string> {
  try {
    return coloursOf(JSON.parse(text ?? ''))
  } catch {
    return {}
  }
}

/** Only what is a colour: it ends up in styles. */
export function coloursOf(params: unknown): Record<string, string> {
  if (typeof params !== 'object' || params === null) return {}
  const isColour = ([, value]: [string, unknown]) =>
    typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value)
  return Object.fromEntries(Object.entries(params).filter(isColour))
}

function readKept(storage: Pick<Storage, 'getItem'> | null): Launch | null {
  const text = storage?.getItem(KEY)
  return text ? (JSON.parse(text) as Launch) : null
}

function newSession(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
