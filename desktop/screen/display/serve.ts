import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { RegisterApi } from '../../../shared/bridge.ts'
import type { Log } from '../../register/machine/log.ts'
import { displayOf } from '../../register/screen/display.ts'
import { answerWithFile } from '../answer.ts'
import { screenHeaders } from '../headers.ts'
import { isSameToken } from '../isSameToken.ts'
import { TELL_AGAIN_MS } from './pace.ts'

export interface DisplayServer {
  /** On this machine. */
  url: string
  /** From a tablet, by every network that this machine is in; none where only this machine may look. */
  networkUrls: string[]
  close(): Promise<void>
}

export interface DisplayOptions {
  register: Pick<RegisterApi, 'snapshot' | 'subscribe'>
  /** Of the shop's network; null: this machine alone, on any port that is free. */
  port: number | null
  /** The built page. */
  folder: string
  token: string
  log: Log
  /** How often every display is told again what it knows. */
  tellAgainMs?: number
}

/** A till has one customer before it: a monitor, a tablet, and some that have gone without a word. */
const MOST_SCREENS = 8
const MOST_CONNECTIONS = 64
const MOST_UNREAD_BYTES = 64 * 1024

/**
 * Shows a customer what of the till is theirs to see. It only ever tells: the way in is the token, and nothing that is
 * sent to it is read.
 */
export async function serveDisplay(options: DisplayOptions): Promise<DisplayServer> {
  const { register, port, folder, token, log, tellAgainMs = TELL_AGAIN_MS } = options
  const headers = screenHeaders()
  const screens = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    const asked = URL.parse(request.url ?? '/', 'http://display')
    if (request.method !== 'GET') response.writeHead(405).end()
    else if (asked?.host !== 'display') response.writeHead(400).end()
    else if (asked.pathname === '/events') watch(asked.searchParams.get('token') ?? '', response)
    else
      answerWithFile({ folder, headers, pathname: asked.pathname }, response).catch((error) => {
        log.error({ err: error }, 'a file of the display could not be sent')
        response.destroy()
      })
  })
  server.maxConnections = MOST_CONNECTIONS

  const now = () => JSON.stringify(displayOf(register.snapshot()))
  let told = now()

  function watch(given: string, response: ServerResponse): void {
    if (!isSameToken(given, token)) return void response.writeHead(403, headers).end()
    if (screens.size >= MOST_SCREENS) return void response.writeHead(503, headers).end()
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.on('close', () => screens.delete(response))
    response.on('error', (error) => log.debug({ err: error }, 'a display was lost'))
    screens.add(response)
    tell(response, now())
  }

  function tellAll(display: string): void {
    told = display
    for (const screen of screens) tell(screen, display)
  }

  const unsubscribe = register.subscribe((snapshot) => {
    const display = JSON.stringify(displayOf(snapshot))
    if (display !== told) tellAll(display)
  })
  const again = setInterval(() => tellAll(now()), tellAgainMs)

  server.listen(port ?? 0, port === null ? '127.0.0.1' : '0.0.0.0')
  try {
    await once(server, 'listening')
  } catch (error) {
    clearInterval(again)
    unsubscribe()
    throw error
  }
  const { port: listening } = server.address() as AddressInfo
  // What comes after # goes to no server and into no log.
  const urlAt = (host: string) => `http://${host}:${listening}/#${token}`

  return {
    url: urlAt('127.0.0.1'),
    networkUrls: port === null ? [] : ownAddresses().map(urlAt),
    async close() {
      clearInterval(again)
      unsubscribe()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** A tablet that has gone without a word is noticed by what it does not take. */
function tell(screen: ServerResponse, display: string): void {
  if (screen.writableLength > MOST_UNREAD_BYTES) screen.destroy()
  else screen.write(`data: ${display}\n\n`)
}

function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.filter(({ address, internal }) => !internal && isIPv4(address)).map(({ address }) => address)
}
