import { createRoute } from '@hono/zod-openapi'
import {
  oneSegmentSchema,
  previewQuerySchema,
  previewSchema,
  type Segment,
  segmentParam,
  segmentQuerySchema,
  segmentsQuerySchema,
  segmentsSchema,
} from '../../../shared/console/segments.ts'
import { toIso } from '../../../shared/time.ts'
import type { Person } from '../../access/staff/accounts.ts'
import type { App, Doors } from '../../http/context.ts'
import { body, json } from '../../http/describe.ts'
import { previewSegment } from '../../insight/segments/preview.ts'
import { readSegmentsOf, type Segments } from '../../insight/segments/read.ts'
import type { Columns } from '../csv.ts'
import { noCursor } from '../cursor.ts'
import { findSegment, listSegments } from '../read/segments.ts'
import { findInSight, outOfSight, refusePart } from '../sight.ts'
import { notInSight, ofStaff, staffProblems } from './describe.ts'
import { mayRead } from './mayRead.ts'
import { csvReply, jsonOrCsv, rowsOf } from './reply.ts'

const list = createRoute({
  method: 'get',
  path: '/v1/console/segments',
  summary: 'Segments, with how many customers are in each and what goes by it',
  ...ofStaff,
  request: { query: segmentsQuerySchema },
  responses: { 200: jsonOrCsv('A page.', segmentsSchema), ...staffProblems, ...notInSight },
})

const show = createRoute({
  method: 'get',
  path: '/v1/console/segments/{name}',
  summary: 'One segment',
  description: 'Who is in it: `/v1/console/customers?segment=`.',
  ...ofStaff,
  request: { params: segmentParam, query: segmentQuerySchema },
  responses: { 200: json('As of now.', oneSegmentSchema), ...staffProblems, ...notInSight },
})

const preview = createRoute({
  method: 'post',
  path: '/v1/console/segments/preview',
  summary: 'Who would be in a segment that is not saved',
  description: 'Nothing is changed by it.',
  ...ofStaff,
  request: body(previewQuerySchema),
  responses: { 200: json('As of now.', previewSchema), ...staffProblems, ...notInSight },
})

interface Around extends Doors {
  timeZone: string
}

export function segmentRoutes(app: App, { sql, now, timeZone }: Around) {
  app.use(list.path, mayRead('segments'))
  app.use(`${list.path}/*`, mayRead('segments'))

  /** Who is in a segment is of the whole programme. */
  async function segmentsOf(person: Person, where: { programme?: number | undefined }): Promise<Segments> {
    const place = await findInSight(sql, person, where, timeZone)
    refusePart(place)
    return await readSegmentsOf(sql, { programmeId: place.programmeId, now: now(), timeZone })
  }

  app.openapi(list, async (c) => {
    const { format, after, limit: asked, kind, sort, ...where } = c.req.valid('query')
    const all = await listSegments(sql, await segmentsOf(c.get('session').person, where), { kind, sort })
    const start = after === undefined ? 0 : all.findIndex(({ name }) => name === after) + 1
    if (after !== undefined && start === 0) throw noCursor()
    const end = start + rowsOf({ limit: asked, format })
    const segments = all.slice(start, end)
    const next = end < all.length ? (segments.at(-1)?.name ?? null) : null
    if (format === 'json') return c.json({ segments, next, asOf: toIso(now()) }, 200)
    const more = next === null ? null : { after: next }
    return csvReply(c, { name: 'segments', rows: segments, columns, next: more })
  })

  app.openapi(show, async (c) => {
    const segments = await segmentsOf(c.get('session').person, c.req.valid('query'))
    const found = await findSegment(sql, segments, c.req.valid('param').name)
    if (!found) throw outOfSight()
    return c.json({ ...found, asOf: toIso(now()) }, 200)
  })

  app.openapi(preview, async (c) => {
    const { name, definition, ...where } = c.req.valid('json')
    const segments = await segmentsOf(c.get('session').person, where)
    const { examples, ...seen } = await previewSegment(sql, { name, definition }, segments)
    const shown = examples.map(({ lastPurchaseAt, ...example }) => ({
      ...example,
      lastPurchaseAt: lastPurchaseAt === null ? null : toIso(lastPurchaseAt),
    }))
    return c.json({ ...seen, examples: shown, asOf: toIso(now()) }, 200)
  })
}

const columns: Columns<Segment> = {
  name: ({ name }) => name,
  title: ({ title }) => title,
  is_built_in: ({ isBuiltIn }) => isBuiltIn,
  members: ({ members }) => members,
  used_by: ({ uses }) => uses.map(({ by, name }) => `${by} ${name}`).join('; '),
  saved_at: ({ savedAt }) => savedAt,
  saved_by: ({ savedBy }) => savedBy,
}
