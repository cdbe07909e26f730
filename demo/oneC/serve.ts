import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { actionSchema, openTill } from './till.ts'

const PAGES: Record<string, [file: string, type: string]> = {
  '/': ['page.html', 'text/html; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
}

const POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
const LONGEST_ACTION_BYTES = 10_000

/** The demo's 1C as a page beside the kiosk. */
export async function serveOneC({ folder, port }: { folder: string; port: number }) {
  const watchers = new Set<ServerResponse>()
  const till = openTill(folder, () => {
    for (const watcher of watchers) tell(watcher)
  })
  const tell = (watcher: ServerResponse) => watcher.write(`data: ${JSON.stringify(till.view())}\n\n`)

  const server = createServer((request, response) => {
    // A page may be closed, and a folder taken away, in the middle of anything: the demo goes on.
    response.on('error', () => response.destroy())
    answer(request, response).catch((error) => {
      till.complain(error)
      if (response.headersSent) response.destroy()
      else response.writeHead(500).end()
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isOurs = request.headers.host === new URL(url).host
    // A page of another site may post here blindly; it cannot say that it is ours.
    const isOurPage = request.headers.origin === undefined || request.headers.origin === new URL(url).origin
    if (!isOurs || !isOurPage) response.writeHead(403).end()
    else if (request.method === 'POST') await act(request, response)
    else if (request.url === '/events') watch(response)
    else await page(request.url ?? '/', response)
  }

  async function act(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parsed = actionSchema.safeParse(await bodyOf(request))
    if (!parsed.success) {
      response.writeHead(400).end()
      return
    }
    await till.act(parsed.data)
    response.writeHead(204).end()
  }

  function watch(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    watchers.add(response)
    response.on('close', () => watchers.delete(response))
    tell(response)
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    url,
    async close() {
      await till.stop()
      server.close()
      server.closeAllConnections()
    },
  }
}

async function page(path: string, response: ServerResponse): Promise<void> {
  const [file, type] = PAGES[path] ?? []
  if (!file || !type) {
    response.writeHead(404).end()
    return
  }
  const bytes = await readFile(join(import.meta.dirname, file))
  response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(bytes)
}

/** What is not JSON, too long, or broke off is nothing. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  try {
    for await (const chunk of request) {
      text += chunk
      if (text.length > LONGEST_ACTION_BYTES) return null
    }
    return JSON.parse(text)
  } catch {
    return null
  }
}
