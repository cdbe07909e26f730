import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pause, systemClock } from '../desktop/register/time/clock.ts'
import { createCounter } from './counter.ts'
import type { Random } from './random.ts'

/**
 * What becomes of a request: lost before or after the cloud has done it, doubled, a copy that comes when the
 * register has long sent it again, late, refused by a cloud that is busy.
 */
type Fate = 'well' | 'lost' | 'reply_lost' | 'doubled' | 'late_copy' | 'delayed' | 'unavailable'

const fates: readonly (readonly [Fate, number])[] = [
  ['well', 940],
  ['lost', 10],
  ['reply_lost', 15],
  ['doubled', 12],
  ['late_copy', 8],
  ['delayed', 10],
  ['unavailable', 5],
]
const SLOWEST_MS = 1500

export type Network = Awaited<ReturnType<typeof openNetwork>>

/** The way of one register to the cloud, as bad as chance has it until it is healed. */
export async function openNetwork({ cloudUrl, random }: { cloudUrl: () => string; random: Random }) {
  const counter = createCounter<Fate | 'away'>()
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()
  let isBad = true
  let awayUntilMs = 0

  const isAway = () => systemClock.elapsed() < awayUntilMs
  const wait = (ms: number) => pause(systemClock, ms, stopping.signal)

  async function carry(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked: Asked = { request, body: Buffer.concat(await request.toArray()) }
    // Drawn for every request, so that an outage does not move the fates of the later ones.
    const drawn = random.weighted(fates)
    const slowMs = random.int(50, SLOWEST_MS)
    const fate = isAway() ? 'away' : isBad ? drawn : 'well'
    counter.add(fate)
    switch (fate) {
      case 'away':
      case 'lost':
        return lose(response)
      case 'unavailable':
        response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' })
        response.end(JSON.stringify({ error: { code: 'unavailable', message: 'busy' } }))
        return
      case 'reply_lost':
        await forward(asked)
        return lose(response)
      case 'late_copy':
        lose(response)
        await wait(slowMs)
        await forward(asked)
        return
      case 'doubled': {
        const [reply] = await Promise.all([forward(asked), forward(asked)])
        return answer(response, reply)
      }
      case 'delayed':
        await wait(slowMs)
        return answer(response, await forward(asked))
      case 'well':
        return answer(response, await forward(asked))
    }
  }

  /** Null where the cloud does not answer. */
  async function forward({ request, body }: Asked): Promise<Reply | null> {
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
    try {
      const reply = await fetch(new URL(request.url ?? '/', cloudUrl()), {
        method: request.method ?? 'GET',
        headers: headers as Record<string, string>,
        ...(body.length > 0 && { body: new Uint8Array(body) }),
        signal: stopping.signal,
      })
      return { status: reply.status, headers: reply.headers, body: Buffer.from(await reply.arrayBuffer()) }
    } catch {
      return null
    }
  }

  const server = createServer((request, response) => {
    const work = carry(request, response).catch(() => lose(response))
    underWay.add(work)
    work.finally(() => underWay.delete(work))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts: counter.counts,
    goAway(ms: number): void {
      awayUntilMs = systemClock.elapsed() + ms
    },
    heal(): void {
      isBad = false
      awayUntilMs = 0
    },
    /** Resolves when nothing is under way any more, late copies included. */
    async quiet(): Promise<void> {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    async close(): Promise<void> {
      stopping.abort()
      server.closeAllConnections()
      server.close()
      await Promise.all(underWay)
    },
  }
}

interface Asked {
  request: IncomingMessage
  body: Buffer
}

interface Reply {
  status: number
  headers: Headers
  body: Buffer
}

function lose(response: ServerResponse): void {
  response.socket?.destroy()
}

function answer(response: ServerResponse, reply: Reply | null): void {
  if (!reply) {
    lose(response)
    return
  }
  const names = ['content-type', 'date', 'retry-after', 'cache-control']
  for (const name of names) {
    const value = reply.headers.get(name)
    if (value !== null) response.setHeader(name, value)
  }
  response.writeHead(reply.status)
  response.end(reply.body)
}
