import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashSecret } from '../../../cloud/access/secrets.ts'
import { DAY, toIso } from '../../../shared/time.ts'
import { createFakeClock } from '../exchange/testing.ts'
import type { Register } from '../register.ts'
import { createPinLock, hashPin } from '../settings/pinLock.ts'
import type { Settings } from '../settings/settings.ts'
import { bringCustomer, fetchOf, openTestCloud, openTestShop, type TestShop, when } from '../testing.ts'
import { systemClock } from '../time/clock.ts'

const purchaseKopecks = 100_000

describe('a screen', () => {
  let cloud: Awaited<ReturnType<typeof openTestCloud>>
  let shop: TestShop
  let register: Register
  let isCloudAway: boolean
  beforeEach(async () => {
    cloud = await openTestCloud()
    isCloudAway = false
    const reach = fetchOf(cloud)
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (isCloudAway) throw new TypeError('fetch failed')
      return await reach(input, init)
    }
    shop = await openTestShop({ cloud, fetch })
    register = await shop.start()
    // What the cloud says of itself, such as where a person gets help, comes on a request of its own.
    await when(register, ({ store }) => store !== null)
  })
  afterEach(async () => {
    await register.stop()
    await shop.close()
    await cloud.drop()
  })

  async function earn(): Promise<string> {
    await bringCustomer(shop, register, { purchaseKopecks })
    await register.earn({ purchaseKopecks })
    const { act } = await when(register, ({ act }) => act?.type === 'success' && !act.isQueued)
    return act?.type === 'success' ? act.operationId : ''
  }

  it.each([
    ['a code that is no card', '12', 'not_a_card'],
    ['a card that nobody has', '111111', 'customer_not_found'],
  ])('is told why %s finds nobody', async (_what, code, reason) => {
    await when(register, ({ cloud }) => cloud.line === 'online')
    expect(await register.findCustomer({ code })).toEqual({ ok: true, value: null })
    const { notFound, phase } = await when(register, ({ notFound }) => notFound !== null)
    expect({ notFound, phase }).toEqual({ notFound: { code, reason }, phase: 'idle' })
  })

  it('finds a customer by the QR on plastic', async () => {
    await when(register, ({ cloud }) => cloud.line === 'online')
    await register.findCustomer({ code: '99654321' })
    const { customer } = await when(register, ({ customer }) => customer?.source === 'cloud')
    expect(customer).toMatchObject({ card: '654321', firstName: 'Анна', available: 10_000 })
  })

  it('is refused what is not of the contract, whoever asks', async () => {
    const loose = register as unknown as Record<string, (input: unknown) => Promise<unknown>>
    for (const [name, input] of [
      ['earn', { purchaseKopecks: 1.5 }],
      ['earn', {}],
      ['redeem', { purchaseKopecks, points: 0 }],
      ['findCustomer', { code: 'x'.repeat(501) }],
      ['cancel', { more: 1 }],
      ['refund', { operationId: 'x' }],
    ] as const) {
      expect(await loose[name]?.(input)).toMatchObject({ ok: false, code: 'malformed' })
    }
  })

  it('sees a customer of the copy become one of the cloud when that is back, and may spend', async () => {
    await bringCustomer(shop, register, { purchaseKopecks })
    await register.cancel({})
    await shop.copied()
    isCloudAway = true
    await register.findCustomer({ code: '654321' })
    const copied = await when(register, ({ customer }) => customer !== null)
    expect(copied).toMatchObject({
      customer: { source: 'copy', firstName: 'Анна', available: 10_000, asOf: expect.any(Number) },
      offer: { redeem: { isPossible: false, reason: 'cloud_away' } },
    })
    isCloudAway = false
    const { offer } = await when(register, ({ customer }) => customer?.source === 'cloud')
    expect(offer?.redeem).toMatchObject({ isPossible: true, maxPoints: 200 })
  })

  describe('on a large amount typed by hand', () => {
    const typed = 15_005_000
    beforeEach(async () => {
      await when(register, ({ cloud, store }) => cloud.line === 'online' && store !== null)
      await register.findCustomer({ code: '654321' })
      await when(register, ({ phase }) => phase === 'customer_found')
    })

    it('needs a PIN, and 1C where none is set', async () => {
      expect(await register.typeAmount({ purchaseKopecks: 3_000_000 })).toMatchObject({ ok: true })
      expect(await register.typeAmount({ purchaseKopecks: 3_000_001 })).toMatchObject({ code: 'no_pin' })
      await register.saveSettings({ newPin: '2580' })
      expect(await register.typeAmount({ purchaseKopecks: typed })).toMatchObject({ code: 'pin_needed' })
      expect(await register.typeAmount({ purchaseKopecks: typed, pin: '0000' })).toMatchObject({
        code: 'wrong_pin',
      })
      expect(register.snapshot().sale).toMatchObject({ purchaseKopecks: 3_000_000 })
      expect(await register.typeAmount({ purchaseKopecks: typed, pin: '2580' })).toMatchObject({ ok: true })
      expect(register.snapshot().sale).toMatchObject({ purchaseKopecks: typed, source: 'typed' })
    })

    it('is counted, with the cashier whom 1C named last', async () => {
      const amountFile = join(shop.exchangeFolder, 'amount.json')
      await writeFile(amountFile, '{"amount": 1000, "cashier": "Иванова"}')
      await when(register, ({ sale }) => sale?.source === '1c')
      await register.earn({ purchaseKopecks })
      await when(register, ({ act }) => act?.type === 'success' && !act.isQueued)
      await writeFile(amountFile, '{"amount": 0}')
      await register.findCustomer({ code: '654321' })
      await when(register, ({ phase }) => phase === 'customer_found')
      await register.typeAmount({ purchaseKopecks: 50_000 })
      await register.earn({ purchaseKopecks: 50_000 })
      await when(
        register,
        ({ act }) => act?.type === 'success' && act.purchaseKopecks === 50_000 && !act.isQueued,
      )
      const rows = await cloud.sql`
        select purchase_kopecks as kopecks, cashier, typed from operations where kind = 'earn' order by 1`
      expect(rows).toEqual([
        { kopecks: 50_000, cashier: 'Иванова', typed: true },
        { kopecks: purchaseKopecks, cashier: 'Иванова', typed: false },
      ])
    })
  })

  describe('with a frozen card', () => {
    async function freeze() {
      await cloud.sql`update customers set status = 'frozen' where card = '654321'`
    }
    const frozen = {
      customer: { card: '654321', status: 'frozen' },
      supportContact: '@kopilka_help',
      offer: { redeem: { isPossible: false, reason: 'card_frozen' } },
    }

    it('says so as soon as it is looked up, and where a person gets help', async () => {
      await freeze()
      const seen = await bringCustomer(shop, register, { purchaseKopecks })
      expect(seen).toMatchObject(frozen)
      for (const tap of [register.earn({ purchaseKopecks }), register.redeem({ purchaseKopecks, points: 1 })])
        expect(await tap).toMatchObject({ ok: false, code: 'card_frozen' })
    })

    it('knows it without a network, too: nothing is earned that would only be refused later', async () => {
      await bringCustomer(shop, register, { purchaseKopecks })
      await register.earn({ purchaseKopecks })
      await when(register, ({ act }) => act?.type === 'success' && !act.isQueued)
      await shop.copied()
      await freeze()
      await register.findCustomer({ code: '654321' })
      await when(register, ({ customer }) => customer?.status === 'frozen')
      await register.cancel({})
      isCloudAway = true
      await shop.simulator.newReceipt({ purchaseKopecks: 70_000 })
      await register.findCustomer({ code: '654321' })
      const seen = await when(register, ({ customer, sale }) => customer?.source === 'copy' && sale !== null)
      expect(seen).toMatchObject(frozen)
      expect(await register.earn({ purchaseKopecks: 70_000 })).toMatchObject({
        ok: false,
        code: 'card_frozen',
      })
      expect(register.snapshot().cloud.queued).toBe(0)
    })
  })

  it('earns on an amount typed by hand where 1C has given none', async () => {
    await when(register, ({ cloud }) => cloud.line === 'online')
    await register.findCustomer({ code: '654321' })
    await when(register, ({ phase }) => phase === 'customer_found')
    await register.typeAmount({ purchaseKopecks: 50_000 })
    expect(register.snapshot().offer).toMatchObject({
      redeem: { isPossible: false, reason: 'amount_not_of_1c' },
    })
    await register.earn({ purchaseKopecks: 50_000 })
    await when(register, ({ act }) => act?.type === 'success' && act.available === 10_020)
  })

  it('undoes an operation of today, once, and the sale that still lies there is open again', async () => {
    const operationId = await earn()
    expect(register.snapshot().recent).toMatchObject([{ id: operationId, earned: 40, isRefundable: true }])
    expect(await register.refund({ operationId })).toEqual({ ok: true, value: null })
    const { act } = await when(
      register,
      ({ act }) => act?.type === 'success' && act.kind === 'refund' && !act.isQueued,
    )
    expect(act).toMatchObject({ earned: -40, available: 10_000 })
    expect(await register.refund({ operationId })).toMatchObject({ ok: false, code: 'not_refundable' })
    expect(register.snapshot()).toMatchObject({ recent: [{ refund: 'done' }], sale: { purchaseKopecks } })
  })

  it.each([-2 * DAY, 2 * DAY])('undoes it too on a till whose clock is wrong by %i ms', async (wrongMs) => {
    await register.stop()
    register = await shop.start({ clock: { ...systemClock, now: () => Date.now() + wrongMs } })
    const operationId = await earn()
    expect(register.snapshot().recent).toMatchObject([{ id: operationId, isRefundable: true }])
    expect(await register.refund({ operationId })).toEqual({ ok: true, value: null })
    await when(register, ({ act }) => act?.type === 'success' && act.kind === 'refund' && !act.isQueued)
  })

  it('does not offer a finished sale again, not even after a restart', async () => {
    await earn()
    await register.cancel({})
    expect(register.snapshot()).toMatchObject({ phase: 'idle', sale: null })
    await register.stop()
    register = await shop.start()
    await when(register, ({ exchange, cloud }) => exchange.state === 'ok' && cloud.line === 'online')
    await register.findCustomer({ code: '654321' })
    await when(register, ({ phase }) => phase === 'customer_found')
    await shop.simulator.newReceipt({ purchaseKopecks })
    await when(register, ({ phase, sale }) => phase === 'ready' && sale?.purchaseKopecks === purchaseKopecks)
  })

  it('is asked whether a second equal purchase is meant, and its "yes" is done', async () => {
    await earn()
    await register.cancel({})
    await bringCustomer(shop, register, { purchaseKopecks })
    await register.earn({ purchaseKopecks })
    const { act } = await when(register, ({ phase }) => phase === 'error')
    expect(act).toMatchObject({ code: 'duplicate_transaction', fate: 'untouched' })
    await register.earn({ purchaseKopecks, confirmDuplicate: true })
    await when(register, ({ act }) => act?.type === 'success' && act.available === 10_080)
    expect(register.snapshot().parked).toEqual([])
  })

  it('hands over what nobody here can mend, and the chain sees it', async () => {
    await bringCustomer(shop, register, { purchaseKopecks })
    isCloudAway = true
    await register.earn({ purchaseKopecks })
    await when(register, ({ act }) => act?.type === 'success' && act.isQueued)
    await register.cancel({})
    await cloud.sql`update customers set status = 'frozen'`
    isCloudAway = false
    const { parked } = await when(register, ({ parked }) => parked.length > 0)
    expect(parked).toMatchObject([
      { kind: 'earn', code: 'customer_frozen', firstName: 'Анна', purchaseKopecks },
    ])
    const operationId = parked[0]?.id ?? ''
    expect(await register.handOverParked({ operationId })).toEqual({ ok: true, value: null })
    expect(register.snapshot()).toMatchObject({
      parked: [],
      handedOver: [{ id: operationId }],
      recent: [{ id: operationId, state: 'handed_over', isRefundable: false }],
    })
    expect(await cloud.sql`select kind, reference from discrepancies`).toEqual([
      { kind: 'parked', reference: operationId },
    ])
    expect(await register.handOverParked({ operationId })).toMatchObject({ ok: false, code: 'not_parked' })
  })

  describe('of an IT person', () => {
    it('enrols the register by a code, in another folder, and keeps what was not sent', async () => {
      await cloud.sql`
        insert into pairing_codes (code_hash, store_id, expires_at)
        values (${hashSecret('ABCD2345')}, ${cloud.storeId}, ${toIso(Date.now() + 60_000)})`
      const exchangeFolder = join(shop.dataFolder, 'other')
      const enrol = { cloudUrl: 'https://cloud.test', exchangeFolder }
      expect(await register.enrol({ ...enrol, code: 'WRONG234' })).toMatchObject({
        ok: false,
        code: 'wrong_code',
      })
      const reply = await register.enrol({ ...enrol, code: 'ABCD2345' })
      expect(reply).toMatchObject({ ok: true, value: { store: 'Ашукино' } })
      await when(register, ({ cloud, store }) => cloud.line === 'online' && store?.name === 'Ашукино')
      expect(register.snapshot().settings.exchangeFolder).toBe(exchangeFolder)
    })

    it('tests the folder by doing what will be done there', async () => {
      expect(await register.testExchange({ folder: shop.exchangeFolder })).toEqual({ ok: true, value: null })
      const missing = join(shop.exchangeFolder, 'missing')
      expect(await register.testExchange({ folder: missing })).toMatchObject({
        ok: false,
        code: 'folder_not_usable',
        message: 'ENOENT',
      })
    })

    it('sets a PIN, and nobody without it changes anything', async () => {
      expect(await register.saveSettings({ newPin: '1234' })).toEqual({ ok: true, value: null })
      expect(register.snapshot().settings.hasPin).toBe(true)
      expect(await register.saveSettings({ newPin: '9999' })).toMatchObject({ ok: false, code: 'wrong_pin' })
      expect(await register.writeDiagnostics({ pin: '0000' })).toMatchObject({ ok: false, code: 'wrong_pin' })
      expect(await register.saveSettings({ pin: '1234', newPin: '5678' })).toEqual({ ok: true, value: null })
    })

    it('gets a diagnostics file without names, cards and keys', async () => {
      await earn()
      const reply = await register.writeDiagnostics({})
      const text = await readFile(reply.ok ? reply.value.path : '', 'utf8')
      expect(JSON.parse(text)).toMatchObject({ phase: 'success', recent: [{ card: '…21', earned: 40 }] })
      for (const secret of ['Анна', '654321', shop.key]) expect(text).not.toContain(secret)
    })
  })
})

describe('the PIN', () => {
  it('cannot be guessed: after five wrong ones nobody is asked for a minute', async () => {
    const clock = createFakeClock()
    const settings = { pin: hashPin('1234') } as Settings
    const lock = createPinLock({ settings: () => settings, clock })
    for (let attempt = 0; attempt < 5; attempt += 1) expect(lock.check('0000')).toBe('wrong_pin')
    expect(lock.check('1234')).toBe('too_many_attempts')
    await clock.advance(60_000)
    expect(lock.check('1234')).toBe('open')
  })
})
