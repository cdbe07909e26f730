/** Marks what Telegram hands on as the code of a till: posters and pages may have words of their own there. */
const MARK = 'till-'

/**
 * The link by which a customer joins at one till. Telegram hands `start` to the bot and `startapp` to a Mini App; a page of
 * the chain's own is handed `start`, and passes it on.
 */
export function joinUrlOf(url: string, code: string): string {
  const link = new URL(url)
  const isTelegram = link.hostname === 't.me' || link.hostname === 'telegram.me'
  const opensApp =
    isTelegram &&
    (link.searchParams.has('startapp') || link.pathname.split('/').filter((part) => part !== '').length > 1)
  link.searchParams.set(opensApp ? 'startapp' : 'start', MARK + code)
  return link.href
}

/** The code in what Telegram has handed on; null where it is no till's. Anybody can make one up. */
export function joinCodeOf(start: string | undefined): string | null {
  return /^till-([0-9a-f]{12})$/.exec(start ?? '')?.[1] ?? null
}
