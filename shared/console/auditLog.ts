import { z } from 'zod'
import { instantSchema } from '../operation.ts'
import { textSchema } from '../text.ts'
import { csvQuery, factsSchema, listQuery, timeQuery } from './list.ts'

const textQuery = textSchema(100).optional()

export const auditLogQuerySchema = z.object({
  subject: textQuery,
  who: textQuery.describe('a part of it'),
  action: textQuery,
  text: textQuery.describe('anywhere in what was before or after'),
  since: timeQuery.optional(),
  until: timeQuery.optional(),
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: listQuery.limit,
  ...csvQuery,
})

export const changeSchema = z.object({
  id: z.int(),
  at: instantSchema,
  who: z.string().describe('the role in which it was done, and the account'),
  action: z.string(),
  subject: z.string(),
  before: factsSchema,
  after: factsSchema,
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  requestId: z
    .string()
    .nullable()
    .describe('as the log of the cloud names the request; null: no request of a browser'),
  proposal: z.int().nullable().describe('under which it was done'),
})
/** The latest first. Where a page ends, the next one is `before` the last id of it. */
export const auditLogSchema = z.object({ changes: z.array(changeSchema) })
