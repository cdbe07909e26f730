import { z } from 'zod'
import { languageSchema } from '../me.ts'
import { roleSchema } from '../staff.ts'
import { idSchema } from './list.ts'

const idsSchema = z.array(idSchema).nullable().describe('null: all of them')
export const seesSchema = z.object({ programmes: idsSchema, stores: idsSchema })

export const sessionSchema = z.object({
  name: z.string(),
  roles: z.array(roleSchema),
  sees: seesSchema,
  language: languageSchema,
  csrf: z.string().describe('goes into X-Csrf-Token of whatever changes something'),
  acts: z.array(z.string()).describe('what the roles let them do'),
  readings: z.array(z.string()).describe('what the roles let them see'),
})
