import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'

export interface Listening {
  url: string
  /** Takes no new connections, lets every request that has begun end, and then resolves. */
  close(): Promise<void>
  /** Ends what has not ended by itself, so that `close` resolves: some clients never take their answer. */
  cut(): void
}

/** Stands before the app: it answers a request itself, or lets it go the usual way. */
type Door = (request: IncomingMessage, response: ServerResponse, goUsualWay: () => void) => void

/** The HTTP server in front of the app. */
export async function listen(
  fetch: Parameters<typeof getRequestListener>[0],
  { host, port, setting = 'PORT' }: { host: string; port: number; setting?: string },
  enter: Door = (_request, _response, goUsualWay) => goUsualWay(),
): Promise<Listening> {
  const server = await begin(fetch, { host, port, setting }, enter)
  const silent = trackSilent(server)
  return {
    url: urlOf(server, { host, port }),
    close: () =>
      new Promise((resolve) => {
        const nudge = setInterval(() => {
          server.closeIdleConnections()
          for (const socket of silent) socket.destroy()
        }, 50)
        server.close(() => {
          clearInterval(nudge)
          resolve()
        })
      }),
    cut: () => server.closeAllConnections(),
  }
}

/** Browsers connect beforehand and then say nothing for a minute: to Node such a connection is not idle. */
function trackSilent(server: Server): Set<Socket> {
  const silent = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  server.on('request', ({ socket }: { socket: Socket }) => silent.delete(socket))
  return silent
}

function begin(
  fetch: Parameters<typeof getRequestListener>[0],
  { host, port, setting }: { host: string; port: number; setting: string },
  enter: Door,
): Promise<Server> {
  const goUsualWay = getRequestListener(fetch, { hostname: host })
  return new Promise((resolve, reject) => {
    const server = createServer((request, response) =>
      enter(request, response, () => void goUsualWay(request, response)),
    )
    server.listen(port, host, () => resolve(server))
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} of ${host} is in use by another program: set ${setting} to a free one.`, {
              cause: error,
            })
          : error,
      )
    })
  })
}

function urlOf(server: Server, { host, port }: { host: string; port: number }): string {
  const address = server.address()
  const name = host.includes(':') ? `[${host}]` : host
  return `http://${name}:${typeof address === 'object' && address ? address.port : port}`
}
