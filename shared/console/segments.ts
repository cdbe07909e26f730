import { z } from 'zod'
import { instantSchema } from '../operation.ts'
import { segmentName } from '../rules/rule.ts'
import { definitionSchema } from '../segments/definition.ts'
import { listQuery, pageOf, programmeQuery } from './list.ts'

const segmentSorts = ['title', 'members'] as const
export const segmentKinds = ['built_in', 'own', 'used'] as const

export const segmentsQuerySchema = z.object({
  ...programmeQuery,
  kind: z
    .enum(segmentKinds)
    .optional()
    .describe('used: by a rule of a book that is valid or will be, or by a campaign that has not ended'),
  sort: z.enum(segmentSorts).default('title'),
  ...listQuery,
})

const segmentSchema = z.object({
  name: z.string(),
  title: z.string(),
  definition: z.looseObject({ type: z.string() }).describe('as `segment.add` takes it'),
  isBuiltIn: z.boolean(),
  members: z.int().describe('counted for this answer'),
  uses: z.array(z.object({ by: z.enum(['rule', 'campaign']), name: z.string(), title: z.string() })),
  savedAt: instantSchema.nullable(),
  savedBy: z.string().nullable(),
})
export type Segment = z.infer<typeof segmentSchema>

export const segmentsSchema = pageOf('segments', segmentSchema)

export const segmentParam = z.object({ name: segmentName })
export const segmentQuerySchema = z.object(programmeQuery)
export const oneSegmentSchema = segmentSchema.extend({ asOf: instantSchema })

export const previewQuerySchema = z.strictObject({
  programme: z.coerce.number().int().min(1).max(2_000_000_000).optional(),
  name: segmentName.optional().describe('with this one it is not compared'),
  definition: definitionSchema,
})

/** What a segment would be. */
export const previewSchema = z.object({
  customers: z.int().describe('of the programme'),
  members: z.int(),
  examples: z
    .array(
      z.object({
        id: z.int(),
        card: z.string(),
        firstName: z.string().nullable(),
        purchases: z.int(),
        netKopecks: z.int(),
        lastPurchaseAt: instantSchema.nullable(),
      }),
    )
    .describe('ten at most, the newest first'),
  overlap: z
    .array(z.object({ name: z.string(), title: z.string(), members: z.int(), both: z.int() }))
    .describe('how many are in another one, and in both'),
  asOf: instantSchema,
})
export type SegmentPreview = z.infer<typeof previewSchema>
