import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import fc from 'fast-check'

// What a stranger may send to a port: bytes that are a request, almost one, or none, and an end at any moment.

/** One connection: what is sent, write by write (a character is a byte), and how it is left. */
export interface Conversation {
  writes: string[]
  /**
   * `closed`: politely, after the last byte. `reset`, `reset_when_answered`: suddenly, at once or when there was
   * time for an answer. `answered`: politely, when something was answered, for requests that surely are.
   */
  end: 'closed' | 'reset' | 'reset_when_answered' | 'answered'
}

export interface Door {
  port: number
  /** Real requests of this server, as bytes on the wire: most of the fuzz is these, bent. */
  requests: string[]
  /** Asks something that a server which is well answers; rejects where it does not. */
  askWell: () => Promise<void>
}

/** Many conversations, drawn by fast-check: what fails is made small, and printed with its seed. */
export async function fuzzDoor(door: Door, { runs, seed }: { runs: number; seed: number }): Promise<void> {
  await fc.assert(
    fc.asyncProperty(conversations(door), (conversation) => survives(door, conversation)),
    // Nothing that is asked may leave the one who asks without an end.
    { numRuns: runs, seed, timeout: 60_000, interruptAfterTimeLimit: 600_000, markInterruptAsFailure: true },
  )
}

/** Fails where this conversation would have ended the process of the server, or left it unwell. */
export async function survives(door: Door, conversation: Conversation): Promise<void> {
  const faults = await faultsDuring(async () => {
    await converse(door, conversation)
    // By its answer the server has met whatever the reset has brought it.
    await door.askWell()
    await new Promise((resolve) => setImmediate(resolve))
  })
  if (faults.length > 0) throw new Error('this would have ended the process', { cause: faults[0] })
}

/** Everything that the server has said until the connection was over. */
export async function converse(door: Door, { writes, end }: Conversation): Promise<string> {
  const socket = connect({ port: door.port, host: '127.0.0.1', allowHalfOpen: true })
  // A server may close whenever it likes, also while we write.
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const answered = new Promise<void>((resolve) => socket.once('data', () => resolve()))
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1')
  })
  socket.once('end', () => socket.end())
  await Promise.race([once(socket, 'connect'), closed])
  for (const text of writes) await Promise.race([written(socket, text), closed])
  if (end === 'answered') await Promise.race([answered, closed])
  if (end === 'reset_when_answered') await Promise.race([answered, closed, door.askWell()])
  if (end === 'closed' || end === 'answered') socket.end()
  else socket.resetAndDestroy()
  await closed
  return answer
}

const written = (socket: Socket, text: string) =>
  new Promise<void>((resolve) => socket.write(text, 'latin1', () => resolve()))

