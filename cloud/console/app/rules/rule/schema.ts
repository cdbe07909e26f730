import type { z } from 'zod'
import { ruleSchema } from '../../../../../shared/rules/rule.ts'
import { type FieldSpec, specOf } from '../../kit/specs.ts'

/** One of several forms that something may have, told apart by its `type`. */
export interface Variant {
  type: string
  title: string
  fields: FieldSpec[]
}

const { award, when } = ruleSchema.shape

/** What a rule can give, and what it can ask of a purchase: all that the schema of rules knows. */
export const awards = award.options.map(variantOf)
export const conditions = when.unwrap().element.options.map(variantOf)

function variantOf(schema: z.ZodObject<{ type: z.ZodLiteral<string> }>): Variant {
  const { type, ...fields } = schema.shape
  return {
    ...{ type: type.value, title: schema.meta()?.title ?? type.value },
    fields: Object.entries(fields as Record<string, z.ZodType>).map(([name, field]) => specOf(name, field)),
  }
}
