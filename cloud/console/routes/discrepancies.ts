import { createRoute } from '@hono/zod-openapi'
import {
  type Discrepancy,
  discrepanciesQuerySchema,
  discrepanciesSchema,
} from '../../../shared/console/discrepancies.ts'
import { toIso } from '../../../shared/time.ts'
import type { App, Doors } from '../../http/context.ts'
import type { Columns } from '../csv.ts'
import { numberOf } from '../cursor.ts'
import { readDiscrepancies } from '../read/discrepancies.ts'
import { findInSight } from '../sight.ts'
import { notInSight, ofStaff, staffProblems } from './describe.ts'
import { mayRead } from './mayRead.ts'
import { csvReply, jsonOrCsv, rowsOf } from './reply.ts'

const list = createRoute({
  method: 'get',
  path: '/v1/console/discrepancies',
  summary: 'What does not fit, and a person decides about',
  description: 'Those about no customer are shown to whoever sees the whole cloud.',
  ...ofStaff,
  request: { query: discrepanciesQuerySchema },
  responses: { 200: jsonOrCsv('The latest first.', discrepanciesSchema), ...staffProblems, ...notInSight },
})

interface Around extends Doors {
  timeZone: string
}

export function discrepancyRoutes(app: App, { sql, now, timeZone }: Around) {
  app.use(list.path, mayRead('discrepancies'))
  app.openapi(list, async (c) => {
    const { person } = c.get('session')
    const { format, after, limit: asked, kind, state, ...where } = c.req.valid('query')
    const place = await findInSight(sql, person, where, timeZone)
    const limit = rowsOf({ limit: asked, format })
    const before = numberOf(after)
    const wanted = { place, sees: person.sees, kind, state, before, limit: limit + 1 }
    const found = await readDiscrepancies(sql, wanted)
    const discrepancies = found.slice(0, limit)
    const next = found.length > limit ? String(discrepancies.at(-1)?.id) : null
    if (format === 'json') return c.json({ discrepancies, next, asOf: toIso(now()) }, 200)
    const more = next === null ? null : { after: next }
    return csvReply(c, { name: 'discrepancies', rows: discrepancies, columns, next: more })
  })
}

const columns: Columns<Discrepancy> = {
  id: ({ id }) => id,
  kind: ({ kind }) => kind,
  reference: ({ reference }) => reference,
  card: ({ customer }) => customer?.card,
  store: ({ store }) => store?.name,
  register: ({ register }) => register?.name,
  points: ({ hold }) => hold?.points,
  filed_at: ({ filedAt }) => filedAt,
  settled_at: ({ settledAt }) => settledAt,
  settled_by: ({ settledBy }) => settledBy,
  settlement: ({ settlement }) => settlement,
}
