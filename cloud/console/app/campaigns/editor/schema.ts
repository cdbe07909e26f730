import { z } from 'zod'
import { ruleSchema } from '../../../../../shared/rules/rule.ts'

export type Part =
  | { kind: 'number'; unit: string | null }
  | { kind: 'text' }
  | { kind: 'choice'; choices: string[] }
  | { kind: 'numbers' | 'texts' }

/** One field of a form, as its schema describes it. */
export interface Described {
  key: string
  title: string
  isNeeded: boolean
  part: Part
}

/** One of several forms that something may have, told apart by its `type`. */
export interface Variant {
  type: string
  title: string
  fields: Described[]
}

interface Json {
  title?: string
  type?: string
  unit?: string
  const?: string
  enum?: string[]
  items?: Json
  oneOf?: Json[]
  properties?: Record<string, Json>
  required?: string[]
  /** Of what has an id. */
  $defs?: Record<string, Json>
}

const rule = (z.toJSONSchema(ruleSchema, { io: 'input', unrepresentable: 'any' }) as Json).$defs?.Rule

/** What a rule can give, and what it can ask of a purchase: all that the schema of rules knows. */
export const awards = variantsOf(rule?.properties?.award)
export const conditions = variantsOf(rule?.properties?.when?.items)

function variantsOf(json: Json | undefined): Variant[] {
  return (json?.oneOf ?? []).map(({ title = '', properties = {}, required = [] }) => {
    const { type, ...fields } = properties
    return {
      ...{ type: type?.const ?? '', title },
      fields: Object.entries(fields).map(([key, field]) => ({
        ...{ key, title: field.title ?? key, isNeeded: required.includes(key), part: partOf(field) },
      })),
    }
  })
}

function partOf({ type, unit, enum: choices, items }: Json): Part {
  if (choices) return { kind: 'choice', choices }
  if (type === 'array') return { kind: items?.type === 'string' ? 'texts' : 'numbers' }
  return type === 'string' ? { kind: 'text' } : { kind: 'number', unit: unit ?? null }
}
