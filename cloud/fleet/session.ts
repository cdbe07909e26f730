import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { SECOND } from '../../shared/time.ts'
import { csrfTokenOf, findSession, isCsrfToken, SESSION_LIFE_MS } from '../access/staff/sessions.ts'
import { readForm } from '../http/body.ts'
import type { Doors } from '../http/context.ts'
import { ApiFailure } from '../http/errors.ts'
import { isOverTls } from '../http/sender.ts'
import type { Viewer } from './pages/layout.ts'

export type FleetEnv = { Variables: { viewer: Viewer; token: string } }

interface OwnAddress {
  /** Where the world reaches this cloud, if somebody has said so. */
  publicUrl: string | undefined
}

const COOKIE = 'kopilka_it'

/** What the page fetches by itself, without a person. */
const isByPage = (path: string) => path.endsWith('/live') || path === '/fleet/table'

/** Lets in who has a session; a person is led to the sign-in, a script is told. */
export const sessionOnly = ({ sql, now }: Pick<Doors, 'sql' | 'now'>) =>
  createMiddleware<FleetEnv>(async (c, next) => {
    const token = getCookie(c, COOKIE)
    const isByPerson = !isByPage(c.req.path)
    const session = token ? await findSession(sql, token, { now: now(), isByPerson }) : null
    if (!token || !session) {
      if (isByPerson) return c.redirect('/fleet/login', 303)
      return c.text('The session has ended.', 401)
    }
    c.set('token', token)
    c.set('viewer', { account: session.account, csrf: csrfTokenOf(token) })
    await next()
  })

export function keepToken(c: Context, token: string, { publicUrl }: OwnAddress): void {
  setCookie(c, COOKIE, token, {
    path: '/fleet',
    httpOnly: true,
    sameSite: 'Strict',
    secure: isOverTls(c, publicUrl),
    maxAge: SESSION_LIFE_MS / SECOND,
  })
}

export function dropToken(c: Context): void {
  deleteCookie(c, COOKIE, { path: '/fleet' })
}

const foreign = () =>
  new ApiFailure(
    403,
    'foreign_form',
    'The form did not come from this page. Open the page anew and try again.',
  )

/** Before the sign-in there is no session whose token a form could carry; the browser says where it is from. */
export const ownOriginOnly = ({ publicUrl }: OwnAddress) =>
  createMiddleware(async (c, next) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      const origin = hostOf(c.req.header('origin'))
      const own = [c.req.header('host') ?? new URL(c.req.url).host, hostOf(publicUrl)]
      if (origin === null || !own.includes(origin)) throw foreign()
    }
    await next()
  })

/** The token of the session must be in every form. */
export const ownFormOnly = createMiddleware<FleetEnv>(async (c, next) => {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
    const { csrf } = await readForm(c)
    if (typeof csrf !== 'string' || !isCsrfToken(csrf, c.get('token'))) throw foreign()
  }
  await next()
})

function hostOf(url: string | undefined): string | null {
  return url && URL.canParse(url) ? new URL(url).host : null
}
