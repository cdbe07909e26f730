import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consentVersion } from '../../shared/consent.ts'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import { DAY, type Instant, MINUTE } from '../../shared/time.ts'
import { perform } from '../acts/act.ts'
import { eraseCustomer } from '../acts/customers.ts'
import { mergeCustomers, unmergeCustomers } from '../acts/merges.ts'
import { markStaffCard, rejectReferral, releaseReferral } from '../acts/referrals.ts'
import { byAdmin } from '../acts/testing.ts'
import type { Sql } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { runJob } from '../jobs/run.ts'
import { execute, expectHealthy } from '../jobs/testing.ts'
import { publishBook } from '../ledger/books.ts'
import { addStores, apply, earn, neighbour, noon, redeem, refund, till } from '../ledger/testing/makers.ts'
import { findPerson, forget, join } from '../people/people.ts'
import { testOperator } from '../people/testing.ts'
import { codeOf } from './codes.ts'
import { createReferralJob } from './job.ts'
import { readMyReferral } from './read.ts'

const timeZone = 'Europe/Moscow'
const job = createReferralJob({ timeZone })
const secret = 'a token'
const terms = {
  ...{ referrer_points: 200, referee_points: 100, min_purchase_kopecks: 50_000, wait_days: 14, per_month: 2 },
}

let database: TestDatabase
let sql: Sql
beforeAll(async () => {
  database = await createTestDatabase()
  sql = database.sql
  await addStores(sql)
  await publish({ referral: terms })
})
afterAll(() => database.drop())

async function publish(document: object, at: Instant = 0): Promise<void> {
  const parsed = bookDocumentSchema.parse(document)
  await sql.begin((sql) =>
    publishBook(sql, {
      ...{ programmeId: 1, document: parsed, validFrom: at, now: at, by: 'admin:anna', reason: 'a test' },
    }),
  )
}

let people = 0
interface Coming {
  by?: string
  telegramId?: number
  at?: Instant
}

/** Somebody agrees, perhaps behind a customer's link; says their card. */
async function come({ by: code, telegramId = ++people, at = noon }: Coming = {}): Promise<string> {
  const joining = await join(sql, secret, {
    ...{ telegramId, firstName: 'Анна', language: 'ru', consentVersion, channel: 'bot' },
    ...{ operator: testOperator, start: code && `ref_${code}`, now: at },
  })
  if (!('person' in joining)) throw new Error(joining.status)
  return joining.person.card
}

async function idOf(card: string): Promise<number> {
  const [row] = await sql<{ id: number }[]>`select id from customers where card = ${card}`
  return row?.id ?? 0
}

const linkOf = async (card: string) => await codeOf(sql, await idOf(card))

/** Somebody comes by the link of this card. */
const friendOf = async (card: string, at = noon) => await come({ by: await linkOf(card), at })

const faults: string[] = []
const log = pino({ level: 'error' }, { write: (line) => void faults.push(line) })

async function look(at: Instant): Promise<void> {
  const run = await runJob(sql, job, { now: at, log })
  expect(run.status).toBe('done')
  expect(faults.splice(0).map((line) => JSON.parse(line).err.message)).toEqual([])
}

async function stateOf(card: string): Promise<string> {
  const [row] = await sql<{ state: string; reason: string | null }[]>`
    select state, reason from referrals where referee_id = ${await idOf(card)}`
  return [row?.state, row?.reason].filter(Boolean).join(' ')
}

async function pointsOf(...cards: string[]): Promise<number[]> {
  const rows = await sql<{ card: string; points: number }[]>`
    select card, balance - debt as points from customers where card = any(${cards})`
  return cards.map((card) => rows.find((row) => row.card === card)?.points ?? Number.NaN)
}

