import { createRoute } from '@hono/zod-openapi'
import type { z } from 'zod'
import {
  type proposalSchema,
  proposalsQuerySchema,
  proposalsSchema,
} from '../../../shared/console/proposals.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import { awaitedOf, countDecisions, readProposals } from '../../acts/proposalList.ts'
import type { App, Doors } from '../../http/context.ts'
import type { Columns } from '../csv.ts'
import { ofStaff, staffProblems } from './describe.ts'
import { refuseReading } from './mayRead.ts'
import { csvReply, jsonOrCsv, rowsOf } from './reply.ts'

const list = createRoute({
  method: 'get',
  path: '/v1/console/proposals',
  summary: 'What waits for approval, and what was decided',
  ...ofStaff,
  request: { query: proposalsQuerySchema },
  responses: {
    200: jsonOrCsv('The latest first.', proposalsSchema),
    ...staffProblems,
  },
})

export function proposalRoutes(app: App, { sql, now }: Doors) {
  app.openapi(list, async (c) => {
    const { person } = c.get('session')
    refuseReading(person, 'proposals')
    const { format, ...filter } = c.req.valid('query')
    const limit = rowsOf({ format, ...filter })
    const iso = (at: Instant | null) => (at === null ? null : toIso(at))
    const found = await readProposals(sql, { ...filter, limit, sees: person, now: now() })
    const proposals = found.map((listed) => {
      const { proposedAt, expiresAt, decidedAt, approvals, ...proposal } = listed
      return {
        ...proposal,
        ...{ proposedAt: toIso(proposedAt), expiresAt: toIso(expiresAt), decidedAt: iso(decidedAt) },
        approvals: approvals.map(({ account, at }) => ({ account, at: toIso(Date.parse(at)) })),
        awaits: awaitedOf(listed),
      }
    })
    if (format === 'json') {
      const decided = await countDecisions(sql, { sees: person, now: now() })
      return c.json({ proposals, decided }, 200)
    }
    const last = proposals.length === limit ? proposals.at(-1) : undefined
    const next = last ? { before: String(last.id) } : null
    return csvReply(c, { name: 'proposals', rows: proposals, columns, next })
  })
}

const columns: Columns<z.infer<typeof proposalSchema>> = {
  id: ({ id }) => id,
  act: ({ act }) => act,
  points: ({ points }) => points,
  kopecks: ({ kopecks }) => kopecks,
  state: ({ state }) => state,
  proposed_by: ({ proposedBy }) => proposedBy,
  proposed_at: ({ proposedAt }) => proposedAt,
  approved_by: ({ approvals }) => approvals.map(({ account }) => account).join(' '),
  decided_by: ({ decidedBy }) => decidedBy,
  decided_at: ({ decidedAt }) => decidedAt,
  reason: ({ reason }) => reason,
  alone: ({ isBreakGlass }) => isBreakGlass,
  reviewed_by: ({ reviewedBy }) => reviewedBy,
}
