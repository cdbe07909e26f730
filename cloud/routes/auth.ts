import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Register } from '../access/registers.ts'
import type { Cloud, Env } from './context.ts'
import { ApiFailure } from './errors.ts'

const LONGEST_KEY = 200

const unauthorized = () => new ApiFailure(401, 'unauthorized', 'A valid register key is required.')

/** Only who has the key itself hears this: the register may forget what it knew of customers. */
const revoked = () =>
  new ApiFailure(401, 'register_revoked', 'The key of this register was revoked: it must be enrolled again.')

/** `Authorization: Bearer <key>` of a register. */
export const registerOnly = (cloud: Cloud) =>
  createMiddleware<Env>(async (c, next) => {
    c.set('register', await authenticate(cloud, keyOf(c)))
    await next()
  })

/** `x-store-api-key` of an old file agent: the key of a register that IT made for it. */
export const agentOnly = (cloud: Cloud) =>
  createMiddleware<Env>(async (c, next) => {
    c.set('register', await authenticate(cloud, c.req.header('x-store-api-key')))
    await next()
  })

/** The key that a request brings, of whatever form; absent where it brings none that could be one. */
export function keyOf(c: Context): string | undefined {
  const [scheme, key] = (c.req.header('authorization') ?? '').split(' ')
  return scheme?.toLowerCase() === 'bearer' && key && key.length <= LONGEST_KEY ? key : undefined
}

async function authenticate(cloud: Cloud, key: string | undefined): Promise<Register> {
  if (!key || key.length > LONGEST_KEY) throw unauthorized()
  const register = await cloud.keyring.look(key)
  if (register === 'revoked') throw revoked()
  if (!register) throw unauthorized()
  return register
}
