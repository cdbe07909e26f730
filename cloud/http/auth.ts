import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Register } from '../access/registers/registers.ts'
import type { Doors, Env } from './context.ts'
import { ApiFailure } from './errors.ts'
import { pay } from './pay.ts'
import { turnAway } from './strangers.ts'

const LONGEST_KEY = 200

const unauthorized = () => new ApiFailure(401, 'unauthorized', 'A valid register key is required.')

/** Told only to a holder of the revoked key: the register may then forget its customers. */
const revoked = () =>
  new ApiFailure(401, 'register_revoked', 'The key of this register was revoked: it must be enrolled again.')

/** `Authorization: Bearer <key>` of a register. */
export const registerOnly = (cloud: Doors) =>
  createMiddleware<Env>(async (c, next) => {
    c.set('register', await authenticate(c, cloud, keyOf(c)))
    await next()
  })

/**
 * As `registerOnly`, but from memory where the key came in before: for what goes to the ledger, which looks at the key
 * again when it executes the operations.
 */
export const registerRecalled = (cloud: Doors) =>
  createMiddleware<Env>(async (c, next) => {
    const key = keyOf(c)
    const recalled = key === undefined ? undefined : cloud.keyring.recall(key)
    c.set('register', recalled?.register ?? (await authenticate(c, cloud, key)))
    c.set('keyHash', recalled?.keyHash)
    await next()
  })

/** Looks at the key of a request that was let in from memory. */
export async function confirmKey(c: Context, cloud: Doors): Promise<void> {
  await authenticate(c, cloud, keyOf(c))
}

/** `x-store-api-key` of an old file agent: the key of a register that IT made for it. */
export const agentOnly = (cloud: Doors) =>
  createMiddleware<Env>(async (c, next) => {
    c.set('register', await authenticate(c, cloud, c.req.header('x-store-api-key')))
    await next()
  })

/** Takes the token of a request whose body has not been read yet. */
export const payAsRegister = (cloud: Doors, account: 'requests' | 'operations') =>
  createMiddleware<Env>(async (c, next) => {
    pay(cloud.limiters[account], c.get('register').id, cloud.now())
    await next()
  })

/** The key that a request brings, of whatever form; absent where it brings none that could be one. */
export const keyOf = (c: Context): string | undefined => keyIn(c.req.header('authorization'))

export function keyIn(authorization: string | undefined): string | undefined {
  const [scheme, key] = (authorization ?? '').split(' ')
  return scheme?.toLowerCase() === 'bearer' && key && key.length <= LONGEST_KEY ? key : undefined
}

async function authenticate(c: Context, cloud: Doors, key: string | undefined): Promise<Register> {
  const register = key && key.length <= LONGEST_KEY ? await cloud.keyring.look(key) : null
  if (register === 'revoked') throw turnAway(c, cloud, revoked())
  if (!register) throw turnAway(c, cloud, unauthorized())
  return register
}
