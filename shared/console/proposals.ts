import { z } from 'zod'
import { instantSchema } from '../operation.ts'
import { roleSchema } from '../staff.ts'
import { csvQuery, idSchema } from './list.ts'

const stateSchema = z.enum(['open', 'lapsed', 'done', 'rejected'])

export const proposalsQuerySchema = z.object({
  state: stateSchema.optional(),
  before: z.coerce.number().pipe(idSchema).optional().describe('older than this one'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  ...csvQuery,
})

export const proposalSchema = z.object({
  id: idSchema,
  act: z.string(),
  input: z.unknown(),
  programmeId: idSchema,
  points: z.int().nullable().describe('what customers get by it; below zero it is taken from them'),
  kopecks: z.int().nullable(),
  hash: z.string().describe('whoever approves says what they have seen'),
  needs: z.array(roleSchema).describe('one approval of each'),
  approvals: z.array(z.object({ account: z.string(), at: instantSchema })),
  awaits: z
    .array(roleSchema)
    .describe('of which roles an approval would bring it nearer; empty: it is decided'),
  proposedBy: z.string(),
  proposedAt: instantSchema,
  expiresAt: instantSchema,
  state: stateSchema,
  decidedBy: z.string().nullable(),
  decidedAt: instantSchema.nullable(),
  reason: z.string().nullable(),
  isBreakGlass: z.boolean().describe('done by one person alone'),
  reviewedBy: z.string().nullable(),
})
export const proposalsSchema = z.object({
  proposals: z.array(proposalSchema),
  decided: z
    .object({
      days: z.int(),
      done: z.int(),
      rejected: z.int(),
      lapsed: z.int(),
      alone: z.int().describe('by one person, without approvals'),
      middleSeconds: z.number().nullable().describe('to the last approval or the rejection'),
      slowSeconds: z.number().nullable().describe('within which nine of ten were decided'),
    })
    .describe('of the latest days, whatever was asked for'),
})

/** What an act answers: it was done, or it is too much for one person and was proposed. */
export const doneSchema = z.object({
  status: z.literal('done'),
  result: z.unknown().describe('what the command of the same name answers with --json'),
})
export const proposedSchema = z.object({
  status: z.literal('proposed'),
  proposal: z.object({
    id: idSchema,
    act: z.string(),
    points: z.int().nullable().describe('null: it could not be told beforehand'),
    kopecks: z.int().nullable(),
    needs: z.array(roleSchema),
    hash: z.string(),
    expiresAt: instantSchema,
  }),
})
