import { afterAll, beforeAll, expect, it } from 'vitest'
import { holdStateSchema } from '../../shared/operation.ts'
import { DAY, toIso } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { canBeSpent, isOpen } from './account.ts'
import { isOpenHold, isSpendableLot } from './conditions.ts'
import { noon } from './testing/makers.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

it('SQL calls those holds open that the ledger calls so', async () => {
  const { sql } = database
  const states = holdStateSchema.options
  const open = await sql<{ state: string }[]>`
    select state from unnest(${states}::text[]) as holds(state) where ${isOpenHold(sql)}`
  expect(open.map(({ state }) => state)).toEqual(states.filter((state) => isOpen({ state })))
})

it('SQL lets those lots be spent that the ledger lets be spent, to the moment', async () => {
  const { sql } = database
  const moments = [-DAY, -1, 0, 1, DAY].map((distance) => noon + distance)
  const lives = moments.flatMap((activeFrom) => moments.map((expiresAt) => ({ activeFrom, expiresAt })))
  const spendable = await sql<{ index: number }[]>`
    select (index - 1)::int as index
    from unnest(
      ${lives.map(({ activeFrom }) => toIso(activeFrom))}::timestamptz[],
      ${lives.map(({ expiresAt }) => toIso(expiresAt))}::timestamptz[]
    ) with ordinality as given(active_from, expires_at, index)
    cross join lateral (select true as filled, given.active_from, given.expires_at) lots
    where ${isSpendableLot(sql, noon)}
    order by index`
  expect(spendable.map(({ index }) => lives[index])).toEqual(lives.filter((life) => canBeSpent(life, noon)))
})
