import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import type { RegisterApi } from '../../shared/bridge.ts'
import type { Log } from '../register/machine/log.ts'
import { answerWithFile } from '../screen/answer.ts'
import { screenHeaders } from '../screen/headers.ts'
import { attachScreen, isOurPage, PROTOCOL } from './socket.ts'

export interface BrowserShell {
  /** With the token of this start: its holder is the cashier. */
  url: string
  close(): Promise<void>
}

const LONGEST_COMMAND_BYTES = 64 * 1024

/**
 * Shows a register in an ordinary browser of this machine. Other programs and pages of other sites reach the
 * port too, so a request must be for this very host, and a screen must come from our own page with the token.
 */
export async function serveInBrowser({
  register,
  port,
  folder,
  log,
}: {
  register: RegisterApi
  port: number
  /** The built screen. */
  folder: string
  log: Log
}): Promise<BrowserShell> {
  const token = randomBytes(24).toString('base64url')
  const server = createServer((request, response) => {
    if (request.headers.host !== new URL(origin).host) {
      response.writeHead(421).end()
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405).end()
    } else {
      // A request may name what is no address at all, or one of another host.
      const asked = URL.parse(request.url ?? '/', origin)
      if (asked?.origin === origin) answer(asked.pathname, response)
      else response.writeHead(400).end()
    }
  })

  function answer(pathname: string, response: ServerResponse): void {
    const headers = screenHeaders({ socket: origin.replace(/^http/, 'ws') })
    answerWithFile({ folder, headers, pathname }, response).catch((error) => {
      log.error({ err: error, pathname }, 'a file of the screen could not be sent')
      response.destroy()
    })
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const screens = new WebSocketServer({
    noServer: true,
    maxPayload: LONGEST_COMMAND_BYTES,
    handleProtocols: () => PROTOCOL,
  })
  server.on('upgrade', (request, socket, head) => {
    // Before anything else: after an upgrade Node hands the errors of a connection to this listener alone.
    socket.on('error', (error) =>
      log.debug({ err: error }, 'a connection broke while it asked for the register'),
    )
    const isAsked = request.url === '/register' && request.headers.host === new URL(origin).host
    if (!isAsked || !isOurPage(request, { origin, token })) {
      log.warn({ from: request.headers.origin }, 'a page that is not the screen tried to reach the register')
      // What the stranger sends besides is not read, so the end of the connection would never be seen.
      socket.once('finish', () => socket.destroy())
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    screens.handleUpgrade(request, socket, head, (screen) => attachScreen(screen, register, log))
  })

  return {
    url: `${origin}/?token=${token}`,
    async close() {
      for (const screen of screens.clients) screen.terminate()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
