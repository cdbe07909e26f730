import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import {
  type CustomerRow,
  customerIdParam,
  customerSchema,
  customersQuerySchema,
  customersSchema,
  type TimelineItem,
  timelineQuerySchema,
  timelineSchema,
} from '../../../shared/console/customers.ts'
import { toIso } from '../../../shared/time.ts'
import type { App, Doors, Env } from '../../http/context.ts'
import { json } from '../../http/describe.ts'
import { originOf } from '../../http/sender.ts'
import { readSegmentsOf } from '../../insight/segments/read.ts'
import type { Columns } from '../csv.ts'
import { findKnown, type Known, readCustomer } from '../read/customer.ts'
import { listCustomers, searchCustomers, type Within } from '../read/customers.ts'
import { readTimeline } from '../read/timeline.ts'
import { noteView } from '../read/views.ts'
import { findInSight, type InSight, outOfSight } from '../sight.ts'
import { notInSight, ofStaff, staffProblems } from './describe.ts'
import { mayRead } from './mayRead.ts'
import { csvReply, jsonOrCsv, rowsOf } from './reply.ts'

const list = createRoute({
  method: 'get',
  path: '/v1/console/customers',
  summary: 'Customers: all of them, or those that a text means',
  description: 'A file of them has no names.',
  ...ofStaff,
  request: { query: customersQuerySchema },
  responses: { 200: jsonOrCsv('A page.', customersSchema), ...staffProblems, ...notInSight },
})

const show = createRoute({
  method: 'get',
  path: '/v1/console/customers/{id}',
  summary: 'What is known of a customer',
  description: 'That somebody has looked is in the log of changes: `customer view`, at most once a minute.',
  ...ofStaff,
  request: { params: customerIdParam },
  responses: { 200: json('As of now.', customerSchema), ...staffProblems, ...notInSight },
})

const timeline = createRoute({
  method: 'get',
  path: '/v1/console/customers/{id}/timeline',
  summary: 'All that happened to a customer',
  description: 'A purchase comes with what it earned by which rule, and why not more.',
  ...ofStaff,
  request: { params: customerIdParam, query: timelineQuerySchema },
  responses: { 200: jsonOrCsv('The latest first.', timelineSchema), ...staffProblems, ...notInSight },
})

interface Around extends Doors {
  timeZone: string
}

export function consoleCustomerRoutes(app: App, cloud: Around) {
  const { sql, now, timeZone } = cloud

  async function findSegment(name: string, { programmeId }: InSight): Promise<Within> {
    const segments = await readSegmentsOf(sql, { programmeId, now: now(), timeZone })
    const segment = segments.known.get(name)
    if (!segment) throw outOfSight()
    return { definition: segment.definition, ground: segments }
  }

  app.use(list.path, mayRead('customers'))
  app.openapi(list, async (c) => {
    const { q, sort, state, segment, after, format, limit: asked, ...where } = c.req.valid('query')
    const place = await findInSight(sql, c.get('session').person, where, timeZone)
    const wanted = {
      ...{ place, state, after, limit: rowsOf({ limit: asked, format }), now: now() },
      ...(segment !== undefined && { segment: await findSegment(segment, place) }),
    }
    const { customers, next } = q
      ? await searchCustomers(sql, q, wanted)
      : await listCustomers(sql, { ...wanted, sort })
    if (format === 'json') return c.json({ customers, next, asOf: toIso(wanted.now) }, 200)
    const more = next === null ? null : { after: next }
    return csvReply(c, { name: 'customers', rows: customers, columns: customerColumns, next: more })
  })

  app.use('/v1/console/customers/:id', mayRead('customers'))
  app.openapi(show, async (c) => {
    const known = await look(c, cloud, c.req.valid('param').id)
    return c.json(await readCustomer(sql, known, { now: now(), timeZone }), 200)
  })

  app.use('/v1/console/customers/:id/timeline', mayRead('customers'))
  app.openapi(timeline, async (c) => {
    const { format, limit: asked, ...wanted } = c.req.valid('query')
    const customer = await look(c, cloud, c.req.valid('param').id)
    const limit = rowsOf({ limit: asked, format })
    const { items, next } = await readTimeline(sql, { customer, ...wanted, limit })
    if (format === 'json') return c.json({ items, next, asOf: toIso(now()) }, 200)
    const more = next === null ? null : { after: next }
    return csvReply(c, { name: `customer-${customer.id}`, rows: items, columns: timelineColumns, next: more })
  })
}

/** A customer in sight; that they were looked at is written down. */
async function look(c: Context<Env>, { sql }: Around, id: number): Promise<Known> {
  const { person } = c.get('session')
  const known = await findKnown(sql, id, person.sees)
  if (!known) throw outOfSight()
  await noteView(sql, { person, card: known.card, from: originOf(c) })
  return known
}

const customerColumns: Columns<CustomerRow> = {
  id: ({ id }) => id,
  card: ({ card }) => card,
  state: ({ state }) => state,
  available: ({ available }) => available,
  waiting: ({ waiting }) => waiting,
  debt: ({ debt }) => debt,
  purchases: ({ purchases }) => purchases,
  net_kopecks: ({ netKopecks }) => netKopecks,
  last_purchase_at: ({ lastPurchaseAt }) => lastPurchaseAt,
  joined_at: ({ joinedAt }) => joinedAt,
}

const timelineColumns: Columns<TimelineItem> = {
  at: ({ at }) => at,
  type: ({ type }) => type,
  id: ({ id }) => id,
  store: (item) => ('store' in item ? item.store?.name : null),
  receipt: (item) => (item.type === 'purchase' ? item.receipt : null),
  purchase_kopecks: (item) => (item.type === 'purchase' ? item.purchaseKopecks : null),
  refund_kopecks: (item) => (item.type === 'refund' ? item.refundKopecks : null),
  points: pointsOf,
  state: (item) => ('state' in item ? item.state : null),
  who: (item) => ('author' in item ? item.author : 'who' in item ? item.who : null),
  reason: (item) => ('reason' in item ? item.reason : null),
}

/** What it did to the balance. */
function pointsOf(item: TimelineItem): number | null {
  if (item.type === 'purchase') return item.earned - item.spent
  if (item.type === 'refund') return item.givenBack - item.takenBack
  return 'points' in item ? item.points : null
}
