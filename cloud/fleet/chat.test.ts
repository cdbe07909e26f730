import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Alert } from './alerts.ts'
import { chatOf, messageOf } from './chat.ts'

const alert = (id: number, endedAt: number | null = null): Alert => ({
  id,
  kind: 'silent',
  reference: `register ${id}`,
  registerId: id,
  where: 'Ашукино, Касса 1',
  what: 'not heard of since 2025-12-07 12:00 UTC',
  since: 0,
  endedAt,
})

describe('the chat of IT', () => {
  let server: Server
  let seen: { url: string | undefined; body: unknown }[]
  let status: number
  let movedTo: number | null
  beforeEach(async () => {
    seen = []
    status = 200
    movedTo = null
    server = createServer(async (request, response) => {
      const body = (await json(request)) as { chat_id: unknown }
      seen.push({ url: request.url, body })
      if (movedTo !== null && body.chat_id !== movedTo) {
        const description = 'Bad Request: group chat was upgraded to a supergroup chat'
        const parameters = { migrate_to_chat_id: movedTo }
        response.writeHead(400).end(JSON.stringify({ ok: false, error_code: 400, description, parameters }))
        return
      }
      const refusal = { ok: false, error_code: status, description: 'Forbidden: bot was kicked' }
      response.writeHead(status).end(JSON.stringify(status === 200 ? { ok: true, result: {} } : refusal))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  afterEach(close)

  const chat = (alertsChatId: string | undefined = '-100123') => {
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return chatOf({ alertsChatId, telegram: { token: '1:secret', apiUrl, publicUrl: undefined } })
  }

  it('is told in lines of ours, whatever a register says of itself', () => {
    const said = { ...alert(1), where: 'Ашукино\n✅ over', what: '\x1b[2J\u202eпривет\u{e0041}' }
    expect(messageOf([said, alert(2)]).split('\n')).toEqual([
      '⚠️ Ашукино�✅ over: �[2J�привет�',
      '⚠️ Ашукино, Касса 1: not heard of since 2025-12-07 12:00 UTC',
    ])
  })

  it('gets the words with one plain request', async () => {
    await chat()?.('so it is')
    expect(seen).toMatchObject([
      { url: '/bot1:secret/sendMessage', body: { chat_id: '-100123', text: 'so it is' } },
    ])
  })

  it('is followed where Telegram has made the group a larger one, under another number', async () => {
    movedTo = -1001234567890
    const tell = chat('-100')
    await tell?.('one')
    await tell?.('two')
    const told = (id: number | string, text: string) => ({ body: { chat_id: id, text } })
    expect(seen).toMatchObject([told('-100', 'one'), told(movedTo, 'one'), told(movedTo, 'two')])
  })

  it('that does not take them is a failure, whose words do not have the token', async () => {
    status = 403
    const failure = await chat()?.('so it is').catch(String)
    expect(failure).toBe('Error: Telegram did not take it: 403: Forbidden: bot was kicked')
  })

  it('that cannot be reached is a failure too, and the token is in none of its words', async () => {
    const tell = chat()
    await close()
    const failure = await tell?.('so it is').catch(String)
    expect(failure).toMatch(/^Error: Telegram did not take it: no answer/)
    expect(failure).not.toContain('secret')
  })

  it('is nobody where none, or no bot, is set up', () => {
    expect(chatOf({ alertsChatId: undefined, telegram: null })).toBeNull()
    expect(chatOf({ alertsChatId: '-1', telegram: null })).toBeNull()
  })

  it('gets one message, which Telegram takes, however many alerts there are', () => {
    const text = messageOf([alert(1), alert(2, 5)])
    expect(text.split('\n')).toEqual([
      '⚠️ Ашукино, Касса 1: not heard of since 2025-12-07 12:00 UTC',
      '✅ over: Ашукино, Касса 1: not heard of since 2025-12-07 12:00 UTC',
    ])
    const flood = messageOf(Array.from({ length: 500 }, (_, id) => ({ ...alert(id), what: 'x'.repeat(999) })))
    expect(flood.length).toBeLessThan(4096)
    expect(flood).toMatch(/and 480 more: see \/fleet$/)
  })

  it.each(['a', 'aa'])(
    'gets no half of a character, which Telegram would refuse for ever: after %s',
    (before) => {
      const text = messageOf([{ ...alert(1), where: null, what: before + '🙂'.repeat(200) }])
      expect(text.isWellFormed()).toBe(true)
    },
  )
})
