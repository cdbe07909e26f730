import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consentVersion } from '../../../shared/consent.ts'
import { type Me, meSchema } from '../../../shared/me.ts'
import { type MyVoucher, myVouchersSchema } from '../../../shared/myVoucher.ts'
import { DAY } from '../../../shared/time.ts'
import { voucherBatchSchema } from '../../../shared/voucherBatch.ts'
import { perform } from '../../acts/act.ts'
import { eraseCustomer } from '../../acts/customers.ts'
import { mergeCustomers, unmergeCustomers } from '../../acts/merges.ts'
import { addSegment } from '../../acts/segments.ts'
import { byAdmin } from '../../acts/testing.ts'
import { addVouchers, voidVouchers } from '../../acts/vouchers.ts'
import { signInitData } from '../../demo/initData.ts'
import { runAudit } from '../../ledger/audit.ts'
import { createTestClock, deliverFor, fakeTelegram } from '../../notifications/testing.ts'
import { createTestCloud, operation, type TestCloud, testBotToken } from '../../testing/cloud.ts'

let cloud: TestCloud
let key = ''
let lastId = 7_000_000_000
beforeAll(async () => {
  cloud = await createTestCloud()
  key = (await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса 1')).key
  // Noon of Moscow, of a day that no clock is changed on.
  cloud.clock.now = Date.parse('2026-12-07T09:00:00.000Z')
})
afterAll(async () => {
  expect(await runAudit(cloud.sql)).toEqual([])
  await cloud.drop()
})

const by = () => byAdmin(cloud.sql, cloud.clock.now)

/** The Mini App of somebody, as it is opened. */
function phoneOf(id: number) {
  lastId += 1
  const session = `session ${lastId}`
  const user = { id, first_name: 'Анна', language_code: 'ru' }
  const authorization = `tma ${signInitData(user, {
    ...{ token: testBotToken, now: cloud.clock.now, more: { query_id: `AAH${lastId}` } },
  })}`
  return async (method: string, path = '/v1/me', json?: unknown) => {
    const response = await cloud.app.request(path, {
      method,
      headers: { authorization, 'x-app-session': session, 'content-type': 'application/json' },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    })
    return { status: response.status, body: await response.json() }
  }
}

async function join(telegramId = ++lastId) {
  const ask = phoneOf(telegramId)
  const joined = meSchema.parse((await ask('POST', '/v1/me', { consentVersion, language: 'ru' })).body)
  return {
    telegramId,
    card: joined.card,
    me: async (): Promise<Me> => meSchema.parse((await ask('GET')).body),
    change: (json: object) => ask('PATCH', '/v1/me', json),
    vouchers: async (): Promise<MyVoucher[]> =>
      myVouchersSchema.parse((await ask('GET', '/v1/me/vouchers')).body).vouchers,
  }
}

async function give(audience: object, terms: object = {}): Promise<number> {
  const batch = voucherBatchSchema.parse({
    ...{ title: 'Подарок', gives: { type: 'discount_kopecks', kopecks: 20_000 }, audience, ...terms },
  })
  return (await perform(addVouchers, { batch }, by())).batchId
}

async function look(code: string | null | undefined, card: string) {
  const query = new URLSearchParams({ code: code ?? '', card })
  const { status, body } = await cloud.request('GET', `/v1/vouchers?${query}`, { key })
  return { status, ...(body as { error?: { details?: { reason: string } } }).error?.details }
}

/** What the bot sends within a quarter of a minute. */
async function told(): Promise<Map<number | string, string[]>> {
  const telegram = fakeTelegram()
  const clock = createTestClock(cloud.clock.now)
  await deliverFor(15, { sql: cloud.sql, clock, send: telegram.sendAt(clock.now) })
  const texts = new Map<number | string, string[]>()
  for (const { chatId, text } of telegram.sent)
    if (text.includes('/vouchers')) texts.set(chatId, [...(texts.get(chatId) ?? []), text])
  return texts
}

const redeemed = async (voucher: string, card: string) => {
  const redeem = operation(cloud.clock, { kind: 'redeem', card, purchaseKopecks: 90_000, points: 0, voucher })
  await cloud.send(key, redeem)
  return redeem.id
}

describe('a voucher of their own', () => {
  it('is shown with a code that the till takes, and with what it gives and where', async () => {
    const [anna, boris] = [await join(), await join()]
    expect(await anna.vouchers()).toEqual([])
    expect((await anna.me()).vouchers).toBeUndefined()
    await give({ type: 'cards', cards: [anna.card] }, { stores: [1], until: '2026-12-31' })
    const [voucher, ...others] = await anna.vouchers()
    expect(others).toEqual([])
    expect(voucher).toMatchObject({
      ...{ state: 'good', stores: ['Ашукино'], usesLeft: 1, usedAt: null },
      terms: { title: 'Подарок', gives: { kopecks: 20_000 }, until: '2026-12-31' },
    })
    expect((await look(voucher?.code, anna.card)).status).toBe(200)
    expect(await look(voucher?.code, boris.card)).toMatchObject({ reason: 'other_customer' })
    expect(await boris.vouchers()).toEqual([])
    expect([(await anna.me()).vouchers, (await boris.me()).vouchers]).toEqual([1, 0])
  })

  it('has no code while a till holds it, when it is used, and when it is void', async () => {
    const anna = await join()
    const batch = await give({ type: 'cards', cards: [anna.card] }, { uses_per_code: 2 })
    const only = async () => (await anna.vouchers())[0]
    const code = (await only())?.code ?? ''
    const first = await redeemed(code, anna.card)
    expect(await only()).toMatchObject({ state: 'good', code, usesLeft: 1 })
    cloud.clock.now += 60_000
    const second = await redeemed(code, anna.card)
    expect(await only()).toMatchObject({ state: 'held', code: null, usesLeft: 0 })
    for (const redeemId of [first, second])
      await cloud.send(key, operation(cloud.clock, { kind: 'apply', redeemId }))
    expect(await only()).toMatchObject({ state: 'used', code: null, usedAt: expect.any(String) })
    expect((await anna.me()).vouchers).toBe(0)
    await perform(voidVouchers, { batch, reason: 'ошибка' }, by())
    expect(await only()).toMatchObject({ state: 'void', code: null })
  })

  it('is early before its first day, and over after its last', async () => {
    const anna = await join()
    await give({ type: 'cards', cards: [anna.card] }, { from: '2026-12-20', until: '2026-12-21' })
    const start = cloud.clock.now
    const only = async () => (await anna.vouchers())[0]
    expect(await only()).toMatchObject({ state: 'early', code: expect.any(String) })
    cloud.clock.now = Date.parse('2026-12-21T20:59:59.000Z')
    const later = await sameOn(anna.telegramId)
    expect((await later())[0]).toMatchObject({ state: 'good' })
    cloud.clock.now += 1000
    expect((await later())[0]).toMatchObject({ state: 'over', code: null })
    cloud.clock.now = start
  })

  it('goes along with a merge, and back with its undoing', async () => {
    const anna = await join()
    await cloud.addCustomer('123123')
    await give({ type: 'cards', cards: ['123123'] })
    expect(await anna.vouchers()).toEqual([])
    await perform(mergeCustomers, { card: anna.card, other: '123123', reason: 'потеряна' }, by())
    const [voucher] = await anna.vouchers()
    expect(voucher).toMatchObject({ state: 'good' })
    expect((await look(voucher?.code, anna.card)).status).toBe(200)
    expect((await look(voucher?.code, '123123')).status).toBe(200)
    await perform(unmergeCustomers, { card: '123123', reason: 'ошибка' }, by())
    expect(await anna.vouchers()).toEqual([])
    expect(await look(voucher?.code, anna.card)).toMatchObject({ reason: 'other_customer' })
    expect((await look(voucher?.code, '123123')).status).toBe(200)
  })

  it('of who is erased is nobody else’s, nor theirs when they come again', async () => {
    const [anna, boris] = [await join(), await join()]
    await give({ type: 'cards', cards: [anna.card] })
    const code = (await anna.vouchers())[0]?.code
    await perform(eraseCustomer, { card: anna.card }, by())
    expect((await told()).has(anna.telegramId)).toBe(false)
    expect(await look(code, boris.card)).toMatchObject({ reason: 'other_customer' })
    const refused = await redeemed(code ?? '', anna.card)
    expect(await cloud.sql`select from holds where id = ${refused}`).toHaveLength(0)
    const again = await join(anna.telegramId)
    expect(await again.vouchers()).toEqual([])
  })

  it('has no code where the key is not the one of the codes', async () => {
    const anna = await join()
    await give({ type: 'cards', cards: [anna.card] })
    const [known] = await cloud.sql<{ fingerprint: Buffer }[]>`select fingerprint from voucher_key`
    await cloud.sql`update voucher_key set fingerprint = ${Buffer.alloc(32)}`
    expect(await anna.vouchers()).toMatchObject([{ state: 'good', code: null }])
    await cloud.sql`update voucher_key set fingerprint = ${known?.fingerprint ?? null}`
    expect(await anna.vouchers()).toMatchObject([{ state: 'good', code: expect.any(String) }])
  })
})

/** The same person with the app opened anew: what Telegram signed is good for a day. */
async function sameOn(telegramId: number) {
  const ask = phoneOf(telegramId)
  return async () => myVouchersSchema.parse((await ask('GET', '/v1/me/vouchers')).body).vouchers
}

async function countPeople(): Promise<number> {
  const [row] = await cloud.sql<{ people: number }[]>`select count(*)::int as people from people`
  return row?.people ?? 0
}

describe('vouchers for a segment', () => {
  it('are one for each who is in it, and each is told in the daytime, who wants to hear', async () => {
    const [anna, boris, vera] = [await join(), await join(), await join()]
    await told()
    await boris.change({ notify: { vouchers: false } })
    await vera.change({ language: 'en' })
    const segment = { name: 'agreed', title: 'Согласились', definition: { type: 'telegram' as const } }
    await perform(addSegment, { segment }, by())
    const noon = cloud.clock.now
    cloud.clock.now = noon + 12 * 3_600_000
    await give({ type: 'segment', segment: 'agreed' }, { min_purchase_kopecks: 50_000, until: '2027-01-31' })
    for (const { vouchers } of [anna, boris, vera]) expect(await vouchers()).toHaveLength(1)
    expect(await told()).toEqual(new Map())
    cloud.clock.now = noon + DAY
    const plain = ([text = '']: string[] = []) => text.replace(/[\u00a0\u202f]/g, ' ')
    const sent = await told()
    expect(sent.has(boris.telegramId)).toBe(false)
    expect(plain(sent.get(anna.telegramId))).toBe(
      'Вам купон: Скидка 200 ₽.\nЧек от 500 ₽, до 31.01.2027 включительно.\nКод для кассы: /vouchers',
    )
    expect(plain(sent.get(vera.telegramId))).toBe(
      'A voucher for you: 200 ₽ off.\nA purchase of 500 ₽ or more, until 31.01.2027.\nThe code for the register: /vouchers',
    )
    const [batch] = await cloud.sql`select audience from voucher_batches order by id desc limit 1`
    expect(batch?.audience).toEqual({ type: 'segment', segment: 'agreed', customers: await countPeople() })
  })

  it('are not made where nobody is in it, and weigh what they may cost those who are', async () => {
    const none = {
      name: 'none',
      title: 'Никто',
      definition: { type: 'not' as const, of: { type: 'all' as const, of: [] } },
    }
    await perform(addSegment, { segment: none }, by())
    for (const segment of ['none', 'nobody-knows'])
      await expect(give({ type: 'segment', segment })).rejects.toThrow('Nothing was made')
    const most = 20_000 * (await countPeople())
    await cloud.sql`
      update programmes set settings = settings || jsonb_build_object('approval_book_kopecks', ${most}::int)`
    const sees = { programmes: null, stores: null }
    const olga = { type: 'person' as const, name: 'olga', roles: ['marketing' as const], sees }
    const batch = (kopecks: number) =>
      voucherBatchSchema.parse({
        ...{ title: 'Подарок', gives: { type: 'discount_kopecks', kopecks } },
        audience: { type: 'segment', segment: 'agreed' },
      })
    await perform(addVouchers, { batch: batch(20_000) }, { ...by(), who: olga })
    await expect(
      perform(addVouchers, { batch: batch(20_100) }, { ...by(), who: olga }),
    ).rejects.toMatchObject({
      code: 'needs_approval',
    })
  })
})
