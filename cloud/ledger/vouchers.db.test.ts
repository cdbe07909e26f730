import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Outcome } from '../../shared/operation.ts'
import { performWithin } from '../acts/act.ts'
import { eraseCustomer } from '../acts/customers.ts'
import { byAdmin } from '../acts/testing.ts'
import { connect, type Sql } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { sweep } from '../jobs/sweep.ts'
import { countRoundTrips } from '../testing/roundTrips.ts'
import { runAudit } from './audit.ts'
import { post } from './post.ts'
import { createQueue } from './queue.ts'
import type { Request } from './request.ts'
import {
  addStores,
  addVouchers,
  admin,
  apply,
  earn,
  merge,
  neighbour,
  noon,
  redeem,
  refund,
  release,
  till,
  voucherOf,
  withVoucher,
} from './testing/makers.ts'

const CARDS = Array.from({ length: 50 }, (_, index) => String(400_001 + index))
const [FIRST = '', SECOND = '', THIRD = ''] = CARDS

let database: TestDatabase
/** As of another process. */
let other: Sql
beforeEach(async () => {
  database = await createTestDatabase()
  other = connect(database.url)
  await addStores(database.sql)
  await database.sql`insert into registers (store_id, name, key_hash) values (1, 'Касса 1', 'a')`
  await database.sql`insert into customers (card) select unnest(${CARDS}::text[])`
  await database.sql`update programmes set settings = '{"max_open_holds": 1000}'`
})
afterEach(async () => {
  expect(await runAudit(database.sql)).toEqual([])
  await other.end()
  await database.drop()
})

let kopecks = 100_000
/** A purchase like no other. */
const shown = (voucher: { hash: string }, changes: Parameters<typeof redeem>[1] = {}) =>
  redeem(0, { card: FIRST, purchaseKopecks: ++kopecks, ...withVoucher(voucher), ...changes })
const ask = (sql: Sql, ...requests: Request[]) => post(sql, requests, { now: () => noon })
const codesOf = (outcomes: Outcome[]) =>
  outcomes.map((outcome) =>
    'code' in outcome ? `${outcome.code} ${outcome.details.reason}` : outcome.status,
  )
const standing = async () => [
  ...(await database.sql<{ held: number; used: number }[]>`select held, used from vouchers order by id`),
]

function openProcesses(): (index: number, request: Request) => Promise<Outcome> {
  const processes = [database.sql, other].map((sql) =>
    createQueue((requests) => post(sql, requests, { now: () => noon })),
  )
  return async (index, request) => {
    const [outcome] = (await processes[index % processes.length]?.submit([request])) ?? []
    if (!outcome) throw new Error('there is no answer')
    return outcome
  }
}

