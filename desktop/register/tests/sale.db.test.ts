import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectHealthy } from '../../../cloud/jobs/testing.ts'
import { bringCustomer, fetchOf, openTestCloud, openTestShop, type TestShop, when } from '../testing.ts'

const purchaseKopecks = 100_000

describe('a register without a screen', () => {
  let cloud: Awaited<ReturnType<typeof openTestCloud>>
  let shop: TestShop
  let close: (() => Promise<void>)[]
  beforeEach(async () => {
    cloud = await openTestCloud()
    close = [() => cloud.drop()]
  })
  afterEach(async () => {
    for (const end of close.toReversed()) await end()
  })

  async function open(options: Partial<Parameters<typeof openTestShop>[0]> = {}) {
    shop = await openTestShop({ cloud, ...options })
    const register = await shop.start()
    close.push(
      () => shop.close(),
      () => register.stop(),
    )
    return register
  }

  it('earns on the amount that 1C wrote', async () => {
    const register = await open()
    const ready = await bringCustomer(shop, register, { purchaseKopecks })
    expect(ready.offer).toMatchObject({ earn: { earned: 40 }, redeem: { isPossible: true, maxPoints: 200 } })
    expect(await register.earn({ purchaseKopecks })).toEqual({ ok: true, value: null })
    const { act } = await when(register, ({ act }) => act?.type === 'success' && act.available !== null)
    expect(act).toMatchObject({ kind: 'earn', earned: 40, spent: 0, available: 10_040, isQueued: false })
    await expectHealthy(cloud.sql)
  })

  it('has a sale open again that was undone, though the cloud answers that late', async () => {
    const { promise: later, resolve: answer } = Promise.withResolvers<void>()
    const reach = fetchOf(cloud)
    let isSlow = false
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (isSlow && String(input).endsWith('/v1/operations')) await later
      return await reach(input, init)
    }
    const register = await open({ fetch })
    close.push(async () => answer())
    await bringCustomer(shop, register, { purchaseKopecks })
    await register.earn({ purchaseKopecks })
    const { recent } = await when(register, ({ act }) => act?.type === 'success' && act.available !== null)
    isSlow = true
    await register.refund({ operationId: recent[0]?.id ?? '' })
    const { sale } = await when(register, ({ act }) => act?.type === 'success' && act.kind === 'refund')
    expect(sale ?? (await when(register, ({ sale }) => sale !== null)).sale).toMatchObject({
      purchaseKopecks,
    })
  }, 20_000)

  it('spends the points once 1C has taken the discount', async () => {
    const register = await open()
    await bringCustomer(shop, register, { purchaseKopecks })
    expect(await register.redeem({ purchaseKopecks, points: 200 })).toEqual({ ok: true, value: null })
    const { act } = await when(register, ({ act }) => act?.type === 'success' && act.available !== null)
    expect(act).toMatchObject({
      kind: 'redeem',
      spent: 200,
      earned: 32,
      paidKopecks: 80_000,
      available: 9832,
    })
    expect(shop.simulator.taken()).toMatchObject([{ points: 200 }])
    expect(shop.violations()).toEqual([])
    await expectHealthy(cloud.sql)
  })

  it('gives the points back when 1C does not take the discount', async () => {
    const register = await open({ behaviour: { kind: 'never' }, takeMs: 200 })
    await bringCustomer(shop, register, { purchaseKopecks })
    await register.redeem({ purchaseKopecks, points: 200 })
    const { act } = await when(register, ({ phase }) => phase === 'error')
    expect(act).toMatchObject({ code: 'not_taken', fate: 'returned' })
    await when(register, ({ cloud }) => cloud.queued === 0)
    expect(await cloud.sql`select state from holds`).toEqual([{ state: 'released' }])
    expect(await cloud.sql`select balance from customers`).toEqual([{ balance: 10_000 }])
  })
})
