import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashSecret } from '../../../cloud/access/secrets.ts'
import { toIso } from '../../../shared/time.ts'
import { createFailingDisk } from '../crash/failingDisk.ts'
import { until } from '../crash/until.ts'
import { failure, withFaults } from '../exchange/testing.ts'
import { systemFiles } from '../machine/files.ts'
import type { Register } from '../register.ts'
import { bringCustomer, fetchOf, openTestCloud, openTestShop, type TestShop, when } from '../testing.ts'

const purchaseKopecks = 100_000

describe('a register whose disk', () => {
  let cloud: Awaited<ReturnType<typeof openTestCloud>>
  let shop: TestShop
  let close: (() => Promise<void>)[]
  beforeEach(async () => {
    cloud = await openTestCloud()
    shop = await openTestShop({ cloud, behaviour: { kind: 'never' }, takeMs: 300 })
    close = [() => cloud.drop(), () => shop.close()]
  })
  afterEach(async () => {
    for (const end of close.toReversed()) await end()
  })

  async function start(overrides: Parameters<TestShop['start']>[0]): Promise<Register> {
    const register = await shop.start(overrides)
    close.push(() => register.stop())
    return register
  }

  function fillUp() {
    const disk = createFailingDisk()
    const fill = () =>
      disk.fail({ code: 'ENOSPC', folders: [shop.dataFolder], hasJournal: true, isOnce: false })
    return { ...disk, ...disk.under({ files: systemFiles }), fill }
  }
  const hasNoAlert = ({ notices }: { notices: { code: string }[] }) =>
    notices.every(({ code }) => code !== 'disk_failing')

  it('fills up never offers a discount that was given up meanwhile', async () => {
    const disk = fillUp()
    const reach = fetchOf(cloud)
    const asked = Promise.withResolvers<void>()
    const mayAnswer = Promise.withResolvers<void>()
    const register = await start({
      files: disk.files,
      openDatabase: disk.openDatabase,
      async fetch(input, init) {
        const answer = await reach(input, init)
        if (String(input).endsWith('/v1/operations')) {
          asked.resolve()
          await mayAnswer.promise
        }
        return answer
      },
    })
    await bringCustomer(shop, register, { purchaseKopecks })
    await register.redeem({ purchaseKopecks, points: 200 })
    await asked.promise
    disk.fill()
    expect(await register.cancel({})).toMatchObject({ ok: true })
    const { act } = await when(register, ({ act }) => act?.type === 'error')
    expect(act).toMatchObject({ fate: 'returned' })
    mayAnswer.resolve()
    disk.recover()
    await when(register, (snapshot) => hasNoAlert(snapshot) && snapshot.cloud.queued === 0)
    await until(
      async () => (await cloud.sql`select from holds where state <> 'released'`).length === 0,
      'the points are back',
    )
    expect(shop.events.filter(({ kind }) => kind === 'appeared')).toEqual([])
  })

  it('is full does not spend a pairing code, and says why', async () => {
    const disk = fillUp()
    const register = await start({ files: disk.files, openDatabase: disk.openDatabase })
    await cloud.sql`
      insert into pairing_codes (code_hash, store_id, expires_at)
      values (${hashSecret('ABCD2345')}, ${cloud.storeId}, ${toIso(Date.now() + 60_000)})`
    const enrol = { cloudUrl: 'https://cloud.test', exchangeFolder: shop.exchangeFolder, code: 'ABCD2345' }
    disk.fill()
    expect(await register.enrol(enrol)).toEqual({ ok: false, code: 'not_written', message: 'ENOSPC' })
    expect(await register.writeDiagnostics({})).toMatchObject({ code: 'not_written' })
    disk.recover()
    expect(await register.enrol(enrol)).toMatchObject({ ok: true })
  })

  it('is full at the start starts all the same, and knows its customers and what its cloud says', async () => {
    const first = await start({})
    await bringCustomer(shop, first, { purchaseKopecks })
    await first.stop()
    const disk = fillUp()
    disk.fill()
    const register = await start({
      files: disk.files,
      openDatabase: disk.openDatabase,
      commandLine: { exchange: join(shop.exchangeFolder, '.'), key: shop.key },
    })
    const { customer } = await bringCustomer(shop, register, { purchaseKopecks: 200_000 })
    expect(customer).toMatchObject({ firstName: 'Анна' })
    await register.earn({ purchaseKopecks: 200_000 })
    const { act, notices } = await when(register, ({ act }) => act?.type === 'error')
    expect(act).toMatchObject({ code: 'not_written', fate: 'untouched' })
    expect(notices.map(({ code }) => code)).toEqual(['disk_failing'])
  })

  it('can be written, and the folder of 1C cannot: it is told to the screen and to IT, and earning goes on', async () => {
    let isClosed = true
    const refuse = (path: string) => {
      if (isClosed && path.startsWith(shop.exchangeFolder)) throw failure('EROFS')
    }
    const files = withFaults(systemFiles, { writeDurably: refuse, rename: refuse, remove: refuse })
    const register = await start({ files })
    const { exchange } = await when(register, ({ exchange }) => exchange.state === 'unwritable')
    expect(exchange).toEqual({ state: 'unwritable', problem: 'EROFS' })
    const { offer } = await bringCustomer(shop, register, { purchaseKopecks })
    expect(offer?.redeem).toEqual({ isPossible: false, reason: 'exchange_unwritable' })
    await register.earn({ purchaseKopecks })
    await when(register, ({ act }) => act?.type === 'success')
    isClosed = false
    await when(register, ({ exchange }) => exchange.state === 'ok')
    expect(await readdir(shop.exchangeFolder)).toEqual(['amount.json'])
  })
})
