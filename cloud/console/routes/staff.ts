import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { languageSchema } from '../../../shared/me.ts'
import { roleSchema } from '../../../shared/staff.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import { listAccounts } from '../../access/staff/accounts.ts'
import type { App, Doors } from '../../http/context.ts'
import { json } from '../../http/describe.ts'
import { ofStaff, staffProblems } from './describe.ts'
import { mayReadAll } from './mayRead.ts'
import { idsSchema } from './session.ts'

const timeSchema = z.iso.datetime().nullable()

const staffSchema = z.object({
  staff: z.array(
    z.object({
      name: z.string(),
      roles: z.array(roleSchema),
      sees: z.object({ programmes: idsSchema, stores: idsSchema }),
      language: languageSchema,
      hasSecondFactor: z.boolean(),
      createdAt: z.iso.datetime(),
      disabledAt: timeSchema,
      lastSeenAt: timeSchema.describe('in the latest of their open sessions'),
    }),
  ),
})

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
