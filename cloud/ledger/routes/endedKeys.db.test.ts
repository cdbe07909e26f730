import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Operation } from '../../../shared/operation.ts'
import { toIso } from '../../../shared/time.ts'
import { newRegisterKey } from '../../access/registers/keys.ts'
import { hashSecret } from '../../access/secrets.ts'
import { performWithin } from '../../acts/act.ts'
import { revokeKey } from '../../acts/registers.ts'
import { byAdmin } from '../../acts/testing.ts'
import { createTestCloud, type TestCloud } from '../../testing/cloud.ts'
import { mintId } from '../testing/makers.ts'

// A register is let in from memory, and its key is looked at when its operations are executed.

const CARD = '111111'

let cloud: TestCloud
let registers: { id: number; key: string }[]
let stores = 0
beforeAll(async () => {
  cloud = await createTestCloud()
  await cloud.addCustomer(CARD)
})
afterAll(() => cloud.drop())
beforeEach(async () => {
  const storeId = await cloud.addStore(`Магазин ${++stores}`)
  registers = [await cloud.addRegister(storeId, 'Касса 1'), await cloud.addRegister(storeId, 'Касса 2')]
  for (const { key } of registers) expect((await send(key, sale())).status).toBe(200)
})

let purchases = 0
const nextKopecks = () => 10_000 + ++purchases * 100
const sale = (): Operation => ({
  ...{
    kind: 'earn',
    id: mintId(),
    at: toIso(cloud.clock.now),
    card: CARD,
    purchaseKopecks: nextKopecks(),
  },
})
const send = (key: string, ...operations: unknown[]) =>
  cloud.request('POST', '/v1/operations', { key, json: { operations } })
const isExecuted = async ({ id }: Operation) =>
  (await cloud.sql`select from operations where id = ${id}`).length > 0

const [first, second] = [0, 1].map((index) => () => {
  const register = registers[index]
  if (!register) throw new Error('there is no such register')
  return register
}) as [() => TestRegister, () => TestRegister]
type TestRegister = { id: number; key: string }

const revoke = ({ id }: TestRegister) =>
  cloud.sql.begin((sql) => performWithin(sql, revokeKey, { register: id }, byAdmin(cloud.sql)))

const REVOKED = { status: 401, body: { error: { code: 'register_revoked' } } }

test('a key that was revoked since it was last used executes nothing more', async () => {
  await revoke(first())
  const late = sale()
  expect(await send(first().key, late)).toMatchObject(REVOKED)
  expect(await send(first().key, late)).toMatchObject(REVOKED)
  expect(await isExecuted(late)).toBe(false)
  expect((await send(second().key, sale())).status).toBe(200)
})

test('a key that is revoked while its operations wait for a customer executes nothing, and the others go on', async () => {
  const [late, other] = [sale(), sale()]
  const { replies } = await cloud.sql.begin(async (sql) => {
    await sql`select from customers where card = ${CARD} for update`
    const replies = [send(first().key, late), send(second().key, other)]
    // The ledger waits for the customer by now, and everything that it asks stands behind that.
    for (;;) {
      const waiting =
        await cloud.sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
      if (waiting.length > 0) break
    }
    await revoke(first())
    return { replies }
  })
  const [ofRevoked, ofOther] = await Promise.all(replies)
  expect(ofRevoked).toMatchObject(REVOKED)
  expect(ofOther?.status).toBe(200)
  expect(await isExecuted(late)).toBe(false)
  expect(await isExecuted(other)).toBe(true)
})

test('a key that was replaced executes nothing more, and the new one does', async () => {
  const key = newRegisterKey()
  await cloud.sql`update registers set key_hash = ${hashSecret(key)} where id = ${first().id}`
  expect(await send(first().key, sale())).toMatchObject({
    status: 401,
    body: { error: { code: 'unauthorized' } },
  })
  expect((await send(key, sale())).status).toBe(200)
})

test('an ended key hears so, even where it sends nothing that could be executed', async () => {
  expect(await send(first().key, { kind: 'earn' })).toMatchObject({ status: 422 })
  await revoke(first())
  expect(await send(first().key, { kind: 'earn' })).toMatchObject(REVOKED)
})

test('a register that was moved to another store is told to come again, and acts for that store then', async () => {
  const other = await cloud.addStore('Другой магазин')
  await cloud.sql`update registers set store_id = ${other} where id = ${first().id}`
  const moved = sale()
  expect(await send(first().key, moved)).toMatchObject({ status: 503 })
  expect((await send(first().key, moved)).status).toBe(200)
  expect(await cloud.sql`select store_id from operations where id = ${moved.id}`).toEqual([
    { store_id: other },
  ])
})
