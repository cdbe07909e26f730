import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Listening, listen } from '../listen.ts'
import { tellPatiently } from './turnedAway.ts'

/** So few that a slow machine gains none while it connects. */
const PER_SECOND = 1
/** What four quiet seconds have saved up. */
const AT_ONCE = 4 * PER_SECOND

let server: Listening
let answered: number
beforeEach(async () => {
  answered = 0
  const answer = async (request: Request) => {
    answered += 1
    return new Response('said', { status: Number(new URL(request.url).pathname.slice(1)) })
  }
  server = await listen(tellPatiently(answer, PER_SECOND), { host: '127.0.0.1', port: 0 })
})
afterEach(() => {
  vi.useRealTimers()
  return server.close()
})

/** Resolves with the first line of the answer, empty where the connection was cut. */
async function ask(status: number): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  let heard = ''
  socket.setEncoding('latin1').on('data', (text) => {
    heard += text
  })
  socket.on('error', () => {})
  socket.write(`GET /${status} HTTP/1.1\r\nhost: cloud.test\r\nconnection: close\r\n\r\n`)
  await once(socket, 'close')
  return heard.split('\r\n')[0] ?? ''
}

const many = (count: number, status: number) => Promise.all(Array.from({ length: count }, () => ask(status)))

it.each([400, 401, 403, 413, 415, 429])(
  'says %i at once to what a quiet time has saved up, and then to so many a second',
  async (status) => {
    const startedAt = performance.now()
    const lines = await many(AT_ONCE + 2, status)
    expect(performance.now() - startedAt).toBeGreaterThan(1000 - 10)
    for (const line of lines) expect(line).toContain(` ${status} `)
  },
)

it('cuts the connections of more than wait in two seconds, and says nothing', async () => {
  const lines = await many(AT_ONCE + 2 * PER_SECOND + 60, 429)
  const told = lines.filter((line) => line.includes(' 429 ')).length
  expect(answered).toBe(lines.length)
  expect(lines.filter((line) => line === '')).toHaveLength(lines.length - told)
  expect(told).toBeGreaterThanOrEqual(AT_ONCE + 2 * PER_SECOND)
  // Some had a turn that had become free while others came, but not all.
  expect(told).toBeLessThan(lines.length)
})

it.each([200, 303, 404, 409, 422, 500, 503])('never keeps %i waiting', async (status) => {
  // Time stands still, so whoever waits for a turn waits for ever.
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
  const waiting = many(AT_ONCE + 3, 429)
  while (answered < AT_ONCE + 3) await new Promise(setImmediate)
  expect(await ask(status)).toContain(` ${status} `)
  vi.advanceTimersByTime(3_000)
  await waiting
})

it.each([
  ['is larger than it may be', 413, 'content-length: 100000000'],
  ['does not say how long it is', 401, 'transfer-encoding: chunked'],
])('closes the connection after its no to a body that %s', async (_what, status, length) => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`POST /${status} HTTP/1.1\r\nhost: cloud.test\r\n${length}\r\n\r\n`)
  const [heard] = await once(socket, 'data')
  expect(String(heard)).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*connection: close`))
  await once(socket, 'close')
})
