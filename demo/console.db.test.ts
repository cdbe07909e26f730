import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { OWNER, seedStaff } from '../cloud/demo/staff.ts'
import { createTestCloud, type TestCloud } from '../cloud/testing/cloud.ts'
import { serveConsole } from './console.ts'

const log = pino({ level: 'silent' })
const address = 'http://127.0.0.1:8080'

let cloud: TestCloud
let office: NonNullable<Awaited<ReturnType<typeof serveConsole>>>
beforeEach(async () => {
  cloud = await createTestCloud()
  await seedStaff(cloud.sql, cloud.clock.now)
  const served = await serveConsole(cloud.sql, { cloud: address, log })
  if (!served) throw new Error('the demo has no way into the console')
  office = served
})
afterEach(async () => {
  await office.close()
  await cloud.drop()
})

const ask = (url: string, init: RequestInit = {}) => fetch(url, { redirect: 'manual', ...init })
/** A foreign name that leads to this machine is none of it. */
async function statusAs(host: string): Promise<number | undefined> {
  const { port, pathname: path } = new URL(office.url)
  const asked = request({ host: '127.0.0.1', port, path, headers: { host } }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode
}
const sessionOf = (cookie: string) =>
  cloud.app.request(`${address}/v1/console/session`, { headers: { host: '127.0.0.1:8080', cookie } })

it('signs a visitor in as the owner, whose sessions end with the demo', async () => {
  const response = await ask(office.url)
  expect([response.status, response.headers.get('location')]).toEqual([303, `${address}/console`])
  const [given = ''] = response.headers.getSetCookie()
  expect(given).toMatch(/; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/)
  const cookie = given.split(';')[0] ?? ''
  expect(await (await sessionOf(cookie)).json()).toMatchObject({ name: OWNER, roles: ['owner'] })
  await office.close()
  expect((await sessionOf(cookie)).status).toBe(401)
})

it('lets nobody in who does not know the secret, or comes by another name', async () => {
  const { origin, pathname } = new URL(office.url)
  const answers = await Promise.all([
    ask(origin),
    ask(`${origin}/console`),
    ask(`${office.url}x`),
    ask(`${origin}${pathname.slice(0, -1)}x`),
    ask(office.url, { method: 'POST' }),
  ])
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
  expect(await statusAs('shop.example')).toBe(404)
  expect(await cloud.sql`select from staff_sessions`).toHaveLength(0)
})

it.each(['http://10.0.0.7:8080', 'https://127.0.0.1', 'http://shop.example'])(
  'is not there where the cloud is reached at %s',
  async (elsewhere) => {
    expect(await serveConsole(cloud.sql, { cloud: elsewhere, log })).toBeNull()
  },
)
