import { createRoute } from '@hono/zod-openapi'
import type { z } from 'zod'
import { staffQuerySchema, staffSchema } from '../../../shared/console/staff.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import { listAccounts } from '../../access/staff/accounts.ts'
import type { App, Doors } from '../../http/context.ts'
import type { Columns } from '../csv.ts'
import { ofStaff, staffProblems } from './describe.ts'
import { mayReadAll } from './mayRead.ts'
import { csvReply, jsonOrCsv } from './reply.ts'

const list = createRoute({
  method: 'get',
  path: '/v1/console/staff',
  summary: 'Who works here, and what they may do',
  ...ofStaff,
  request: { query: staffQuerySchema },
  responses: { 200: jsonOrCsv('All accounts, by name.', staffSchema), ...staffProblems },
})

export function staffRoutes(app: App, { sql }: Doors) {
  app.use('/v1/console/staff', mayReadAll('staff'))

  app.openapi(list, async (c) => {
    const accounts = await listAccounts(sql)
    const iso = (at: Instant | null) => (at === null ? null : toIso(at))
    const staff = accounts.map(({ createdAt, disabledAt, lastSeenAt, ...account }) => ({
      ...account,
      ...{ createdAt: toIso(createdAt), disabledAt: iso(disabledAt), lastSeenAt: iso(lastSeenAt) },
    }))
    if (c.req.valid('query').format === 'json') return c.json({ staff }, 200)
    return csvReply(c, { name: 'staff', rows: staff, columns })
  })
}

const columns: Columns<z.infer<typeof staffSchema>['staff'][number]> = {
  name: ({ name }) => name,
  roles: ({ roles }) => roles.join(' '),
  programmes: ({ sees }) => sees.programmes?.join(' ') ?? 'all',
  stores: ({ sees }) => sees.stores?.join(' ') ?? 'all',
  second_factor: ({ hasSecondFactor }) => hasSecondFactor,
  created_at: ({ createdAt }) => createdAt,
  disabled_at: ({ disabledAt }) => disabledAt,
  last_seen_at: ({ lastSeenAt }) => lastSeenAt,
}
