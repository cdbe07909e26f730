import { protocol } from 'electron'
import { readScreenFile } from '../screen/files.ts'
import { screenHeaders } from '../screen/headers.ts'
import { HOST, SCHEME } from './address.ts'
import { SUPPORT_PATH, supportPage } from './supportPage.ts'

/** Has to be said before Electron is ready. */
export function declareScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true }
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }])
}

/** Answers for the built screen, as the browser shell's server does, and for the support page. */
export function serveScreen({ folder, logPath }: { folder: string; logPath: string }): void {
  protocol.handle(SCHEME, async ({ url, method }) => {
    const { host, pathname, search } = new URL(url)
    if (host !== HOST) return nothing()
    if (method !== 'GET' && method !== 'HEAD') return new Response(null, { status: 405 })
    if (pathname === SUPPORT_PATH)
      return page(supportPage(search === '?register' ? 'register' : 'screen', logPath))
    const file = await readScreenFile(folder, pathname)
    if (!file) return nothing()
    return new Response(file.bytes, { headers: { ...screenHeaders(), 'content-type': file.type } })
  })
}

function nothing(): Response {
  const headers = { ...screenHeaders(), 'content-type': 'text/plain' }
  return new Response('There is nothing at this address.', { status: 404, headers })
}

function page(html: string): Response {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  }
  return new Response(html, { headers })
}
