import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectHealthy } from '../../../cloud/jobs/testing.ts'
import { openShare, withFaults } from '../exchange/testing.ts'
import type { Register } from '../register.ts'
import { bringCustomer, openTestCloud, openTestShop, type TestShop, when } from '../testing.ts'
import { pause, systemClock } from '../time/clock.ts'

const purchaseKopecks = 100_000
const sale = { purchaseKopecks }
const receipt = 'ТД-7'

let cloud: Awaited<ReturnType<typeof openTestCloud>>
let shop: TestShop
let share: ReturnType<typeof openShare>
let looked: number
let close: (() => Promise<void>)[]
beforeEach(async () => {
  cloud = await openTestCloud()
  shop = await openTestShop({ cloud })
  looked = 0
  share = openShare(shop.exchangeFolder)
  close = [() => cloud.drop(), () => shop.close()]
})
afterEach(async () => {
  for (const end of close.toReversed()) await end()
})

async function start(): Promise<Register> {
  const look = (path: string) => {
    if (!share.isAway && path.endsWith('amount.json')) looked += 1
  }
  const register = await shop.start({ files: withFaults(share.files, { stat: look, read: look }) })
  close.push(() => register.stop())
  return register
}

/** Until the sale is given up with the folder. */
async function lose(register: Register): Promise<void> {
  share.isAway = true
  await when(register, ({ exchange, sale }) => exchange.state === 'away' && sale === null)
}

async function find(register: Register): Promise<void> {
  await when(register, ({ cloud }) => cloud.line === 'online')
  await register.findCustomer({ code: '654321' })
  await when(register, ({ customer, search }) => customer !== null && search === null)
}

async function earnTyped(register: Register): Promise<void> {
  expect(await register.typeAmount(sale)).toEqual({ ok: true, value: null })
  expect(await register.earn(sale)).toEqual({ ok: true, value: null })
  await when(register, ({ act }) => act?.type === 'success' && act.available !== null)
  await register.cancel({})
}

/** A reading takes four looks at the file: at the fifth it has been told. */
const LOOKS_OF_A_READING = 4

/** What 1C is heard to have open, once what lies in the folder has been read. */
async function saleWhenBack(register: Register) {
  share.isAway = false
  const isRead = looked + LOOKS_OF_A_READING
  while (looked <= isRead) await pause(systemClock, 5)
  return register.snapshot().sale
}

describe('the receipt of a purchase that was typed while the folder of 1C was away', () => {
  it('is not offered when the folder is back, nor at a start after it, and is open again once that was undone', async () => {
    const register = await start()
    await bringCustomer(shop, register, { purchaseKopecks, receipt })
    await lose(register)
    await earnTyped(register)
    expect(await saleWhenBack(register)).toBeNull()
    await register.stop()

    const again = await start()
    expect(await saleWhenBack(again)).toBeNull()
    const { recent } = await when(again, ({ recent }) => recent.length > 0)
    await again.refund({ operationId: recent[0]?.id ?? '' })
    await when(again, ({ sale }) => sale?.receipt === receipt)
    expect(await cloud.sql`select count(*)::int from operations where kind = 'earn'`).toEqual([{ count: 1 }])
    await expectHealthy(cloud.sql)
  }, 60_000)

  it('is not offered either where 1C had none open as its folder went away, and wrote it meanwhile', async () => {
    const register = await start()
    await shop.simulator.newReceipt({ purchaseKopecks, receipt: 'ТД-6' })
    await when(register, ({ sale }) => sale !== null)
    await shop.simulator.clear()
    await when(register, ({ sale }) => sale === null)
    await find(register)
    share.isAway = true
    await when(register, ({ exchange }) => exchange.state === 'away')
    await shop.simulator.newReceipt({ purchaseKopecks, receipt })
    await earnTyped(register)
    expect(await saleWhenBack(register)).toBeNull()
  }, 60_000)

  it.each([
    ['with a number', receipt],
    ['without one', undefined],
  ])(
    'is known %s also by a register that was ended before it was typed',
    async (_what, numbered) => {
      const before = await start()
      await bringCustomer(shop, before, { purchaseKopecks, ...(numbered && { receipt: numbered }) })
      share.isAway = true
      await before.stop()

      const register = await start()
      await find(register)
      await earnTyped(register)
      expect(await saleWhenBack(register)).toBeNull()
      // The next one may be of the same amount.
      await shop.simulator.newReceipt({ purchaseKopecks })
      await when(register, ({ sale }) => sale?.purchaseKopecks === purchaseKopecks)
    },
    60_000,
  )
})