async function told(card: string): Promise<string[]> {
  const rows = await sql<{ facts: { what: string; reason?: string; points?: number } }[]>`
    select facts from notifications where kind = 'referral' and customer_id = ${await idOf(card)}
    order by created_at, reference`
  return rows.map(({ facts: { what, reason, points } }) =>
    [what, reason ?? points].filter((part) => part !== undefined).join(' '),
  )
}

const by = (at: Instant) => byAdmin(sql, at)

it('where nobody was ever invited, the feed is not read', async () => {
  const anna = await come()
  await execute(sql, earn(50_000, { card: anna, at: noon }))
  await look(noon)
  expect(await sql`select from feed_readers where name = 'referrals'`).toHaveLength(0)
})

describe('a friend who came by a link', () => {
  it('is rewarded with who invited, once, when their purchase was not returned in time', async () => {
    const anna = await come()
    const vera = await friendOf(anna)
    await look(noon)
    expect(await stateOf(vera)).toBe('waiting')
    await execute(
      sql,
      earn(49_999, { card: vera, at: noon + MINUTE }),
      earn(50_000, { card: vera, at: noon + DAY }),
    )
    await look(noon + DAY)
    await look(noon + DAY + 14 * DAY - 1)
    expect(await stateOf(vera)).toBe('waiting')
    expect(await pointsOf(anna, vera)).toEqual([0, 40])
    await look(noon + DAY + 14 * DAY)
    expect(await stateOf(vera)).toBe('rewarded')
    expect(await pointsOf(anna, vera)).toEqual([200, 140])
    await sql`update referrals set due_at = now() - interval '20 years'`
    await look(noon + DAY + 14 * DAY)
    await look(noon + 40 * DAY)
    expect(await pointsOf(anna, vera)).toEqual([200, 140])
    expect(await told(anna)).toEqual(['joined 200', 'rewarded 200'])
    expect(await told(vera)).toEqual(['invited 100', 'rewarded 100'])
    const mine = await readMyReferral(
      sql,
      { customerId: await idOf(anna), programmeId: 1 },
      { now: noon + 15 * DAY, timeZone },
    )
    expect(mine).toMatchObject({
      counts: { invited: 1, bought: 1, waiting: 0, rewarded: 1 },
      points: { month: 200, total: 200 },
    })
    // December of Moscow is over.
    const later = { now: Date.parse('2025-12-31T21:00:00.000Z'), timeZone }
    expect(
      (await readMyReferral(sql, { customerId: await idOf(anna), programmeId: 1 }, later)).points,
    ).toEqual({
      ...{ month: 0, total: 200 },
    })
  })

  it('brings nobody anything when the goods come back in time', async () => {
    const anna = await come()
    const vera = await friendOf(anna)
    const bought = earn(60_000, { card: vera, at: noon })
    await execute(sql, bought, refund(bought, { at: noon + DAY, refundKopecks: 10_000 }))
    await look(noon + DAY)
    expect(await stateOf(vera)).toBe('waiting')
    await execute(sql, refund(bought, { at: noon + 13 * DAY, refundKopecks: 1 }))
    await look(noon + 13 * DAY)
    expect(await stateOf(vera)).toBe('rejected returned')
    await look(noon + 20 * DAY)
    expect(await pointsOf(anna)).toEqual([0])
    expect(await told(anna)).toEqual(['joined 200', 'rejected returned'])
    expect(await told(vera)).toEqual(['invited 100', 'rejected returned'])
  })

  it('and who invited lose what they were given when the goods come back later; what was spent is owed', async () => {
    const anna = await come()
    const vera = await friendOf(anna)
    const bought = earn(50_000, { card: vera, at: noon })
    await execute(sql, bought)
    await look(noon + 14 * DAY)
    const spent = redeem(150, { card: anna, at: noon + 15 * DAY, purchaseKopecks: 100_000 })
    await execute(sql, spent, apply(spent, { at: noon + 15 * DAY }))
    expect(await pointsOf(anna, vera)).toEqual([84, 120])
    await execute(sql, refund(bought, { at: noon + 16 * DAY }))
    await look(noon + 16 * DAY)
    expect(await stateOf(vera)).toBe('taken_back returned')
    expect(await pointsOf(anna, vera)).toEqual([84 - 200, 0])
    await sql`update referrals set due_at = now() - interval '20 years'`
    await look(noon + 17 * DAY)
    expect(await pointsOf(anna, vera)).toEqual([84 - 200, 0])
    expect((await told(anna)).at(-1)).toBe('taken_back returned')
  })

  it('does not owe what died before it was taken back', async () => {
    const anna = await come()
    const vera = await friendOf(anna)
    const bought = earn(50_000, { card: vera, at: noon })
    await execute(sql, bought)
    await look(noon + 14 * DAY)
    const later = noon + 80 * DAY
    await execute(sql, earn(100_000, { card: anna, at: later }), earn(100_000, { card: vera, at: later }))
    await perform(rejectReferral, { card: vera, reason: 'одна семья' }, by(later))
    expect(await stateOf(vera)).toBe('taken_back person')
    expect(await pointsOf(anna, vera)).toEqual([40, 40])
  })

  it('stays rewarded where the card is parted again that had bought, and nothing is wrong with the ledger', async () => {
    const anna = await come()
    const vera = await friendOf(anna)
    await sql`insert into customers (card, created_at) values ('888888', ${new Date(noon + MINUTE).toISOString()})`
    await execute(sql, earn(50_000, { card: '888888', at: noon + 2 * MINUTE }))
    await perform(mergeCustomers, { card: vera, other: '888888', reason: 'одна' }, by(noon + 3 * MINUTE))
    await look(noon + 15 * DAY)
    await perform(unmergeCustomers, { card: '888888', reason: 'ошибка' }, by(noon + 16 * DAY))
    await look(noon + 16 * DAY)
    expect(await stateOf(vera)).toBe('rewarded')
    expect(await pointsOf(anna, vera, '888888')).toEqual([200, 100, 20])
    await expectHealthy(sql)
  })

  it('counts a redemption by what is paid in money, once 1C has taken the discount', async () => {
    const anna = await come()
    const vera = await friendOf(anna)
    await execute(sql, earn(2_500_000, { card: vera, at: noon - DAY }))
    const [small, large] = [
      redeem(1, { card: vera, at: noon, purchaseKopecks: 50_000 }),
      redeem(1, { card: vera, at: noon + 1, purchaseKopecks: 50_100 }),
    ]
    await execute(sql, small, apply(small, { at: noon }), large)
    await look(noon + 14 * DAY)
    const row = async () => [
      ...(await sql`select purchase_id, state from referrals where referee_id = ${await idOf(vera)}`),
    ]
    expect(await row()).toEqual([{ purchase_id: null, state: 'waiting' }])
    await execute(sql, apply(large, { at: noon + 14 * DAY }))
    await look(noon + 15 * DAY)
    expect(await row()).toEqual([{ purchase_id: large.id, state: 'rewarded' }])
  })

  it('is seen though the job was away, and a late sale of a till as well', async () => {
    const anna = await come()
    const vera = await friendOf(anna)
    await look(noon)
    const queued = earn(50_000, { card: vera, at: noon + MINUTE })
    await sql`select 1`
    await execute(sql, { ...queued })
    await look(noon + 30 * DAY)
    expect(await stateOf(vera)).toBe('rewarded')
    expect(await pointsOf(anna)).toEqual([200])
  })
})

