import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hashSecret } from '../../../cloud/access/secrets.ts'
import type { UpdateState } from '../../../shared/update.ts'
import type { Register } from '../register.ts'
import { createUpdatesStandIn } from '../testing/updates.ts'
import { bringCustomer, openTestCloud, openTestShop, type TestShop, when } from '../testing.ts'

describe('a register that can be updated', () => {
  let cloud: Awaited<ReturnType<typeof openTestCloud>>
  let shop: TestShop
  let standIn: ReturnType<typeof createUpdatesStandIn>
  let register: Register
  beforeAll(async () => {
    cloud = await openTestCloud()
  })
  afterAll(() => cloud.drop())
  beforeEach(async () => {
    shop = await openTestShop({ cloud })
    standIn = createUpdatesStandIn()
  })
  const restores: (() => void)[] = []
  afterEach(async () => {
    for (const restore of restores.splice(0)) restore()
    await register.stop()
    await shop.close()
  })

  async function start(): Promise<void> {
    // Without luck in it the line is back after a second.
    register = await shop.start({ updates: standIn.updates, random: () => 0 })
    standIn.isFree = register.isFree
    // What the cloud says of this register is written down at the start.
    await when(register, ({ cloud, store }) => cloud.line === 'online' && store !== null && register.isFree())
  }

  it('shows where the update is, whenever that changes', async () => {
    await start()
    expect(register.snapshot().update).toMatchObject({ state: 'none' })
    const ready: UpdateState = { state: 'ready', version: '1.4.0', percent: null, problem: null }
    const shown = when(register, ({ update }) => update?.state === 'ready')
    standIn.move(ready)
    expect((await shown).update).toEqual(ready)
  })

  it('tells the cloud and the screen which version failed here', async () => {
    standIn.failed.push({ version: '1.4.0', problem: 'failed_starts' })
    await start()
    expect(register.snapshot().notices).toMatchObject([{ code: 'version_failed', text: '1.4.0' }])
    const [row] = await cloud.sql`select heartbeat from registers where key_hash = ${hashSecret(shop.key)}`
    expect(row?.heartbeat).toMatchObject({
      parked: 0,
      update: { state: 'failed', version: '1.4.0', problem: 'failed_starts' },
    })
  })

  it('is updated by who knows the PIN', async () => {
    await start()
    await register.saveSettings({ newPin: '1234' })
    expect(await register.installUpdate({})).toMatchObject({ ok: false, code: 'wrong_pin' })
    await when(register, register.isFree)
    expect(await register.installUpdate({ pin: '1234' })).toEqual({ ok: true, value: null })
    expect(standIn.asked).toBe(1)
  })

  it('is not free from the sale on until the ledger has heard the end of it', async () => {
    await start()
    await bringCustomer(shop, register, { purchaseKopecks: 100_000 })
    expect(register.isFree()).toBe(false)
    expect(await register.installUpdate({})).toMatchObject({ ok: false, code: 'busy' })
    expect(standIn.asked).toBe(0)

    const stopped = cutLine()
    await register.redeem({ purchaseKopecks: 100_000, points: 100 })
    await register.cancel({})
    await when(register, ({ act }) => act?.type === 'error')
    await register.cancel({})
    await shop.simulator.clear()
    await when(register, ({ phase, sale }) => phase === 'customer_found' && sale === null)
    await register.cancel({})
    expect(register.snapshot().phase).toBe('idle')
    // The screen is empty, but nobody knows yet whether the ledger holds the points.
    expect(register.isFree()).toBe(false)
    stopped.goOn()
    await when(register, register.isFree)
  })

  it('may go while earnings wait for the network: they are in the journal', async () => {
    await start()
    await bringCustomer(shop, register, { purchaseKopecks: 200_000 })
    cutLine()
    await register.earn({ purchaseKopecks: 200_000 })
    await when(register, ({ act }) => act?.type === 'success' && act.isQueued)
    await register.cancel({})
    await shop.simulator.clear()
    await when(register, ({ phase, sale, cloud }) => phase === 'idle' && sale === null && cloud.queued === 1)
    expect(register.isFree()).toBe(true)
  })

  /** Until the test lets it go on, or is over, the cloud answers nobody. */
  function cutLine() {
    const { request } = cloud.app
    cloud.app.request = () => Promise.reject(new TypeError('fetch failed'))
    const goOn = () => {
      cloud.app.request = request
    }
    restores.push(goOn)
    return { goOn }
  }
  it('that is shown in a browser is not updated, and says so', async () => {
    register = await shop.start()
    expect(register.snapshot().update).toBe(null)
    expect(await register.installUpdate({})).toMatchObject({ ok: false, code: 'no_updates' })
  })
})
