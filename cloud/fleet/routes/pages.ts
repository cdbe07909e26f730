import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Logger } from 'pino'
import { z } from 'zod'
import { known } from '../../../shared/known.ts'
import { shownLines } from '../../../shared/text.ts'
import { endSession, logIn, touchSession } from '../../access/staff/sessions.ts'
import type { SignInQueue } from '../../access/staff/signInQueue.ts'
import { perform } from '../../acts/act.ts'
import { makePairingCode } from '../../acts/registers.ts'
import { readForm } from '../../http/body.ts'
import type { Doors } from '../../http/context.ts'
import { ApiFailure } from '../../http/errors.ts'
import { networkOf } from '../../http/network.ts'
import { ownFilesOnly } from '../../http/pageHeaders.ts'
import { sendAsset } from '../../http/pages/assets.ts'
import { originOf } from '../../http/sender.ts'
import * as staff from '../../http/staffSession.ts'
import { payFirst } from '../../http/strangers.ts'
import { readDetail, readFile } from '../detail.ts'
import { filterSchema } from '../filter.ts'
import { type Action, actionPage, actions, codePage, isActionName } from '../pages/actions.ts'
import { pageScript } from '../pages/assets.ts'
import { fleetPage, fleetTable } from '../pages/fleetPage.ts'
import { type Html, messagePage } from '../pages/layout.ts'
import { loginPage } from '../pages/loginPage.ts'
import { registerDetail, registerPage } from '../pages/registerPage.ts'
import { readFleet } from '../read.ts'
import { dropToken, type FleetEnv, keepToken, mayEnter, ownFormOnly, sessionOnly } from '../session.ts'

interface Around extends Doors {
  publicUrl: string | undefined
  timeZone: string
  log: Logger
  /** One line of all who want to sign in, at whichever page. */
  signInQueue: SignInQueue
}