/** What nobody has caught meanwhile, and would have ended a process with no other listeners. */
async function faultsDuring(work: () => Promise<void>): Promise<unknown[]> {
  const faults: unknown[] = []
  const note = (fault: unknown) => void faults.push(fault)
  const names = ['uncaughtException', 'unhandledRejection'] as const
  const before = names.map((name) => process.rawListeners(name as 'uncaughtException'))
  for (const name of names) process.removeAllListeners(name).on(name, note)
  try {
    await work()
  } finally {
    for (const [index, name] of names.entries()) {
      process.removeAllListeners(name)
      for (const listener of before[index] ?? []) process.on(name, listener as () => void)
    }
  }
  return faults
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS', 'CONNECT', 'TRACE', 'get', 'X', '']
const TARGETS = [
  ...['/', '//', '///', '//x', '//[', '/\\', '\\\\x', '/%', '/%00', '/%c0%af', '/../..', '/?', '/#', '*', ''],
  ...[
    'http://',
    'http://[',
    'http://x/',
    'http://127.0.0.1/',
    'x:y',
    '@',
    'a b',
    '/\u0000',
    '/ÿ',
    `/${'x'.repeat(20_000)}`,
  ],
]
const VERSIONS = ['HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9', 'http/1.1', '']
const HEADERS = [
  ...[
    'Host: x',
    'Host: ',
    'Host: [',
    'Host: a, b',
    'Origin: null',
    'Origin: ',
    'Origin: http://x',
    'Cookie: =;;=',
  ],
  ...[
    'Content-Length: 5',
    'Content-Length: -1',
    'Content-Length: 1e9',
    'Content-Length: 99999999999999999999',
  ],
  ...['Transfer-Encoding: chunked', 'Transfer-Encoding: x', 'Expect: 100-continue', 'Expect: x'],
  ...[
    'Content-Type: application/json',
    'Content-Type: ',
    'Content-Encoding: gzip',
    'Accept-Encoding: \u0001',
  ],
  ...[
    'Connection: close',
    'Connection: keep-alive',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Upgrade: h2c',
  ],
  ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: x', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
  ...['Sec-WebSocket-Key: x', 'Sec-WebSocket-Protocol: ,', 'Sec-WebSocket-Extensions: permessage-deflate; x'],
  ...[
    'Authorization: Bearer ÿ',
    'Authorization: ',
    'Range: bytes=9-1,-',
    'If-None-Match: "',
    'X: y\n z',
    ': x',
    'x',
  ],
]
const BODIES = [
  '',
  '{}',
  '{"',
  '5\r\nhello\r\n0\r\n\r\n',
  'ffffffffff\r\n',
  '-1\r\n',
  '\u0000',
  'x'.repeat(70_000),
]

function conversations({ port, requests }: Pick<Door, 'port' | 'requests'>): fc.Arbitrary<Conversation> {
  const composed = fc
    .record({
      method: fc.constantFrom(...METHODS),
      target: fc.constantFrom(...TARGETS),
      version: fc.constantFrom(...VERSIONS),
      // Without the right host most servers look no further.
      host: fc.constantFrom(`Host: 127.0.0.1:${port}`, `Host: 127.0.0.1:${port}`, ''),
      headers: fc.subarray(HEADERS, { maxLength: 5 }),
      body: fc.constantFrom(...BODIES),
    })
    .map(({ method, target, version, host, headers, body }) => {
      const lines = [`${method} ${target} ${version}`, ...(host ? [host] : []), ...headers]
      return `${lines.join('\r\n')}\r\n\r\n${body}`
    })
  const bent = fc
    .tuple(fc.constantFrom(...requests), fc.array(bend, { maxLength: 4 }))
    .map(([request, bends]) => bends.reduce(applyBend, request))
  const message = fc.oneof({ arbitrary: bent, weight: 4 }, { arbitrary: composed, weight: 4 }, noise(400))
  return fc.record({
    writes: fc
      .tuple(fc.array(message, { minLength: 1, maxLength: 3 }), fc.array(share, { maxLength: 3 }))
      .map(([messages, cuts]) => cutInto(messages.join(''), cuts)),
    end: fc.constantFrom('closed', 'reset', 'reset_when_answered'),
  })
}

const share = fc.double({ min: 0, max: 1, noNaN: true })
const noise = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes).toString('latin1'))

interface Bend {
  at: number
  removed: number
  inserted: string
}
const bend: fc.Arbitrary<Bend> = fc.record({
  at: share,
  removed: fc.nat({ max: 20 }),
  inserted: fc.oneof(noise(20), fc.constantFrom(...TARGETS, ...HEADERS.map((header) => `\r\n${header}\r\n`))),
})

function applyBend(text: string, { at, removed, inserted }: Bend): string {
  const start = Math.floor(at * text.length)
  return text.slice(0, start) + inserted + text.slice(start + removed)
}

function cutInto(text: string, cuts: number[]): string[] {
  const ends = [...cuts.map((cut) => Math.floor(cut * text.length)), text.length].sort((a, b) => a - b)
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end)).filter((part) => part !== '')
}
