import { createMiddleware } from 'hono/factory'
import type { Role } from '../../../shared/staff.ts'
import type { Person } from '../../access/staff/accounts.ts'
import { authorFor, type Reading, readings } from '../../acts/permissions.ts'
import { seesEverything } from '../../acts/place.ts'
import type { Env } from '../../http/context.ts'
import { ApiFailure } from '../../http/errors.ts'

export function refuseReading(person: Person, reading: Reading): void {
  refuseOtherRoles(person, readings[reading])
}

export function refuseOtherRoles(person: Person, needs: readonly Role[]): void {
  if (!authorFor(person, needs)) throw new ApiFailure(403, 'not_allowed', `This is for ${needs.join(', ')}.`)
}

/** Lets in whose role may read it; of what they are told is what they see. */
export const mayRead = (reading: Reading) =>
  createMiddleware<Env>(async (c, next) => {
    refuseReading(c.get('session').person, reading)
    await next()
  })

/** Lets in who may read what is of the whole cloud: nobody who may see a part of it. */
export const mayReadAll = (reading: Reading) =>
  createMiddleware<Env>(async (c, next) => {
    const { person } = c.get('session')
    refuseReading(person, reading)
    if (!seesEverything(person))
      throw new ApiFailure(
        404,
        'out_of_sight',
        'This is of all programmes and stores, and you may see a part of them.',
      )
    await next()
  })
