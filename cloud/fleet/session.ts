import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { SECOND } from '../../shared/time.ts'
import {
  csrfTokenOf,
  isWhole,
  SESSION_LIFE_MS,
  type Session,
  touchSession,
} from '../access/staff/sessions.ts'
import { authorFor, readings } from '../acts/permissions.ts'
import { seesEverything } from '../acts/place.ts'
import { readForm } from '../http/body.ts'
import type { Doors } from '../http/context.ts'
import { ApiFailure } from '../http/errors.ts'
import { givenUp } from '../http/givenUp.ts'
import { isOverTls } from '../http/sender.ts'
import * as staff from '../http/staffSession.ts'
import type { Viewer } from './pages/layout.ts'

export type FleetEnv = { Variables: { viewer: Viewer; session: Session; token: string } }

/** Of who signed in here and not to the console. */
const COOKIE = 'kopilka_it'

/** What the page fetches by itself, without a person. */
const isByPage = (path: string) => path.endsWith('/live') || path === '/fleet/table'

/** The fleet is every store, so it is shown to nobody who may not see them all. */
export function mayEnter(session: Session): boolean {
  const { person, hasSecondFactor } = session
  // An account that is of IT alone and has set up nothing still comes in with its password, as before the console.
  const isAsBefore = person.roles.join() === 'it' && !hasSecondFactor
  return (
    authorFor(person, readings.fleet) !== null && seesEverything(person) && (isWhole(session) || isAsBefore)
  )
}

/** Lets in who has a session; a person is led to the sign-in, a script is told. */
export const sessionOnly = (cloud: Pick<Doors, 'sql' | 'now' | 'limiters'> & staff.OwnAddress) =>
  createMiddleware<FleetEnv>(async (c, next) => {
    const isByPerson = !isByPage(c.req.path)
    const found = await findOpen(c, cloud, isByPerson)
    if (!found) {
      if (isByPerson) return c.redirect('/fleet/login', 303)
      return c.text('The session has ended.', 401)
    }
    if (!mayEnter(found.session))
      throw new ApiFailure(
        403,
        'not_allowed',
        'The fleet is for IT and owners who see every store, with their second factor.',
      )
    c.set('token', found.token)
    c.set('session', found.session)
    const { name: account } = found.session.person
    c.set('viewer', { account, csrf: csrfTokenOf(found.token) })
    await cloud.limiters.office.within(account, next, givenUp(c))
  })

/** A session of the console is one of the fleet, too. */
async function findOpen(
  c: Context,
  { sql, now, publicUrl }: Pick<Doors, 'sql' | 'now'> & staff.OwnAddress,
  isByPerson: boolean,
): Promise<{ token: string; session: Session } | null> {
  for (const token of [staff.readToken(c, { publicUrl }), getCookie(c, COOKIE)]) {
    const session = token ? await touchSession(sql, token, { now: now(), isByPerson }) : null
    if (token && session) return { token, session }
  }
  return null
}

export function keepToken(c: Context, token: string, { publicUrl }: staff.OwnAddress): void {
  setCookie(c, COOKIE, token, {
    path: '/fleet',
    httpOnly: true,
    sameSite: 'Strict',
    secure: isOverTls(c, publicUrl),
    maxAge: SESSION_LIFE_MS / SECOND,
  })
}

export function dropToken(c: Context, own: staff.OwnAddress): void {
  deleteCookie(c, COOKIE, { path: '/fleet' })
  staff.dropToken(c, own)
}

/** The token of the session must be in every form. */
export const ownFormOnly = createMiddleware<FleetEnv>(async (c, next) => {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD')
    staff.refuseForeign(c, (await readForm(c)).csrf, c.get('token'))
  await next()
})
