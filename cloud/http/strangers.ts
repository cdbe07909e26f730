import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Doors } from './context.ts'
import type { ApiFailure } from './errors.ts'
import { networkOf } from './network.ts'
import { pay } from './pay.ts'
import { senderOf } from './sender.ts'

type Account = 'failedEnrolments' | 'strangers'

/**
 * Where there is no key to show, the network pays before a byte of the body is read, so that requests at the same time
 * are counted too. A request that was no fault of its sender is paid back.
 */
export const payFirst = ({ limiters, now }: Pick<Doors, 'limiters' | 'now'>, account: Account) =>
  createMiddleware(async (c, next) => {
    const network = networkOf(senderOf(c))
    pay(limiters[account], network, now())
    await next()
    const isFault = c.res.status >= 400 && c.res.status < 500
    if (!isFault) limiters[account].spend(network, now(), -1)
  })

/** As `payFirst`, but never paid back: for routes that write something down for any stranger. */
export const payForGood = ({ limiters, now }: Pick<Doors, 'limiters' | 'now'>, account: Account) =>
  createMiddleware(async (c, next) => {
    pay(limiters[account], networkOf(senderOf(c)), now())
    await next()
  })

/**
 * Turns a request without a key away. A network that is turned away too often has to wait; a register with a key never
 * has.
 */
export function turnAway(
  c: Context,
  { limiters, now }: Pick<Doors, 'limiters' | 'now'>,
  failure: ApiFailure,
): ApiFailure {
  pay(limiters.strangers, networkOf(senderOf(c)), now())
  return failure
}