describe('an invitation is rejected, and both are told why', () => {
  it('of oneself', async () => {
    const anna = await come({ telegramId: 1000 })
    await come({ telegramId: 1000, by: await linkOf(anna) })
    expect(await stateOf(anna)).toBe('rejected self')
    expect(await told(anna)).toEqual(['rejected self'])
    await expect(perform(releaseReferral, { card: anna, reason: 'прошу' }, by(noon))).rejects.toMatchObject({
      code: 'referral_over',
    })
  })

  it('of a customer, and of one who was forgotten and came back', async () => {
    const anna = await come()
    await come({ telegramId: 2000 })
    const known = await come({ telegramId: 2000, by: await linkOf(anna) })
    expect(await stateOf(known)).toBe('rejected customer_before')
    const vera = await come({ telegramId: 2001, by: await linkOf(anna) })
    expect(await stateOf(vera)).toBe('waiting')
    await forget(sql, 2001, { secret, now: noon })
    await look(noon)
    expect(await stateOf(vera)).toBe('rejected left')
    const again = await come({ telegramId: 2001, by: await linkOf(anna) })
    expect(await stateOf(again)).toBe('rejected customer_before')
    expect(await told(anna)).toEqual(
      expect.arrayContaining(['joined 200', 'rejected customer_before', 'rejected left']),
    )
    expect(await told(again)).toEqual(['rejected customer_before'])
  })

  it('of the staff, on either side', async () => {
    const anna = await come()
    const [vera, boris] = [await friendOf(anna), await friendOf(anna)]
    await execute(
      sql,
      earn(50_000, { card: vera, at: noon }),
      earn(50_000, { card: boris, at: noon, author: neighbour }),
    )
    await perform(markStaffCard, { card: vera }, by(noon))
    await look(noon + 14 * DAY)
    expect([await stateOf(vera), await stateOf(boris)]).toEqual(['rejected staff', 'rewarded'])
    await perform(markStaffCard, { card: anna }, by(noon))
    const dina = await friendOf(anna, noon + 20 * DAY)
    await execute(sql, earn(50_000, { card: dina, at: noon + 20 * DAY }))
    await look(noon + 34 * DAY)
    expect([await stateOf(boris), await stateOf(dina)]).toEqual(['rewarded', 'rejected staff'])
  })

  it('over the number of the month, which begins anew with the next', async () => {
    const anna = await come()
    const friends = [await friendOf(anna), await friendOf(anna), await friendOf(anna)]
    for (const [index, card] of friends.entries())
      await execute(sql, earn(50_000, { card, at: noon + index * 2 * DAY }))
    await look(noon + 18 * DAY)
    expect(await Promise.all(friends.map(stateOf))).toEqual(['rewarded', 'rewarded', 'rejected over_month'])
    const { counts } = await readMyReferral(
      sql,
      { customerId: await idOf(anna), programmeId: 1 },
      { now: noon + 18 * DAY, timeZone },
    )
    expect(counts).toEqual({ invited: 3, bought: 3, waiting: 0, rewarded: 2 })
    const next = await friendOf(anna, noon + 18 * DAY)
    await execute(sql, earn(50_000, { card: next, at: noon + 18 * DAY }))
    await look(noon + 32 * DAY)
    expect(await stateOf(next)).toBe('rewarded')
    expect(await pointsOf(anna)).toEqual([600])
  })

  it('by a person, and when they let it go on, by the goods that come back: both are told each time', async () => {
    const anna = await come()
    const vera = await friendOf(anna)
    const bought = earn(50_000, { card: vera, at: noon })
    await execute(sql, bought)
    await look(noon)
    await perform(rejectReferral, { card: vera, reason: 'странно' }, by(noon + MINUTE))
    await perform(releaseReferral, { card: vera, reason: 'ошибка' }, by(noon + 2 * MINUTE))
    await execute(sql, refund(bought, { at: noon + DAY }))
    await look(noon + DAY)
    expect(await stateOf(vera)).toBe('rejected returned')
    expect(await told(anna)).toEqual(['joined 200', 'rejected person', 'rejected returned'])
    expect(await told(vera)).toEqual(['invited 100', 'rejected person', 'rejected returned'])
  })

  it('in a circle that a merge made, also when it was rewarded; and a person may think otherwise', async () => {
    const anna = await come()
    const vera = await friendOf(anna)
    await execute(sql, earn(50_000, { card: vera, at: noon }))
    await look(noon + 14 * DAY)
    expect(await stateOf(vera)).toBe('rewarded')
    // An old plastic card that had come by Vera's link, before its person was forgotten by Telegram.
    const dina = await come({ telegramId: 3000, by: await linkOf(vera), at: noon + 14 * DAY })
    await sql`delete from people where telegram_id = 3000`
    await perform(mergeCustomers, { card: anna, other: dina, reason: 'одна и та же' }, by(noon + 15 * DAY))
    await look(noon + 15 * DAY)
    expect(await stateOf(vera)).toBe('taken_back circle')
    expect(await stateOf(dina)).toBe('rejected circle')
    expect(await pointsOf(anna, vera)).toEqual([0, 20])
    await perform(unmergeCustomers, { card: dina, reason: 'ошибка' }, by(noon + 16 * DAY))
    await look(noon + 16 * DAY)
    expect(await stateOf(dina)).toBe('rejected circle')
    await perform(releaseReferral, { card: dina, reason: 'ошибка' }, by(noon + 16 * DAY))
    expect(await stateOf(dina)).toBe('waiting')
  })

  it('when the card that was merged into it is older than the invitation', async () => {
    const anna = await come()
    await sql`insert into customers (card, created_at) values ('777777', ${new Date(noon - DAY).toISOString()})`
    const vera = await friendOf(anna)
    await execute(sql, earn(50_000, { card: vera, at: noon }))
    await perform(mergeCustomers, { card: vera, other: '777777', reason: 'старая' }, by(noon + DAY))
    await look(noon + DAY)
    expect(await stateOf(vera)).toBe('rejected customer_before')
  })

  it('when who invited leaves before', async () => {
    const anna = await come({ telegramId: 4000 })
    const link = await linkOf(anna)
    const vera = await friendOf(anna)
    await execute(sql, earn(50_000, { card: vera, at: noon }))
    await look(noon)
    await perform(eraseCustomer, { card: anna }, { ...by(noon), botToken: secret })
    await look(noon + 14 * DAY)
    expect(await stateOf(vera)).toBe('rejected left')
    expect(await told(vera)).toEqual(['invited 100', 'rejected left'])
    const boris = await come({ by: link })
    expect(await stateOf(boris)).toBe('')
  })
})

