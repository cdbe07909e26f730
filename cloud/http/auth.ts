import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Register } from '../access/registers/registers.ts'
import type { Doors, Env } from './context.ts'
import { ApiFailure, pace } from './errors.ts'
import { turnAway } from './strangers.ts'

const LONGEST_KEY = 200

const unauthorized = () => new ApiFailure(401, 'unauthorized', 'A valid register key is required.')

/** Only who has the key itself hears this: the register may forget what it knew of customers. */
const revoked = () =>
  new ApiFailure(401, 'register_revoked', 'The key of this register was revoked: it must be enrolled again.')

/** `Authorization: Bearer <key>` of a register. */
export const registerOnly = (cloud: Doors) =>
  createMiddleware<Env>(async (c, next) => {
    c.set('register', await authenticate(c, cloud, keyOf(c)))
    await next()
  })

/** `x-store-api-key` of an old file agent: the key of a register that IT made for it. */
export const agentOnly = (cloud: Doors) =>
  createMiddleware<Env>(async (c, next) => {
    c.set('register', await authenticate(c, cloud, c.req.header('x-store-api-key')))
    await next()
  })

/** Takes the token of a request whose body has not been read yet. */
export const paced = (cloud: Doors, account: 'requests' | 'operations') =>
  createMiddleware<Env>(async (c, next) => {
    pace(cloud.limiters[account], c.get('register').id, cloud.now())
    await next()
  })

/** The key that a request brings, of whatever form; absent where it brings none that could be one. */
export function keyOf(c: Context): string | undefined {
  const [scheme, key] = (c.req.header('authorization') ?? '').split(' ')
  return scheme?.toLowerCase() === 'bearer' && key && key.length <= LONGEST_KEY ? key : undefined
}

async function authenticate(c: Context, cloud: Doors, key: string | undefined): Promise<Register> {
  const register = key && key.length <= LONGEST_KEY ? await cloud.keyring.look(key) : null
  if (register === 'revoked') throw turnAway(c, cloud, revoked())
  if (!register) throw turnAway(c, cloud, unauthorized())
  return register
}
