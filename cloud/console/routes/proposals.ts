import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { roleSchema } from '../../../shared/staff.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import { readProposals } from '../../acts/proposalList.ts'
import type { App, Doors } from '../../http/context.ts'
import { json } from '../../http/describe.ts'
import { ofStaff, staffProblems } from './describe.ts'
import { refuseReading } from './mayRead.ts'

const timeSchema = z.iso.datetime().nullable()
const stateSchema = z.enum(['open', 'lapsed', 'done', 'rejected'])

const proposalSchema = z.object({
  id: z.int(),
  act: z.string(),
  input: z.unknown(),
  programmeId: z.int(),
  points: z.int().nullable().describe('what customers get by it; below zero it is taken from them'),
  kopecks: z.int().nullable(),
  hash: z.string().describe('whoever approves says what they have seen'),
  needs: z.array(roleSchema).describe('one approval of each'),
  approvals: z.array(z.object({ account: z.string(), at: z.iso.datetime() })),
  proposedBy: z.string(),
  proposedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  state: stateSchema,
  decidedBy: z.string().nullable(),
  decidedAt: timeSchema,
  reason: z.string().nullable(),
  isBreakGlass: z.boolean().describe('done by one person alone'),
  reviewedBy: z.string().nullable(),
})

const list = createRoute({
  method: 'get',
  path: '/v1/console/proposals',
  summary: 'What waits for approval, and what was decided',
  ...ofStaff,
  request: {
    query: z.object({
      state: stateSchema.optional(),
      before: z.coerce.number().int().min(1).max(2_000_000_000).optional().describe('older than this one'),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
  },
  responses: {
    200: json('The latest first.', z.object({ proposals: z.array(proposalSchema) })),
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
