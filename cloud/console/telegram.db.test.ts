import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Role } from '../../shared/staff.ts'
import { bindTelegram, tokenInStart } from '../access/staff/telegram.ts'
import { createVisitor } from '../fleet/testing.ts'
import { createTestCloud, type TestCloud } from '../testing/cloud.ts'
import { signInAs } from './testing.ts'

let cloud: TestCloud
let count = 0
beforeAll(async () => {
  cloud = await createTestCloud()
})
afterAll(() => cloud.drop())
beforeEach(() => {
  count += 1
})

async function comeIn(roles: Role[], isProven = true) {
  const { name, token, csrf } = await signInAs(cloud, { name: `anna${count}`, roles, isProven })
  const visitor = createVisitor(cloud, { address: '10.0.0.1' })
  const cookie = `kopilka_staff=${token}`
  return {
    name,
    account: async () => (await visitor.get('/console/account', { cookie })).text,
    post: (path: string, fields = {}) => visitor.post(path, { csrf, ...fields }, { cookie }),
  }
}

const startIn = (page: string) => /href="https:\/\/t\.me\/kopilka_bot\?start=([\w-]+)"/.exec(page)?.[1]
const rows = (name: string) =>
  cloud.sql`select action, ip from audit_log where subject = ${`staff ${name}`} order by id`

it('binds a chat by a link that the page shows, and unbinds it', async () => {
  const anna = await comeIn(['marketing'])
  expect(await anna.account()).toContain('Связать Telegram')
  const { status, text } = await anna.post('/console/telegram')
  expect([status, text.includes('<svg')]).toEqual([200, true])
  const token = tokenInStart(startIn(text)) ?? ''
  const given = { token, telegramId: 7000 + count, now: cloud.clock.now }
  expect(await bindTelegram(cloud.sql, given)).toMatchObject({ status: 'bound', account: anna.name })
  expect(await anna.account()).toContain('Чат связан')
  expect((await anna.post('/console/telegram/remove')).status).toBe(303)
  expect(await anna.account()).not.toContain('Чат связан')
  await anna.post('/console/telegram/remove')
  expect([...(await rows(anna.name))]).toEqual([
    { action: 'staff telegram bind', ip: 'Telegram' },
    { action: 'staff telegram unbind', ip: '10.0.0.1' },
  ])
})

it('leaves the chat of before bound where the new one is somebody else’s', async () => {
  const anna = await comeIn(['marketing'])
  const bind = async (telegramId: number) => {
    const token = tokenInStart(startIn((await anna.post('/console/telegram')).text)) ?? ''
    return (await bindTelegram(cloud.sql, { token, telegramId, now: cloud.clock.now })).status
  }
  await signInAs(cloud, { name: 'boris', roles: ['finance'] })
  await cloud.sql`insert into staff_telegram (account, telegram_id, bound_at) values ('boris', 7999, now())`
  expect([await bind(8000), await bind(7999)]).toEqual(['bound', 'taken'])
  const chats = await cloud.sql`
    select account, telegram_id as chat from staff_telegram where account in ('boris', ${anna.name}) order by telegram_id`
  expect([...chats]).toEqual([
    { account: 'boris', chat: 7999 },
    { account: anna.name, chat: 8000 },
  ])
  expect([await bind(8000), await bind(8001)]).toEqual(['bound', 'bound'])
})

it('offers none to whoever never approves, nor to a session that is not whole, nor without the token of the form', async () => {
  const support = await comeIn(['support', 'owner'])
  expect(await support.account()).not.toContain('Telegram')
  expect((await support.post('/console/telegram')).status).toBe(403)
  const finance = await comeIn(['finance'], false)
  expect((await finance.post('/console/telegram')).status).toBe(303)
  const marketing = await comeIn(['marketing'])
  expect((await marketing.post('/console/telegram', { csrf: 'x' })).status).toBe(403)
  expect(await cloud.sql`select from staff_telegram_links`).toHaveLength(0)
})
