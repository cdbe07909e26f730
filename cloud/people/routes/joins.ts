import { createRoute } from '@hono/zod-openapi'
import { joinsReplySchema } from '../../../shared/api.ts'
import { toIso } from '../../../shared/time.ts'
import { payAsRegister, registerOnly } from '../../http/auth.ts'
import type { App, Doors } from '../../http/context.ts'
import { commonProblems, json, ofRegister } from '../../http/describe.ts'
import { readJoins } from '../joins.ts'

const joins = createRoute({
  method: 'get',
  path: '/v1/register/joins',
  summary: 'Who has joined at this register in the last ten minutes',
  description:
    'By its `joinHereUrl`. A till asks every few seconds while that link is seen, and at no other time.',
  ...ofRegister,
  responses: { 200: json('The latest first.', joinsReplySchema), ...commonProblems },
})

export function joinRoutes(app: App, cloud: Doors) {
  app.use('/v1/register/joins', registerOnly(cloud), payAsRegister(cloud, 'requests'))

  app.openapi(joins, async (c) => {
    const { id: registerId } = c.get('register')
    const joined = await readJoins(cloud.sql, { registerId, now: cloud.now() })
    return c.json({ joined: joined.map(({ at, ...customer }) => ({ ...customer, at: toIso(at) })) }, 200)
  })
}
