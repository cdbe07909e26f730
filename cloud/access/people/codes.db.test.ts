import { afterAll, beforeAll, expect, test } from 'vitest'
import { CODE_LIFE_SECONDS, writeSignedCode } from '../../../shared/signedCode.ts'
import { SECOND } from '../../../shared/time.ts'
import { connect } from '../../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../../database/testing.ts'
import { openCodes } from './codes.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const now = Date.parse('2025-12-07T12:00:00.500Z')

test('processes that start at the same moment have one key, and so has who starts later', async () => {
  const processes = Array.from({ length: 4 }, () => connect(database.url, { poolSize: 1 }))
  const codes = await Promise.all(processes.map(openCodes))
  const later = await openCodes(database.sql)
  expect(new Set([...codes, later].map(({ publicKey }) => publicKey)).size).toBe(1)
  expect(await database.sql`select count(*) from signing_key`).toEqual([{ count: 1 }])
  const [first] = codes
  expect(later.read(first?.sign({ card: '654321', now }).code ?? '')).toMatchObject({ card: '654321' })
  await Promise.all(processes.map((sql) => sql.end()))
})

test('a code lives as long as it is said to, and no two are the same', async () => {
  const codes = await openCodes(database.sql)
  const [first, second] = [codes.sign({ card: '654321', now }), codes.sign({ card: '654321', now })]
  expect(first.expiresAt).toBe(Math.floor(now / SECOND) * SECOND + CODE_LIFE_SECONDS * SECOND)
  expect(codes.read(first.code)).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{16}$/),
    card: '654321',
    expiresAt: first.expiresAt,
  })
  expect(codes.read(first.code)?.id).not.toBe(codes.read(second.code)?.id)
})

test('what any other key has signed, and any character that was altered, is not read', async () => {
  const codes = await openCodes(database.sql)
  const other = await createTestDatabase()
  const forged = (await openCodes(other.sql)).sign({ card: '654321', now }).code
  await other.drop()
  expect(codes.read(forged)).toBeNull()
  expect(
    codes.read(
      writeSignedCode({ id: '00'.repeat(8), card: '654321', expiresAt: now }, () => new Uint8Array(64)),
    ),
  ).toBeNull()

  const { code } = codes.sign({ card: '654321', now })
  for (let index = 0; index < code.length; index += 1) {
    const altered = code.slice(0, index) + (code[index] === 'A' ? 'B' : 'A') + code.slice(index + 1)
    expect(codes.read(altered), `character ${index}`).toBeNull()
  }
})

test('the public key is what a register is told: 32 bytes in base64url', async () => {
  expect((await openCodes(database.sql)).publicKey).toMatch(/^[\w-]{43}$/)
})
