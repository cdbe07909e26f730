import { createRoute } from '@hono/zod-openapi'
import {
  type DaysReport,
  daysReportQuerySchema,
  daysReportSchema,
  type Expiry,
  expiryQuerySchema,
  expirySchema,
  type Liability,
  liabilityQuerySchema,
  liabilitySchema,
  type StoresReport,
  storesReportQuerySchema,
  storesReportSchema,
} from '../../../shared/console/reports.ts'
import { dayAfter, localDayOf } from '../../../shared/rules/localTime.ts'
import { DAY } from '../../../shared/time.ts'
import type { App, Doors } from '../../http/context.ts'
import { ApiFailure } from '../../http/errors.ts'
import { readDays } from '../../insight/reports/days.ts'
import { readExpiry } from '../../insight/reports/expiry.ts'
import { readLiability } from '../../insight/reports/liability.ts'
import { readStoresReport } from '../../insight/reports/stores.ts'
import type { Columns } from '../csv.ts'
import { findInSight, refusePart } from '../sight.ts'
import { notInSight, ofStaff, staffProblems } from './describe.ts'
import { mayRead } from './mayRead.ts'
import { csvReply, jsonOrCsv } from './reply.ts'

const liability = createRoute({
  method: 'get',
  path: '/v1/console/reports/liability',
  summary: 'What a programme owes in points, now or at a moment that is over',
  ...ofStaff,
  request: { query: liabilityQuerySchema },
  responses: { 200: jsonOrCsv('To the point.', liabilitySchema), ...staffProblems, ...notInSight },
})

const expiry = createRoute({
  method: 'get',
  path: '/v1/console/reports/expiry',
  summary: 'Which points die when',
  ...ofStaff,
  request: { query: expiryQuerySchema },
  responses: { 200: jsonOrCsv('By month.', expirySchema), ...staffProblems, ...notInSight },
})

const stores = createRoute({
  method: 'get',
  path: '/v1/console/reports/stores',
  summary: 'Stores side by side',
  description: 'Of at most 92 days.',
  ...ofStaff,
  request: { query: storesReportQuerySchema },
  responses: {
    200: jsonOrCsv('Those in sight, by name.', storesReportSchema),
    ...staffProblems,
    ...notInSight,
  },
})

const days = createRoute({
  method: 'get',
  path: '/v1/console/reports/days',
  summary: 'What each store did on each of its days',
  description: 'Of at most 92 days. Receipts without a card are not among it: registers tell of none.',
  ...ofStaff,
  request: { query: daysReportQuerySchema },
  responses: {
    200: jsonOrCsv('Those in sight, the latest day first.', daysReportSchema),
    ...staffProblems,
    ...notInSight,
  },
})

const LONGEST_DAYS = 92
const USUAL_DAYS = 30

interface Around extends Doors {
  timeZone: string
}

