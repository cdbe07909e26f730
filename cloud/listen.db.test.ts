import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from './database/testing.ts'
import { listen } from './listen.ts'
import { createTestCloud } from './testing/cloud.ts'
import { type CloudProcess, startCloudProcess } from './testing/process.ts'

const HOST = 'Host: cloud.test\r\n'
const JSON_BODY = 'Content-Type: application/json\r\n'
const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'

type Leaving = 'stays' | 'leaves at once' | 'resets at once' | 'resets at the answer'

/** Sends the bytes and goes as it is said; resolves with the first line of the answer when the connection is over. */
async function say(url: string, bytes: string, leaving: Leaving): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let answer = ''
  socket.on('data', (data) => {
    answer += data
    if (leaving === 'resets at the answer') socket.resetAndDestroy()
    else socket.end()
  })
  socket.on('error', () => {}) // it is cut off, by us or by them
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'connect')
  await new Promise<unknown>((resolve) => socket.write(Buffer.from(bytes, 'latin1'), resolve))
  if (leaving === 'leaves at once') socket.end()
  if (leaving === 'resets at once') socket.resetAndDestroy()
  await closed
  return answer.split('\r\n')[0] ?? ''
}

describe('no bytes of anybody end the cloud', () => {
  let database: TestDatabase
  let cloud: CloudProcess
  beforeAll(async () => {
    database = await createTestDatabase()
    cloud = await startCloudProcess({ DATABASE_URL: database.url })
  })
  afterAll(async () => {
    expect(await cloud.stop()).toBe(0)
    await database.drop()
  })

  const expectAlive = async () => {
    const reply = await Promise.race([fetch(`${cloud.url}/ready`), cloud.crashed])
    expect(reply.status).toBe(200)
  }

  it.each([
    ['a path of slashes', `GET // HTTP/1.1\r\n${HOST}\r\n`, 404],
    ['a path of slashes to the pages', `GET //fleet// HTTP/1.1\r\n${HOST}\r\n`, 404],
    ['an absolute address', `GET http://other.test/health HTTP/1.1\r\n${HOST}\r\n`, 200],
    ['an absolute address of nothing', `GET http:// HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['an absolute address with NUL', `GET http://%00/ HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['an address of another kind', `GET ftp://cloud.test/ HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['an asterisk', `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a backslash', `GET /\\..\\x HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['dots', `GET /../../etc/passwd HTTP/1.1\r\n${HOST}\r\n`, 404],
    ['a half percent', `GET /fleet/% HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a fragment', `GET /health#x HTTP/1.1\r\n${HOST}\r\n`, 200],
    ['no host', 'GET /health HTTP/1.1\r\n\r\n', 400],
    ['no host, of long ago', 'GET /health HTTP/1.0\r\n\r\n', 200],
    ['a host that is nearly an address', 'GET /health/ HTTP/1.1\r\nHost: 11.27.0.0.1:8080\r\n\r\n', 400],
    ['a host with a space', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 400],
    ['a host that is a bracket', 'GET / HTTP/1.1\r\nHost: [\r\n\r\n', 400],
    ['a host with a port that is none', 'GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n', 400],
    ['a host with a user', `POST /fleet/login HTTP/1.1\r\nHost: a@b\r\nContent-Length: 0\r\n\r\n`, 400],
    ['two hosts', `GET /health HTTP/1.1\r\n${HOST}${HOST}\r\n`, 200],
    [
      'a forwarded address that is none',
      `POST /v1/enrol HTTP/1.1\r\n${HOST}X-Forwarded-For: ,%\r\nContent-Length: 0\r\n\r\n`,
      400,
    ],
    ['no request', 'hello\r\n\r\n', 400],
    ['NUL', '\0\0\0\r\n\r\n', 400],
    ['the greeting of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['the greeting of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a byte above ASCII', `GET /\xff HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['a header of 20 kB', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n${HOST}\r\n`, 431],
    ['an address of 20 kB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`, 431],
    ['many headers', `GET /health HTTP/1.1\r\n${HOST}${'A: b\r\n'.repeat(2500)}\r\n`, 431],
    [
      'a header of control characters',
      `GET /health HTTP/1.1\r\n${HOST}Authorization: Bearer \x01\r\n\r\n`,
      400,
    ],
    ['a broken cookie', `GET /fleet HTTP/1.1\r\n${HOST}Cookie: kopilka_it=%; =; ;;\r\n\r\n`, 303],
    ['a tunnel', `CONNECT other.test:443 HTTP/1.1\r\n${HOST}\r\n`, null],
    ['a trace', `TRACE / HTTP/1.1\r\n${HOST}\r\n`, 404],
    ['an upgrade', `GET /health HTTP/1.1\r\n${HOST}${UPGRADE}\r\n`, 200],
    ['an upgrade of nothing', `GET /nothing HTTP/1.1\r\n${HOST}${UPGRADE}\r\n`, 404],
    ['an expectation', `POST /v1/enrol HTTP/1.1\r\n${HOST}Expect: nonsense\r\n\r\n`, 417],
    ['a length below nothing', `POST /v1/enrol HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\n`, 400],
    ['two lengths', `POST /v1/enrol HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400],
    [
      'a length and chunks',
      `POST /v1/enrol HTTP/1.1\r\n${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`,
      400,
    ],
    [
      'a length beyond all',
      `POST /v1/enrol HTTP/1.1\r\n${HOST}Content-Length: 99999999999999999999\r\n\r\n`,
      null,
    ],
    [
      'a chunk that is none',
      `POST /v1/enrol HTTP/1.1\r\n${HOST}${JSON_BODY}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
      400,
    ],
    ['two requests at once', `GET // HTTP/1.1\r\n${HOST}\r\nGET /health HTTP/1.1\r\n${HOST}\r\n`, 404],
  ] as const)('%s', async (_what, bytes, status) => {
    const answer = await say(cloud.url, bytes, 'stays')
    if (status !== null) expect(answer).toContain(` ${status} `)
    for (const leaving of ['leaves at once', 'resets at once', 'resets at the answer'] as const)
      await say(cloud.url, bytes, leaving)
    await expectAlive()
  })

  it('whatever stands where in a request', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'GET',
        'POST',
        ' ',
        '/',
        '//',
        '/fleet/login',
        '/v1/enrol',
        '/updates/stable/',
        '?',
        '%',
        '%00',
      ),
      fc.constantFrom(
        ' HTTP/1.1',
        '\r\n',
        '\r\n\r\n',
        HOST,
        JSON_BODY,
        UPGRADE,
        'Content-Length: 7\r\n',
        '{"a":',
      ),
      fc.constantFrom(
        'Transfer-Encoding: chunked\r\n',
        '3\r\nabc\r\n',
        '0\r\n\r\n',
        'Range: bytes=0-\r\n',
        ':',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    )
    const leaving = fc.constantFrom<Leaving>('leaves at once', 'resets at once', 'resets at the answer')
    const bytes = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), leaving, async (some, isBegun, how) => {
        const whole = isBegun ? `POST /v1/enrol HTTP/1.1\r\n${HOST}${some}` : some
        // One that waits for an answer to half a request would wait until Node gives it up.
        await say(cloud.url, whole, how === 'resets at the answer' ? 'leaves at once' : how)
        await expectAlive()
      }),
      { numRuns: 200 },
    )
  })
})

it('somebody who goes away in the middle of a body is no outage of the database', async () => {
  const cloud = await createTestCloud()
  const { url, close } = await listen(cloud.app.fetch, { host: '127.0.0.1', port: 0 })
  const register = await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса 1')
  const form = `Content-Type: application/x-www-form-urlencoded\r\nOrigin: http://cloud.test\r\n`
  for (const [path, headers] of [
    ['/v1/enrol', JSON_BODY],
    ['/v1/heartbeat', `${JSON_BODY}Authorization: Bearer ${register.key}\r\n`],
    ['/fleet/login', form],
  ])
    for (const length of ['Content-Length: 100', 'Transfer-Encoding: chunked']) {
      const before = cloud.lines.length
      await say(
        url,
        `POST ${path} HTTP/1.1\r\n${HOST}${headers}${length}\r\n\r\n5\r\n{"a":\r\n`,
        'resets at once',
      )
      await expect.poll(() => cloud.lines.length, { message: `${path} ${length}` }).toBeGreaterThan(before)
      const told = cloud.lines.slice(before).map((line) => JSON.parse(line))
      expect(told).toMatchObject([{ path, status: 400, level: 30 }])
    }
  await close()
  await cloud.drop()
})
