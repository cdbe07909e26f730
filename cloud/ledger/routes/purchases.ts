import { createRoute } from '@hono/zod-openapi'
import { purchasesQuerySchema, purchasesReplySchema } from '../../../shared/api.ts'
import type { LookupCounts } from '../../access/registers/lookupCounts.ts'
import { registerOnly } from '../../http/auth.ts'
import type { App, Doors } from '../../http/context.ts'
import { commonProblems, json, ofRegister } from '../../http/describe.ts'
import { payLookup } from '../../http/pay.ts'
import { readSettings, readTimeZone } from '../programme.ts'
import { findPurchases } from '../purchases.ts'

const PATH = '/v1/purchases'

const find = createRoute({
  method: 'get',
  path: PATH,
  summary: 'Purchases of the store of which goods could come back',
  description:
    'Of any register of the store, the latest first, by receipt, card or day; by several of them, those that meet all. ' +
    'By a card also those of other stores, with their `store`, where `returns_of` is `programme`. ' +
    'A `receipt` is the whole number or, where that is three characters at least, how it ends. Without any, and by a ' +
    'day alone, a purchase that came later than a week is not among them. A refund names the `id`: of the whole it ' +
    'takes what the awards earned and gives back what was spent; of a part what `awards`, `refundedKopecks` and the ' +
    'money that stays deserve.',
  ...ofRegister,
  request: { query: purchasesQuerySchema },
  responses: { 200: json('A page; narrow the search for more.', purchasesReplySchema), ...commonProblems },
})

interface Around extends Doors {
  lookups: Pick<LookupCounts, 'note'>
  timeZone: string
}

export function purchaseRoutes(app: App, cloud: Around) {
  app.use(PATH, registerOnly(cloud))

  app.openapi(find, async (c) => {
    const { limit, receipt, card, day } = c.req.valid('query')
    const { id: registerId, programmeId, store } = c.get('register')
    const now = cloud.now()
    // The answer tells the name of a customer, as a look-up does.
    payLookup(cloud.limiters, registerId, now)

    const [zone, { returns_of: returnsOf }] = await Promise.all([
      readTimeZone(cloud.sql, programmeId),
      readSettings(cloud.sql, { programmeId }),
    ])
    const wanted = {
      ...{ programmeId, storeId: store.id, returnsOf, receipt, card, day, limit, now },
      zone: zone ?? cloud.timeZone,
    }
    const found = await findPurchases(cloud.sql, wanted)
    if (card !== undefined) {
      cloud.lookups.note({ registerId, card, isMissed: false, now })
      if (found.length === 0) cloud.limiters.missedLookups.spend(registerId, now)
    }
    return c.json({ purchases: found.slice(0, limit), more: found.length > limit }, 200)
  })
}
