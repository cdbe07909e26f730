import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Clock, systemClock } from '../clock.ts'
import { bringCustomer, openTestCloud, openTestShop, when } from '../testing.ts'
import type { Cloud } from './books.ts'

let cloud: Cloud
beforeEach(async () => {
  cloud = await openTestCloud()
})
afterEach(() => cloud.drop())

/** The same clock, and what somebody waits for on it. */
function countedClock(): { clock: Clock; waits: () => number[] } {
  const waits = new Map<symbol, number>()
  return {
    waits: () => [...waits.values()],
    clock: {
      ...systemClock,
      after(ms, call) {
        const wait = Symbol('wait')
        waits.set(wait, ms)
        const cancel = systemClock.after(ms, () => {
          waits.delete(wait)
          call()
        })
        return () => {
          waits.delete(wait)
          cancel()
        }
      },
    },
  }
}

it('a register that is stopped in the middle of an offer waits for nothing more, so that its process can end', async () => {
  const { clock, waits } = countedClock()
  const shop = await openTestShop({ cloud, behaviour: { kind: 'never' }, takeMs: 60_000 })
  const register = await shop.start({ clock })
  await bringCustomer(shop, register, { purchaseKopecks: 100_000 })
  await register.redeem({ purchaseKopecks: 100_000, points: 200 })
  await when(register, ({ act }) => act?.type === 'processing' && act.stage === 'offered')
  await register.stop()
  expect(waits()).toEqual([])
  await shop.close()
})
