/** As much of JSON Schema as zod writes. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  format?: string
  pattern?: string
  default?: unknown
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  additionalProperties?: boolean | Schema
}

type Content = Record<string, { schema?: Schema }>

interface Described {
  summary?: string
  description?: string
  security?: Record<string, unknown>[]
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[]
  requestBody?: { content?: Content }
  responses?: Record<string, { description?: string; content?: Content }>
}

/** As much of OpenAPI as we write. */
export interface Document {
  info: { title: string; version: string; description?: string }
  paths?: Record<string, Record<string, Described>>
  components?: {
    schemas?: Record<string, Schema>
    securitySchemes?: Record<string, { description?: string }>
  }
}

export interface Route {
  method: string
  path: string
  anchor: string
  described: Described
}

export interface Group {
  title: string
  /** How to be let in. */
  key: string | null
  routes: Route[]
}

const TITLES: [string | null, string][] = [
  [null, 'Anyone'],
  ['register', 'Registers'],
  ['telegram', 'The Mini App'],
  ['agent', 'Old file agents'],
]

/** The routes by who may ask them; who is of no group we know stands last, under their own name. */
export function groupsOf({ paths = {}, components }: Document): Group[] {
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      ...{ method, path, described },
      anchor: `${method}${path.replace(/\W+/g, '-')}`,
    })),
  )
  const byKey = Map.groupBy(routes, ({ described }) => Object.keys(described.security?.[0] ?? {})[0] ?? null)
  const known = TITLES.filter(([key]) => byKey.has(key))
  const others = [...byKey.keys()].filter((key) => !TITLES.some(([known]) => known === key))
  return [...known, ...others.map((key) => [key, key ?? ''] as const)].map(([key, title]) => ({
    title,
    key: key === null ? null : (components?.securitySchemes?.[key]?.description ?? key),
    routes: byKey.get(key) ?? [],
  }))
}

export const jsonOf = (content: Content | undefined) => content?.['application/json']?.schema
export const nameOf = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1)