/** The pages for the chain's IT. */
export function fleetPages(cloud: Around, failureOf: (error: Error) => ApiFailure) {
  const { sql, now, timeZone } = cloud
  const app = new Hono<FleetEnv>()
  app.use(ownFilesOnly)
  app.use(staff.ownOriginOnly(cloud))
  app.use(async (c, next) => {
    c.header('cache-control', 'no-store')
    await next()
  })
  app.onError((error, c) => {
    const { status, code, message, retryAfterSeconds } = failureOf(error)
    if (retryAfterSeconds !== undefined) c.header('retry-after', String(retryAfterSeconds))
    return show(c, messagePage({ title: 'Не получилось', text: textOf(code, message), viewer: null }), status)
  })

  app.get(`/assets/${pageScript.name}`, (c) => sendAsset(c, pageScript))
  app.get('/assets/:name', () => {
    throw notThere()
  })
  app.get('/login', (c) => show(c, loginPage({ name: '', problem: null })))
  app.post('/login', payFirst(cloud, 'strangers'), (c) => signIn(c, cloud))

  app.use(sessionOnly(cloud))
  app.use(ownFormOnly)

  app.post('/logout', async (c) => {
    await endSession(sql, c.get('token'))
    dropToken(c, cloud)
    return c.redirect('/fleet/login', 303)
  })
  app.get('/', async (c) => {
    const filter = filterSchema.parse(c.req.query())
    return show(
      c,
      fleetPage({ fleet: await readFleet(sql, now()), filter, timeZone, viewer: c.get('viewer') }),
    )
  })
  app.get('/table', async (c) => {
    const filter = filterSchema.parse(c.req.query())
    return show(c, fleetTable({ fleet: await readFleet(sql, now()), filter, timeZone }))
  })

  const findDetail = async (id: string) => {
    const detail = await readDetail(sql, idOf(id), now())
    if (!detail) throw notThere()
    return detail
  }
  app.get('/registers/:id', async (c) =>
    show(c, registerPage({ detail: await findDetail(c.req.param('id')), timeZone, viewer: c.get('viewer') })),
  )
  app.get('/registers/:id/live', async (c) =>
    show(c, registerDetail({ detail: await findDetail(c.req.param('id')), timeZone })),
  )
  app.get('/registers/:id/diagnostics/:file', async (c) => {
    const registerId = idOf(c.req.param('id'))
    const file = await readFile(sql, { registerId, fileId: idOf(c.req.param('file')) })
    if (!file) throw notThere()
    const day = new Date(file.receivedAt).toISOString().slice(0, 16).replaceAll(':', '-')
    return c.body(file.content, 200, {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="kopilka-register-${registerId}-${day}.json"`,
    })
  })
  app.get('/registers/:id/:action', async (c) => {
    const name = c.req.param('action')
    if (!isActionName(name)) throw notThere()
    const { register } = await findDetail(c.req.param('id'))
    return show(c, actionPage({ name, register, viewer: c.get('viewer') }))
  })
  app.post('/registers/:id/:action', async (c) => {
    const name = c.req.param('action')
    if (!isActionName(name)) throw notThere()
    const { register } = await findDetail(c.req.param('id'))
    const viewer = c.get('viewer')
    const by = { ...cloud, now: now(), who: c.get('session').person, from: originOf(c) }
    const which = { register: register.registerId }
    // A code is in the answer and nowhere else.
    if (name === 'code')
      return show(c, codePage({ ...(await perform(makePairingCode, which, by)), timeZone, register, viewer }))
    const { act, read }: Action = actions[name]
    await perform(act, { ...which, ...read?.(await readForm(c)) }, by)
    return c.redirect(`/fleet/registers/${register.registerId}`, 303)
  })
  app.all('*', () => {
    throw notThere()
  })
  return app
}

/** What people meet here; the rest is for engineers, as it is told. */
const failures: Record<string, string> = {
  not_found: 'По этому адресу ничего нет.',
  foreign_form: 'Форма пришла не с этой страницы. Откройте страницу заново и повторите.',
  too_many_requests: 'Слишком много запросов. Подождите и повторите.',
  unavailable: 'База данных не отвечает. Повторите через минуту.',
}
const textOf = (code: string, message: string) => known(failures, code) ?? message

const notThere = () => new ApiFailure(404, 'not_found', 'There is nothing at this address.')

function idOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw notThere()
  return Number(text)
}

const loginSchema = z.object({
  name: z.string().trim().toLowerCase().max(100),
  password: z.string().max(1000),
})

/** What registers say of themselves is on these pages. */
async function show(c: Context, page: Html, status: ContentfulStatusCode = 200) {
  return c.html(shownLines(String(await page)), status)
}

/** For who has no second factor; with one, the console asks for it, and its session is good here too. */
async function signIn(c: Context<FleetEnv>, cloud: Around) {
  const { sql, now, log, signInQueue } = cloud
  const form = loginSchema.safeParse(await readForm(c))
  const { name, password } = form.data ?? { name: '', password: '' }
  const from = originOf(c)
  const given = { name, password, code: '', from, network: networkOf(from.ip) }
  const login = await logIn(sql, signInQueue, given, now())
  if (login.status === 'code_needed') return c.redirect('/console/login', 303)
  if (login.status === 'open') {
    const session = await touchSession(sql, login.token, { now: now(), isByPerson: true })
    if (session && mayEnter(session)) {
      keepToken(c, login.token, cloud)
      return c.redirect('/fleet', 303)
    }
    staff.keepToken(c, login.token, cloud)
    return c.redirect('/console', 303)
  }
  log.warn({ login: login.status, address: from.ip }, 'a sign-in to the fleet failed')
  if (login.status === 'locked') {
    const problem = 'Слишком много неверных паролей. Подождите 15 минут.'
    return show(c, loginPage({ name, problem }), 429)
  }
  return show(c, loginPage({ name, problem: 'Имя или пароль не подходит.' }), 401)
}
