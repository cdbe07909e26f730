import type { Http2Bindings, HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { SECOND } from '../../shared/time.ts'

type Fetch = (request: Request, env: HttpBindings | Http2Bindings) => Response | Promise<Response>

/** The statuses for a sender who may not come in, or whose request is malformed or too much; no proper sale gets one. */
const TURNING_AWAY = new Set([400, 401, 403, 413, 415, 429])
/** The turns of so much quiet time are saved up: a flood is slowed down, and a burst is answered at once. */
const SAVED_MS = 4 * SECOND
/** The longest that a refusal is held back. */
const LONGEST_WAIT_MS = 2 * SECOND

/**
 * A refusal costs half a millisecond of the one thread that also sells, and its client asks again at once. So only so
 * many are sent in a second, to all clients together: the next ones wait for their turn, and so do their connections with
 * all that is unsent. When too many wait, a connection is cut without a word. Answers of every other kind never wait.
 */
export function tellPatiently(fetch: Fetch, perSecond: number): Fetch {
  const spacingMs = SECOND / perSecond
  let nextTurnAt = Number.NEGATIVE_INFINITY

  /** How long until the turn of a refusal of now; null where that is too long. */
  function waitForTurn(): number | null {
    const now = performance.now()
    const turnAt = Math.max(nextTurnAt, now - SAVED_MS)
    if (turnAt - now > LONGEST_WAIT_MS) return null
    nextTurnAt = turnAt + spacingMs
    return Math.max(0, turnAt - now)
  }

  return async (request, env) => {
    const response = await fetch(request, env)
    if (!TURNING_AWAY.has(response.status)) return response
    const wait = waitForTurn()
    if (wait === null) {
      env.outgoing.destroy()
      return RESPONSE_ALREADY_SENT
    }
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    // Node would read on, to find the next request behind a body that has no end.
    if (response.status === 413 || request.headers.has('transfer-encoding'))
      response.headers.set('connection', 'close')
    return response
  }
}
