import { Hono, type MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

const HALF_A_YEAR_SECONDS = 15_552_000

/** Headers for this host only: whether its subdomains speak TLS is for their own proxy to say. */
export const pageHeaders = (options: Parameters<typeof secureHeaders>[0]) =>
  secureHeaders({ strictTransportSecurity: `max-age=${HALF_A_YEAR_SECONDS}`, ...options })

/** Nothing but our own files, and forms that come back to us. The token of a form needs the Origin beside it. */
export const ownFilesOnly = pageHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    scriptSrc: ["'self'"],
    imgSrc: ["'self'"],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
})

/** The headers that this middleware adds to every answer. */
export async function headersOf(headers: MiddlewareHandler): Promise<Record<string, string>> {
  const app = new Hono().use(headers).get('/', (c) => c.body(null))
  return Object.fromEntries((await app.request('/')).headers)
}
