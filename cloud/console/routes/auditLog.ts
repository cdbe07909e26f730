import { createRoute } from '@hono/zod-openapi'
import type { z } from 'zod'
import { auditLogQuerySchema, auditLogSchema, type changeSchema } from '../../../shared/console/auditLog.ts'
import { toIso } from '../../../shared/time.ts'
import { findChanges } from '../../auditLog.ts'
import type { App, Doors } from '../../http/context.ts'
import type { Columns } from '../csv.ts'
import { ofStaff, staffProblems } from './describe.ts'
import { mayReadAll } from './mayRead.ts'
import { csvReply, jsonOrCsv, rowsOf } from './reply.ts'

const PATH = '/v1/console/audit-log'

const list = createRoute({
  method: 'get',
  path: PATH,
  summary: 'Who changed what',
  description: 'Where a page ends, the next one is `before` the last id of it.',
  ...ofStaff,
  request: { query: auditLogQuerySchema },
  responses: {
    200: jsonOrCsv('The latest first.', auditLogSchema),
    ...staffProblems,
  },
})

export function auditLogRoutes(app: App, { sql }: Doors) {
  app.use(PATH, mayReadAll('audit log'))

  app.openapi(list, async (c) => {
    const { format, ...filter } = c.req.valid('query')
    const limit = rowsOf({ format, ...filter })
    const found = await findChanges(sql, { ...filter, limit })
    const changes = found.map(({ at, before, after, ...change }) => ({
      ...change,
      at: toIso(at),
      before: before === null ? null : plain(before),
      after: after === null ? null : plain(after),
    }))
    if (format === 'json') return c.json({ changes }, 200)
    const last = changes.length === limit ? changes.at(-1) : undefined
    const next = last ? { before: String(last.id) } : null
    return csvReply(c, { name: 'audit-log', rows: changes, columns, next })
  })
}

const columns: Columns<z.infer<typeof changeSchema>> = {
  id: ({ id }) => id,
  at: ({ at }) => at,
  who: ({ who }) => who,
  action: ({ action }) => action,
  subject: ({ subject }) => subject,
  before: ({ before }) => before && JSON.stringify(before),
  after: ({ after }) => after && JSON.stringify(after),
  ip: ({ ip }) => ip,
  user_agent: ({ userAgent }) => userAgent,
  request_id: ({ requestId }) => requestId,
  proposal: ({ proposal }) => proposal,
}

type Facts = Record<string, string | number | boolean | null>
const plain = (facts: Record<string, string | number | boolean | null | undefined>): Facts =>
  Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, fact ?? null]))
