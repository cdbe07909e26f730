import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

interface Reply {
  status: number
  /** Bytes as characters: enough to look for ASCII in. */
  body: string
}

export interface Connection {
  get(path: string): Promise<Reply>
  post(path: string, body: string): Promise<Reply>
  close(): void
}

interface Line {
  socket: Socket
  /** Rejects when the connection ends before the reply is whole. */
  ask(request: string): Promise<Reply>
}

/**
 * A keep-alive connection with one request in flight, written by hand: on a machine that also runs the server
 * and its database, node's own client would take the CPU that is to be measured. A line that the server hung
 * up while it was idle is opened again for the next request; ids make sending one twice harmless.
 */
export async function openConnection(url: URL, key: string): Promise<Connection> {
  const headers = `HTTP/1.1\r\nhost: ${url.host}\r\nauthorization: Bearer ${key}\r\n`
  let line = await openLine(url)

  async function send(request: string): Promise<Reply> {
    if (line.socket.destroyed || !line.socket.writable) line = await openLine(url)
    try {
      return await line.ask(request)
    } catch {
      line = await openLine(url)
      return await line.ask(request)
    }
  }

  return {
    get: (path) => send(`GET ${path} ${headers}\r\n`),
    /** The body is ASCII, so its length in characters is its length in bytes. */
    post: (path, body) =>
      send(
        `POST ${path} ${headers}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      ),
    close: () => line.socket.destroy(),
  }
}

async function openLine(url: URL): Promise<Line> {
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
  await once(socket, 'connect')
  socket.setEncoding('latin1')
  let received = ''
  let waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | null = null

  socket.on('data', (text: unknown) => {
    // Without a request it is the server's good-bye to an idle line.
    if (!waiting) return
    received += text as string
    const reply = wholeReply(received)
    if (!reply) return
    const { resolve } = waiting
    received = ''
    waiting = null
    resolve(reply)
  })
  socket.on('error', (error) => waiting?.reject(error))
  socket.on('close', () => waiting?.reject(new Error('the API closed the connection')))

  return {
    socket,
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request, 'latin1')
      }),
  }
}

/** Undefined while a part of it is still on the way. */
function wholeReply(received: string): Reply | undefined {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = received.slice(0, headEnd)
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
  const bodyStart = headEnd + 4
  if (received.length < bodyStart + length) return undefined
  return { status: Number(head.slice(9, 12)), body: received.slice(bodyStart) }
}
