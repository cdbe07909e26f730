import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../database/testing.ts'
import { hashSecret } from '../secrets.ts'
import { enrolRegister } from './enrolment.ts'
import { createKeyring } from './registers.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await database.sql`insert into stores (name) values ('Ашукино')`
  await database.sql`
    insert into registers (store_id, name, key_hash)
    values (1, 'Касса 1', ${hashSecret('first')}), (1, 'Касса 2', ${hashSecret('second')})`
})
afterAll(() => database.drop())

test('keys that are asked together each find their own register', async () => {
  const { find } = createKeyring(database.sql)
  const found = await Promise.all(['first', 'second', 'first', 'none'].map(find))
  expect(found.map((register) => register?.name ?? null)).toEqual(['Касса 1', 'Касса 2', 'Касса 1', null])
})

test('a question asked while another is under way sees what was revoked before it', async () => {
  const { sql } = database
  const { find } = createKeyring(sql)
  const early = find('first')
  await sql`update registers set revoked_at = now() where name = 'Касса 2'`
  expect(await find('second')).toBeNull()
  expect((await early)?.name).toBe('Касса 1')
})

test('a failed question fails those who asked it, and the next one is asked anew', async () => {
  const { sql } = database
  let isBroken = true
  const flaky = new Proxy(sql, {
    apply: (target, self, args: Parameters<typeof sql>) =>
      isBroken ? Promise.reject(new Error('gone')) : Reflect.apply(target, self, args),
  })
  const { find } = createKeyring(flaky)
  await expect(find('first')).rejects.toThrow('gone')
  isBroken = false
  expect((await find('first'))?.name).toBe('Касса 1')
})

test('a key that was revoked or replaced is told from one that never was', async () => {
  const { sql } = database
  const { look } = createKeyring(sql)
  await sql`
    insert into pairing_codes (code_hash, store_id, register_id, expires_at)
    values (${hashSecret('ABCD2345')}, 1, 2, 'infinity')`
  const enrolled = await enrolRegister(sql, { code: 'ABCD2345', name: 'Касса', version: '1' }, Date.now())
  const found = await Promise.all(['first', 'second', 'none', enrolled?.key ?? ''].map(look))
  expect(found).toMatchObject([{ name: 'Касса 1' }, 'revoked', null, { name: 'Касса 2' }])
  await sql`update registers set revoked_at = now() where name = 'Касса 1'`
  expect(await look('first')).toBe('revoked')
})
