import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Outcome } from '../../shared/operation.ts'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import { DAY, MINUTE, SECOND } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { runAudit } from './audit.ts'
import { publishBook } from './books.ts'
import { post, postWithin } from './post.ts'
import type { Request } from './request.ts'
import {
  addStores,
  adjust,
  admin,
  apply,
  earn,
  mintId,
  noon,
  redeem,
  refund,
  release,
  till,
} from './testing/makers.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await addStores(database.sql)
})
afterAll(() => database.drop())

let cards = 100_000
let card: string
beforeEach(async () => {
  card = String(++cards)
  await database.sql`insert into customers (card) values (${card})`
})

const send = (requests: Request[], now = noon): Promise<Outcome[]> =>
  post(database.sql, requests, { now: () => now })

describe('one operation of a batch cannot fail the others', () => {
  const good = () => earn(100_000, { card })

  it.each(['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])(
    'not by the time %s, which the door lets in',
    async (at) => {
      expect(await send([earn(50_000, { card, at: Date.parse(at) }), good()])).toMatchObject([
        { code: 'clock_out_of_range' },
        { status: 'accepted' },
      ])
    },
  )

  it('not by settling what settles it', async () => {
    const [left, right] = [mintId(), mintId()]
    expect(
      await send([apply({ id: left }, { id: right }), apply({ id: right }, { id: left }), good()]),
    ).toMatchObject([{ code: 'original_not_found' }, { code: 'original_not_found' }, { status: 'accepted' }])
  })

  it('not by settling itself', async () => {
    const id = mintId()
    expect(await send([apply({ id }, { id }), good()])).toMatchObject([
      { code: 'original_not_found' },
      { status: 'accepted' },
    ])
  })

  it('not by the largest whole numbers', async () => {
    const huge = Number.MAX_SAFE_INTEGER
    const purchase = good()
    expect(
      await send([
        purchase,
        earn(huge, { card }),
        earn(-huge, { card }),
        redeem(huge, { card }),
        refund(purchase, { refundKopecks: huge }),
        adjust(-huge, { card }),
      ]),
    ).toMatchObject([
      { status: 'accepted' },
      { code: 'amount_out_of_range' },
      { code: 'amount_out_of_range' },
      { code: 'over_discount_limit' },
      { code: 'over_refund' },
      { code: 'amount_out_of_range' },
    ])
  })

  it('not by the id of an operation of another kind of author', async () => {
    const purchase = good()
    const undo = refund(purchase, { author: admin, refundKopecks: 50_000 })
    await send([purchase, undo])
    const [stolen, after] = await send([{ ...undo, author: till }, earn(7_000, { card })])
    expect(stolen).toMatchObject({ status: 'refused' })
    expect(after).toMatchObject({ status: 'accepted' })
  })
})

describe('a batch does what its operations would have done one by one', () => {
  it('what names an operation that the same batch has refused names nobody', async () => {
    const asked = earn(100_000, { card })
    await send([asked])
    const question = earn(100_000, { card, at: noon + SECOND })
    const inTheFuture = release(question, { author: admin, at: noon + 10 * MINUTE })
    const [first, second] = await send([question, inTheFuture])
    expect(first).toMatchObject({ code: 'duplicate_transaction' })
    expect(second).toMatchObject({ code: 'clock_out_of_range' })
    // Nothing of a customer was judged, so the id is free.
    expect(await send([inTheFuture])).toMatchObject([{ code: 'clock_out_of_range', replay: false }])
  })

  const alone = async (requests: Request[]) => {
    for (const request of requests) await send([request], noon + MINUTE)
  }
  const together = async (requests: Request[]) => {
    await send(requests, noon + MINUTE)
  }

  it.each([
    ['one by one', alone],
    ['together', together],
  ])('for an original that was a question to the cashier: %s', async (_how, execute) => {
    await execute([earn(100_000, { card })])
    const second = earn(100_000, { card })
    const undo = refund(second)
    await execute([second, undo]) // duplicate_transaction, so there is nothing to refund yet
    await execute([{ ...second, confirmDuplicate: true }])
    expect(await send([undo])).toMatchObject([{ status: 'accepted' }])
  })

  it.each([
    ['one by one', alone],
    ['together', together],
  ])('for an equal purchase, where an earlier one is given up: %s', async (_how, execute) => {
    const given = redeem(1, { card })
    const bought = redeem(1, { card, at: noon + SECOND, confirmDuplicate: true })
    await execute([earn(1_000_000, { card }), given, bought])
    const again = redeem(1, { card, at: noon + 2 * SECOND })
    await execute([release(given), again])
    expect(await send([again])).toMatchObject([
      { code: 'duplicate_transaction', details: { duplicateOf: bought.id } },
    ])
  })

  it.each([
    ['one by one', alone],
    ['together', together],
  ])(
    'for the lots that a redemption proved late goes back to, the last taken first: %s',
    async (_how, execute) => {
      const redemption = redeem(15, { card, purchaseKopecks: 10_000 })
      await execute([adjust(15, { card }), redemption, release(redemption, { author: admin })])
      // Points that die sooner arrive: the late apply takes 10 of them first, then 5 of those it had before.
      const sooner = adjust(10, { card, at: noon - 40 * DAY })
      await execute([sooner, apply(redemption), refund(redemption, { refundKopecks: 2_834 })])
      const lots = await database.sql`
      select remaining from lots join customers on customers.id = customer_id
      where card = ${card} order by expires_at`
      expect(lots.map(({ remaining }) => remaining)).toEqual([0, 17])
    },
  )

  it.each([
    ['one by one', alone],
    ['together', together],
  ])('for a released redemption that is sent again beside an equal one: %s', async (_how, execute) => {
    const [given, again] = [redeem(10, { card }), redeem(10, { card })]
    await send([adjust(100, { card }), given, release(given)])
    await execute([given, again])
    expect(await send([again])).toMatchObject([{ status: 'accepted', replay: true }])
  })
})

describe('a queue of Saturday that is drained on Sunday', () => {
  const saturday = noon + 6 * DAY
  const sunday = saturday + DAY
  const publish = (base: object, validFrom: number, now = noon) =>
    database.sql.begin((sql) =>
      publishBook(sql, {
        programmeId: 1,
        document: bookDocumentSchema.parse({ base }),
        ...{ validFrom, by: 'admin:anna', reason: 'the weekend', now },
      }),
    )
  beforeAll(async () => {
    await publish({ cashback_basis_points: 1000, lifetime_days: 10 }, saturday)
    await publish({ cashback_basis_points: 100 }, sunday)
  })

  it('is judged by the rules of the time of each sale, in one batch', async () => {
    const at = [saturday - 1, saturday, sunday - 1, sunday]
    const outcomes = await send(
      at.map((at) => earn(100_000, { card, at, confirmDuplicate: true })),
      sunday + 1000,
    )
    expect(outcomes).toMatchObject([{ earned: 40 }, { earned: 100 }, { earned: 100 }, { earned: 10 }])
    const lots = await database.sql`
      select to_char(expires_at, 'YYYY-MM-DD') as dies, remaining from lots
      join customers on customers.id = customer_id where card = ${card} order by expires_at`
    expect(lots).toEqual([
      { dies: '2025-12-23', remaining: 100 },
      { dies: '2025-12-24', remaining: 100 },
      { dies: '2026-01-27', remaining: 40 },
      { dies: '2026-01-28', remaining: 10 },
    ])
  })

  it('earns for a discount what was promised when it was held', async () => {
    const redemption = redeem(10, { card, purchaseKopecks: 101_000, at: sunday - 1000 })
    await send([adjust(10, { card, at: saturday }), redemption], sunday - 1000)
    expect(await send([apply(redemption, { at: sunday + 1000 })], sunday + 1000)).toMatchObject([
      { earned: 100, spent: 10 },
    ])
    expect(await send([refund(redemption, { at: sunday + 2000 })], sunday + 2000)).toMatchObject([
      { earned: -100, spent: -10, customer: { available: 10 } },
    ])
  })
})

it('a customer has one lot a day, however often they buy, and an operation loads no more', async () => {
  const purchases = Array.from({ length: 500 }, (_, index) => earn(100_000 + index, { card }))
  for (let batch = 0; batch < 4; batch += 1)
    await send(
      purchases.map((purchase) => ({ ...purchase, id: mintId(), at: noon + batch * DAY })),
      noon + 4 * DAY,
    )
  const lots = await database.sql`
    select points, remaining from lots join customers on customers.id = customer_id where card = ${card}`
  expect(lots).toEqual(Array(4).fill({ points: 20_000, remaining: 20_000 }))
})

it('after all that the audit finds nothing', async () => {
  expect(await runAudit(database.sql)).toEqual([])
})

it('what comes behind it in a transaction of its caller may join whole tables', async () => {
  const joins = await database.sql.begin(async (sql) => {
    await postWithin(sql, [earn(100_000, { card })], { now: () => noon })
    return await sql`select name, setting from pg_settings where name in ('enable_hashjoin', 'enable_mergejoin')`
  })
  expect(joins.map(({ setting }) => setting)).toEqual(['on', 'on'])
})
