import { timingSafeEqual } from 'node:crypto'
import { type Context, type Env, Hono } from 'hono'
import { hashSecret } from '../access/secrets.ts'
import { keyOf } from '../http/auth.ts'
import { ApiFailure, replyWithFailure } from '../http/errors.ts'
import type { Metrics } from './metrics.ts'

const TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** What Prometheus asks, and the token that it has to say; without one, all who reach the port may read. */
export interface Exposition {
  metrics: Pick<Metrics, 'read'>
  token: string | undefined
}

export function metricsRoute<E extends Env>(app: Hono<E>, { metrics, token }: Exposition): void {
  app.get('/metrics', async (c) => {
    if (token !== undefined && !isTold(c, token))
      throw new ApiFailure(401, 'unauthorized', 'The metrics need Authorization: Bearer and METRICS_TOKEN.')
    return c.body(await metrics.read(), 200, { 'content-type': TYPE, 'cache-control': 'no-store' })
  })
}

/** The app of a port that has nothing but the metrics. */
export function metricsApp(exposition: Exposition): Hono {
  const app = new Hono()
  metricsRoute(app, exposition)
  app.notFound((c) => replyWithFailure(c, new ApiFailure(404, 'not_found', 'Here is only /metrics.')))
  app.onError((error, c) => {
    if (error instanceof ApiFailure) return replyWithFailure(c, error)
    throw error
  })
  return app
}

function isTold(c: Context, token: string): boolean {
  const given = keyOf(c)
  return given !== undefined && timingSafeEqual(hashSecret(given), hashSecret(token))
}
