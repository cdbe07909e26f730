import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instantSchema, operationSchema } from '../../shared/operation.ts'
import type { Base } from '../../shared/rules/book.ts'
import { DAY, MINUTE, toIso } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { expire } from '../jobs/expire.ts'
import { retention } from '../jobs/retention.ts'
import { runAudit } from './audit.ts'
import { readChanges } from './changes.ts'
import { readExpiryDays, readHistory } from './history.ts'
import { post } from './post.ts'
import { findCustomer, latestOperations } from './read.ts'
import { type Request, requestOf } from './request.ts'
import {
  addStores,
  adjust,
  admin,
  apply,
  earn,
  judgeBy,
  lotOf,
  mintId,
  noon,
  redeem,
  refund,
  release,
  till,
} from './testing/makers.ts'

const card = '123456'
let database: TestDatabase
let customerId = 0
beforeEach(async () => {
  database = await createTestDatabase()
  await addStores(database.sql)
  const [row] = await database.sql<
    { id: number }[]
  >`insert into customers (card) values (${card}) returning id`
  customerId = row?.id ?? 0
})
afterEach(async () => {
  expect(await runAudit(database.sql)).toEqual([])
  await database.drop()
})

const send = (requests: Request[], now = noon) => post(database.sql, requests, { now: () => now })
const set = async ({ history_shown_days = 45, ...base }: Partial<Base> & { history_shown_days?: number }) => {
  await judgeBy(database.sql, base)
  await database.sql`update programmes set settings = ${database.sql.json({ history_shown_days })}`
}

/** The largest programme that the settings allow. */
const generous = {
  cashback_basis_points: 10_000,
  max_discount_basis_points: 10_000,
  max_purchase_kopecks: 1_000_000_000,
  lifetime_days: 3650,
  history_shown_days: 3650,
} as const

/** Points that no rule would give now: as an older version, or a person with psql, may have left them. */
async function leave(points: number) {
  const { sql } = database
  const id = mintId()
  const { activeFrom, expiresAt } = lotOf()
  await sql`
    insert into operations (programme_id, customer_id, id, kind, status, author, at, recorded_at, points, content, earned, outcome)
    values (1, ${customerId}, ${id}, 'bonus', 'accepted', 'admin:psql', ${toIso(noon)}, ${toIso(noon)}, ${points}, '',
      ${points}, '{}')`
  await sql`
    insert into lots (customer_id, active_from, expires_at, points, remaining, expired, forgiven)
    values (${customerId}, ${toIso(activeFrom)}, ${toIso(expiresAt)}, ${points}, ${points}, 0, 0)`
  await sql`
    insert into entries (customer_id, seq, operation_id, kind, lot_active_from, lot_expires_at, points, balance_before,
      balance_after, at)
    values (${customerId}, 1, ${id}, 'bonus', ${toIso(activeFrom)}, ${toIso(expiresAt)}, ${points}, 0, ${points},
      ${toIso(noon)})`
  await sql`update customers set balance = ${points}, last_entry = 1 where id = ${customerId}`
}

it('at the last number of 32 bits an earning is refused, and what already happened goes beyond it', async () => {
  await leave(2 ** 31 - 1)
  expect(await send([earn()])).toMatchObject([{ code: 'amount_out_of_range' }])
  const taken = redeem(1)
  expect(await send([taken, apply(taken)])).toMatchObject(Array(2).fill({ status: 'accepted' }))
  expect(await findCustomer(database.sql, card, noon)).toMatchObject({ available: 2 ** 31 - 2 + 400 })
})

describe('a card with more points than 32 bits count', () => {
  const points = 3_000_000_000

  it('spends them, gets them back, and loses them when they die', async () => {
    await leave(points)
    const [taken, given] = [redeem(2_000), redeem(1_000, { purchaseKopecks: 999_900 })]
    expect(
      await send([taken, apply(taken), refund(taken), given, release(given), adjust(-10), earn(1_249)]),
    ).toMatchObject(Array(7).fill({ status: 'accepted' }))
    const left = points - 10
    expect(await findCustomer(database.sql, card, noon)).toMatchObject({ available: left, held: 0, debt: 0 })
    const dead = noon + 46 * DAY
    expect(await expire(database.sql, { now: dead })).toMatchObject({ customers: 1, points: left, failed: 0 })
    expect(await findCustomer(database.sql, card, dead)).toMatchObject({ available: 0 })
  })

  it('is shown wherever it was shown', async () => {
    await leave(points)
    await send([earn(1_249)])
    const { sql } = database
    expect(await readExpiryDays(sql, customerId, noon)).toMatchObject([{ points }])
    expect(
      await readHistory(sql, customerId, {
        before: undefined,
        limit: 9,
        shownDays: 3650,
        now: noon + MINUTE,
      }),
    ).toMatchObject({ items: [{ change: 0 }, { change: points }] })
    expect(
      await readChanges(sql, { programmeId: 1, storeId: 1, since: undefined, limit: 9, now: noon }),
    ).toMatchObject({
      customers: [{ available: points }],
    })
    expect(await latestOperations(sql, 1, 9)).toMatchObject([{ earned: 0, refundedKopecks: 0 }])
  })

  it('is folded by retention', async () => {
    await leave(points)
    await send([adjust(-1)])
    expect(await retention(database.sql, { now: noon + 402 * DAY })).toMatchObject({
      customers: 1,
      failed: 0,
    })
  })

  it('earns nothing more, which is a refusal and no error', async () => {
    await leave(points)
    expect(await send([earn(), adjust(1), adjust(1, { kind: 'bonus' })])).toMatchObject(
      Array(3).fill({
        code: 'amount_out_of_range',
        details: { balance: points, maxBalance: 1_000_000_000 },
      }),
    )
  })
})

