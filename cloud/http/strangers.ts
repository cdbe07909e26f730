import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Doors } from './context.ts'
import type { ApiFailure } from './errors.ts'
import { networkOf } from './network.ts'
import { pay } from './pay.ts'
import { senderOf } from './sender.ts'

type Account = 'failedEnrolments' | 'strangers'

/**
 * Where there is no key to show, the network pays before a byte of the body is read, so that also what is sent at
 * once is counted. What was not its fault is paid back.
 */
export const payFirst = ({ limiters, now }: Pick<Doors, 'limiters' | 'now'>, account: Account) =>
  createMiddleware(async (c, next) => {
    const network = networkOf(senderOf(c))
    pay(limiters[account], network, now())
    await next()
    const isFault = c.res.status >= 400 && c.res.status < 500
    if (!isFault) limiters[account].spend(network, now(), -1)
  })

/** As `payFirst`, for what writes something down whoever asks: it is not paid back. */
export const payForGood = ({ limiters, now }: Pick<Doors, 'limiters' | 'now'>, account: Account) =>
  createMiddleware(async (c, next) => {
    pay(limiters[account], networkOf(senderOf(c)), now())
    await next()
  })

/** Says no to who has no key. A network that heard it too often is to wait; who has a key is never asked to. */
export function turnAway(
  c: Context,
  { limiters, now }: Pick<Doors, 'limiters' | 'now'>,
  failure: ApiFailure,
): ApiFailure {
  pay(limiters.strangers, networkOf(senderOf(c)), now())
  return failure
}
