import { createRoute } from '@hono/zod-openapi'
import {
  type StatusChange,
  statusChangesQuerySchema,
  statusChangesSchema,
  statusesQuerySchema,
  statusesSchema,
} from '../../../shared/console/statuses.ts'
import { DAY, toIso } from '../../../shared/time.ts'
import type { App, Doors } from '../../http/context.ts'
import { json } from '../../http/describe.ts'
import type { Columns } from '../csv.ts'
import { noCursor } from '../cursor.ts'
import { type ChangePlace, listStatusChanges, readStatuses } from '../read/statuses.ts'
import { findInSight, refusePart } from '../sight.ts'
import { notInSight, ofStaff, staffProblems } from './describe.ts'
import { mayRead } from './mayRead.ts'
import { csvReply, jsonOrCsv, rowsOf } from './reply.ts'

const show = createRoute({
  method: 'get',
  path: '/v1/console/statuses',
  summary: 'Who has which status, and how many came to it and left it',
  ...ofStaff,
  request: { query: statusesQuerySchema },
  responses: { 200: json('As of now.', statusesSchema), ...staffProblems, ...notInSight },
})

const changes = createRoute({
  method: 'get',
  path: '/v1/console/statuses/changes',
  summary: 'Who came to another status, when and why',
  description: 'A file of them has no names.',
  ...ofStaff,
  request: { query: statusChangesQuerySchema },
  responses: { 200: jsonOrCsv('The latest first.', statusChangesSchema), ...staffProblems, ...notInSight },
})

const USUAL_DAYS = 30

interface Around extends Doors {
  timeZone: string
}

export function statusRoutes(app: App, { sql, now, timeZone }: Around) {
  app.use(show.path, mayRead('statuses'))
  app.use(`${show.path}/*`, mayRead('statuses'))

  app.openapi(show, async (c) => {
    const { since = now() - USUAL_DAYS * DAY, ...where } = c.req.valid('query')
    const place = await findInSight(sql, c.get('session').person, where, timeZone)
    refusePart(place)
    return c.json(await readStatuses(sql, { ...place, since, now: now() }), 200)
  })

  app.openapi(changes, async (c) => {
    const { format, after, limit, since = now() - USUAL_DAYS * DAY, move, ...where } = c.req.valid('query')
    const place = await findInSight(sql, c.get('session').person, where, timeZone)
    refusePart(place)
    const found = await listStatusChanges(sql, {
      ...{ ...place, since, move, now: now(), limit: rowsOf({ limit, format }) },
      after: after === undefined ? undefined : readPlace(after),
    })
    const next = found.next && formatPlace(found.next)
    if (format === 'json') return c.json({ changes: found.changes, next, asOf: toIso(now()) }, 200)
    const more = next === null ? null : { after: next }
    return csvReply(c, { name: 'status-changes', rows: found.changes, columns, next: more })
  })
}

const formatPlace = ({ at, customerId, seq }: ChangePlace) => `${at}.${customerId}.${seq}`

function readPlace(text: string): ChangePlace {
  const [, at, customerId, seq] = /^(\d{1,15})\.(\d{1,15})\.(\d{1,9})$/.exec(text) ?? []
  if (at === undefined) throw noCursor()
  return { at: Number(at), customerId: Number(customerId), seq: Number(seq) }
}

const columns: Columns<StatusChange> = {
  customer: ({ customer }) => customer.id,
  card: ({ customer }) => customer.card,
  at: ({ at }) => at,
  before: ({ before }) => before,
  after: ({ after }) => after,
  move: ({ move }) => move,
  cause: ({ cause }) => cause,
  until: ({ until }) => until,
  who: ({ who }) => who,
  reason: ({ reason }) => reason,
}
