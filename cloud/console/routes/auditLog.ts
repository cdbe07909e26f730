import { createRoute, z } from '@hono/zod-openapi'
import { toIso } from '../../../shared/time.ts'
import { textInput } from '../../acts/inputs.ts'
import { findChanges } from '../../auditLog.ts'
import type { App, Doors } from '../../http/context.ts'
import { json } from '../../http/describe.ts'
import { ofStaff, staffProblems } from './describe.ts'
import { mayReadAll } from './mayRead.ts'

const PATH = '/v1/console/audit-log'
const factsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullable()

const changeSchema = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  who: z.string().describe('the role in which it was done, and the account'),
  action: z.string(),
  subject: z.string(),
  before: factsSchema,
  after: factsSchema,
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  proposal: z.int().nullable().describe('under which it was done'),
})

const timeInput = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

const list = createRoute({
  method: 'get',
  path: PATH,
  summary: 'Who changed what',
  description: 'Where a page ends, the next one is `before` the last id of it.',
  ...ofStaff,
  request: {
    query: z.object({
      subject: textInput.optional(),
      who: textInput.optional().describe('a part of it'),
      action: textInput.optional(),
      text: textInput.optional().describe('anywhere in what was before or after'),
      since: timeInput.optional(),
      until: timeInput.optional(),
      before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  },
  responses: {
    200: json('The latest first.', z.object({ changes: z.array(changeSchema) })),
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
