import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DAY, MINUTE } from '../../shared/time.ts'
import { perform } from '../acts/act.ts'
import { publishRuleBook } from '../acts/books.ts'
import { setSetting } from '../acts/settings.ts'
import { byAdmin } from '../acts/testing.ts'
import { verifyAuditLog } from '../auditLog.ts'
import { post } from '../ledger/post.ts'
import { earn, redeem } from '../ledger/testing/makers.ts'
import { createTestCloud, type TestCloud } from '../testing/cloud.ts'
import { signInAs } from './testing.ts'

type Member = Awaited<ReturnType<typeof signInAs>>

// In the latest month 60 purchases of 10,000 ₽ earned 400 points each: a tenth of what is paid would be 36,000 ₽ more, and a fifth 96,000 ₽.

let cloud: TestCloud
let owner: Member
let marketing: Member
let finance: Member
beforeAll(async () => {
  cloud = await createTestCloud()
  await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса')
  await cloud.addCustomer('100001')
  const { sql, clock } = cloud
  const sales = Array.from({ length: 60 }, (_, index) =>
    earn(1_000_000, { card: '100001', at: clock.now - 5 * DAY + index * MINUTE }),
  )
  const old = earn(100_000_000, { card: '100001', at: clock.now - 40 * DAY })
  const left = redeem(10, { card: '100001', at: clock.now - DAY, purchaseKopecks: 90_000_000 })
  await post(sql, [old, ...sales, left], { now: () => clock.now })
})
afterAll(() => cloud.drop())
beforeEach(async () => {
  owner = await signInAs(cloud, { name: 'owner', roles: ['owner'] })
  marketing = await signInAs(cloud, { name: 'marketing', roles: ['marketing'] })
  finance = await signInAs(cloud, { name: 'finance', roles: ['finance'] })
})
afterEach(async () => {
  expect((await verifyAuditLog(cloud.sql)).broken).toEqual([])
})

const giving = (basisPoints: number) => ({
  document: { base: { cashback_basis_points: basisPoints } },
  reason: 'зима',
})
const publish = (who: Member, basisPoints: number) => who.act('book.publish', giving(basisPoints))
const versions = async () => (await cloud.sql`select version from rule_books`).length
const approve = (who: Member, { id, hash }: { id: number; hash: string }) =>
  who.act('proposal.approve', { proposal: id, hash })

it('a batch of vouchers that may give too much is proposed, and made when two others have approved it', async () => {
  const gives = { type: 'discount_kopecks', kopecks: 100_000 }
  const batch = { title: 'Скидка', gives, audience: { type: 'bearer', codes: 100 } }
  const { status, body } = await owner.act('voucher.add', { batch })
  expect([status, body.proposal?.kopecks]).toEqual([202, 10_000_000])
  const batches = () => cloud.sql`select created_by from voucher_batches`
  expect((await approve(marketing, body.proposal)).body.result).toMatchObject({ state: 'open' })
  expect(await batches()).toHaveLength(0)
  expect((await approve(finance, body.proposal)).body.result).toMatchObject({ state: 'done' })
  expect([...(await batches())]).toEqual([{ created_by: 'owner:owner' }])
})

