import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectHealthy } from '../../../cloud/jobs/testing.ts'
import type { Register } from '../register.ts'
import { bringCustomer, openTestCloud, openTestShop, type TestShop, when } from '../testing.ts'

const purchaseKopecks = 100_000

let cloud: Awaited<ReturnType<typeof openTestCloud>>
let shop: TestShop
let close: (() => Promise<void>)[]
beforeEach(async () => {
  cloud = await openTestCloud()
  shop = await openTestShop({ cloud, behaviour: { kind: 'never' } })
  close = [() => cloud.drop(), () => shop.close()]
})
afterEach(async () => {
  for (const end of close.toReversed()) await end()
})

async function start(): Promise<Register> {
  const register = await shop.start()
  close.push(() => register.stop())
  return register
}

/** 1C has the discount in hand, and has not said yet whether it is in the receipt. */
async function untilConfirming(register: Register): Promise<string> {
  await bringCustomer(shop, register, { purchaseKopecks, receipt: '7', protocol: 2 })
  await register.redeem({ purchaseKopecks, points: 200 })
  await when(register, ({ act }) => act?.type === 'processing' && act.stage === 'offered')
  await rename(join(shop.exchangeFolder, 'discount.json'), join(shop.exchangeFolder, 'discount.taken.json'))
  const { act } = await when(register, ({ act }) => act?.type === 'processing' && act.stage === 'confirming')
  return act?.operationId ?? ''
}

async function expectNeitherEarnsNorSpends(register: Register): Promise<void> {
  const { offer } = await when(register, ({ phase, cloud }) => phase === 'ready' && cloud.line === 'online')
  expect(offer?.redeem).toEqual({ isPossible: false, reason: 'discount_not_settled' })
  expect(await register.earn({ purchaseKopecks })).toMatchObject({ ok: false, code: 'busy' })
  expect(await register.redeem({ purchaseKopecks, points: 200 })).toMatchObject({ ok: false })
}

/** 1C says at last that the discount is in the receipt. */
async function confirm(register: Register, id: string): Promise<void> {
  await writeFile(join(shop.exchangeFolder, 'applied.json'), JSON.stringify({ id, applied: true }))
  await when(register, ({ recent, waiting }) => recent[0]?.state === 'done' && waiting.length === 0)
  expect(register.snapshot().sale).toBeNull()
  expect(await cloud.sql`select kind from operations where kind <> 'adjust' order by id`).toEqual([
    { kind: 'redeem' },
    { kind: 'apply' },
  ])
  await expectHealthy(cloud.sql)
}

describe('a sale whose discount 1C has taken and not confirmed yet neither earns nor spends', () => {
  it('once the cashier waits no more', async () => {
    const register = await start()
    const id = await untilConfirming(register)
    await register.cancel({})
    await register.cancel({})
    await expectNeitherEarnsNorSpends(register)
    await confirm(register, id)
  }, 60_000)

  it('after a restart', async () => {
    const before = await start()
    const id = await untilConfirming(before)
    await before.stop()
    const register = await start()
    await when(register, ({ sale, cloud }) => sale !== null && cloud.line === 'online')
    await register.findCustomer({ code: '654321' })
    await expectNeitherEarnsNorSpends(register)
    await confirm(register, id)
  }, 60_000)
})
