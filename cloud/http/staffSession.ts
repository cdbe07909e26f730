import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { SECOND } from '../../shared/time.ts'
import { isCsrfToken, isWhole, SESSION_LIFE_MS, touchSession } from '../access/staff/sessions.ts'
import type { Doors, Env } from './context.ts'
import { ApiFailure } from './errors.ts'
import { givenUp } from './givenUp.ts'
import { pay } from './pay.ts'
import { isOverTls } from './sender.ts'
import { turnAway } from './strangers.ts'

export interface OwnAddress {
  /** The address by which the world reaches this cloud, where IT has set it. */
  publicUrl: string | undefined
}

/** The name of the cookie. Over TLS it is one that no other host of the domain, and no page without TLS, can set. */
const cookieOf = (c: Context, { publicUrl }: OwnAddress) =>
  isOverTls(c, publicUrl) ? '__Host-kopilka_staff' : 'kopilka_staff'

export const readToken = (c: Context, own: OwnAddress) => getCookie(c, cookieOf(c, own))

export function keepToken(c: Context, token: string, own: OwnAddress): void {
  setCookie(c, cookieOf(c, own), token, {
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    secure: isOverTls(c, own.publicUrl),
    maxAge: SESSION_LIFE_MS / SECOND,
  })
}

export function dropToken(c: Context, own: OwnAddress): void {
  deleteCookie(c, cookieOf(c, own), { path: '/', secure: isOverTls(c, own.publicUrl) })
}

const foreign = () =>
  new ApiFailure(
    403,
    'foreign_form',
    'The form did not come from this page. Open the page anew and try again.',
  )

const changesNothing = ({ req: { method } }: Context) => method === 'GET' || method === 'HEAD'

/**
 * Lets in forms of our own pages only: before the sign-in no session has a token, but the browser says where a form is
 * from.
 */
export const ownOriginOnly = ({ publicUrl }: OwnAddress) =>
  createMiddleware(async (c, next) => {
    if (!changesNothing(c)) {
      const origin = hostOf(c.req.header('origin'))
      const own = [c.req.header('host') ?? new URL(c.req.url).host, hostOf(publicUrl)]
      if (origin === null || !own.includes(origin)) throw foreign()
    }
    await next()
  })

/** A request that changes something must bring the token of its session. */
export function refuseForeign(c: Context, given: unknown, token: string): void {
  if (!changesNothing(c) && (typeof given !== 'string' || !isCsrfToken(given, token))) throw foreign()
}

/** Marks a request that a page makes by itself, which is no sign of a person. */
const BY_PAGE_HEADER = 'x-by-page'

/** Lets in staff who are signed in to the console and have nothing left to prove. Changes bring `X-Csrf-Token`. */
export const staffOnly = (cloud: Doors & OwnAddress) =>
  createMiddleware<Env>(async (c, next) => {
    const token = readToken(c, cloud)
    const isByPerson = c.req.header(BY_PAGE_HEADER) === undefined
    const session = token ? await touchSession(cloud.sql, token, { now: cloud.now(), isByPerson }) : null
    if (!token || !session) throw turnAway(c, cloud, signedOut())
    pay(cloud.limiters.requests, `staff ${session.person.name}`, cloud.now())
    if (!isWhole(session)) throw unproven()
    refuseForeign(c, c.req.header('x-csrf-token'), token)
    c.set('session', session)
    c.header('Cache-Control', 'no-store')
    await cloud.limiters.office.within(session.person.name, next, givenUp(c))
  })

const signedOut = () =>
  new ApiFailure(401, 'signed_out', 'Nobody is signed in, or the session has ended: sign in at /console.')
const unproven = () =>
  new ApiFailure(403, 'second_factor_missing', 'This account needs a second factor: set it up at /console.')

function hostOf(url: string | undefined): string | null {
  return url && URL.canParse(url) ? new URL(url).host : null
}
