import { createRoute } from '@hono/zod-openapi'
import {
  changesQuerySchema,
  changesReplySchema,
  customerQuerySchema,
  customerReplySchema,
} from '../../../shared/api.ts'
import { cardOfCode } from '../../../shared/cardText.ts'
import { refusalMessages } from '../../../shared/refusal.ts'
import { isLive, isSignedCode, type SignedCode } from '../../../shared/signedCode.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Codes } from '../../access/people/codes.ts'
import type { LookupCounts } from '../../access/registers/lookupCounts.ts'
import { registerOnly } from '../../http/auth.ts'
import type { App, Doors } from '../../http/context.ts'
import { commonProblems, json, ofRegister, problem } from '../../http/describe.ts'
import { ApiFailure } from '../../http/errors.ts'
import { pay, payLookup } from '../../http/pay.ts'
import { readChanges } from '../changes.ts'
import { readCounts } from '../loadCounts.ts'
import { findCustomerIn } from '../read.ts'

const find = createRoute({
  method: 'get',
  path: '/v1/customers',
  summary: 'Find a customer by card or QR text',
  description: 'The text of a QR is `99` and the card, the card alone, or a signed code of the Mini App.',
  ...ofRegister,
  request: { query: customerQuerySchema },
  responses: {
    200: json('The customer, dead points left out.', customerReplySchema),
    404: problem('Nobody has this card.'),
    422: problem('The signed code was altered (`code_altered`), or its time is over (`code_too_old`).'),
    ...commonProblems,
  },
})

const changes = createRoute({
  method: 'get',
  path: '/v1/customers/changes',
  summary: 'Customers of this store that changed since a cursor, for recognition without a network',
  description:
    'Those with an accepted operation in this store within `offline_customers_days`; of the others nothing is told. ' +
    '`erased` means: forget the card, because the customer was erased or not seen here for too long. A page with ' +
    '`begins` is the first of the whole list: what is not in it and the pages after it is to be forgotten.',
  ...ofRegister,
  request: { query: changesQuerySchema },
  responses: { 200: json('A page; ask again with its cursor.', changesReplySchema), ...commonProblems },
})

interface Around extends Doors {
  codes: Pick<Codes, 'read'>
  lookups: Pick<LookupCounts, 'note'>
  timeZone: string
}

export function customerRoutes(app: App, cloud: Around) {
  app.use('/v1/customers/*', registerOnly(cloud))
  const findWithCounts = (whom: { programmeId: number; card: string; now: Instant }) =>
    Promise.all([
      findCustomerIn(cloud.sql, whom),
      readCounts(cloud.sql, { ...whom, timeZone: cloud.timeZone }),
    ])

  app.openapi(find, async (c) => {
    const { id: registerId, programmeId } = c.get('register')
    const now = cloud.now()
    payLookup(cloud.limiters, registerId, now)

    const named = namedBy(c.req.valid('query').code, cloud.codes, now)
    const [customer, counts] =
      'card' in named ? await findWithCounts({ programmeId, card: named.card, now }) : [null]
    if ('card' in named)
      cloud.lookups.note({ registerId, card: named.card, isMissed: customer === null, now })
    if (customer) return c.json({ customer: { ...customer, ...(counts && { counts }) } }, 200)
    cloud.limiters.missedLookups.spend(registerId, now)
    throw 'miss' in named ? named.miss : notFound()
  })

  app.openapi(changes, async (c) => {
    const { since, limit } = c.req.valid('query')
    const now = cloud.now()
    const { id, programmeId, store } = c.get('register')
    pay(cloud.limiters.requests, id, now)
    const { timeZone } = cloud
    const page = await cloud.limiters.pages.within(id, () =>
      readChanges(cloud.sql, { programmeId, storeId: store.id, since, limit, now, timeZone }),
    )
    return c.json({ ...page, asOf: toIso(now) }, 200)
  })
}

/** The card that a text stands for, or why it stands for none. */
function namedBy(
  text: string,
  codes: Pick<Codes, 'read'>,
  now: Instant,
): { card: string } | { miss: ApiFailure } {
  if (isSignedCode(text)) {
    const code = codes.read(text)
    if (!code) return { miss: new ApiFailure(422, 'code_altered', 'The signed code is damaged or forged.') }
    return isLive(code, now) ? code : { miss: tooOld(code) }
  }
  const card = cardOfCode(text)
  return card === null ? { miss: notFound() } : { card }
}

const notFound = () => new ApiFailure(404, 'customer_not_found', refusalMessages.customer_not_found)

function tooOld({ expiresAt }: SignedCode): ApiFailure {
  const message = 'The time of the signed code is over: the Mini App shows the next one.'
  return new ApiFailure(422, 'code_too_old', message, { details: { expiredAt: toIso(expiresAt) } })
}
