import type { Context } from 'hono'
import type { App } from '../../http/context.ts'
import { pageHeaders } from '../../http/pageHeaders.ts'
import type { Portal } from './files.ts'

/** Telegram's own web clients show the Mini App in a frame; nobody else may. */
const FRAMED_BY = ['https://web.telegram.org', 'https://*.telegram.org']

const headers = pageHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    fontSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: FRAMED_BY,
  },
  // It knows only one framer, and would forbid Telegram's.
  xFrameOptions: false,
  permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
})

interface Around {
  portal: Portal | null
  botToken: string | null
}

/** The Mini App at /app. Without a bot it could not be opened, so then it is not there. */
export function portalRoutes(app: App, { portal, botToken }: Around) {
  app.use('/app', headers)
  app.use('/app/*', headers)
  if (!portal || botToken === null) return

  const send = (c: Context, path: string, cacheControl: string) => {
    const file = portal.get(path)
    if (!file) return c.notFound()
    const encoding = file.packed && chooseEncoding(c.req.header('accept-encoding') ?? '')
    if (file.packed) c.header('Vary', 'Accept-Encoding')
    if (encoding) c.header('Content-Encoding', encoding)
    c.header('Content-Type', file.type)
    c.header('Cache-Control', cacheControl)
    return c.body(encoding && file.packed ? file.packed[encoding] : file.bytes)
  }
  const page = (c: Context) => send(c, 'index.html', 'no-cache')
  app.get('/app', page)
  app.get('/app/', page)
  // Their names change with their content.
  app.get('/app/assets/:name', (c) =>
    send(c, `assets/${c.req.param('name')}`, 'public, max-age=31536000, immutable'),
  )
}

function chooseEncoding(accepted: string): 'br' | 'gzip' | null {
  const known = accepted.split(',').map((part) => part.trim().split(';')[0])
  return known.includes('br') ? 'br' : known.includes('gzip') ? 'gzip' : null
}