describe('publishing a book', () => {
  it('is for one person as long as it would not have cost too much in the latest month', async () => {
    const before = await versions()
    for (const basisPoints of [1000, 100, 400])
      expect((await publish(owner, basisPoints)).body).toMatchObject({ status: 'done' })
    expect(await versions()).toBe(before + 3)
  })

  it('that costs more is proposed with its effect, and done when two others have approved it', async () => {
    const before = await versions()
    const { status, body } = await publish(owner, 2000)
    expect([status, body.status]).toEqual([202, 'proposed'])
    expect(body.proposal).toMatchObject({
      points: 60 * 1600,
      kopecks: 60 * 160_000,
      needs: ['marketing', 'finance'],
    })
    expect(await versions()).toBe(before)
    expect((await approve(owner, body.proposal)).status).toBe(403)
    expect((await approve(marketing, body.proposal)).body.result).toMatchObject({ state: 'open' })
    expect((await approve(finance, body.proposal)).body.result).toMatchObject({ state: 'done' })
    expect(await versions()).toBe(before + 1)
    const [book] = await cloud.sql`select published_by, reason from rule_books order by version desc limit 1`
    expect(book).toEqual({ published_by: 'owner:owner', reason: 'зима' })
    await perform(publishRuleBook, giving(400), byAdmin(cloud.sql, cloud.clock.now))
  })

  it('is not done where another book came in between', async () => {
    const { body } = await publish(owner, 2000)
    expect((await publish(marketing, 300)).status).toBe(200)
    expect((await approve(finance, body.proposal)).body.error.code).toBe('proposal_outdated')
    expect((await publish(owner, 400)).status).toBe(200)
  })

  it('is refused where it follows upon another version than the one that holds, whose changes it would undo', async () => {
    const [held] = await cloud.sql<{ version: number }[]>`select max(version) as version from rule_books`
    const follows = held?.version ?? 0
    expect((await owner.act('book.publish', { ...giving(400), follows })).status).toBe(200)
    const late = await owner.act('book.publish', { ...giving(450), follows })
    expect([late.status, late.body.error?.message]).toEqual([
      400,
      expect.stringContaining(`version ${follows + 1} holds by now`),
    ])
    expect((await owner.act('book.publish', { ...giving(400), follows: follows + 1 })).status).toBe(200)
  })

  it('that is none is refused, and not proposed', async () => {
    const document = { base: { cashback_basis_points: 20_000 } }
    expect((await owner.act('book.publish', { document, reason: 'x' })).status).toBe(400)
    expect((await cloud.sql`select from proposals where state = 'open'`).length).toBe(1)
  })

  it('is for two as well where it is done by a setting, and by a programme with a lower limit', async () => {
    const set = (value: number) => owner.act('settings.set', { key: 'cashback_basis_points', value })
    expect((await set(2000)).body).toMatchObject({ status: 'proposed', proposal: { kopecks: 60 * 160_000 } })
    expect((await set(450)).body.status).toBe('done')
    expect((await set(400)).body.status).toBe('done')
    const limit = (value: number) => owner.act('settings.set', { key: 'approval_book_kopecks', value })
    expect((await limit(5_000_001)).status).toBe(400)
    expect((await limit(0)).body.status).toBe('done')
    expect((await set(450)).body.status).toBe('proposed')
    expect((await set(300)).body.status).toBe('done')
    expect((await limit(5_000_000)).body.status).toBe('done')
    expect((await set(400)).body.status).toBe('done')
  })

  it('with a budget of more than so much is for two, and so is its raise', async () => {
    const gift = {
      ...{ id: 'spring', title: 'Весна', budget: 'spring', award: { type: 'points', points: 1 } },
      when: [{ type: 'min_purchase', kopecks: 900_000_000 }],
    }
    const document = (limit_points: number, per_store = false) => ({
      rules: [gift],
      budgets: [{ id: 'spring', title: 'Весна', limit_points, per_store }],
    })
    const ask = async (book: object) =>
      (await owner.act('book.publish', { document: book, reason: 'весна' })).body
    expect(await ask(document(50_000))).toMatchObject({ status: 'done' })
    const { status, proposal } = await ask(document(60_000))
    expect([status, proposal?.points, proposal?.kopecks]).toEqual(['proposed', 10_000, 1_000_000])
    expect((await approve(marketing, proposal)).status).toBe(200)
    expect((await approve(finance, proposal)).body.result.state).toBe('done')
    expect(await ask(document(60_000))).toMatchObject({ status: 'done' })
    expect(await ask(document(40_000))).toMatchObject({ status: 'done' })
    await cloud.addStore('Правда')
    expect((await ask(document(30_000, true))).proposal).toMatchObject({ points: 60_000 - 40_000 })
    expect(await ask({})).toMatchObject({ status: 'done' })
  })

  it('is done at the command line all the same, and somebody else is to look at it', async () => {
    const by = byAdmin(cloud.sql, cloud.clock.now)
    await perform(setSetting, { key: 'cashback_basis_points', value: 2000 }, by)
    const [alone] = await cloud.sql`
      select act, decided_by, is_break_glass, reviewed_at from proposals where is_break_glass order by id desc limit 1`
    expect(alone).toEqual({
      act: 'settings set',
      decided_by: 'admin:anna',
      is_break_glass: true,
      reviewed_at: null,
    })
    await perform(publishRuleBook, giving(400), by)
  })

  it('is for two where what it costs cannot be told in time', async () => {
    const locked = Promise.withResolvers<void>()
    const answered = Promise.withResolvers<void>()
    const others = cloud.sql.begin(async (sql) => {
      await sql`lock table status_snapshots in access exclusive mode`
      locked.resolve()
      await answered.promise
    })
    await locked.promise
    const { body } = await publish(owner, 350)
    answered.resolve()
    await others
    expect(body).toMatchObject({ status: 'proposed', proposal: { points: null, kopecks: null } })
  })
})
