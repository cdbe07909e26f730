import type { Random } from '../desktop/register/rig/random.ts'

/** What the fuzzer knows of a schema of OpenAPI. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  format?: string
  const?: unknown
  enum?: unknown[]
  oneOf?: Schema[]
  anyOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  minimum?: number
}

interface Sampling {
  components: Record<string, Schema>
  /** What a field of this name is in this world. */
  known: Record<string, () => unknown>
  random: Random
}

/** Something that the schema allows, as far as it says what that is. */
export function sampleOf(schema: Schema, { components, known, random }: Sampling, name = ''): unknown {
  const sample = (inner: Schema, inName = name) => sampleOf(inner, { components, known, random }, inName)
  const named = schema.$ref && components[schema.$ref.split('/').at(-1) ?? '']
  if (named) return sample(named)
  if (schema.const !== undefined) return schema.const
  if (known[name]) return known[name]()
  if (schema.enum) return random.pick(schema.enum)
  const choices = schema.oneOf ?? schema.anyOf
  if (choices) return sample(random.pick(choices))
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => sample(part)))
  const type = Array.isArray(schema.type) ? random.pick(schema.type) : schema.type
  switch (type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {})
      const there = fields.filter(([field]) => schema.required?.includes(field) || random.chance(0.5))
      return Object.fromEntries(there.map(([field, inner]) => [field, sample(inner, field)]))
    }
    case 'array':
      return Array.from({ length: random.int(1, 3) }, () => sample(schema.items ?? {}))
    case 'string':
      return 'x'
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1)
    case 'boolean':
      return random.chance(0.5)
    default:
      return null
  }
}
