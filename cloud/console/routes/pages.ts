import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Logger } from 'pino'
import { z } from 'zod'
import { languageOf } from '../../../shared/language.ts'
import { needsSecondFactor } from '../../../shared/staff.ts'
import { shownLines } from '../../../shared/text.ts'
import { acceptLink } from '../../access/staff/links.ts'
import { listPasskeys } from '../../access/staff/passkeys.ts'
import {
  csrfTokenOf,
  endSession,
  endSessionsOf,
  isWhole,
  listSessions,
  logIn,
  type Session,
  touchSession,
} from '../../access/staff/sessions.ts'
import { confirmSecondFactor, maySetUp, pendingSecret } from '../../access/staff/setUp.ts'
import type { SignInQueue } from '../../access/staff/signInQueue.ts'
import { base32, totpUri } from '../../access/staff/totp.ts'
import { mayEnter } from '../../fleet/session.ts'
import { readForm } from '../../http/body.ts'
import { type BuiltFiles, FOR_EVER, sendBuilt } from '../../http/builtFiles.ts'
import { ApiFailure } from '../../http/errors.ts'
import { networkOf } from '../../http/network.ts'
import { ownFilesOnly } from '../../http/pageHeaders.ts'
import { sendAsset } from '../../http/pages/assets.ts'
import { originOf } from '../../http/sender.ts'
import { dropToken, keepToken, ownOriginOnly, readToken, refuseForeign } from '../../http/staffSession.ts'
import { payFirst, payForGood } from '../../http/strangers.ts'
import { accountPage } from '../pages/account.ts'
import { passkeyScript, welcomeScript } from '../pages/assets.ts'
import { type Html, messagePage, onwardPage, type Viewer } from '../pages/layout.ts'
import { passkeyList } from '../pages/passkey.ts'
import { recoveryPage, secondFactorPage } from '../pages/secondFactor.ts'
import { loginPage, passwordPage, welcomePage } from '../pages/signIn.ts'
import { texts } from '../texts.ts'
import { isFromElsewhere, nextOf, ownPage, signInOnTheWayTo } from './next.ts'
import {
  askPasskey,
  offerNewPasskey,
  siteOf,
  takeAwayPasskey,
  takeNewPasskey,
  takePasskey,
} from './passkeys.ts'
import { offerTelegram, showTelegram, type Around as TelegramAround, takeAwayTelegram } from './telegram.ts'

type Env = { Variables: { viewer: Viewer; session: Session; token: string } }

interface Around extends TelegramAround {
  publicUrl: string | undefined
  log: Logger
  chainName: string
  timeZone: string
  signInQueue: SignInQueue
  /** Null where it was never built: then there is only what signs in. */
  consoleApp: BuiltFiles | null
}