describe('of fifty who show one code at once', () => {
  it('one has it, and the others read why', async () => {
    const voucher = voucherOf()
    await addVouchers(database.sql, voucher)
    const submit = openProcesses()
    const all = CARDS.map((card) => shown(voucher, { card }))
    const outcomes = await Promise.all(all.map((request, index) => submit(index, request)))
    expect(codesOf(outcomes).sort()).toEqual([
      'accepted',
      ...Array.from({ length: 49 }, () => 'voucher_refused in_use'),
    ])
    expect(await standing()).toEqual([{ held: 1, used: 0 }])

    const winner = all[outcomes.findIndex(({ status }) => status === 'accepted')]
    if (!winner) throw new Error('nobody has it')
    expect(await submit(1, apply(winner))).toMatchObject({ status: 'accepted' })
    const late = await Promise.all(CARDS.map((card, index) => submit(index, shown(voucher, { card }))))
    expect(new Set(codesOf(late))).toEqual(new Set(['voucher_refused used']))
    expect(await standing()).toEqual([{ held: 0, used: 1 }])
  })

  it('as many have it as it may be used', async () => {
    const voucher = voucherOf(undefined, { uses_per_code: 7 })
    await addVouchers(database.sql, voucher)
    const submit = openProcesses()
    const outcomes = await Promise.all(CARDS.map((card, index) => submit(index, shown(voucher, { card }))))
    expect(outcomes.filter(({ status }) => status === 'accepted')).toHaveLength(7)
    expect(await standing()).toEqual([{ held: 7, used: 0 }])
  })

  it('it comes free and is taken again, and never by two', async () => {
    const voucher = voucherOf()
    await addVouchers(database.sql, voucher)
    const submit = openProcesses()
    const story = async (index: number, card: string) => {
      const redemption = shown(voucher, { card })
      const outcome = await submit(index, redemption)
      if (outcome.status === 'accepted') await submit(index + 1, release(redemption))
      return outcome
    }
    const outcomes = await Promise.all(CARDS.map((card, index) => story(index, card)))
    expect(outcomes.some(({ status }) => status === 'accepted')).toBe(true)
    expect(await standing()).toEqual([{ held: 0, used: 0 }])
  })

  it('codes and customers in whatever order come to an end, each held as often as it was shown', async () => {
    const vouchers = [
      voucherOf(undefined, { uses_per_code: 99 }),
      voucherOf(undefined, { uses_per_code: 99 }),
    ]
    await addVouchers(database.sql, ...vouchers)
    const submit = openProcesses()
    const all = CARDS.slice(0, 20).flatMap((card, index) => {
      const author = index % 2 ? till : neighbour
      const inOrder = index % 2 ? vouchers : vouchers.toReversed()
      return inOrder.map((voucher) => submit(index, shown(voucher, { card, author })))
    })
    expect(new Set(codesOf(await Promise.all(all)))).toEqual(new Set(['accepted']))
    expect(await standing()).toEqual([
      { held: 20, used: 0 },
      { held: 20, used: 0 },
    ])
  })
})

describe('what happens to a hold happens to its code', () => {
  it('in one batch as one after the other', async () => {
    const voucher = voucherOf()
    await addVouchers(database.sql, voucher)
    const [first, second, third] = [shown(voucher), shown(voucher), shown(voucher)] as const
    const outcomes = await ask(
      database.sql,
      ...[first, second, release(first), third, apply(third), refund(third), shown(voucher)],
    )
    expect(codesOf(outcomes)).toEqual([
      ...['accepted', 'voucher_refused in_use', 'accepted', 'accepted', 'accepted', 'accepted', 'accepted'],
    ])
    expect(await standing()).toEqual([{ held: 1, used: 0 }])
  })

  it('sent again it is held once', async () => {
    const voucher = voucherOf(undefined, { uses_per_code: 5 })
    await addVouchers(database.sql, voucher)
    const redemption = shown(voucher)
    const [answer] = await ask(database.sql, redemption)
    expect(await ask(other, redemption)).toEqual([{ ...answer, replay: true }])
    expect(await ask(other, { ...redemption, ...withVoucher({ hash: 'f'.repeat(64) }) })).toMatchObject([
      { code: 'id_reused' },
    ])
    expect(await standing()).toEqual([{ held: 1, used: 0 }])
  })

  it('while its register is silent it stays taken, and a person decides', async () => {
    const voucher = voucherOf()
    await addVouchers(database.sql, voucher)
    const [pending, processing] = [
      shown(voucher, { via: 'agent' }),
      shown(voucher, { card: SECOND }),
    ] as const
    const later = noon + 91_000
    await ask(database.sql, pending)
    await sweep(database.sql, { now: later })
    expect(await standing()).toEqual([{ held: 0, used: 0 }])
    await ask(database.sql, processing)
    await sweep(database.sql, { now: later })
    expect(await database.sql`select state from holds order by state`).toEqual([
      { state: 'expired' },
      { state: 'in_doubt' },
    ])
    expect(await standing()).toEqual([{ held: 1, used: 0 }])
    await ask(database.sql, release(processing, { author: admin }))
    expect(await standing()).toEqual([{ held: 0, used: 0 }])
  })

  it('proved late it is used, though another has it by then: the only way past its limit', async () => {
    const voucher = voucherOf()
    await addVouchers(database.sql, voucher)
    const [first, second] = [shown(voucher), shown(voucher, { card: SECOND })] as const
    await ask(database.sql, first)
    await ask(database.sql, release(first, { author: admin }))
    expect(codesOf(await ask(database.sql, second, apply(second), apply(first)))).toEqual([
      ...['accepted', 'accepted', 'accepted'],
    ])
    expect(await standing()).toEqual([{ held: 0, used: 2 }])
  })
})