it('the largest purchases with 100 % cashback fill a card, and the next earning is refused', async () => {
  await set(generous)
  const purchase = () => earn(1_000_000_000, { confirmDuplicate: true })
  const purchases = Array.from({ length: 100 }, purchase)
  expect(await send(purchases)).toMatchObject(Array(100).fill({ status: 'accepted', earned: 10_000_000 }))
  expect(await send([purchase()])).toMatchObject([
    {
      code: 'amount_out_of_range',
      details: { balance: 1_000_000_000, maxBalance: 1_000_000_000 },
    },
  ])
  const whole = redeem(10_000_000, { purchaseKopecks: 1_000_000_000 })
  const half = redeem(5_000_000, { purchaseKopecks: 1_000_000_000, confirmDuplicate: true })
  const again = purchase()
  const happened = [
    ...[whole, apply(whole), refund(whole), half, apply(half), refund(half, { refundKopecks: 333_333_333 })],
    ...purchases.map((bought) => refund(bought)),
    again,
  ]
  expect(await send(happened)).toMatchObject(happened.map(() => ({ status: 'accepted' })))
})

const extremes = [0, 1, 99, 50_000, 100_000_000, 1_000_000_000].flatMap((near) => [near, near + 1, -near])
const limits = [31, 32, 53].flatMap((bits) => [2 ** bits - 1, bits < 53 ? 2 ** bits : -1, 1 - 2 ** bits])
const number = fc.constantFrom(...extremes, ...limits, -(2 ** 31))
const at = fc.constantFrom(
  '0001-01-01T00:00:00.000Z',
  '1970-01-01T00:00:00.000Z',
  toIso(noon),
  toIso(noon),
  toIso(noon),
  '9999-12-31T23:59:59.999Z',
)
const wish = fc.record({
  kind: fc.constantFrom('earn', 'redeem', 'apply', 'release', 'refund', 'adjust', 'bonus', 'expire'),
  at,
  purchaseKopecks: number,
  points: number,
  refundKopecks: fc.option(number, { nil: undefined }),
  confirmDuplicate: fc.boolean(),
  /** Which of those before it is settled. */
  of: fc.nat(40),
})

type Wish = Parameters<Parameters<typeof wish.map>[0]>[0]

/** The operation as the door lets it in; the house has no door, and is as free. */
function requestAt({ kind, points, of, ...wish }: Wish, earlier: Request[]): Request {
  const original = earlier.length > 0 ? (earlier[of % earlier.length]?.id ?? '') : mintId()
  const base = { id: mintId(), at: wish.at }
  const house = { id: base.id, at: Date.parse(base.at), card, author: admin }
  const { purchaseKopecks, confirmDuplicate, refundKopecks } = wish
  switch (kind) {
    case 'adjust':
    case 'bonus':
      return { ...house, kind, points, reason: 'extreme' }
    case 'expire':
      return { ...house, kind }
    default: {
      const fields = {
        earn: { card, purchaseKopecks, confirmDuplicate },
        redeem: { card, purchaseKopecks, points, confirmDuplicate },
        apply: { redeemId: original },
        release: { redeemId: original, reason: 'extreme' },
        refund: { originalId: original, refundKopecks },
      }[kind]
      return requestOf(operationSchema.parse({ kind, ...base, ...fields }), till)
    }
  }
}

it.each([
  ['default', {}],
  ['largest', generous],
])('no number and no time is an error under the %s settings: all are answered', async (_, settings) => {
  await set(settings)
  await fc.assert(
    fc.asyncProperty(fc.array(wish, { minLength: 1, maxLength: 60 }), async (wishes) => {
      const requests: Request[] = []
      for (const wish of wishes) requests.push(requestAt(wish, requests))
      const outcomes = await send(requests)
      expect(outcomes.map(({ id }) => id)).toEqual(requests.map(({ id }) => id))
      // Each is answered again, so what was stored can be read.
      const finals = requests.filter((_, index) => (outcomes[index] as { code?: string }).code === undefined)
      expect(await send(finals)).toMatchObject(finals.map(() => ({ replay: true })))
    }),
    { numRuns: 60 },
  )
})

it('a time that the door lets in is one that the database holds and gives back', async () => {
  for (const text of ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']) {
    const instant = Date.parse(instantSchema.parse(text))
    const [row] = await database.sql<{ at: number }[]>`select ${toIso(instant)}::timestamptz as at`
    expect(row?.at).toBe(instant)
  }
})
