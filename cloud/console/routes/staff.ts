import { createRoute } from '@hono/zod-openapi'
import { staffSchema } from '../../../shared/console/staff.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import { listAccounts } from '../../access/staff/accounts.ts'
import type { App, Doors } from '../../http/context.ts'
import { json } from '../../http/describe.ts'
import { ofStaff, staffProblems } from './describe.ts'
import { mayReadAll } from './mayRead.ts'

const list = createRoute({
  method: 'get',
  path: '/v1/console/staff',
  summary: 'Who works here, and what they may do',
  ...ofStaff,
  responses: { 200: json('All accounts, by name.', staffSchema), ...staffProblems },
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
    return c.json({ staff }, 200)
  })
}
