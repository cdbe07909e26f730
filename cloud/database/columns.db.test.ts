import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  bigints,
  booleans,
  type Column,
  digests,
  documents,
  ids,
  ints,
  listOf,
  moments,
  tableOf,
  texts,
} from './columns.ts'
import { createTestDatabase, type TestDatabase } from './testing.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

/** Postgres has no character 0 in a text; half a character is none at all. */
const text = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', 'null', 'NULL', '{}', '"', '\\', ' ', ',', 'Анна'),
  )
  .filter((text) => !text.includes('\0'))
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(hexOf)
const orNull = <T>(value: fc.Arbitrary<T>) => fc.array(fc.option(value))

/** Each with what Postgres shows of its values. */
const kinds: [string, fc.Arbitrary<unknown[]>, Column<never>][] = [
  ['ints', orNull(fc.integer()), ints((value) => value)],
  ['bigints', orNull(fc.maxSafeInteger()), bigints((value) => value)],
  ['booleans', orNull(fc.boolean()), booleans((value) => value)],
  ['ids', orNull(fc.uuid()), ids((value) => value)],
  ['digests', orNull(digest), digests((value) => value)],
  ['texts', orNull(text), texts((value) => value)],
  ['long texts', orNull(fc.nat(100_000).map((length) => 'я'.repeat(length))), texts((value) => value)],
  [
    'moments',
    orNull(
      fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }).map(Number),
    ),
    moments((value) => value),
  ],
  [
    'documents',
    // Names are plain: V8 13.6 reads {"\\\"":1} as {"\\\\":1} where it has just read one of the latter.
    orNull(
      fc.dictionary(
        fc.stringMatching(/^\w+$/),
        fc.oneof(text, fc.array(text), fc.integer(), fc.constant(null)),
      ),
    ),
    documents((value) => value),
  ],
]

it.each(kinds)('%s come to Postgres as they are', async (_what, values, column) => {
  const { sql } = database
  await fc.assert(
    fc.asyncProperty(values, async (values) => {
      const rows = await sql<{ value: unknown }[]>`
        select value from ${tableOf(sql, values as never[], [column])} as row(value)`
      expect(rows.map(({ value }) => (value instanceof Uint8Array ? hexOf(value) : value))).toEqual(values)
    }),
    { numRuns: 200 },
  )
})

it('rows come as a table, each value in its row and in its column', async () => {
  const { sql } = database
  const rows = [
    { id: 1, name: 'Анна', at: null },
    { id: null, name: null, at: Date.UTC(2026, 10, 30) },
  ]
  const table = tableOf(sql, rows, [ints(({ id }) => id), texts(({ name }) => name), moments(({ at }) => at)])
  expect([...(await sql`select * from ${table} as row(id, name, at)`)]).toEqual(rows)
  expect([...(await sql`select * from ${tableOf(sql, [], [ints(() => 1)])} as row(id)`)]).toEqual([])
})

it('an id in capital letters is the same', async () => {
  const { sql } = database
  const id = '0F0E0D0C-0B0A-4A0B-8C0D-ABCDEF012345'
  expect([...(await sql`select unnest(${listOf(sql, [id], ids)}) as id`)]).toEqual([{ id: id.toLowerCase() }])
})

it.each([
  ['a fraction', ints((): number => 1.5)],
  ['an int that is too large', ints((): number => 2 ** 31)],
  ['no number', ints((): number => Number.NaN)],
  ['a bigint that is not exact', bigints((): number => 2 ** 53)],
  ['a moment that is none', moments((): number => Number.NaN)],
  ['an id that is too short', ids((): string => '0f0e0d0c-0b0a-4a0b-8c0d-abcdef01234')],
  ['an id that is too long', ids((): string => '0f0e0d0c-0b0a-4a0b-8c0d-abcdef01234567')],
  ['an id of other letters', ids((): string => '0f0e0d0c-0b0a-4a0b-8c0d-abcdef01234я')],
  ['half a byte', digests((): string => 'abc')],
])('%s is not written down as something else', (_what, column) => {
  expect(() => column.encode([0 as never])).toThrow(RangeError)
})

it('gives the driver the same strings for every table of so many columns, because it keeps them for ever', () => {
  const given = new Set<unknown>()
  const sql = new Proxy(database.sql, {
    apply(target, self, [strings, ...values]) {
      given.add(strings)
      return Reflect.apply(target, self, [strings, ...values])
    },
  })
  for (const rows of [[1, 2], [3], []]) tableOf(sql, rows, [ints((row) => row), bigints((row) => row)])
  expect(given.size).toBe(1)
})
