import { createRoute } from '@hono/zod-openapi'
import { auditLogQuerySchema, auditLogSchema } from '../../../shared/console/auditLog.ts'
import { toIso } from '../../../shared/time.ts'
import { findChanges } from '../../auditLog.ts'
import type { App, Doors } from '../../http/context.ts'
import { json } from '../../http/describe.ts'
import { ofStaff, staffProblems } from './describe.ts'
import { mayReadAll } from './mayRead.ts'

const PATH = '/v1/console/audit-log'

const list = createRoute({
  method: 'get',
  path: PATH,
  summary: 'Who changed what',
  description: 'Where a page ends, the next one is `before` the last id of it.',
  ...ofStaff,
  request: { query: auditLogQuerySchema },
  responses: {
    200: json('The latest first.', auditLogSchema),
    ...staffProblems,
  },
})

export function auditLogRoutes(app: App, { sql }: Doors) {
  app.use(PATH, mayReadAll('audit log'))

  app.openapi(list, async (c) => {
    const found = await findChanges(sql, c.req.valid('query'))
    const changes = found.map(({ at, before, after, ...change }) => ({
      ...change,
      at: toIso(at),
      before: before === null ? null : plain(before),
      after: after === null ? null : plain(after),
    }))
    return c.json({ changes }, 200)
  })
}

type Facts = Record<string, string | number | boolean | null>
const plain = (facts: Record<string, string | number | boolean | null | undefined>): Facts =>
  Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, fact ?? null]))
