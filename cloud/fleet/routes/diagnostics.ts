import { createRoute } from '@hono/zod-openapi'
import { diagnosticsReplySchema, diagnosticsRequestSchema } from '../../../shared/api.ts'
import { keepDiagnostics } from '../../access/registers/diagnostics.ts'
import { payAsRegister, registerOnly } from '../../http/auth.ts'
import type { App, Doors } from '../../http/context.ts'
import { body, commonProblems, json, ofRegister, problem } from '../../http/describe.ts'

const PATH = '/v1/diagnostics'

const deliver = createRoute({
  method: 'post',
  path: PATH,
  summary: 'Deliver the diagnostics file that IT asked for',
  description: 'A heartbeat says `diagnosticsWanted`. What nobody asked for is not kept.',
  ...ofRegister,
  request: body(diagnosticsRequestSchema),
  responses: {
    200: json('Whether it was wanted, and kept.', diagnosticsReplySchema),
    ...commonProblems,
    413: problem('The file is larger than 256 KiB.'),
  },
})

export function diagnosticsRoutes(app: App, cloud: Doors) {
  app.use(PATH, registerOnly(cloud), payAsRegister(cloud, 'requests'))

  app.openapi(deliver, async (c) => {
    const { id: registerId } = c.get('register')
    const now = cloud.now()
    const content = JSON.stringify(c.req.valid('json'))
    return c.json({ isKept: await keepDiagnostics(cloud.sql, { registerId, content, now }) }, 200)
  })
}
