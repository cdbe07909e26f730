import { createRoute } from '@hono/zod-openapi'
import { proposalsQuerySchema, proposalsSchema } from '../../../shared/console/proposals.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import { readProposals } from '../../acts/proposalList.ts'
import type { App, Doors } from '../../http/context.ts'
import { json } from '../../http/describe.ts'
import { ofStaff, staffProblems } from './describe.ts'
import { refuseReading } from './mayRead.ts'

const list = createRoute({
  method: 'get',
  path: '/v1/console/proposals',
  summary: 'What waits for approval, and what was decided',
  ...ofStaff,
  request: { query: proposalsQuerySchema },
  responses: {
    200: json('The latest first.', proposalsSchema),
    ...staffProblems,
  },
})

export function proposalRoutes(app: App, { sql, now }: Doors) {
  app.openapi(list, async (c) => {
    const { person } = c.get('session')
    refuseReading(person, 'proposals')
    const iso = (at: Instant | null) => (at === null ? null : toIso(at))
    const found = await readProposals(sql, { ...c.req.valid('query'), sees: person, now: now() })
    const proposals = found.map(({ proposedAt, expiresAt, decidedAt, approvals, ...proposal }) => ({
      ...proposal,
      ...{ proposedAt: toIso(proposedAt), expiresAt: toIso(expiresAt), decidedAt: iso(decidedAt) },
      approvals: approvals.map(({ account, at }) => ({ account, at: toIso(Date.parse(at)) })),
    }))
    return c.json({ proposals }, 200)
  })
}
