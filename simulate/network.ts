import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createFaults, type Injection } from '../desktop/register/rig/faults.ts'
import { type Carried, createNetwork, type Delays } from '../desktop/register/rig/network.ts'
import type { Random } from '../desktop/register/rig/random.ts'
import { pause, systemClock } from '../desktop/register/time/clock.ts'
import { SECOND } from '../shared/time.ts'

const FAULTS: readonly Injection[] = [
  'network: the request is lost',
  'network: the reply is lost',
  'network: doubled',
  'network: a copy comes late',
  'network: slow',
  'network: overtaken by what was sent later',
  'network: 503 from a busy cloud',
]

/** Real sockets are slow enough when all is well; what goes wrong is over soon, because a day here lasts minutes. */
const DELAYS: Delays = {
  quickMs: { from: 0, to: 0 },
  slowestMs: 1.5 * SECOND,
  overtakenMs: 1.5 * SECOND,
  lateCopyMs: 3 * SECOND,
  awayMs: { from: 0, to: 0 },
}

export type Network = Awaited<ReturnType<typeof openNetwork>>

/** The network of the rig between real processes: where a register thinks its cloud is. */
export async function openNetwork({ cloudUrl, random }: { cloudUrl: () => string; random: Random }) {
  const stopping = new AbortController()
  const faults = createFaults(random.fork('faults'), FAULTS)
  const network = createNetwork({
    ...{ clock: systemClock, random, faults, delays: DELAYS },
    serve: (request) => askCloud(request, { cloudUrl: cloudUrl(), signal: stopping.signal }),
  })

  const server = createServer((request, response) => {
    carry(request, response).catch(() => response.socket?.destroy())
  })

  async function carry(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray()).toString()
    const headers = { authorization: request.headers.authorization ?? '' }
    const { method = 'GET' } = request
    const sent = { method, headers, ...(body !== '' && { body }) }
    const reply = await network.fetch(new URL(request.url ?? '/', cloudUrl()), sent)
    for (const name of ['content-type', 'date', 'retry-after', 'cache-control']) {
      const value = reply.headers.get(name)
      if (value !== null) response.setHeader(name, value)
    }
    response.writeHead(reply.status)
    response.end(Buffer.from(await reply.arrayBuffer()))
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: network.requests,
    faults: faults.counts,
    goAway: network.goAway,
    heal(): void {
      faults.heal(true)
      network.heal()
    },
    /** Resolves when nothing is under way any more, late copies included. */
    async quiet(): Promise<void> {
      while (!network.isQuiet()) await pause(systemClock, 20)
    },
    async close(): Promise<void> {
      stopping.abort()
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Null where the cloud does not answer. */
async function askCloud(
  { method, url, authorization, body }: Carried,
  { cloudUrl, signal }: { cloudUrl: string; signal: AbortSignal },
): Promise<Response | null> {
  const headers = {
    ...(authorization && { authorization }),
    ...(body !== null && { 'content-type': 'application/json' }),
  }
  const address = new URL(url.pathname + url.search, cloudUrl)
  return await fetch(address, { method, headers, signal, ...(body !== null && { body }) }).catch(() => null)
}
