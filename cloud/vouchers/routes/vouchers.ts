import { createRoute } from '@hono/zod-openapi'
import { voucherQuerySchema, voucherReplySchema } from '../../../shared/api.ts'
import { refusalMessages } from '../../../shared/refusal.ts'
import { readVoucherCode } from '../../../shared/voucherCode.ts'
import { registerOnly } from '../../http/auth.ts'
import type { App, Doors } from '../../http/context.ts'
import { commonProblems, json, ofRegister, problem } from '../../http/describe.ts'
import { ApiFailure } from '../../http/errors.ts'
import { payLookup } from '../../http/pay.ts'
import { readTimeZone } from '../../ledger/programme.ts'
import { findShown, whyNotHere } from '../shown.ts'

const find = createRoute({
  method: 'get',
  path: '/v1/vouchers',
  summary: 'What a voucher gives, and whether it is good for this customer now',
  description:
    'Nothing is held by it: a `redeem` with the code holds it. Whether the purchase meets its terms is for the till to say ' +
    'beforehand, and for the ledger in the end.',
  ...ofRegister,
  request: { query: voucherQuerySchema },
  responses: {
    200: json('The terms of the voucher.', voucherReplySchema),
    404: problem('There is no such code (`voucher_not_found`).'),
    422: problem('It is not good (`voucher_refused`); `details.reason` says why.'),
    ...commonProblems,
  },
})

interface Around extends Doors {
  /** Of the shops. */
  timeZone: string
}

export function voucherRoutes(app: App, cloud: Around) {
  app.use('/v1/vouchers', registerOnly(cloud))

  app.openapi(find, async (c) => {
    const { id: registerId, programmeId, store } = c.get('register')
    const now = cloud.now()
    // A guesser of codes pays as one of cards does, for what is used as for what there never was.
    payLookup(cloud.limiters, registerId, now)

    const { code: text, card = null } = c.req.valid('query')
    // What is no code at all is looked up like one, so that it is answered no sooner.
    const hash = cloud.voucherKey().hash(readVoucherCode(text) ?? text)
    const shown = await findShown(cloud.sql, { programmeId, hash, card })
    const timeZone = (await readTimeZone(cloud.sql, programmeId)) ?? cloud.timeZone
    const reason = shown && whyNotHere(shown, { now, timeZone, storeId: store.id })
    if (shown && !reason) return c.json({ voucher: shown.standing.voucher.terms }, 200)
    cloud.limiters.missedLookups.spend(registerId, now)
    if (!shown)
      throw new ApiFailure(404, 'voucher_not_found', 'There is no such voucher. Nothing was changed.')
    const { title } = shown.standing.voucher.terms
    throw new ApiFailure(422, 'voucher_refused', refusalMessages.voucher_refused, {
      details: { reason, title },
    })
  })
}
