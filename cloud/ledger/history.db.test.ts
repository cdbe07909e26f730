import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import { DAY, toIso } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { addCustomers, execute, midnight, noonOf } from '../jobs/testing.ts'
import { publishBook } from './books.ts'
import { readExpiryDays, readHistory } from './history.ts'
import { adjust, apply, earn, redeem, refund, release } from './testing/makers.ts'

describe('what a customer sees of their points', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
    await addCustomers(database.sql, '111111', '222222')
  })
  afterEach(() => database.drop())

  const card = '111111'
  const at = (day: number) => ({ card, at: noonOf(day) })
  const history = (before?: string, limit = 10, now = noonOf(9)) =>
    readHistory(database.sql, 1, { before, limit, shownDays: 45, now })

  it('is one row a purchase, and no row for what was given back', async () => {
    const bought = earn(100_000, at(0))
    const taken = redeem(10, { ...at(1), purchaseKopecks: 50_000 })
    const given = redeem(5, { ...at(2), purchaseKopecks: 60_000 })
    const held = redeem(7, { ...at(4), purchaseKopecks: 70_000 })
    await execute(
      database.sql,
      bought,
      taken,
      apply(taken, { at: noonOf(1) + 1 }),
      given,
      release(given, { at: noonOf(2) + 1 }),
      refund(bought, { at: noonOf(3), refundKopecks: 50_000 }),
      held,
      adjust(3, at(5)),
      earn(1000, { card: '222222', at: noonOf(6) }),
    )
    const { items, next } = await history()
    expect(next).toBeNull()
    expect(items.map(({ kind, earned, spent, change }) => ({ kind, earned, spent, change }))).toEqual([
      { kind: 'adjustment', earned: 3, spent: 0, change: 3 },
      { kind: 'held', earned: 0, spent: 0, change: -7 },
      { kind: 'refund', earned: -20, spent: 0, change: -20 },
      { kind: 'purchase', earned: 20, spent: 10, change: 10 },
      { kind: 'purchase', earned: 40, spent: 0, change: 40 },
    ])
    expect(items[3]).toMatchObject({ purchaseKopecks: 50_000, at: toIso(noonOf(1) + 1) })
  })

  it('says by what a purchase earned its points, as the book of its time called it', async () => {
    const { sql } = database
    const bookOf = (title: string, base: object = {}) =>
      sql.begin((sql) =>
        publishBook(sql, {
          document: bookDocumentSchema.parse({
            base,
            statuses: [
              { name: 'gold', title: 'Золото', colour: '#d4a017', from: 0, cashback_basis_points: 1500 },
            ],
            rules: [{ id: 'happy', title, award: { type: 'points', points: 25 } }],
          }),
          ...{ programmeId: 1, validFrom: 0, now: 0, by: 'admin:anna', reason: 'a test' },
        }),
      )
    await execute(sql, earn(100_000, at(0)))
    await bookOf('Счастливые часы', { activation_days: 14 })
    await execute(sql, earn(100_100, at(1)))
    await bookOf('Другое название')
    await execute(sql, adjust(5, at(2)))
    const { items } = await history()
    expect(items.map(({ awards }) => awards)).toEqual([
      undefined,
      [
        { by: 'status', title: 'Золото', points: 150, basisPoints: 1500, from: toIso(midnight + 15 * DAY) },
        {
          by: 'rule',
          title: 'Счастливые часы',
          points: 25,
          basisPoints: null,
          from: toIso(midnight + 15 * DAY),
        },
      ],
      [{ by: 'cashback', title: null, points: 40, basisPoints: 400, from: toIso(midnight) }],
    ])
  })

  it('comes in pages that leave nothing out and repeat nothing', async () => {
    await execute(database.sql, ...Array.from({ length: 7 }, (_, index) => earn(10_000 + index, at(1))))
    const seen: string[] = []
    let before: string | undefined
    do {
      const page = await history(before, 3)
      seen.push(...page.items.map(({ id }) => id))
      before = page.next ?? undefined
    } while (before)
    expect(seen).toHaveLength(7)
    expect(new Set(seen).size).toBe(7)
  })

  it('ends where the programme says', async () => {
    await execute(database.sql, earn(10_000, at(0)), earn(20_000, at(10)))
    const { items } = await history(undefined, 10, noonOf(50))
    expect(items.map(({ purchaseKopecks }) => purchaseKopecks)).toEqual([20_000])
  })

  it('begins at the newest for a cursor that is none', async () => {
    await execute(database.sql, earn(10_000, at(0)))
    expect((await history('; drop table')).items).toHaveLength(1)
  })

  it('names every day on which points die', async () => {
    await execute(database.sql, earn(100_000, at(1)), earn(50_000, at(0)), earn(25_000, at(1)))
    expect(await readExpiryDays(database.sql, 1, noonOf(2))).toEqual([
      { points: 20, at: toIso(midnight + 45 * DAY) },
      { points: 50, at: toIso(midnight + 46 * DAY) },
    ])
    expect(await readExpiryDays(database.sql, 1, midnight + 45 * DAY)).toEqual([
      { points: 50, at: toIso(midnight + 46 * DAY) },
    ])
  })
})
