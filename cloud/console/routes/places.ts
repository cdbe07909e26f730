import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import {
  type ProgrammeSettings,
  programmeSettingsSchema,
  programmesSchema,
  type Stores,
  settingsQuerySchema,
  storesQuerySchema,
  storesSchema,
} from '../../../shared/console/places.ts'
import { settingsSchema } from '../../../shared/programme.ts'
import { toIso } from '../../../shared/time.ts'
import type { App, Doors } from '../../http/context.ts'
import { json } from '../../http/describe.ts'
import { readFrozenAt } from '../../ledger/programme.ts'
import { thresholdsSchema } from '../../ledger/thresholds.ts'
import type { Columns } from '../csv.ts'
import { readProgrammes, readStores } from '../read/places.ts'
import { findInSight } from '../sight.ts'
import { notInSight, ofStaff, staffProblems } from './describe.ts'
import { mayRead } from './mayRead.ts'
import { csvReply, jsonOrCsv } from './reply.ts'

const programmes = createRoute({
  method: 'get',
  path: '/v1/console/programmes',
  summary: 'The programmes and their stores, for whoever chooses one',
  ...ofStaff,
  responses: { 200: json('Those in sight.', programmesSchema), ...staffProblems },
})

const stores = createRoute({
  method: 'get',
  path: '/v1/console/stores',
  summary: 'The stores of a programme',
  ...ofStaff,
  request: { query: storesQuerySchema },
  responses: { 200: jsonOrCsv('Those in sight, by name.', storesSchema), ...staffProblems, ...notInSight },
})

const settings = createRoute({
  method: 'get',
  path: '/v1/console/settings',
  summary: 'By what a programme is run, beside its rule book',
  ...ofStaff,
  request: { query: settingsQuerySchema },
  responses: {
    200: json('Each with its default and its bounds.', programmeSettingsSchema),
    ...staffProblems,
  },
})

interface Around extends Doors {
  /** Of the shops whose programme has none. */
  timeZone: string
}

export function placeRoutes(app: App, { sql, now, timeZone }: Around) {
  app.use(programmes.path, mayRead('stores'))
  app.openapi(programmes, async (c) => {
    const { person } = c.get('session')
    return c.json({ programmes: await readProgrammes(sql, person.sees, timeZone) }, 200)
  })

  app.use(stores.path, mayRead('stores'))
  app.openapi(stores, async (c) => {
    const { format, ...asked } = c.req.valid('query')
    const place = await findInSight(sql, c.get('session').person, asked, timeZone)
    const asOf = now()
    const found: Stores = { stores: await readStores(sql, place, asOf), asOf: toIso(asOf) }
    if (format === 'json') return c.json(found, 200)
    return csvReply(c, { name: 'stores', rows: found.stores, columns: storeColumns })
  })

  app.use(settings.path, mayRead('books'))
  app.openapi(settings, async (c) => {
    const { programmeId, name } = await findInSight(
      sql,
      c.get('session').person,
      c.req.valid('query'),
      timeZone,
    )
    const [[row], frozenAt] = await Promise.all([
      sql<{ settings: Record<string, unknown> }[]>`select settings from programmes where id = ${programmeId}`,
      readFrozenAt(sql, programmeId),
    ])
    const frozenSince = frozenAt === null ? null : toIso(frozenAt)
    return c.json(
      { programme: { id: programmeId, name }, frozenSince, settings: fieldsOf(row?.settings ?? {}) },
      200,
    )
  })
}

const storeColumns: Columns<Stores['stores'][number]> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  opens_at: ({ hours }) => hours?.opensAt,
  closes_at: ({ hours }) => hours?.closesAt,
  registers: ({ registers }) => registers,
  silent: ({ silent }) => silent,
  customers: ({ customers }) => customers,
}

const shapes = { ...settingsSchema.shape, ...thresholdsSchema.shape }

/** What a form of the settings needs to know of each, from the schema that reads them. */
function fieldsOf(stored: Record<string, unknown>): ProgrammeSettings['settings'] {
  const parsed: Record<string, unknown> = {
    ...settingsSchema.parse(stored),
    ...thresholdsSchema.parse(stored),
  }
  const defaults: Record<string, unknown> = { ...settingsSchema.parse({}), ...thresholdsSchema.parse({}) }
  return Object.entries(shapes).map(([key, schema]) => {
    const { minimum, maximum, description, enum: words, anyOf } = boundsSchema.parse(z.toJSONSchema(schema))
    const choices = words ?? anyOf?.flatMap(({ const: choice }) => choice ?? []) ?? null
    return {
      key,
      value: valueSchema.parse(parsed[key]),
      byDefault: valueSchema.parse(defaults[key]),
      min: choices ? null : (minimum ?? null),
      max: choices ? null : (maximum ?? null),
      choices,
      description: description ?? null,
    }
  })
}

const valueSchema = z.union([z.number(), z.string()])
const boundsSchema = z.object({
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  description: z.string().optional(),
  enum: z.array(valueSchema).optional(),
  anyOf: z.array(z.object({ const: valueSchema.optional() })).optional(),
})
