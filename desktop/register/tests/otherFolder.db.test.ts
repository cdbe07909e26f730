import { mkdir, readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { expectHealthy } from '../../../cloud/jobs/testing.ts'
import type { Snapshot } from '../../../shared/bridge.ts'
import { openShare } from '../exchange/testing.ts'
import type { RegisterOptions } from '../register.ts'
import { bringCustomer, openTestCloud, openTestShop, type TestShop, when } from '../testing.ts'

const purchaseKopecks = 100_000

let cloud: Awaited<ReturnType<typeof openTestCloud>>
let shop: TestShop
let other: string
let close: (() => Promise<void>)[]
beforeEach(async () => {
  cloud = await openTestCloud()
  shop = await openTestShop({ cloud, behaviour: { kind: 'never' } })
  other = join(shop.exchangeFolder, '..', 'other')
  await mkdir(other)
  close = [() => cloud.drop(), () => shop.close()]
})
afterEach(async () => {
  for (const end of close.toReversed()) await end()
})

async function start(options: Partial<RegisterOptions>) {
  const register = await shop.start(options)
  close.push(() => register.stop())
  return register
}

/** A register that died while 1C was offered a discount: it lies in the folder still. */
async function dieOffering(): Promise<void> {
  const disk = openShare(shop.exchangeFolder)
  const register = await start({ files: disk.files })
  await bringCustomer(shop, register, { purchaseKopecks })
  await register.redeem({ purchaseKopecks, points: 100 })
  await when(register, ({ act }) => act?.type === 'processing' && act.stage === 'offered')
  disk.isAway = true
  await register.stop()
  expect(await readdir(shop.exchangeFolder)).toContain('discount.txt')
}

async function holds() {
  return await cloud.sql`select state from holds`
}

it('is met in another folder while a discount lies in the one before: its absence is nobody’s word, and its own folder decides it', async () => {
  const disk = openShare(shop.exchangeFolder)
  const register = await start({ files: disk.files })
  await bringCustomer(shop, register, { purchaseKopecks })
  await register.redeem({ purchaseKopecks, points: 100 })
  await when(register, ({ act }) => act?.type === 'processing' && act.stage === 'offered')
  disk.isAway = true
  expect(await register.saveSettings({ exchangeFolder: other })).toEqual({ ok: true, value: null })
  const { act } = await when(register, ({ exchange }) => exchange.state === 'ok')
  expect(act).toMatchObject({ type: 'error', code: 'folder_busy', fate: 'held' })
  expect(await holds()).toEqual([{ state: 'processing' }])
  await register.cancel({})
  await register.cancel({})
  expect(register.isFree()).toBe(true)

  disk.isAway = false
  await register.saveSettings({ exchangeFolder: shop.exchangeFolder })
  await when(register, ({ recent, waiting }) => recent.length === 0 && waiting.length === 0)
  expect(await holds()).toEqual([{ state: 'released' }])
  expect(await readdir(shop.exchangeFolder)).toEqual(['amount.json'])
  await expectHealthy(cloud.sql)
}, 60_000)

it.each([
  ['another folder', false],
  ['another name of the same', true],
])(
  'is started in %s after it died in an offer: the discount is taken back',
  async (_what, isSame) => {
    await dieOffering()
    const exchange = isSame ? join(other, 'link') : other
    if (isSame) await symlink(shop.exchangeFolder, exchange)
    const register = await start({ commandLine: { exchange } })
    await when(register, ({ recent, waiting }) => recent.length === 0 && waiting.length === 0)
    expect(await holds()).toEqual([{ state: 'released' }])
    expect(await readdir(shop.exchangeFolder)).toEqual(['amount.json'])
    await expectHealthy(cloud.sql)
  },
  60_000,
)

const settled = ({ recent, waiting }: Snapshot) => recent[0]?.state === 'done' && waiting.length === 0

it('is started in another folder when 1C had taken the discount: only its own folder tells so, by whatever name', async () => {
  await dieOffering()
  await rm(join(shop.exchangeFolder, 'discount.txt'))
  const elsewhere = await start({ commandLine: { exchange: other } })
  await when(elsewhere, ({ exchange, cloud }) => exchange.state === 'ok' && cloud.line === 'online')
  expect(await holds()).toEqual([{ state: 'processing' }])
  expect(elsewhere.isFree()).toBe(true)
  const exchangeFolder = join(other, 'link')
  await symlink(shop.exchangeFolder, exchangeFolder)
  expect(await elsewhere.saveSettings({ exchangeFolder })).toEqual({ ok: true, value: null })
  await when(elsewhere, settled)
  expect(await holds()).toEqual([{ state: 'applied' }])
  expect((await readdir(shop.exchangeFolder)).filter((name) => name.startsWith('kopilka'))).toEqual([])
  await expectHealthy(cloud.sql)
}, 60_000)

it('is started under another name of its folder when 1C had taken the discount: it was taken', async () => {
  await dieOffering()
  await rm(join(shop.exchangeFolder, 'discount.txt'))
  const exchange = join(other, 'link')
  await symlink(shop.exchangeFolder, exchange)
  const register = await start({ commandLine: { exchange } })
  await when(register, settled)
  expect(await holds()).toEqual([{ state: 'applied' }])
  await expectHealthy(cloud.sql)
}, 60_000)
