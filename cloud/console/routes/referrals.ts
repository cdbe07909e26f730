import { createRoute } from '@hono/zod-openapi'
import { type Referral, referralsQuerySchema, referralsSchema } from '../../../shared/console/referrals.ts'
import { toIso } from '../../../shared/time.ts'
import type { App, Doors } from '../../http/context.ts'
import { type ListedReferral, listReferrals } from '../../referrals/read.ts'
import type { Columns } from '../csv.ts'
import { formatPlace, placeOf } from '../cursor.ts'
import { findInSight } from '../sight.ts'
import { notInSight, ofStaff, staffProblems } from './describe.ts'
import { mayRead } from './mayRead.ts'
import { csvReply, jsonOrCsv, rowsOf } from './reply.ts'

const list = createRoute({
  method: 'get',
  path: '/v1/console/referrals',
  summary: 'Who came by whose link, and what became of it',
  description: 'Who sees a part of the stores is told of friends who were seen there.',
  ...ofStaff,
  request: { query: referralsQuerySchema },
  responses: { 200: jsonOrCsv('The latest first.', referralsSchema), ...staffProblems, ...notInSight },
})

const LATEST_FIRST = 'invited'

export function referralRoutes(app: App, { sql, now, timeZone }: Doors & { timeZone: string }) {
  app.use(list.path, mayRead('referrals'))
  app.openapi(list, async (c) => {
    const { person } = c.get('session')
    const { format, after, limit: asked, state, ...where } = c.req.valid('query')
    const { programmeId, stores } = await findInSight(sql, person, where, timeZone)
    const limit = rowsOf({ limit: asked, format })
    const place = placeOf(after, LATEST_FIRST)
    const found = await listReferrals(sql, {
      ...{ programmeId, stores, state, limit: limit + 1 },
      after: place && { at: place.key, id: place.id },
    })
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    const next = last ? formatPlace(LATEST_FIRST, { key: last.invitedAt, id: last.referee.id }) : null
    const referrals = page.map(view)
    if (format === 'json') return c.json({ referrals, next, asOf: toIso(now()) }, 200)
    const more = next === null ? null : { after: next }
    return csvReply(c, { name: 'referrals', rows: referrals, columns, next: more })
  })
}

const moment = (at: number | null) => (at === null ? null : toIso(at))

const view = ({ invitedAt, purchase, dueAt, settledAt, ...row }: ListedReferral): Referral => ({
  ...row,
  invitedAt: toIso(invitedAt),
  purchase: purchase && { ...purchase, at: toIso(purchase.at) },
  dueAt: moment(dueAt),
  settledAt: moment(settledAt),
})

const columns: Columns<Referral> = {
  card: ({ referee }) => referee.card,
  invited_by: ({ referrer }) => referrer.card,
  invited_at: ({ invitedAt }) => invitedAt,
  state: ({ state }) => state,
  reason: ({ reason }) => reason,
  note: ({ note }) => note,
  purchase: ({ purchase }) => purchase?.id,
  purchase_at: ({ purchase }) => purchase?.at,
  store: ({ purchase }) => purchase?.store?.name,
  register: ({ purchase }) => purchase?.register?.name,
  due_at: ({ dueAt }) => dueAt,
  settled_at: ({ settledAt }) => settledAt,
  decided_by: ({ decidedBy }) => decidedBy,
  referrer_points: ({ referrerPoints }) => referrerPoints,
  referee_points: ({ refereePoints }) => refereePoints,
}
