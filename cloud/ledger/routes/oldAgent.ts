import { createRoute } from '@hono/zod-openapi'
import { agentConfirmReplySchema, agentConfirmSchema, agentDiscountsSchema } from '../../../shared/api.ts'
import { newId } from '../../../shared/id.ts'
import { discountRubles } from '../../../shared/money.ts'
import type { Outcome } from '../../../shared/operation.ts'
import { mendText } from '../../../shared/text.ts'
import { toIso } from '../../../shared/time.ts'
import { agentOnly, payAsRegister } from '../../http/auth.ts'
import type { App, Doors } from '../../http/context.ts'
import { body, commonProblems, json, problem } from '../../http/describe.ts'
import { ApiFailure } from '../../http/errors.ts'
import { authorOf } from '../account.ts'
import { claimPendingHolds } from '../claim.ts'
import { readSettings } from '../programme.ts'
import type { Queue } from '../queue.ts'
import type { Request } from '../request.ts'
import { statusOf } from './refusals.ts'

const ofAgent = { security: [{ agent: [] }] }

const claim = createRoute({
  method: 'get',
  path: '/api/1c/pending-discounts',
  summary: 'Claim the discounts that wait in this store (old file agents)',
  description: 'A discount is handed out once: whoever gets it here must confirm it.',
  ...ofAgent,
  responses: {
    200: json('The claimed discounts, in whole rubles.', agentDiscountsSchema),
    ...commonProblems,
  },
})

const confirm = createRoute({
  method: 'post',
  path: '/api/1c/confirm-discount',
  summary: 'Tell whether 1C took a claimed discount (old file agents)',
  ...ofAgent,
  request: body(agentConfirmSchema),
  responses: {
    200: json('Settled so, now or before.', agentConfirmReplySchema),
    404: problem('This store has no such discount.'),
    409: problem('It was settled the other way before.'),
    422: problem('A rule refused it.'),
    ...commonProblems,
  },
})

interface Around extends Doors {
  queue: Pick<Queue, 'submit'>
  holdSeconds: number | undefined
}

export function oldAgentRoutes(app: App, cloud: Around) {
  app.use('/api/1c/*', agentOnly(cloud))
  // Hono answers HEAD by running GET, which would claim discounts and throw them away.
  app.use('/api/1c/*', async (c, next) => {
    if (c.req.method === 'HEAD')
      throw new ApiFailure(405, 'method_not_allowed', 'A claim must be read: use GET.')
    await next()
  })
  app.use('/api/1c/*', payAsRegister(cloud, 'requests'))

  app.openapi(claim, async (c) => {
    const { programmeId, store } = c.get('register')
    const { hold_seconds } = await readSettings(cloud.sql, { programmeId, holdSeconds: cloud.holdSeconds })
    const context = { now: cloud.now(), holdSeconds: hold_seconds }
    const holds = await claimPendingHolds(cloud.sql, store.id, context)
    const discounts = holds.map(({ id, points, voucherKopecks, createdAt, until }) => ({
      id,
      discountAmount: discountRubles({ points, voucherKopecks }),
      transactionId: id,
      createdAt: toIso(createdAt),
      expiresAt: toIso(until),
    }))
    return c.json(discounts, 200)
  })

  app.openapi(confirm, async (c) => {
    const { id, status, errorMessage } = c.req.valid('json')
    const register = c.get('register')
    const now = cloud.now()
    const base = { id: newId(now), at: now, redeemId: id }
    const author = authorOf(register)
    const request: Request =
      status === 'applied'
        ? { ...base, author, kind: 'apply' }
        : {
            ...base,
            author,
            kind: 'release',
            reason: mendText(errorMessage ?? '', 200) || 'the agent could not hand it over',
          }
    c.set('operationIds', [request.id, id])
    const [outcome] = await cloud.queue.submit([request])
    if (!outcome) throw new Error('the ledger did not answer')
    if (outcome.status === 'accepted' || isSettledSo(outcome, status))
      return c.json({ success: true as const, outcome }, 200)
    throw new ApiFailure(statusOf[outcome.code], outcome.code, outcome.message, { details: outcome.details })
  })
}

/** Whether the hold is settled already as the agent says: without ids of its own, an agent may send a confirmation again. */
function isSettledSo(outcome: Outcome, status: 'applied' | 'failed'): boolean {
  if (outcome.status !== 'refused' || outcome.code !== 'already_resolved') return false
  return outcome.details.resolution === (status === 'applied' ? 'applied' : 'released')
}
