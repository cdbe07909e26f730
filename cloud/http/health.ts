import { createRoute, z } from '@hono/zod-openapi'
import { openMigratedCheck } from '../database/migrate.ts'
import type { App, Doors } from './context.ts'
import { json, problem } from './describe.ts'

const statusSchema = z.object({ status: z.literal('ok') })

const health = createRoute({
  method: 'get',
  path: '/health',
  summary: 'The process is up',
  responses: { 200: json('The process answers.', statusSchema) },
})

const ready = createRoute({
  method: 'get',
  path: '/ready',
  summary: 'The database answers and its migrations are applied',
  responses: {
    200: json('The cloud can take operations.', statusSchema),
    503: problem('The database is away, or not migrated yet.'),
  },
})

export function healthRoutes(app: App, { sql }: Pick<Doors, 'sql'>) {
  const isMigrated = openMigratedCheck()
  app.openapi(health, (c) => c.json({ status: 'ok' as const }, 200))

  app.openapi(ready, async (c) => {
    if (await isMigrated(sql)) return c.json({ status: 'ok' as const }, 200)
    return c.json({ error: { code: 'not_migrated', message: 'The database is not migrated yet.' } }, 503)
  })
}
