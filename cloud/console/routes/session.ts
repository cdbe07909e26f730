import { createRoute } from '@hono/zod-openapi'
import { sessionSchema } from '../../../shared/console/session.ts'
import { csrfTokenOf } from '../../access/staff/sessions.ts'
import { acts } from '../../acts/acts.ts'
import { authorFor, readings } from '../../acts/permissions.ts'
import type { App, Doors } from '../../http/context.ts'
import { json } from '../../http/describe.ts'
import { type OwnAddress, readToken, staffOnly } from '../../http/staffSession.ts'
import { ofStaff, staffProblems } from './describe.ts'

const show = createRoute({
  method: 'get',
  path: '/v1/console/session',
  summary: 'Who is signed in to the console, and what they may do',
  ...ofStaff,
  responses: { 200: json('The session.', sessionSchema), ...staffProblems },
})

export function sessionRoutes(app: App, cloud: Doors & OwnAddress) {
  app.use('/v1/console/*', staffOnly(cloud))

  app.openapi(show, (c) => {
    const { person, language } = c.get('session')
    const { name, roles, sees } = person
    const reply = {
      ...{ name, roles, sees, language },
      csrf: csrfTokenOf(readToken(c, cloud) ?? ''),
      acts: acts.filter(({ needs }) => authorFor(person, needs)).map((act) => act.name),
      readings: Object.entries(readings).flatMap(([reading, needs]) =>
        authorFor(person, needs) ? [reading] : [],
      ),
    }
    return c.json(reply, 200)
  })
}
