import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { endSessionsOf, SESSION_LIFE_MS } from '../cloud/access/staff/sessions.ts'
import type { Sql } from '../cloud/database/connect.ts'
import { OWNER, signInOwner } from '../cloud/demo/staff.ts'
import { SECOND } from '../shared/time.ts'

const LOOPBACK = ['127.0.0.1', 'localhost']

/**
 * Signs a visitor in to the console as the demo's owner: at an address of this machine only, by a secret that stands in the terminal and
 * nowhere else, and as long as the demo runs. The cloud itself has no such way in, and knows nothing of this one. Null where
 * the cloud of the demo is reached from elsewhere.
 */
export async function serveConsole(sql: Sql, { cloud, log }: { cloud: string; log: Logger }) {
  const { hostname, protocol } = new URL(cloud)
  if (!LOOPBACK.includes(hostname) || protocol !== 'http:') return null
  const secret = `/${randomBytes(24).toString('base64url')}`
  const server = createServer(async (request, response) => {
    const { url = '', method, headers } = request
    const isOurs = method === 'GET' && headers.host === `${hostname}:${port}` && isSame(url, secret)
    if (!isOurs) {
      response.writeHead(404).end()
      return
    }
    try {
      const from = { ip: '127.0.0.1', userAgent: headers['user-agent'] ?? '' }
      const token = await signInOwner(sql, { from, now: Date.now() })
      response.writeHead(303, {
        location: `${cloud}/console`,
        'cache-control': 'no-store',
        'set-cookie': `kopilka_staff=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_LIFE_MS / SECOND}`,
      })
      response.end()
    } catch (error) {
      log.warn({ err: error }, 'the visitor could not be signed in to the console')
      response.writeHead(503).end()
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve())
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${hostname}:${port}${secret}`,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
      await endSessionsOf(sql, OWNER)
    },
  }
}

function isSame(given: string, secret: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(secret)]
  return one.length === other.length && timingSafeEqual(one, other)
}
