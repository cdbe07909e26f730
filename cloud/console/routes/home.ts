import { createRoute } from '@hono/zod-openapi'
import { homeQuerySchema, homeSchema } from '../../../shared/console/home.ts'
import type { App, Doors } from '../../http/context.ts'
import { json } from '../../http/describe.ts'
import { readHome } from '../read/home.ts'
import { findInSight } from '../sight.ts'
import { notInSight, ofStaff, staffProblems } from './describe.ts'
import { mayRead } from './mayRead.ts'

const show = createRoute({
  method: 'get',
  path: '/v1/console/home',
  summary: 'What is owed, what expires when, whether members come back, and what is off today',
  ...ofStaff,
  request: { query: homeQuerySchema },
  responses: { 200: json('Each figure with its moment.', homeSchema), ...staffProblems, ...notInSight },
})

interface Around extends Doors {
  timeZone: string
}

export function homeRoutes(app: App, { sql, now, timeZone }: Around) {
  app.use(show.path, mayRead('home'))
  app.openapi(show, async (c) => {
    const { person } = c.get('session')
    const { of, ...where } = c.req.valid('query')
    const place = await findInSight(sql, person, where, timeZone)
    return c.json(await readHome(sql, { person, place, of, now: now() }), 200)
  })
}
