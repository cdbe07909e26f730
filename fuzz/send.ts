import { connect } from 'node:net'

/** Null status: the connection ended without an answer that HTTP knows. */
export interface Answer {
  status: number | null
  /** Of the body as it came, or as much of it as was read. */
  sizeBytes: number
  ms: number
  isLate: boolean
}

const PATIENCE_MS = 20_000
const WHOLE_ENDED_AFTER_MS = 16_000
const HALF_ENDED_AFTER_MS = 25
/** An answer that stops coming is whole, where the connection is kept for the next request. */
const ANSWER_ENDED_AFTER_MS = 150
const MOST_READ_BYTES = 32 * 1024 * 1024

/**
 * Writes the bytes as they are and reads to the end. What may be half a request is ended where no answer comes: who
 * ends a whole one at once has gone away, and is not answered.
 */
export function send(port: number, { bytes, isWhole }: { bytes: Buffer; isWhole: boolean }): Promise<Answer> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const end = (isLate: boolean) => {
      clearTimeout(timer)
      clearTimeout(ending)
      socket.destroy()
      resolve({ ...read(Buffer.concat(chunks)), ms: performance.now() - startedAt, isLate })
    }
    const timer = setTimeout(end, PATIENCE_MS, true)
    let ending = setTimeout(() => socket.end(), isWhole ? WHOLE_ENDED_AFTER_MS : HALF_ENDED_AFTER_MS)
    socket.on('connect', () => socket.write(bytes))
    socket.on('data', (chunk) => {
      clearTimeout(ending)
      ending = setTimeout(() => socket.end(), ANSWER_ENDED_AFTER_MS)
      if (length < MOST_READ_BYTES) chunks.push(chunk)
      length += chunk.length
    })
    socket.on('end', () => end(false))
    socket.on('close', () => end(false))
    // A server may close before it has read all: what it said before counts.
    socket.on('error', () => {})
  })
}

function read(bytes: Buffer): Pick<Answer, 'status' | 'sizeBytes'> {
  const head = bytes.indexOf('\r\n\r\n')
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(bytes.subarray(0, 20).toString('latin1')) ?? []
  return { status: status ? Number(status) : null, sizeBytes: head < 0 ? 0 : bytes.length - head - 4 }
}
