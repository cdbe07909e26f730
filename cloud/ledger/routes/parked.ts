import { createRoute } from '@hono/zod-openapi'
import { handOverReplySchema, handOverRequestSchema } from '../../../shared/api.ts'
import { payAsRegister, registerOnly } from '../../http/auth.ts'
import type { App, Doors } from '../../http/context.ts'
import { body, commonProblems, json, ofRegister } from '../../http/describe.ts'
import { fileParked } from '../parked.ts'

const PATH = '/v1/parked'

const handOver = createRoute({
  method: 'post',
  path: PATH,
  summary: 'Hand over an operation that was refused and that nobody at the register can mend',
  description: 'It becomes a discrepancy for a person of the chain. Told again, it is filed once.',
  ...ofRegister,
  request: body(handOverRequestSchema),
  responses: { 200: json('A person will see it.', handOverReplySchema), ...commonProblems },
})

export function parkedRoutes(app: App, cloud: Doors) {
  app.use(PATH, registerOnly(cloud), payAsRegister(cloud, 'requests'))

  app.openapi(handOver, async (c) => {
    const register = c.get('register')
    await fileParked(cloud.sql, c.req.valid('json'), { register, now: cloud.now() })
    return c.json({ isFiled: true } as const, 200)
  })
}
