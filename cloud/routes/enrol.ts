import { createRoute } from '@hono/zod-openapi'
import { enrolReplySchema, enrolRequestSchema } from '../../shared/api.ts'
import { enrolRegister } from '../access/enrolment.ts'
import type { App, Cloud } from './context.ts'
import { body, commonProblems, json, problem } from './describe.ts'
import { ApiFailure, pace } from './errors.ts'
import { senderOf } from './sender.ts'

const enrol = createRoute({
  method: 'post',
  path: '/v1/enrol',
  summary: 'Exchange a pairing code for a register key',
  request: body(enrolRequestSchema),
  responses: {
    200: json('The key is shown this once.', enrolReplySchema),
    403: problem('The code is wrong, used, or older than 15 minutes.'),
    ...commonProblems,
  },
})

export function enrolRoutes(app: App, cloud: Cloud) {
  app.openapi(enrol, async (c) => {
    const sender = senderOf(c)
    const now = cloud.now()
    // Paid before the answer is known, so that guesses sent at once are counted; a right code is paid back.
    pace(cloud.limiters.failedEnrolments, sender, now)

    const enrolled = await enrolRegister(cloud.sql, c.req.valid('json'), now)
    if (!enrolled) {
      throw new ApiFailure(
        403,
        'pairing_code_invalid',
        'The code is wrong, used, or older than 15 minutes: ask IT for a new one.',
      )
    }
    cloud.limiters.failedEnrolments.spend(sender, now, -1)
    return c.json(enrolled, 200)
  })
}
