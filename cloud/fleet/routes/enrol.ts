import { createRoute } from '@hono/zod-openapi'
import { enrolReplySchema, enrolRequestSchema } from '../../../shared/api.ts'
import { enrolRegister } from '../../access/registers/enrolment.ts'
import type { App, Doors } from '../../http/context.ts'
import { body, commonProblems, json, problem } from '../../http/describe.ts'
import { ApiFailure } from '../../http/errors.ts'
import { payFirst } from '../../http/strangers.ts'

const PATH = '/v1/enrol'

const enrol = createRoute({
  method: 'post',
  path: PATH,
  summary: 'Exchange a pairing code for a register key',
  request: body(enrolRequestSchema),
  responses: {
    200: json('The key is shown this once.', enrolReplySchema),
    403: problem('The code is wrong, used, or older than 15 minutes.'),
    ...commonProblems,
  },
})

export function enrolRoutes(app: App, cloud: Doors) {
  app.use(PATH, payFirst(cloud, 'failedEnrolments'))

  app.openapi(enrol, async (c) => {
    const enrolled = await enrolRegister(cloud.sql, c.req.valid('json'), cloud.now())
    if (!enrolled) {
      throw new ApiFailure(
        403,
        'pairing_code_invalid',
        'The code is wrong, used, or older than 15 minutes: ask IT for a new one.',
      )
    }
    return c.json(enrolled, 200)
  })
}
