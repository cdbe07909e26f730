import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eraseWithin } from '../../../cloud/people/erase.ts'
import type { Snapshot } from '../../../shared/bridge.ts'
import type { Register } from '../register.ts'
import { bringCustomer, fetchOf, openTestCloud, openTestShop, type TestShop, when } from '../testing.ts'

const CARD = '654321'
const OTHER_CARD = '777777'
/** Long enough to be found in a file by nothing else. */
const NAME = 'Аполлинария-Евдокия'
const OTHER_NAME = 'Феофилакт-Пантелеймон'

let cloud: Awaited<ReturnType<typeof openTestCloud>>
let shop: TestShop
let register: Register
/** What the cloud says instead of an answer. */
let denial: { code: string } | null
beforeEach(async () => {
  denial = null
  cloud = await openTestCloud()
  await cloud.addCustomer(OTHER_CARD, 100)
  await cloud.sql`update customers set first_name = ${NAME} where card = ${CARD}`
  await cloud.sql`update customers set first_name = ${OTHER_NAME} where card = ${OTHER_CARD}`
  const real = fetchOf(cloud)
  const fetch: typeof globalThis.fetch = (input, init) =>
    denial
      ? Promise.resolve(Response.json({ error: { ...denial, message: 'No.' } }, { status: 401 }))
      : real(input, init)
  shop = await openTestShop({ cloud, fetch })
  register = await shop.start()
})
afterEach(async () => {
  await register.stop()
  await shop.close()
  await cloud.drop()
})

/** The files of the data folder that have the name somewhere, in the order of the alphabet. */
function filesWith(name: string): string[] {
  const files = readdirSync(shop.dataFolder).filter((file) => !file.endsWith('-shm'))
  return files.filter((file) => readFileSync(join(shop.dataFolder, file)).includes(name)).sort()
}

async function restart(): Promise<void> {
  await register.stop()
  register = await shop.start()
}

async function earnFor(card: string, purchaseKopecks: number): Promise<void> {
  await bringCustomer(shop, register, { card, purchaseKopecks })
  await register.earn({ purchaseKopecks })
  await when(register, ({ act }) => act?.type === 'success' && !act.isQueued)
  await register.cancel({})
}

async function redeemFor(card: string, purchaseKopecks: number): Promise<void> {
  await bringCustomer(shop, register, { card, purchaseKopecks })
  await register.redeem({ purchaseKopecks, points: 10 })
  await when(register, ({ act }) => act?.type === 'success' && act.available !== null)
  await register.cancel({})
}

/** The earning is in the queue, and the next customer may come. */
async function leave(): Promise<void> {
  await when(register, ({ act }) => act?.type === 'success')
  await register.cancel({})
}

const namesOf = ({ recent }: Snapshot) => recent.map(({ firstName }) => firstName)

describe('a customer who is erased', () => {
  it('is called nothing in the files of the register, and their sums and those of others stay', async () => {
    await earnFor(CARD, 123_400)
    await redeemFor(CARD, 50_000)
    await earnFor(OTHER_CARD, 56_700)
    // The feed has told of everybody by now, the copy has them, and the journal is in its log of changes.
    await restart()
    await when(register, ({ cloud }) => cloud.line === 'online')
    const before = register.snapshot().recent
    expect(filesWith(NAME)).not.toEqual([])

    const [{ id: customerId } = { id: 0 }] = await cloud.sql<{ id: number }[]>`
      select id from customers where card = ${CARD}`
    await cloud.sql.begin((sql) =>
      eraseWithin(sql, {
        ...{ customerId, card: CARD, before: 'active' },
        ...{ secret: null, now: Date.now() },
      }),
    )
    await restart()
    const after = await when(register, (snapshot) => namesOf(snapshot)[1] === null)
    expect(namesOf(after)).toEqual([OTHER_NAME, null, null])
    await expect.poll(() => filesWith(NAME)).toEqual([])
    expect(filesWith(OTHER_NAME)).not.toEqual([])
    expect(after.recent).toEqual(before.map((row) => (row.card === CARD ? { ...row, firstName: null } : row)))
  })
})

describe('a register', () => {
  beforeEach(async () => {
    // A register is told of those whom its own store has seen.
    await earnFor(OTHER_CARD, 56_700)
    await earnFor(CARD, 123_400)
    await restart()
    await when(register, ({ cloud }) => cloud.line === 'online')
    await expect.poll(() => filesWith(OTHER_NAME)).not.toEqual([])
    await bringCustomer(shop, register, { card: CARD, purchaseKopecks: 20_000 })
  })

  it('that is revoked knows nobody any more, says so, and keeps what it has not sent', async () => {
    denial = { code: 'register_revoked' }
    await register.earn({ purchaseKopecks: 20_000 })
    const revoked = await when(register, ({ cloud }) => cloud.line === 'revoked')
    expect(revoked.cloud.queued).toBe(1)
    await leave()
    await expect.poll(() => [...filesWith(NAME), ...filesWith(OTHER_NAME)]).toEqual([])
    expect(namesOf(register.snapshot())).toEqual([null, null, null])

    await register.findCustomer({ code: OTHER_CARD })
    const found = await when(register, ({ customer }) => customer?.card === OTHER_CARD)
    expect(found.customer).toMatchObject({ firstName: null, available: null, source: 'unknown' })
    await register.cancel({})

    // Enrolled again, here by the same key, it sends what waited and learns who is who anew.
    denial = null
    await restart()
    await when(register, ({ cloud }) => cloud.line === 'online' && cloud.queued === 0)
    await expect.poll(() => filesWith(OTHER_NAME)).not.toEqual([])
  })

  it('that a cloud does not know forgets nobody: it may be the wrong cloud', async () => {
    denial = { code: 'unauthorized' }
    await register.earn({ purchaseKopecks: 20_000 })
    await when(register, ({ cloud }) => cloud.line === 'unauthorised')
    expect(filesWith(OTHER_NAME)).not.toEqual([])
    await leave()
    await register.findCustomer({ code: OTHER_CARD })
    const found = await when(register, ({ customer }) => customer?.card === OTHER_CARD)
    expect(found.customer).toMatchObject({ firstName: OTHER_NAME, source: 'copy' })
  })
})
