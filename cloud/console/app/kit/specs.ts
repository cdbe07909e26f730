import { z } from 'zod'

/** A field of a form, as its schema describes it. */
export type FieldSpec = { name: string; isOptional: boolean; unit: string | null } & (
  | { kind: 'choice'; choices: string[] }
  | { kind: 'number' }
  | { kind: 'flag' }
  | { kind: 'text'; longest: number | null }
  | { kind: 'list'; isOfNumbers: boolean }
)

const describedSchema = z.object({
  enum: z.array(z.string()).optional(),
  type: z.string().optional(),
  items: z.object({ type: z.string() }).optional(),
  maxLength: z.number().optional(),
  unit: z.string().optional(),
})

export function specOf(name: string, schema: z.ZodType): FieldSpec {
  const described = describedSchema.parse(z.toJSONSchema(schema, { io: 'input' }))
  const { enum: choices, type, items, unit = null } = described
  const common = { name, unit, isOptional: schema.safeParse(undefined).success }
  if (choices) return { ...common, kind: 'choice', choices }
  if (type === 'array') return { ...common, kind: 'list', isOfNumbers: items?.type !== 'string' }
  if (type === 'boolean') return { ...common, kind: 'flag' }
  if (type === 'string') return { ...common, kind: 'text', longest: described.maxLength ?? null }
  return { ...common, kind: 'number' }
}

/** People type roubles and percents; a rouble has 100 kopecks, a percent 100 basis points. */
export const scaleOf = ({ unit }: Pick<FieldSpec, 'unit'>): 1 | 100 =>
  unit === 'kopecks' || unit === 'basis points' ? 100 : 1

/** Of what people type, in the units of the document; null where it is no number of at most its hundredths. */
export function numberOf(text: string, scale: 1 | 100): number | null {
  const plain = text.replaceAll(/\s/g, '').replace(',', '.')
  const form = scale === 100 ? /^\d{1,9}(\.\d{1,2})?$/ : /^\d{1,9}$/
  return form.test(plain) ? Math.round(Number(plain) * scale) : null
}