/** Signing in, the first time and with a second factor, what is open of one's own, and the console behind it. */
export function consolePages(cloud: Around, failureOf: (error: Error) => ApiFailure) {
  const { sql, now, timeZone, consoleApp } = cloud
  const app = new Hono<Env>()
  app.use(ownFilesOnly)
  app.use(async (c, next) => {
    c.set('viewer', { language: languageOf(c.req.header('accept-language')), timeZone })
    c.header('cache-control', 'no-store')
    await next()
  })
  app.use(ownOriginOnly(cloud))
  app.onError((error, c) => {
    const { status, message, retryAfterSeconds } = failureOf(error)
    if (retryAfterSeconds !== undefined) c.header('retry-after', String(retryAfterSeconds))
    return show(c, messagePage({ text: message, viewer: c.get('viewer') }), status)
  })

  for (const script of [welcomeScript, passkeyScript])
    app.get(`/assets/${script.name}`, (c) => sendAsset(c, script))
  app.get('/assets/:name', (c) => {
    const file = sendBuilt(c, consoleApp?.get(`assets/${c.req.param('name')}`), FOR_EVER)
    if (!file) throw notThere()
    return file
  })
  app.get('/login', (c) => showLogin(c, cloud))
  app.post('/login', payFirst(cloud, 'strangers'), (c) => signIn(c, cloud))
  app.get('/passkey', payForGood(cloud, 'strangers'), async (c) =>
    show(c, await askPasskey(c, cloud, { viewer: c.get('viewer'), problem: null, next: nextOf(c) })),
  )
  app.post('/passkey', payFirst(cloud, 'strangers'), (c) => signInWithPasskey(c, cloud))
  app.get('/welcome', (c) => show(c, welcomePage({ viewer: c.get('viewer'), problem: null })))
  app.post('/welcome', payFirst(cloud, 'strangers'), (c) => welcome(c, cloud))

  app.use(async (c, next) => {
    const token = readToken(c, cloud)
    const session = token ? await touchSession(sql, token, { now: now(), isByPerson: true }) : null
    if (!token && isFromElsewhere(c.req)) return show(c, onwardPage(c.get('viewer'), ownPage(c.req.url)))
    if (!token || !session) return c.redirect(signInOnTheWayTo(c.req), 303)
    const { language, person } = session
    const csrf = csrfTokenOf(token)
    c.set('token', token)
    c.set('session', session)
    c.set('viewer', { language, timeZone, account: person.name, csrf })
    if (c.req.method === 'POST') refuseForeign(c, (await readForm(c)).csrf, token)
    await next()
  })
  app.post('/logout', async (c) => {
    await endSession(sql, c.get('token'))
    dropToken(c, cloud)
    return c.redirect('/console/login', 303)
  })
  app.get('/second-factor', (c) => showSetUp(c, cloud, null))
  app.post('/second-factor', (c) => setUp(c, cloud))
  app.post('/sessions/:id/end', async (c) => {
    const id = z.uuid().safeParse(c.req.param('id'))
    if (!id.success) throw notThere()
    await endSessionsOf(sql, c.get('session').person.name, id.data)
    return c.redirect('/console/account', 303)
  })

  app.use(async (c, next) => {
    const session = c.get('session')
    if (!isWhole(session))
      return c.redirect(maySetUp(session) ? '/console/second-factor' : '/console/login', 303)
    await next()
  })
  app.get('/account', async (c) => {
    const [session, viewer] = [c.get('session'), c.get('viewer')]
    const { name } = session.person
    const [sessions, keys] = await Promise.all([listSessions(sql, name, now()), listPasskeys(sql, name)])
    const shown = { hasConsole: consoleApp !== null, hasFleet: mayEnter(session) }
    const passkeys = passkeyList(viewer, { keys, mayAdd: siteOf(c, cloud) !== null })
    const telegram = await showTelegram(cloud, { session, viewer })
    return show(c, accountPage({ viewer, session, sessions, passkeys, telegram, ...shown }))
  })
  app.get('/passkeys/new', (c) => showNewPasskey(c, cloud, null))
  app.post('/passkeys', async (c) => {
    const problem = await takeNewPasskey(c, cloud, { session: c.get('session'), viewer: c.get('viewer') })
    if (problem !== null) return await showNewPasskey(c, cloud, problem)
    return c.redirect('/console/account', 303)
  })
  app.post('/passkeys/remove', async (c) => {
    await takeAwayPasskey(c, cloud, c.get('session'))
    return c.redirect('/console/account', 303)
  })
  app.post('/telegram', async (c) =>
    show(c, await offerTelegram(cloud, { session: c.get('session'), viewer: c.get('viewer') })),
  )
  app.post('/telegram/remove', async (c) => {
    await takeAwayTelegram(c, cloud, c.get('session'))
    return c.redirect('/console/account', 303)
  })
  // Which page it is, the console itself finds out from the address.
  app.get(
    '*',
    (c) => sendBuilt(c, consoleApp?.get('index.html'), 'no-store') ?? c.redirect('/console/account', 303),
  )
  app.all('*', () => {
    throw notThere()
  })
  return app
}

const notThere = () => new ApiFailure(404, 'not_found', 'There is nothing at this address.')

/** A user agent may be anything. */
async function show(c: Context, page: Html | Promise<Html>, status: ContentfulStatusCode = 200) {
  return c.html(shownLines(String(await page)), status)
}

function showLogin(
  c: Context<Env>,
  cloud: Around,
  {
    name = '',
    problem = null,
    status = 200,
  }: { name?: string; problem?: string | null; status?: 200 | 401 | 429 } = {},
) {
  const hasPasskeys = siteOf(c, cloud) !== null
  return show(c, loginPage({ viewer: c.get('viewer'), name, problem, hasPasskeys, next: nextOf(c) }), status)
}

