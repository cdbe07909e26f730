import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SECOND } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { execute, noonOf } from '../jobs/testing.ts'
import { earn } from '../ledger/testing/makers.ts'
import { openTelegram } from './telegram.ts'
import { addPeople, createTestClock, deliverFor } from './testing.ts'

const token = '12345:test'
const message = { chatId: 1001, text: 'Начислено <50> баллов & _больше_' }

interface Answer {
  code: number
  description?: string
  retryAfter?: number
}

/** A Bot API server that answers as it is told to, and takes everything after that. */
async function openBotApi() {
  const answers: (Answer | 'silence')[] = []
  const received: { path: string; body: Record<string, unknown> }[] = []
  async function answer(request: IncomingMessage, response: ServerResponse) {
    let body = ''
    for await (const chunk of request) body += chunk
    received.push({ path: request.url ?? '', body: JSON.parse(body) as Record<string, unknown> })
    const next = answers.shift()
    if (next === 'silence') return void request.socket.destroy()
    const { code, description, retryAfter } = next ?? { code: 200 }
    response.writeHead(code, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify(
        code === 200
          ? { ok: true, result: { message_id: 1, date: 0, chat: { id: 1, type: 'private' } } }
          : {
              ok: false,
              error_code: code,
              description,
              parameters: retryAfter && { retry_after: retryAfter },
            },
      ),
    )
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    answers,
    received,
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describe('a message over HTTP', () => {
  let api: Awaited<ReturnType<typeof openBotApi>>
  beforeEach(async () => {
    api = await openBotApi()
  })
  afterEach(() => api.close())

  const send = () => openTelegram({ token, apiUrl: api.apiUrl })

  it('is plain text to one chat', async () => {
    expect(await send()(message)).toEqual({ status: 'sent' })
    expect(api.received).toEqual([
      {
        path: `/bot${token}/sendMessage`,
        body: { chat_id: 1001, text: message.text, link_preview_options: { is_disabled: true } },
      },
    ])
  })

  it.each<[Answer | 'silence', Record<string, unknown>]>([
    [
      { code: 429, description: 'Too Many Requests', retryAfter: 7 },
      { status: 'slow_down', seconds: 7 },
    ],
    [{ code: 403, description: 'Forbidden: bot was blocked by the user' }, { status: 'blocked' }],
    [{ code: 403, description: 'Forbidden: user is deactivated' }, { status: 'blocked' }],
    [{ code: 400, description: 'Bad Request: chat not found' }, { status: 'blocked' }],
    [
      { code: 400, description: 'Bad Request: message text is empty' },
      { status: 'refused', problem: '400: Bad Request: message text is empty' },
    ],
    [{ code: 500, description: 'Internal Server Error' }, { status: 'failed' }],
    [{ code: 502, description: 'Bad Gateway' }, { status: 'away' }],
    [
      { code: 401, description: 'Unauthorized' },
      { status: 'away', problem: '401: Unauthorized' },
    ],
    ['silence', { status: 'away', problem: 'no answer: ECONNRESET' }],
  ])('answered with %j is told as it is', async (answer, told) => {
    api.answers.push(answer)
    expect(await send()(message)).toMatchObject(told)
  })

  it('to a server that is gone never tells the token', async () => {
    const gone = send()
    await api.close()
    const told = await gone(message)
    expect(told).toEqual({ status: 'away', problem: 'no answer: ECONNREFUSED' })
    api = await openBotApi()
  })

  describe('of the line', () => {
    let database: TestDatabase
    beforeEach(async () => {
      database = await createTestDatabase()
      await addPeople(database.sql, '111111', '222222')
      await database.sql`insert into stores (name) values ('Ашукино')`
    })
    afterEach(() => database.drop())

    it('waits when it is told to wait, and finds out who blocked the bot', async () => {
      const { sql } = database
      const clock = createTestClock(noonOf(0))
      const started = clock.now()
      await execute(sql, ...['111111', '222222'].map((card) => earn(125_000, { card, at: started })))
      api.answers.push(
        { code: 429, description: 'Too Many Requests: retry after 20', retryAfter: 20 },
        { code: 403, description: 'Forbidden: bot was blocked by the user' },
      )
      await deliverFor(15, { sql, clock, send: send() })
      const early = api.received.length
      await deliverFor(60, { sql, clock, send: send() })
      expect(early).toBeLessThanOrEqual(2)
      expect(await sql`select state from notifications order by state`).toEqual([
        { state: 'dropped' },
        { state: 'sent' },
      ])
      expect(
        await sql`select from people where unreachable_since >= to_timestamp(${started / SECOND})`,
      ).toHaveLength(1)
    })
  })
})