describe('three first purchases at one register within a day', () => {
  const openCrowd = async () => {
    const anna = await come()
    const friends = [await friendOf(anna), await friendOf(anna), await friendOf(anna), await friendOf(anna)]
    const [first = '', second = '', third = '', elsewhere = ''] = friends
    await execute(
      sql,
      earn(50_000, { card: first, at: noon }),
      earn(50_000, { card: second, at: noon + MINUTE }),
    )
    await execute(sql, earn(50_000, { card: elsewhere, at: noon + MINUTE, author: neighbour }))
    await look(noon + MINUTE)
    expect(await Promise.all(friends.map(stateOf))).toEqual(friends.map(() => 'waiting'))
    await execute(sql, earn(50_000, { card: third, at: noon + DAY, author: till }))
    await look(noon + DAY)
    await look(noon + DAY)
    return { anna, friends, first, second, third, elsewhere }
  }

  it('wait for a person, and are told so', async () => {
    const { anna, friends, first } = await openCrowd()
    expect(await Promise.all(friends.map(stateOf))).toEqual(['flagged', 'flagged', 'flagged', 'waiting'])
    expect(await told(first)).toEqual(expect.arrayContaining(['checked']))
    await look(noon + 30 * DAY)
    expect(await Promise.all(friends.map(stateOf))).toEqual(['flagged', 'flagged', 'flagged', 'rewarded'])
    expect(await pointsOf(anna)).toEqual([200])
  })

  it('are released, each by itself, or rejected', async () => {
    const { anna, friends, first, second, third } = await openCrowd()
    await perform(releaseReferral, { card: first, reason: 'коллеги' }, by(noon + 2 * DAY))
    expect(await stateOf(first)).toBe('waiting')
    await look(noon + 15 * DAY)
    await perform(releaseReferral, { card: second, reason: 'коллеги' }, by(noon + 15 * DAY))
    await perform(rejectReferral, { card: third, reason: 'касса сама' }, by(noon + 15 * DAY))
    await look(noon + 15 * DAY)
    expect(await Promise.all(friends.map(stateOf))).toEqual([
      'rewarded',
      'rewarded',
      'rejected person',
      'rewarded',
    ])
    expect(await pointsOf(anna)).toEqual([600])
    for (const act of [rejectReferral, releaseReferral])
      await expect(perform(act, { card: anna, reason: 'нет' }, by(noon))).rejects.toMatchObject({
        code: 'no_referral',
      })
    await expect(perform(rejectReferral, { card: third, reason: 'ещё раз' }, by(noon))).rejects.toMatchObject(
      {
        code: 'referral_over',
      },
    )
  })
})