async function signInWithPasskey(c: Context<Env>, cloud: Around) {
  const token = await takePasskey(c, cloud)
  const next = nextOf(c)
  if (token !== null) {
    keepToken(c, token, cloud)
    return c.redirect(next, 303)
  }
  cloud.log.warn({ login: 'passkey', address: originOf(c).ip }, 'a sign-in to the console failed')
  const viewer = c.get('viewer')
  const problem = texts[viewer.language].passkeyWrong
  return await show(c, await askPasskey(c, cloud, { viewer, problem, next }), 401)
}

async function showNewPasskey(c: Context<Env>, cloud: Around, problem: string | null) {
  const shown = { session: c.get('session'), viewer: c.get('viewer'), problem }
  return await show(c, await offerNewPasskey(c, cloud, shown), problem === null ? 200 : 400)
}

const loginSchema = z.object({
  name: z.string().trim().toLowerCase().max(100),
  password: z.string().max(1000),
  code: z.string().trim().max(100).default(''),
})

const refusals = {
  wrong: { status: 401, word: 'wrong' },
  code_needed: { status: 401, word: 'codeNeeded' },
  code_wrong: { status: 401, word: 'codeWrong' },
  locked: { status: 429, word: 'locked' },
} as const

async function signIn(c: Context<Env>, cloud: Around) {
  const { sql, now, log, signInQueue } = cloud
  const viewer = c.get('viewer')
  const form = loginSchema.safeParse(await readForm(c))
  const given = form.data ?? { name: '', password: '', code: '' }
  const from = originOf(c)
  const login = await logIn(sql, signInQueue, { ...given, from, network: networkOf(from.ip) }, now())
  if (login.status === 'open') {
    keepToken(c, login.token, cloud)
    return c.redirect(nextOf(c), 303)
  }
  log.warn({ login: login.status, address: from.ip }, 'a sign-in to the console failed')
  const { status, word } = refusals[login.status]
  return showLogin(c, cloud, { name: given.name, problem: texts[viewer.language][word], status })
}

const welcomeSchema = z.object({
  token: z
    .string()
    .trim()
    .regex(/^[\w-]{43}$/),
})

async function welcome(c: Context<Env>, cloud: Around) {
  const viewer = c.get('viewer')
  const form = welcomeSchema.safeParse(await readForm(c))
  const { sql, now } = cloud
  const from = originOf(c)
  const accepted = form.data ? await acceptLink(sql, { token: form.data.token, from, now: now() }) : null
  if (!accepted) {
    cloud.log.warn({ address: from.ip }, 'a link to the console was none any more')
    return show(c, welcomePage({ viewer, problem: texts[viewer.language].linkOver }), 401)
  }
  const { account, password, token } = accepted
  if (token !== null) keepToken(c, token, cloud)
  return show(c, passwordPage({ viewer, account, password, isSignedIn: token !== null }))
}

async function showSetUp(c: Context<Env>, { sql, chainName }: Around, problem: string | null) {
  const [session, viewer] = [c.get('session'), c.get('viewer')]
  if (!maySetUp(session)) return c.redirect('/console/login', 303)
  const secret = await pendingSecret(sql, session)
  const uri = totpUri(secret, { account: session.person.name, issuer: chainName })
  const isNeeded = needsSecondFactor(session.person.roles) && !session.hasSecondFactor
  const page = secondFactorPage({ viewer, uri, secret: base32(secret), isNeeded, problem })
  return show(c, page, problem === null ? 200 : 400)
}

async function setUp(c: Context<Env>, cloud: Around) {
  const [session, viewer] = [c.get('session'), c.get('viewer')]
  const { code } = await readForm(c)
  const given = { session, code: typeof code === 'string' ? code.slice(0, 100) : '', from: originOf(c) }
  const done = await confirmSecondFactor(cloud.sql, { ...given, now: cloud.now() })
  if (done.status === 'wrong') return showSetUp(c, cloud, texts[viewer.language].factorWrong)
  keepToken(c, done.token, cloud)
  const csrf = csrfTokenOf(done.token)
  return show(c, recoveryPage({ viewer: { ...viewer, csrf }, codes: done.recoveryCodes }))
}
