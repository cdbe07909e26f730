import type { Socket } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'

export interface Listening {
  url: string
  /** Takes no new connections, lets every request that has begun end, and then resolves. */
  close(): Promise<void>
  /** Ends what has not ended by itself, so that `close` resolves: some clients never take their answer. */
  cut(): void
}

/** The HTTP server in front of the app. */
export async function listen(
  fetch: Parameters<typeof serve>[0]['fetch'],
  { host, port, setting = 'PORT' }: { host: string; port: number; setting?: string },
): Promise<Listening> {
  const server = await begin(fetch, { host, port, setting })
  const silent = trackSilent(server)
  return {
    url: urlOf(server, { host, port }),
    close: () =>
      new Promise((resolve) => {
        const nudge = setInterval(() => {
          if ('closeIdleConnections' in server) server.closeIdleConnections()
          for (const socket of silent) socket.destroy()
        }, 50)
        server.close(() => {
          clearInterval(nudge)
          resolve()
        })
      }),
    cut: () => {
      if ('closeAllConnections' in server) server.closeAllConnections()
    },
  }
}

/** Browsers connect beforehand and then say nothing for a minute: to Node such a connection is not idle. */
function trackSilent(server: ServerType): Set<Socket> {
  const silent = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  server.on('request', ({ socket }: { socket: Socket }) => silent.delete(socket))
  return silent
}

function begin(
  fetch: Parameters<typeof serve>[0]['fetch'],
  { host, port, setting }: { host: string; port: number; setting: string },
): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port }, () => resolve(server))
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

function urlOf(server: ServerType, { host, port }: { host: string; port: number }): string {
  const address = server.address()
  const name = host.includes(':') ? `[${host}]` : host
  return `http://${name}:${typeof address === 'object' && address ? address.port : port}`
}
