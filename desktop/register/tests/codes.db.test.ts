import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE } from '../../../shared/time.ts'
import type { Register } from '../register.ts'
import { fetchOf, openTestCloud, openTestShop, type TestShop, when } from '../testing.ts'

const purchaseKopecks = 100_000
const card = '654321'

describe('a code of the Mini App', () => {
  let cloud: Awaited<ReturnType<typeof openTestCloud>>
  let shop: TestShop
  let register: Register
  let isCloudAway: boolean
  let asked: string[]
  beforeEach(async () => {
    cloud = await openTestCloud()
    isCloudAway = false
    asked = []
    const reach = fetchOf(cloud)
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (isCloudAway) throw new TypeError('fetch failed')
      asked.push(String(input))
      return await reach(input, init)
    }
    shop = await openTestShop({ cloud, fetch })
    register = await shop.start()
    await when(register, ({ cloud, store }) => cloud.line === 'online' && store !== null)
  })
  afterEach(async () => {
    await register.stop()
    await shop.close()
    await cloud.drop()
  })

  const sign = (now = Date.now()) => cloud.codes.sign({ card, now }).code
  const alter = (code: string) => code.slice(0, 80) + (code[80] === 'A' ? 'B' : 'A') + code.slice(81)

  async function show(code: string) {
    await register.findCustomer({ code })
    return await when(
      register,
      ({ search, customer, notFound }) => !search && (customer ?? notFound) !== null,
    )
  }
  async function askForProof() {
    await cloud.sql`
      update programmes set version = version + 1, settings = settings || '{"redeem_proof": "signed_code"}'`
    await register.stop()
    register = await shop.start()
    await when(
      register,
      ({ programme, cloud }) => programme.redeem_proof === 'signed_code' && cloud.line === 'online',
    )
  }
  /** The register knows the customer, and then its cloud goes. */
  async function cutOff() {
    await shop.copied()
    isCloudAway = true
    await register.findCustomer({ code: card })
    await when(register, ({ customer, cloud }) => customer?.source === 'copy' && cloud.line === 'offline')
    await register.cancel({})
  }
  async function spend(code: string, change: { id?: number } = {}) {
    await shop.simulator.newReceipt({ purchaseKopecks: purchaseKopecks + (change.id ?? 0) })
    const { sale } = await when(
      register,
      ({ sale }) => sale?.purchaseKopecks === purchaseKopecks + (change.id ?? 0),
    )
    await show(code)
    await register.redeem({ purchaseKopecks: sale?.purchaseKopecks ?? 0, points: 100 })
    return await when(register, ({ phase }) => phase === 'success' || phase === 'error')
  }

  it('finds its customer, online and offline', async () => {
    expect((await show(sign())).customer).toMatchObject({ card, source: 'cloud', available: 10_000 })
    await register.cancel({})
    await cutOff()
    const code = sign()
    expect((await show(code)).customer).toMatchObject({ card, code, source: 'copy', firstName: 'Анна' })
  })

  it.each(['online', 'offline'])('that is too old, or altered, finds nobody %s', async (where) => {
    if (where === 'offline') await cutOff()
    expect(await show(sign(Date.now() - 2 * MINUTE))).toMatchObject({
      notFound: { reason: 'code_too_old' },
      phase: 'idle',
    })
    expect(await show(alter(sign()))).toMatchObject({ notFound: { reason: 'code_altered' }, phase: 'idle' })
  })

  it('that was altered is asked of nobody', async () => {
    const before = asked.length
    await show(alter(sign()))
    expect(asked.slice(before).filter((url) => url.includes('/v1/customers?'))).toEqual([])
  })

  it('is verified offline with the key that was told before the start', async () => {
    await cutOff()
    await register.stop()
    const { known } = JSON.parse(await readFile(join(shop.dataFolder, 'settings.json'), 'utf8'))
    expect(known.codeKey).toBe(cloud.codes.publicKey)
    register = await shop.start()
    expect(await show(alter(sign()))).toMatchObject({ notFound: { reason: 'code_altered' } })
    expect((await show(sign())).customer).toMatchObject({ card, source: 'copy' })
  })

  it('is not judged by a clock that nobody has compared with the cloud’s', async () => {
    await cutOff()
    await register.stop()
    register = await shop.start()
    expect((await show(sign(Date.now() - 2 * MINUTE))).customer).toMatchObject({ card, source: 'copy' })
  })

  it('that found a customer offline still proves them when the cloud is back', async () => {
    await askForProof()
    await cutOff()
    await shop.simulator.newReceipt({ purchaseKopecks })
    const code = sign()
    await show(code)
    isCloudAway = false
    const { customer } = await when(register, ({ offer }) => offer?.redeem.isPossible === true)
    expect(customer).toMatchObject({ source: 'cloud', code })
  })

  it('is needed to spend where the programme asks for one, and is good for one redemption', async () => {
    await askForProof()
    await shop.simulator.newReceipt({ purchaseKopecks })
    const plain = await show(card)
    const ready = plain.offer ? plain : await when(register, ({ offer }) => offer !== null)
    expect(ready.offer?.redeem).toEqual({ isPossible: false, reason: 'code_needed' })
    expect(await register.redeem({ purchaseKopecks, points: 1 })).toMatchObject({ code: 'cannot_redeem' })

    const code = sign()
    expect((await spend(code)).act).toMatchObject({ type: 'success', spent: 100 })
    const second = await spend(code, { id: 5000 })
    expect(second.act).toMatchObject({
      code: 'proof_refused',
      details: { reason: 'used' },
      fate: 'untouched',
    })
    expect(second.offer?.redeem).toEqual({ isPossible: false, reason: 'code_needed' })
    expect((await spend(sign(), { id: 5000 })).act).toMatchObject({ type: 'success', spent: 100 })
  })

  it('goes with the redemption to the cloud', async () => {
    await shop.simulator.newReceipt({ purchaseKopecks })
    await when(register, ({ sale }) => sale !== null)
    const code = sign()
    expect((await spend(code)).act).toMatchObject({ type: 'success' })
    const [hold] = await cloud.sql`select code_id from holds`
    expect(hold).toEqual({ code_id: cloud.codes.read(code)?.id })
  })
})

describe('a code whose discount 1C does not take', () => {
  it('is good for the next try', async () => {
    const cloud = await openTestCloud()
    const shop = await openTestShop({ cloud, behaviour: { kind: 'never' }, takeMs: 50 })
    const register = await shop.start()
    await when(register, ({ cloud }) => cloud.line === 'online')
    await shop.simulator.newReceipt({ purchaseKopecks })
    await register.findCustomer({ code: cloud.codes.sign({ card, now: Date.now() }).code })
    await when(register, ({ offer }) => offer?.redeem.isPossible === true)
    for (const _try of [1, 2]) {
      await register.redeem({ purchaseKopecks, points: 100 })
      const { act } = await when(register, ({ phase }) => phase === 'error')
      expect(act).toMatchObject({ code: 'not_taken', fate: 'returned' })
      await register.cancel({})
      await when(register, ({ offer }) => offer?.redeem.isPossible === true)
    }
    await register.stop()
    await shop.close()
    await cloud.drop()
  })
})
