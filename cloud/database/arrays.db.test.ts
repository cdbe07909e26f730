import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { jsonArray, momentArray, plainArray, textArray } from './arrays.ts'
import type { Sql } from './connect.ts'
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
const orNull = <T>(value: fc.Arbitrary<T>) => fc.array(fc.option(value))

const kinds: [string, string, fc.Arbitrary<unknown[]>, (values: never) => string][] = [
  ['bigint', 'numbers', orNull(fc.maxSafeInteger()), plainArray],
  ['boolean', 'truths', orNull(fc.boolean()), plainArray],
  ['uuid', 'ids', orNull(fc.uuid()), plainArray],
  ['text', 'texts', orNull(text), textArray],
  [
    'timestamptz',
    'moments',
    orNull(
      fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }).map(Number),
    ),
    momentArray,
  ],
  [
    'json',
    'documents',
    // Names are plain: V8 13.6 reads {"\\\"":1} as {"\\\\":1} where it has just read one of the latter.
    orNull(
      fc.dictionary(
        fc.stringMatching(/^\w+$/),
        fc.oneof(text, fc.array(text), fc.integer(), fc.constant(null)),
      ),
    ),
    jsonArray,
  ],
]

const read: Record<string, (sql: Sql, array: string) => Promise<{ value: unknown }[]>> = {
  bigint: (sql, array) => sql`select unnest(${array}::bigint[]) as value`,
  boolean: (sql, array) => sql`select unnest(${array}::boolean[]) as value`,
  uuid: (sql, array) => sql`select unnest(${array}::uuid[]) as value`,
  text: (sql, array) => sql`select unnest(${array}::text[]) as value`,
  timestamptz: (sql, array) => sql`select unnest(${array}::timestamptz[]) as value`,
  json: (sql, array) => sql`select unnest(${array}::json[]) as value`,
}

it.each(kinds)('an array of %s comes to Postgres as it is: %s', async (type, _what, values, write) => {
  await fc.assert(
    fc.asyncProperty(values, async (values) => {
      const rows = await read[type]?.(database.sql, write(values as never))
      expect(rows?.map(({ value }) => value)).toEqual(values)
    }),
    { numRuns: 200 },
  )
})
