import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Tx } from './connect.ts'
import { askTogether } from './questions.ts'
import { createTestDatabase, type TestDatabase } from './testing.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const within = <T>(ask: (sql: Tx) => Promise<T>) => database.sql.begin(ask)

it('answers each question with its own rows', async () => {
  const answers = await within((sql) =>
    askTogether<{ people: { name: string; ages: number[] }; nobody: object; notAsked: object }>(sql, {
      people: sql`select name, json_build_array(1, age) as ages from (values ('Анна "А"', ${7}::int), ('b', null)) p(name, age)`,
      nobody: sql`select 1 as one where ${false}`,
      notAsked: null,
    }),
  )
  expect(answers).toEqual({
    people: [
      { name: 'Анна "А"', ages: [1, 7] },
      { name: 'b', ages: [1, null] },
    ],
    nobody: [],
    notAsked: [],
  })
})

it('lets the questions share what stands before them', async () => {
  const answers = await within((sql) =>
    askTogether<{ first: { n: number }; last: { n: number } }>(
      sql,
      { first: sql`select min(n) as n from numbers`, last: sql`select max(n) as n from numbers` },
      sql`with numbers as materialized (select n from generate_series(1, ${5}::int) n)`,
    ),
  )
  expect(answers).toEqual({ first: [{ n: 1 }], last: [{ n: 5 }] })
})

it.each([String(2 ** 53), '-9007199254740993', '0.5'])(
  'does not take %s for an exact number',
  async (number) => {
    const asked = within((sql) =>
      askTogether<{ points: { points: number } }>(sql, { points: sql`select ${number}::numeric as points` }),
    )
    await expect(asked).rejects.toThrow(RangeError)
  },
)
