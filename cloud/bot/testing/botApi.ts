import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ZodError } from 'zod'
import { createChats } from './chats.ts'
import { BotApiFailure, badRequest } from './failure.ts'
import { readPayload } from './payload.ts'
import { createPerson, type PersonOptions } from './person.ts'
import { createUpdates } from './updates.ts'

export interface Call {
  method: string
  fields: Record<string, unknown>
  files: Record<string, Uint8Array>
}

/** How a call fails: as Telegram answers, with no answer at all, or with a connection that breaks. */
export type Fault = { status: number; description?: string; retryAfter?: number } | 'silence' | 'hangup'

export interface PlannedFault {
  /** Absent: any method but getUpdates. */
  method?: string
  chatId?: number
  /** Once, unless said otherwise. */
  times?: number
  fault: Fault
}

const PATIENCE_MS = 30_000

export type BotApi = Awaited<ReturnType<typeof startBotApi>>

/**
 * A Bot API server on loopback that takes Telegram's place: the bot talks to it over HTTP, and people of this
 * process talk to the bot through it. It refuses what Telegram refuses.
 *
 *     const telegram = await startBotApi({ token })
 *     const anna = telegram.person({ id: 7 })
 *     anna.says('/start')
 *     await anna.sees(/согласие/)
 *     await anna.taps('Согласен')
 */
export async function startBotApi({ token, port = 0 }: { token: string; port?: number }) {
  const calls: Call[] = []
  const faults: (Omit<PlannedFault, 'times'> & { left: number })[] = []
  const watchers = new Set<() => void>()
  const chats = createChats(Date.now)
  const updates = createUpdates()
  const me = {
    id: Number(token.split(':')[0]),
    is_bot: true,
    first_name: 'Копилка',
    username: 'kopilka_test_bot',
  }
  const done = () => true
  const methods = {
    ...chats.methods,
    ...updates.methods,
    getMe: () => ({ ...me, can_join_groups: true, can_read_all_group_messages: false }),
    setMyCommands: done,
    setChatMenuButton: done,
    setMyDescription: done,
    setMyShortDescription: done,
    sendChatAction: done,
  } satisfies Record<string, unknown> as Record<string, (call: Call, gone: AbortSignal) => unknown>

  const changed = () => {
    for (const watcher of watchers) watcher()
  }

  /** Waits until a look finds something, looking again after every call; fails where that never comes. */
  async function until<T>(look: () => T | undefined, what: string): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const watcher = () => {
      const found = look()
      if (found !== undefined) resolve(found)
    }
    const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE_MS)
    watchers.add(watcher)
    watcher()
    return await promise.finally(() => {
      clearTimeout(timer)
      watchers.delete(watcher)
    })
  }

  function plannedFault({ method, fields }: Call): Fault | null {
    const found = faults.find(
      (fault) =>
        fault.left > 0 &&
        (fault.method ? fault.method === method : method !== 'getUpdates') &&
        (fault.chatId === undefined || fault.chatId === Number(fields.chat_id)),
    )
    if (!found) return null
    found.left -= 1
    return found.fault
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const address = new URL(request.url ?? '/', 'http://127.0.0.1')
    const [, given, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(address.pathname) ?? []
    if (given !== token) throw new BotApiFailure(401, 'Unauthorized')
    const call: Call = { method, ...(await readPayload(request, address)) }
    calls.push(call)
    const fault = plannedFault(call)
    if (fault === 'hangup') request.socket.destroy()
    if (fault === 'silence' || fault === 'hangup') {
      changed()
      return await new Promise(() => {})
    }
    if (fault) throw new BotApiFailure(fault.status, fault.description ?? 'planned', fault.retryAfter)
    const run = methods[method]
    if (!run) throw new BotApiFailure(404, 'Not Found')
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const running = run(call, gone.signal)
    changed()
    return await running
  }

  const server = createServer(async (request, response) => {
    const reply = await answer(request, response).then(
      (result) => ({ status: 200, body: { ok: true, result } }),
      (error) => failed(error),
    )
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body))
    changed()
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Every call that came with the right token, in order. */
    calls,
    callsOf: (method: string) => calls.filter((call) => call.method === method),
    fail: ({ times = 1, ...fault }: PlannedFault) => {
      faults.push({ ...fault, left: times })
    },
    person: (options: PersonOptions) => createPerson({ chats, push: updates.push, until }, options),
    until,
    push: updates.push,
    waiting: updates.waiting,
    webhook: updates.webhook,
    isPolled: updates.isPolled,
    proxyTo: updates.proxyTo,
    async stop() {
      await updates.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function failed(error: unknown) {
  const failure =
    error instanceof ZodError ? badRequest(error.issues[0]?.message ?? 'wrong parameters') : error
  if (!(failure instanceof BotApiFailure)) throw error
  const { status, message: description, retryAfter } = failure
  const parameters = retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } }
  return { status, body: { ok: false, error_code: status, description, ...parameters } }
}