export function reportRoutes(app: App, { sql, now, timeZone }: Around) {
  app.use('/v1/console/reports/*', mayRead('reports'))

  app.openapi(liability, async (c) => {
    const { format, at, since, ...where } = c.req.valid('query')
    const place = await findInSight(sql, c.get('session').person, where, timeZone)
    refusePart(place)
    const found = await readLiability(sql, { ...place, at, since, now: now() })
    if (typeof found === 'string') throw new ApiFailure(400, found, untold[found])
    if (format === 'json') return c.json(found, 200)
    return csvReply(c, { name: 'liability', rows: linesOf(found), columns: liabilityColumns })
  })

  app.openapi(expiry, async (c) => {
    const { format, ...where } = c.req.valid('query')
    const place = await findInSight(sql, c.get('session').person, where, timeZone)
    refusePart(place)
    const found = await readExpiry(sql, { ...place, now: now() })
    if (format === 'json') return c.json(found, 200)
    return csvReply(c, { name: 'expiry', rows: [...found.behind, ...found.ahead], columns: expiryColumns })
  })

  app.openapi(stores, async (c) => {
    const { format, since: from, until: to, ...where } = c.req.valid('query')
    const place = await findInSight(sql, c.get('session').person, where, timeZone)
    const until = to ?? now()
    const since = from ?? until - USUAL_DAYS * DAY
    if (since >= until || until - since > LONGEST_DAYS * DAY)
      throw new ApiFailure(400, 'time_too_long', `A time of 1 to ${LONGEST_DAYS} days is expected.`)
    const found = await readStoresReport(sql, { ...place, since, until, now: now() })
    if (format === 'json') return c.json(found, 200)
    return csvReply(c, { name: 'stores-report', rows: found.stores, columns: storesColumns })
  })

  app.openapi(days, async (c) => {
    const { format, since: from, until: to, ...where } = c.req.valid('query')
    const place = await findInSight(sql, c.get('session').person, where, timeZone)
    const until = to ?? localDayOf(now(), place.timeZone)
    const since = from ?? dayAfter(until, 1 - USUAL_DAYS)
    if (since > until || dayAfter(since, LONGEST_DAYS) <= until)
      throw new ApiFailure(400, 'time_too_long', `A time of 1 to ${LONGEST_DAYS} days is expected.`)
    const found = await readDays(sql, { ...place, since, until, now: now() })
    if (format === 'json') return c.json(found, 200)
    return csvReply(c, { name: 'days', rows: found.days, columns: daysColumns })
  })
}

const untold = {
  no_history: 'This moment has not come, or its history is not kept any more.',
  since_after_at: '`since` is a moment before `at`.',
}

type Line = [what: string, which: string | null, points: number]

function linesOf({ points, held, byAge, byExpiry, byStore, flow }: Liability): Line[] {
  return [
    ['owed', null, points],
    ['held', null, held],
    ...byAge.map(({ age, points }): Line => ['age', age, points]),
    ...byExpiry.map(({ month, points }): Line => ['expires in', month, points]),
    ...byStore.map(({ store, points }): Line => ['home store', store?.name ?? null, points]),
    ...(flow ? [['owed before', flow.since, flow.opening] satisfies Line] : []),
    ...(flow?.parts ?? []).map(({ cause, points }): Line => ['since then', cause, points]),
  ]
}

const liabilityColumns: Columns<Line> = {
  what: ([what]) => what,
  which: ([, which]) => which,
  points: ([, , points]) => points,
}

const expiryColumns: Columns<Expiry['ahead'][number] | Expiry['behind'][number]> = {
  month: ({ month }) => month,
  due: (month) => ('due' in month ? month.due : null),
  expired: (month) => ('expired' in month ? month.expired : null),
  alive: (month) => ('points' in month ? month.points : null),
  customers: (month) => ('customers' in month ? month.customers : null),
  expected: (month) => ('expected' in month ? month.expected : null),
}

const storesColumns: Columns<StoresReport['stores'][number]> = {
  store: ({ store }) => store.name,
  purchases: ({ purchases }) => purchases,
  customers: ({ customers }) => customers,
  kopecks: ({ kopecks }) => kopecks,
  average_kopecks: ({ averageKopecks }) => averageKopecks,
  earned: ({ earned }) => earned,
  spent: ({ spent }) => spent,
  redemption_bp: ({ shares }) => shares.redemption,
  refunds_bp: ({ shares }) => shares.refunds,
  not_taken_bp: ({ shares }) => shares.notTaken,
  typed_bp: ({ shares }) => shares.typed,
  duplicates_bp: ({ shares }) => shares.duplicates,
  parked_bp: ({ shares }) => shares.parked,
  outliers: ({ outliers }) => outliers.join(' '),
}

const daysColumns: Columns<DaysReport['days'][number]> = {
  day: ({ day }) => day,
  store: ({ store }) => store.name,
  operations: ({ operations }) => operations,
  purchases: ({ purchases }) => purchases,
  kopecks: ({ kopecks }) => kopecks,
  refunds: ({ refunds }) => refunds,
  refund_kopecks: ({ refundKopecks }) => refundKopecks,
  earned: ({ earned }) => earned,
  spent: ({ spent }) => spent,
  taken_back: ({ takenBack }) => takenBack,
  given_back: ({ givenBack }) => givenBack,
}