describe('of two cards that become one', () => {
  beforeEach(
    () => database.sql`
    insert into people (telegram_id, customer_id, language) select 1, id, 'ru' from customers where card = ${FIRST}`,
  )

  it('a use that was proved late stays one, though a person has settled what it brought to light', async () => {
    const voucher = voucherOf()
    await addVouchers(database.sql, voucher)
    const [first, second] = [shown(voucher, { card: SECOND }), shown(voucher, { card: THIRD })] as const
    await ask(database.sql, first, release(first, { author: admin }))
    await ask(database.sql, second, apply(second), apply(first))
    await database.sql`update discrepancies set settled_at = now(), settled_by = 'admin:anna', settlement = 'noted: так было'`
    expect(codesOf(await ask(database.sql, merge(SECOND, { card: FIRST })))).toEqual(['accepted'])
    expect(await standing()).toEqual([{ held: 0, used: 2 }])
  })

  it('the uses are counted together, and a code of the one is good for the other', async () => {
    const [owner] = await database.sql<{ id: number }[]>`select id from customers where card = ${SECOND}`
    const own = voucherOf(undefined, {}, { ownerId: owner?.id ?? 0 })
    const limited = voucherOf(undefined, { uses_per_code: 5, uses_per_customer: 1 })
    await addVouchers(database.sql, own, limited)
    const used = shown(limited, { card: SECOND })
    await ask(database.sql, used, apply(used))
    expect(codesOf(await ask(database.sql, shown(own)))).toEqual(['voucher_refused other_customer'])
    await ask(database.sql, merge(SECOND, { card: FIRST }))
    expect(codesOf(await ask(database.sql, shown(own), shown(limited)))).toEqual([
      ...['accepted', 'voucher_refused used_by_customer'],
    ])
    // What the one had bought comes back to the other, with its use.
    await ask(database.sql, refund(used))
    expect(codesOf(await ask(database.sql, shown(limited)))).toEqual(['accepted'])
  })
})

it('who is erased uses nothing any more', async () => {
  const voucher = voucherOf()
  await addVouchers(database.sql, voucher)
  await database.sql.begin((sql) =>
    performWithin(sql, eraseCustomer, { card: FIRST }, byAdmin(database.sql, noon)),
  )
  const outcomes = await ask(database.sql, shown(voucher))
  expect(outcomes.map((outcome) => 'code' in outcome && outcome.code)).toEqual(['customer_not_found'])
  expect(await standing()).toEqual([{ held: 0, used: 0 }])
})

it('is asked of only where somebody shows one, and then in one round trip more', async () => {
  const voucher = voucherOf(undefined, { uses_per_code: 9 })
  await addVouchers(database.sql, voucher)
  const alone = connect(database.url, { poolSize: 1 })
  const roundTrips = countRoundTrips(alone)
  const trips = async (...requests: Request[]) => {
    const before = roundTrips()
    await ask(alone, ...requests)
    return roundTrips() - before
  }
  const plain = () => earn(++kopecks, { card: FIRST })
  for (const warm of [plain(), shown(voucher)]) await ask(alone, warm)
  expect(await trips(plain())).toBe(3)
  expect(await trips(shown(voucher))).toBe(4)
  await alone.end()
})
