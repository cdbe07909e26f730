import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { changesReplySchema, joinsReplySchema, registerReplySchema } from '../../shared/api.ts'
import { consentVersion } from '../../shared/consent.ts'
import { MINUTE, toIso } from '../../shared/time.ts'
import { signInitData } from '../demo/initData.ts'
import { expectHealthy } from '../jobs/testing.ts'
import { addSecondProgramme } from '../ledger/testing/makers.ts'
import { createTestCloud, type TestCloud, testBotToken } from '../testing/cloud.ts'
import { forget, join } from './people.ts'
import { testOperator } from './testing.ts'

describe('a customer without a card, at a till', () => {
  let cloud: TestCloud
  let key = ''
  let otherKey = ''
  let storeId = 0
  beforeAll(async () => {
    cloud = await createTestCloud()
  })
  afterAll(() => cloud.drop())
  beforeEach(async () => {
    storeId = await cloud.addStore(`Магазин ${randomUUID()}`)
    key = (await cloud.addRegister(storeId, 'Касса 1')).key
    otherKey = (await cloud.addRegister(storeId, 'Касса 2')).key
  })

  let lastId = 0
  const agrees = async (start: string | undefined) => {
    lastId += 1
    const joining = await join(cloud.sql, testBotToken, {
      ...{ telegramId: lastId, firstName: 'Анна', language: 'ru', consentVersion, channel: 'bot', start },
      ...{ operator: testOperator, now: cloud.clock.now },
    })
    if (joining.status !== 'joined') throw new Error(joining.status)
    return joining.person
  }
  const linkOf = async (key: string) =>
    registerReplySchema.parse((await cloud.request('GET', '/v1/register', { key })).body).joinHereUrl
  /** What Telegram hands on of the link of this till. */
  const startAt = async (key: string) =>
    new URL((await linkOf(key)) ?? 'no:link').searchParams.get('start') ?? undefined
  const joined = async (key: string) =>
    joinsReplySchema.parse((await cloud.request('GET', '/v1/register/joins', { key })).body).joined

  it('joins by the link of the till, and that till is told, and no other', async () => {
    expect(await linkOf(key)).toMatch(/^https:\/\/t\.me\/kopilka_bot\?start=till-[0-9a-f]{12}$/)
    expect(await linkOf(key)).not.toBe(await linkOf(otherKey))
    expect(await joined(key)).toEqual([])
    const anna = await agrees(await startAt(key))
    cloud.clock.now += 1000
    const boris = await agrees(await startAt(key))
    const at = (ms: number) => toIso(cloud.clock.now - ms)
    expect(await joined(key)).toEqual([
      { card: boris.card, firstName: 'Анна', at: at(0) },
      { card: anna.card, firstName: 'Анна', at: at(1000) },
    ])
    expect(await joined(otherKey)).toEqual([])
    await expectHealthy(cloud.sql)
  })

  it('is known in that store without a network from then on', async () => {
    const { card } = await agrees(await startAt(key))
    const { body } = await cloud.request('GET', '/v1/customers/changes', { key: otherKey })
    expect(changesReplySchema.parse(body).customers).toMatchObject([{ card, firstName: 'Анна' }])
  })

  it('is told of for ten minutes, and not once they are frozen or erased', async () => {
    const start = await startAt(key)
    const frozen = await agrees(start)
    const erased = await agrees(start)
    await cloud.sql`update customers set status = 'frozen' where id = ${frozen.customerId}`
    await forget(cloud.sql, erased.telegramId, { secret: testBotToken, now: cloud.clock.now })
    expect(await joined(key)).toEqual([])
    const { card } = await agrees(start)
    cloud.clock.now += 10 * MINUTE - 1
    expect(await joined(key)).toMatchObject([{ card }])
    cloud.clock.now += 1
    expect(await joined(key)).toEqual([])
    await expectHealthy(cloud.sql)
  })

  it.each(['poster', 'till-000000000000', undefined])(
    'joins by %j as well, and no till is told',
    async (start) => {
      const { card } = await agrees(start)
      expect(card).toMatch(/^\d{6}$/)
      expect(await joined(key)).toEqual([])
    },
  )

  it('joins by the link of a till whose key has ended, and nobody is told', async () => {
    const start = await startAt(key)
    await cloud.sql`update registers set revoked_at = now() where store_id = ${storeId} and name = 'Касса 1'`
    const { customerId } = await agrees(start)
    expect(await cloud.sql`select from store_customers where customer_id = ${customerId}`).toHaveLength(0)
  })

  it('joins by the Mini App too, by what Telegram has signed of the link', async () => {
    const start = (await startAt(key)) ?? ''
    const agree = async (more: Record<string, string>, forged = '') => {
      lastId += 1
      const user = { id: lastId, first_name: 'Вера' }
      const initData = signInitData(user, { token: testBotToken, now: cloud.clock.now, more })
      return await cloud.app.request('/v1/me', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `tma ${initData}${forged}` },
        body: JSON.stringify({ consentVersion, language: 'ru' }),
      })
    }
    expect((await agree({}, `&start_param=${start}`)).status).toBe(401)
    expect((await agree({})).status).toBe(200)
    expect(await joined(key)).toEqual([])
    expect((await agree({ start_param: start })).status).toBe(200)
    expect(await joined(key)).toMatchObject([{ firstName: 'Вера' }])
  })

  it('cannot join a programme that has no bot at its tills', async () => {
    await addSecondProgramme(cloud.sql)
    const [store] = await cloud.sql<{ id: number }[]>`select id from stores where programme_id = 2`
    const { id, key: foreign } = await cloud.addRegister(store?.id ?? 0, 'Касса 1')
    expect(await linkOf(foreign)).toBeUndefined()
    const [row] = await cloud.sql<{ code: string }[]>`
      select join_code as code from registers where id = ${id}`
    const { customerId } = await agrees(`till-${row?.code}`)
    expect(await cloud.sql`select from store_customers where customer_id = ${customerId}`).toHaveLength(0)
  })
})
