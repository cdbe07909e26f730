import type { Context } from 'hono'
import { type BuiltFiles, FOR_EVER, sendBuilt } from '../../http/builtFiles.ts'
import type { App } from '../../http/context.ts'
import { pageHeaders } from '../../http/pageHeaders.ts'

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
  // This header knows only one framer, and would forbid Telegram's.
  xFrameOptions: false,
  permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
})

interface Around {
  portal: BuiltFiles | null
  botToken: string | null
}

/** The Mini App at /app. Without a bot it could not be opened, so then it is not there. */
export function portalRoutes(app: App, { portal, botToken }: Around) {
  app.use('/app', headers)
  app.use('/app/*', headers)
  if (!portal || botToken === null) return

  const send = (c: Context, path: string, cacheControl: string) =>
    sendBuilt(c, portal.get(path), cacheControl) ?? c.notFound()
  const page = (c: Context) => send(c, 'index.html', 'no-cache')
  app.get('/app', page)
  app.get('/app/', page)
  app.get('/app/assets/:name', (c) => send(c, `assets/${c.req.param('name')}`, FOR_EVER))
}
