import type { Http2Bindings, HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { SECOND } from '../../shared/time.ts'

type Fetch = (request: Request, env: HttpBindings | Http2Bindings) => Response | Promise<Response>

/** Said to whoever may not come in, sends what cannot be read, or sends too much; to a sale by nobody. */
const TURNING_AWAY = new Set([400, 401, 403, 413, 415, 429])
/** After a quiet time so much of it is saved up: a flood is slowed down, and a burst is answered at once. */
const SAVED_MS = 4 * SECOND
/** The longest that a refusal is held back. */
const LONGEST_WAIT_MS = 2 * SECOND

/**
 * To say no costs half a millisecond of the one thread that also sells, and who is told no asks again. So no more than
 * this are told in a second, whoever they are: the next wait for their turn with their connection and what they have not
 * sent yet, and when too many wait, a connection is cut without a word. Answers of every other kind never wait.
 */
export function tellPatiently(fetch: Fetch, perSecond: number): Fetch {
  const spacingMs = SECOND / perSecond
  let nextTurnAt = Number.NEGATIVE_INFINITY

  /** How long until the turn of who comes now; null where that is too long. */
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
