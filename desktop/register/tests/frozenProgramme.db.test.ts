import { afterEach, beforeEach, expect, it } from 'vitest'
import { sentencesOf, sentencesOfFrozen } from '../../renderer/failure.ts'
import { russian } from '../../renderer/texts.ts'
import type { Register } from '../register.ts'
import { displayOf } from '../screen/display.ts'
import { bringCustomer, fetchOf, openTestCloud, openTestShop, type TestShop, when } from '../testing.ts'

// The whole programme is stopped: the till says so, and that it is not the card.

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
})
afterEach(async () => {
  await register.stop()
  await shop.close()
  await cloud.drop()
})

const purchaseKopecks = 100_000
const thaw = () => cloud.sql`update programmes set frozen_at = null, version = version + 1`
const freeze = () => cloud.sql`update programmes set frozen_at = now(), version = version + 1`

async function start(): Promise<void> {
  register = await shop.start()
  await when(register, ({ store }) => store !== null)
}

it('says so as soon as somebody is looked up, and without a network to everybody', async () => {
  await freeze()
  await start()
  const seen = await bringCustomer(shop, register, { purchaseKopecks })
  expect(seen.customer).toMatchObject({ status: 'frozen', isProgrammeFrozen: true })
  expect(displayOf(seen).scene).toMatchObject({ type: 'frozen', isProgrammeFrozen: true })
  expect(await register.earn({ purchaseKopecks })).toMatchObject({ ok: false, code: 'card_frozen' })
  if (!seen.customer) throw new Error('nobody is there')
  expect(sentencesOfFrozen(russian, seen.customer, '@help').what).toBe('Программа приостановлена')
  await register.cancel({})
  isCloudAway = true
  await register.findCustomer({ code: '222222' })
  const { customer } = await when(register, ({ customer }) => customer?.card === '222222')
  expect(customer).toMatchObject({ source: 'unknown', status: 'frozen', isProgrammeFrozen: true })
})

it('says so of a customer who was on the screen when it began, and the sale goes on', async () => {
  await start()
  // Where the answer is slow, or the line is down for a moment, the earning is queued: then once more.
  for (let kopecks = purchaseKopecks; ; kopecks += 100) {
    await thaw()
    await bringCustomer(shop, register, { purchaseKopecks: kopecks })
    await freeze()
    const tapped = await register.earn({ purchaseKopecks: kopecks })
    if (tapped.ok) {
      const { act } = await when(register, ({ act }) => act?.type === 'error' || act?.type === 'success')
      if (act?.type === 'error')
        return expect(sentencesOf(act, russian)).toMatchObject({ what: 'Программа приостановлена' })
    }
    await register.cancel({})
  }
})
