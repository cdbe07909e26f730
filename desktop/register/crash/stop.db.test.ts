import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withFaults } from '../exchange/testing.ts'
import { systemFiles } from '../machine/files.ts'
import { bringCustomer, openTestCloud, openTestShop, when } from '../testing.ts'
import { type Clock, pause, systemClock } from '../time/clock.ts'
import type { Cloud } from './records.ts'

let cloud: Cloud
beforeEach(async () => {
  cloud = await openTestCloud()
})
afterEach(() => cloud.drop())

/** The same clock, and the waits that are open on it. */
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

describe('a register that is stopped leaves nothing half done on the disk', () => {
  /** A disk that is slow with this operation on this file, and tells when it has begun. */
  function slowDisk(operation: 'rename' | 'remove', name: string) {
    const { promise: begun, resolve } = Promise.withResolvers<void>()
    async function linger(path: string): Promise<void> {
      if (basename(path) !== name) return
      resolve()
      await pause(systemClock, 200)
    }
    return { begun, files: withFaults(systemFiles, { [operation]: linger }) }
  }

  it('of what the cloud has told it', async () => {
    const shop = await openTestShop({ cloud })
    const { begun, files } = slowDisk('rename', 'settings.json.tmp')
    const register = await shop.start({ files })
    await begun
    await register.stop()
    const settings = JSON.parse(await readFile(join(shop.dataFolder, 'settings.json'), 'utf8'))
    expect(settings.known).toMatchObject({ store: { name: 'Ашукино' } })
    await shop.close()
  })

  it('of a discount of nobody that it takes away', async () => {
    const shop = await openTestShop({ cloud, behaviour: { kind: 'never' } })
    await writeFile(join(shop.exchangeFolder, 'discount.txt'), '150')
    const { begun, files } = slowDisk('remove', 'discount.orphan.tmp')
    const register = await shop.start({ files })
    await shop.simulator.newReceipt({ purchaseKopecks: 100_000 })
    await begun
    await register.stop()
    expect(await readdir(shop.exchangeFolder)).toEqual(['amount.json'])
    await shop.close()
  })
})