it('who does not want to hear of friends is told nothing', async () => {
  const anna = await come({ telegramId: 5000 })
  await sql`update people set notify_referrals = false where telegram_id = 5000`
  expect(await findPerson(sql, 5000)).toMatchObject({ notifyReferrals: false })
  const vera = await friendOf(anna)
  expect([await told(anna), await told(vera)]).toEqual([[], ['invited 100']])
})

it('a link is one customer’s for good, and another’s is refused by nobody', async () => {
  const anna = await come()
  const code = await linkOf(anna)
  expect(code).toMatch(/^[2-9a-hj-km-np-z]{10}$/)
  expect(await linkOf(anna)).toBe(code)
  const vera = await come({ by: 'zzzzzzzzzz' })
  expect(await stateOf(vera)).toBe('')
})

it('one that meets a fault keeps no other waiting, and is tried again', async () => {
  const anna = await come()
  const [vera, boris] = [await friendOf(anna), await friendOf(anna)]
  await execute(
    sql,
    earn(50_000, { card: vera, at: noon }),
    earn(50_000, { card: boris, at: noon + 2 * DAY }),
  )
  await look(noon + 2 * DAY)
  await sql`alter table referrals add constraint broken check (referee_id <> ${sql.unsafe(String(await idOf(vera)))} or state <> 'rewarded')`
  await runJob(sql, job, { now: noon + 20 * DAY, log })
  expect(faults.splice(0)).toHaveLength(1)
  expect([await stateOf(vera), await stateOf(boris)]).toEqual(['waiting', 'rewarded'])
  await sql`alter table referrals drop constraint broken`
  await look(noon + 20 * DAY + 5 * MINUTE)
  expect(await stateOf(vera)).toBe('rewarded')
})

it('a friend is judged by the book of the time of their purchase', async () => {
  // Books are for ever: this one is long after all others.
  const at = noon + 1000 * DAY
  const anna = await come({ at })
  const vera = await friendOf(anna, at)
  const boris = await friendOf(anna, at)
  await execute(sql, earn(50_000, { card: vera, at }))
  await publish({ referral: { ...terms, referrer_points: 0, referee_points: 1, wait_days: 0 } }, at + DAY)
  await execute(sql, earn(50_000, { card: boris, at: at + DAY }))
  await publish({}, at + 2 * DAY)
  await look(at + 2 * DAY)
  expect(await stateOf(boris)).toBe('rewarded')
  await look(at + 14 * DAY)
  expect(await stateOf(vera)).toBe('rewarded')
  expect(await pointsOf(anna, vera, boris)).toEqual([200, 120, 21])
  const late = await come({ by: await linkOf(anna), at: at + 3 * DAY })
  expect(await stateOf(late)).toBe('')
})

it('all of it leaves a healthy ledger', () => expectHealthy(sql))
