import type { Context, HonoRequest } from 'hono'
import { onTheWay } from '../pages/layout.ts'

const FIRST = '/console'

/** The sign-in, which leads on to the page that was wanted: a link that somebody was sent is not lost on the way. */
export function signInOnTheWayTo({ method, url }: HonoRequest): string {
  return onTheWay('/console/login', method === 'GET' ? ownPage(url) : FIRST)
}

/** Where one goes once signed in. */
export const nextOf = (c: Context): string => ownPage(c.req.query('next') ?? FIRST)

/** A link on somebody else's page: with what comes by it, the browser shows nobody the cookie of the session. */
export const isFromElsewhere = (request: HonoRequest): boolean =>
  request.method === 'GET' && request.header('sec-fetch-site') === 'cross-site'

/** A page of the console and nothing else, whatever the address says: a foreign one would look like ours. */
export function ownPage(address: string): string {
  const base = 'http://console.invalid'
  if (!URL.canParse(address, base)) return FIRST
  const { pathname, search } = new URL(address, base)
  return pathname.startsWith('/console/') ? `${pathname}${search}` : FIRST
}
