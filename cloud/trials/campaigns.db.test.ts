import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CampaignResult } from '../../shared/console/trials.ts'
import { DAY, MINUTE } from '../../shared/time.ts'
import { perform } from '../acts/act.ts'
import { publishRuleBook } from '../acts/books.ts'
import { addCampaign } from '../acts/campaigns.ts'
import { byAdmin } from '../acts/testing.ts'
import { findCampaign, type KnownCampaign } from '../campaigns/read.ts'
import type { Sql } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { addCustomers, execute, executeTogether } from '../jobs/testing.ts'
import { earn } from '../ledger/testing/makers.ts'
import { askAtNoon, noon, runTrials } from './testing.ts'
import { cancelTrial, noteProgress, readTrial, takeTrial } from './trials.ts'

let database: TestDatabase
let sql: Sql
beforeEach(async () => {
  database = await createTestDatabase()
  sql = database.sql
})
afterEach(() => database.drop())

const run = () => runTrials(sql)
const ask = ({ id: campaignId, version, campaign: document }: KnownCampaign, days = 30) =>
  askAtNoon(sql, { campaignId, version, document }, { days })
const read = ({ id: campaignId }: KnownCampaign) => readTrial(sql, { campaignId })
const resultOf = async (known: KnownCampaign) => (await read(known))?.result as CampaignResult | undefined

async function save(rest: object): Promise<KnownCampaign> {
  const campaign = { name: 'spring', title: 'Весна', purpose: 'вернуть', holdout_percent: 0, ...rest }
  await perform(addCampaign, { campaign: campaign as never }, byAdmin(sql, noon))
  const known = await findCampaign(sql, { programmeId: 1, name: 'spring' })
  if (!known) throw new Error('it was not saved')
  return known
}
const rule = (points: number, rest: object = {}) => ({
  ...{ id: 'wake', title: 'Разбудить', award: { type: 'points', points }, ...rest },
})

it('says what its own rules would have given in the days before, by store and customer, and to how many its gift goes', async () => {
  await addCustomers(sql, '100001', '100002', '100003')
  const at = noon - DAY
  await executeTogether(sql, [
    earn(200_000, { card: '100001', at }),
    earn(210_000, {
      card: '100001',
      at,
      author: { type: 'register', programmeId: 1, storeId: 2, registerId: 2 },
    }),
    earn(200_000, { card: '100002', at }),
    earn(5000, { card: '100003', at }),
  ])
  await execute(sql, earn(200_000, { card: '100003', at: noon - MINUTE }))
  const when = [{ type: 'min_purchase', kopecks: 100_000 }]
  // Begins next week: what it would have cost is of the days before all the same.
  const known = await save({
    ...{ rules: [rule(300, { when })], gift: { points: 50 } },
    ...{ from: '2025-12-14', until: '2025-12-31' },
  })
  await ask(known)
  await run()
  expect(await read(known)).toMatchObject({
    ...{ state: 'done', version: 1, judged: 5, purchases: 5, problem: null },
    result: {
      ...{ purchases: 5, points: 1200, gift: { people: 3, points: 150 } },
      rules: [{ id: 'wake', title: 'Разбудить', points: 1200, awards: 4 }],
      customers: { some: 3, many: 1, above: 500 },
    },
  })
  const result = await resultOf(known)
  expect(result?.stores.map(({ points }) => points)).toEqual([900, 300])
  expect(result?.examples.map(({ kopecks, points, store }) => [kopecks, points, store.id])).toEqual([
    ...[
      [200_000, 300, 1],
      [210_000, 300, 2],
      [200_000, 300, 1],
      [200_000, 300, 1],
    ],
  ])
  expect(result?.skipped).toEqual([{ id: 'wake', title: 'Разбудить', why: 'below_min_purchase', times: 1 }])
  expect(result?.budget).toBeNull()
  // It wrote nothing where points are.
  expect(await sql`select from campaign_people`).toHaveLength(0)
  await ask(known, 1)
  expect(await read(known)).toMatchObject({ state: 'waiting', result: null, judged: 0 })
})

it('of a gift alone is whom it would reach', async () => {
  await addCustomers(sql, '100001', '100002')
  const known = await save({ gift: { points: 50, budget_points: 60 } })
  await ask(known)
  await run()
  const result = await resultOf(known)
  expect(result).toMatchObject({ purchases: 0, points: 0, gift: { people: 1, points: 60 } })
})

it('says on which day its budget would be used up, and gives no more than that', async () => {
  await addCustomers(sql, '100001', '100002')
  for (const [card, days] of [
    ['100002', 3],
    ['100001', 9],
    ['100002', 7],
    ['100001', 5],
  ] as const)
    await execute(sql, earn(10_000, { card, at: noon - days * DAY }))
  // 300 a purchase, on the 2nd, 4th, 6th and 8th of eleven days: the second one takes what is left.
  const small = await save({ rules: [rule(300)], budget_points: 500, from: '2025-12-14' })
  await ask(small, 10)
  await run()
  expect(await resultOf(small)).toMatchObject({
    ...{ points: 500, customers: { some: 2 }, rules: [{ points: 1200, awards: 4 }] },
    budget: {
      ...{ limit: 500, needed: 1200, lastsDays: 4, isSeen: true },
      ...{ begins: '2025-12-14', usedUpOn: '2025-12-17' },
    },
  })
  const large = await save({ rules: [rule(300)], budget_points: 6000 })
  await ask(large, 10)
  await run()
  expect(await resultOf(large)).toMatchObject({
    points: 1200,
    budget: { lastsDays: 50, isSeen: false, begins: '2025-12-07', usedUpOn: '2026-01-25' },
  })
})

describe('what nobody waits for any more', () => {
  it('is given up, and stays as it was left', async () => {
    await addCustomers(sql, '100001')
    await execute(sql, earn(200_000, { card: '100001', at: noon - DAY }))
    const known = await save({ rules: [rule(10)] })
    await ask(known)
    await cancelTrial(sql, { campaignId: known.id }, noon)
    await run()
    expect(await read(known)).toMatchObject({ state: 'cancelled', result: null })
    // In the midst of it.
    await ask(known)
    const taken = await takeTrial(sql)
    if (!taken) throw new Error('nothing waits')
    expect(await noteProgress(sql, taken, { judged: 1, purchases: 2 })).toBe(true)
    expect(await read(known)).toMatchObject({ state: 'running', judged: 1, purchases: 2 })
    await ask(known)
    expect(await noteProgress(sql, taken, { judged: 2, purchases: 2 })).toBe(false)
  })

  it('is not what a process was at that died: the next one begins anew', async () => {
    await addCustomers(sql, '100001')
    await execute(sql, earn(200_000, { card: '100001', at: noon - DAY }))
    const known = await save({ rules: [rule(10)] })
    await ask(known)
    const dead = await takeTrial(sql)
    if (!dead) throw new Error('nothing waits')
    await run()
    expect(await read(known)).toMatchObject({ state: 'done', result: { points: 10 } })
    expect(await noteProgress(sql, dead, { judged: 1, purchases: 1 })).toBe(false)
  })
})

it('that fails says so, and does not hold up the next', async () => {
  const document = { rules: [{ ...rule(5), id: 'wake' }] }
  const known = await save({ rules: [rule(10)] })
  await perform(publishRuleBook, { document, reason: 'проба' }, byAdmin(sql, noon - DAY))
  await ask(known)
  await expect(run()).rejects.toThrow()
  expect(await read(known)).toMatchObject({ state: 'failed', result: null })
  expect(await run()).toMatchObject({ result: { tried: 0 } })
})
