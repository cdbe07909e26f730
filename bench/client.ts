import { once } from 'node:events'
import { connect } from 'node:net'

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

/**
 * A keep-alive connection with one request in flight, written by hand: on a machine that also runs the server
 * and its database, node's own client would take the CPU that is to be measured.
 */
export async function openConnection(url: URL, key: string): Promise<Connection> {
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
  await once(socket, 'connect')
  socket.setEncoding('latin1')
  const headers = `HTTP/1.1\r\nhost: ${url.host}\r\nauthorization: Bearer ${key}\r\n`
  let received = ''
  let waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | null = null

  socket.on('data', (text: unknown) => {
    received += text as string
    const reply = wholeReply(received)
    if (!reply || !waiting) return
    const { resolve } = waiting
    received = ''
    waiting = null
    resolve(reply)
  })
  socket.on('error', (error) => waiting?.reject(error))
  socket.on('close', () => waiting?.reject(new Error('the API closed the connection')))

  function send(request: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      waiting = { resolve, reject }
      socket.write(request, 'latin1')
    })
  }

  return {
    get: (path) => send(`GET ${path} ${headers}\r\n`),
    /** The body is ASCII, so its length in characters is its length in bytes. */
    post: (path, body) =>
      send(
        `POST ${path} ${headers}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      ),
    close: () => socket.destroy(),
  }
}

/** Undefined while a part of it is still on the way. */
function wholeReply(received: string): Reply | undefined {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = received.slice(0, headEnd)
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error(`a reply without a content-length:\n${head}`)
  const bodyStart = headEnd + 4
  if (received.length < bodyStart + Number(length)) return undefined
  return { status: Number(head.slice(9, 12)), body: received.slice(bodyStart) }
}
