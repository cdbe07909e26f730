import { z } from 'zod'
import { languageSchema } from '../me.ts'
import { instantSchema } from '../operation.ts'
import { roleSchema } from '../staff.ts'
import { csvQuery } from './list.ts'
import { seesSchema } from './session.ts'

export const staffQuerySchema = z.object(csvQuery)

export const staffSchema = z.object({
  staff: z.array(
    z.object({
      name: z.string(),
      roles: z.array(roleSchema),
      sees: seesSchema,
      language: languageSchema,
      hasSecondFactor: z.boolean(),
      createdAt: instantSchema,
      disabledAt: instantSchema.nullable(),
      lastSeenAt: instantSchema.nullable().describe('in the latest of their open sessions'),
    }),
  ),
})
