import { createRoute } from '@hono/zod-openapi'
import {
  changesQuerySchema,
  changesReplySchema,
  customerQuerySchema,
  customerReplySchema,
} from '../../shared/api.ts'
import { cardOfCode } from '../../shared/card.ts'
import { refusalMessages } from '../../shared/refusal.ts'
import { toIso } from '../../shared/time.ts'
import { readChanges } from '../ledger/changes.ts'
import { findCustomer } from '../ledger/read.ts'
import { registerOnly } from './auth.ts'
import type { App, Cloud } from './context.ts'
import { commonProblems, json, ofRegister, problem } from './describe.ts'
import { ApiFailure, pace, tooMany } from './errors.ts'

const find = createRoute({
  method: 'get',
  path: '/v1/customers',
  summary: 'Find a customer by card or QR text',
  ...ofRegister,
  request: { query: customerQuerySchema },
  responses: {
    200: json('The customer, dead points left out.', customerReplySchema),
    404: problem('Nobody has this card.'),
    ...commonProblems,
  },
})

const changes = createRoute({
  method: 'get',
  path: '/v1/customers/changes',
  summary: 'Customers that changed since a cursor, for recognition without a network',
  ...ofRegister,
  request: { query: changesQuerySchema },
  responses: { 200: json('A page; ask again with its cursor.', changesReplySchema), ...commonProblems },
})

export function customerRoutes(app: App, cloud: Cloud) {
  app.use('/v1/customers/*', registerOnly(cloud))

  app.openapi(find, async (c) => {
    const registerId = c.get('register').id
    const now = cloud.now()
    const { lookups, missedLookups } = cloud.limiters
    // Both hits and misses tell a guesser something; misses more, so they cost more.
    const wait = missedLookups.waitSeconds(registerId, now)
    if (wait > 0) throw tooMany(wait)
    pace(lookups, registerId, now)

    const card = cardOfCode(c.req.valid('query').code)
    const customer = card === null ? null : await findCustomer(cloud.sql, card, now)
    if (!customer) {
      missedLookups.spend(registerId, now)
      throw new ApiFailure(404, 'customer_not_found', refusalMessages.customer_not_found)
    }
    return c.json({ customer }, 200)
  })

  app.openapi(changes, async (c) => {
    const { since, limit } = c.req.valid('query')
    const now = cloud.now()
    pace(cloud.limiters.requests, c.get('register').id, now)
    const page = await readChanges(cloud.sql, { since, limit, now })
    return c.json({ ...page, asOf: toIso(now) }, 200)
  })
}
