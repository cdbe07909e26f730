import { type Browser, expect, type Page, type Route } from '@playwright/test'
import { newId } from '../../../shared/id.ts'
import type { Role } from '../../../shared/staff.ts'
import { toIso } from '../../../shared/time.ts'
import { csrfTokenOf, openSession } from '../../access/staff/sessions.ts'
import type { Sql } from '../../database/connect.ts'
import { FIRST_PROGRAMME } from '../../ledger/programme.ts'
import { registerWithin } from '../../people/registration.ts'

interface Wanted {
  sql: Sql
  url: string
  roles: Role[]
  isAtPhone?: boolean
  /** Of the machine that they sit at; that of the tests' if left out. */
  timeZone?: string
}

/** Somebody of the staff at a browser of their own, signed in without a password and its cost. */
export async function signIn(browser: Browser, { sql, url, roles, isAtPhone = false, timeZone }: Wanted) {
  const name = `${roles[0]}${newId().slice(-10)}`
  const now = Date.now()
  await sql`insert into staff (name, roles, created_at) values (${name}, ${roles}, ${toIso(now)})`
  const from = { ip: '10.0.0.1', userAgent: 'a browser' }
  const token = await sql.begin((sql) => openSession(sql, { account: name, isProven: true, from, now }))
  const context = await browser.newContext({
    locale: 'ru',
    reducedMotion: 'reduce',
    viewport: isAtPhone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
    colorScheme: isAtPhone ? 'dark' : 'light',
    ...(timeZone && { timezoneId: timeZone }),
  })
  await context.addCookies([{ name: 'kopilka_staff', value: token, url }])
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))

  return {
    name,
    page,
    faults,
    open: (path: string) => page.goto(`${url}/console${path}`),
    /** Asks for an act as a program would. */
    async act(name: string, input: unknown) {
      const reply = await page.request.post(`${url}/v1/console/acts/${name}`, {
        data: input,
        headers: { 'x-csrf-token': csrfTokenOf(token), 'idempotency-key': newId(), origin: url },
      })
      return { status: reply.status(), body: await reply.json() }
    },
  }
}

/** With a card of their own, so that tests that run side by side do not meet. */
export async function addCustomer(sql: Sql, firstName: string): Promise<string> {
  const author = { type: 'admin', name: 'e2e' } as const
  const registration = await sql.begin((sql) =>
    registerWithin(sql, { programmeId: FIRST_PROGRAMME, firstName, author, now: Date.now() }),
  )
  if (registration.status !== 'registered') throw new Error(`no customer: ${registration.status}`)
  return registration.card
}

export const heading = (page: Page) => page.getByRole('heading', { level: 1 })

/** Nothing lies beside the screen, where a thumb would have to look for it. */
export async function fits(page: Page): Promise<void> {
  const root = 'document.documentElement'
  expect(await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`)).toBe(0)
}

/** The cloud does it, and its answer is lost on the way. */
export async function lost(route: Route): Promise<void> {
  await route.fetch()
  await route.abort()
}
