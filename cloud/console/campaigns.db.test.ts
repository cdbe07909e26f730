import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  audienceSchema,
  campaignReplySchema,
  campaignResultsSchema,
  campaignsSchema,
  messageReaderSchema,
} from '../../shared/console/campaigns.ts'
import { bookTrialReplySchema, trialReplySchema } from '../../shared/console/trials.ts'
import { isHeldOut } from '../../shared/rules/holdout.ts'
import { DAY, MINUTE } from '../../shared/time.ts'
import { createCampaignJob } from '../campaigns/job.ts'
import { runJob } from '../jobs/run.ts'
import { createTestCloud, operation, type TestCloud } from '../testing/cloud.ts'
import { createTrialJob } from '../trials/job.ts'
import { signInAs } from './testing.ts'

type Member = Awaited<ReturnType<typeof signInAs>>
const timeZone = 'Europe/Moscow'

let cloud: TestCloud
let olga: Member
beforeAll(async () => {
  cloud = await createTestCloud()
  const { clock } = cloud
  const till = await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса')
  for (const card of ['100001', '100002', '100003']) await cloud.addCustomer(card)
  await cloud.send(till.key, operation(clock, { kind: 'earn', card: '100001', purchaseKopecks: 450_000 }))
  clock.now += MINUTE
  olga = await signInAs(cloud, { name: 'olga', roles: ['marketing'] })
})
afterAll(() => cloud.drop())

const gift = { purpose: 'вернуть', gift: { points: 10, budget_points: 100 }, holdout_percent: 0 }
const rules = [{ id: 'wake', title: 'Разбудить', award: { type: 'points', points: 30 } }]
async function act(name: string, input: object, who = olga) {
  const { status, body } = await who.act(name, input)
  return [status, body.status ?? body.error.code]
}
const save = (campaign: object) => act('campaign.add', { campaign })
const list = async (query = '') =>
  campaignsSchema.parse((await olga.get(`/v1/console/campaigns?${query}`)).body)
const one = async (name: string) => (await olga.get(`/v1/console/campaigns/${name}`)).body

it('lists campaigns by state, with what they have cost against their budgets', async () => {
  expect(await list()).toMatchObject({ campaigns: [], next: null })
  for (const name of ['spring', 'summer', 'autumn']) {
    expect(await save({ ...gift, name, title: name })).toEqual([200, 'done'])
    cloud.clock.now += MINUTE
  }
  expect(await save({ purpose: 'ещё', name: 'winter', title: 'Зима', rules })).toEqual([200, 'done'])
  expect(await act('campaign.start', { campaign: 'spring' })).toEqual([200, 'done'])
  await runJob(cloud.sql, createCampaignJob({ timeZone }), { now: cloud.clock.now })
  const all = await list()
  expect(all.campaigns.map(({ name, state, cost }) => [name, state, cost.points, cost.budget])).toEqual([
    ['winter', 'draft', null, null],
    ['autumn', 'draft', 0, 100],
    ['summer', 'draft', 0, 100],
    ['spring', 'running', 30, 100],
  ])
  expect((await list('state=running')).campaigns.map(({ name }) => name)).toEqual(['spring'])
  const first = await list('limit=3')
  expect(first.campaigns).toHaveLength(3)
  expect((await list(`limit=3&after=${first.next}`)).campaigns.map(({ name }) => name)).toEqual(['spring'])
  expect((await list('sort=started')).campaigns[0]?.name).toBe('spring')
  const csv = (await olga.get('/v1/console/campaigns?format=csv&state=running')).body
  expect(csv).toContain('spring,spring,running,all,30,100')
})

it('shows one with its versions, and what waits for approval as proposed', async () => {
  await cloud.sql`update programmes set settings = settings || '{"approval_book_kopecks": 2999}'`
  expect(await act('campaign.start', { campaign: 'summer' })).toEqual([202, 'proposed'])
  const body = await one('summer')
  expect(campaignReplySchema.parse(body)).toMatchObject({
    campaign: {
      state: 'proposed',
      proposal: 1,
      document: { gift: { points: 10 } },
      audience: { title: 'Все' },
    },
    history: [{ act: 'campaign add', who: 'marketing:olga', version: 1 }],
    trial: null,
  })
  expect((await list('state=proposed')).campaigns.map(({ name }) => name)).toEqual(['summer'])
  expect((await list('state=draft')).campaigns.map(({ name }) => name)).toEqual(['winter', 'autumn'])
  cloud.clock.now += 8 * DAY
  olga = await signInAs(cloud, { name: 'olga', roles: ['marketing'] })
  expect((await one('summer')).campaign).toMatchObject({ state: 'draft', proposal: null })
  expect((await olga.get('/v1/console/campaigns/nowhere')).status).toBe(404)
})

it('is saved upon the version that it was made from, so that nobody undoes what another has saved', async () => {
  const summer = { ...gift, name: 'summer', title: 'Лето' }
  const saveUpon = (follows: number | 'new', campaign: object = summer) =>
    act('campaign.add', { campaign, follows })
  expect(await saveUpon('new')).toEqual([409, 'campaign_overtaken'])
  expect(await saveUpon(1)).toEqual([200, 'done'])
  expect(await saveUpon(1, { ...summer, title: 'Моё лето' })).toEqual([409, 'campaign_overtaken'])
  expect((await one('summer')).campaign).toMatchObject({ title: 'Лето', version: 2 })
  expect(await saveUpon(1, { ...summer, name: 'other' })).toEqual([409, 'campaign_overtaken'])
  expect(await saveUpon('new', { ...summer, name: 'other' })).toEqual([200, 'done'])
  expect(await saveUpon(2)).toEqual([200, 'done'])
})

it('says what became of one', async () => {
  const { status, body } = await olga.get('/v1/console/campaigns/spring/results')
  expect(status).toBe(200)
  expect(campaignResultsSchema.parse(body)).toMatchObject({
    ...{ reached: 3, heldOut: 0, rulePoints: 0, returnedPoints: 0 },
    ...{ gifts: { people: 3, points: 30 }, effect: { verdict: 'too_early' } },
  })
})

it('shows who would be reached', async () => {
  const { body } = await olga.get('/v1/console/audience?segment=inactive')
  expect(audienceSchema.parse(body)).toMatchObject({ customers: 3, members: 0, examples: [] })
  const all = audienceSchema.parse((await olga.get('/v1/console/audience')).body)
  expect(all).toMatchObject({ members: 3, inTelegram: 0 })
  expect(all.examples.map(({ card }) => card)).toEqual(['100003', '100002', '100001'])
  expect(all.segments.map(({ name }) => name)).toContain('inactive')
  expect((await olga.get('/v1/console/audience?segment=nobody')).status).toBe(404)
})

it('shows who would read its message, to whom it may go alone, and writes down who looked', async () => {
  const reader = async (query = '') =>
    messageReaderSchema.parse((await olga.get(`/v1/console/audience/reader?${query}`)).body)
  expect(await reader()).toMatchObject({ reader: null, readers: 0 })
  const cards = ['100001', '100002']
  await cloud.sql`
    with told as (select id from customers where card = any(${cards}))
    insert into people (telegram_id, customer_id, language) select id, id, 'en' from told`
  await cloud.sql`
    insert into consents (customer_id, purpose, version, channel, recorded_by, given_at)
    select id, purpose, '1', 'bot', 'a test', now()
    from customers, unnest('{programme,advertising}'::text[]) purpose where card = any(${cards})`
  const newest = { card: '100002', language: 'en', points: 10, hasGift: false }
  expect(await reader()).toMatchObject({ reader: newest, readers: 2 })
  expect(await reader('holdout=50')).toMatchObject({ reader: newest, readers: 1 })
  expect((await reader('campaign=spring')).reader).toEqual({ ...(await reader()).reader, hasGift: true })
  const left = ['autumn', 'winter', 'spring'].find((of) => isHeldOut('100002', { of, percent: 90 })) ?? ''
  expect((await reader(`campaign=${left}&holdout=90`)).reader?.card).not.toBe('100002')
  expect((await olga.get('/v1/console/audience/reader?segment=nobody')).status).toBe(404)
  const looks = await cloud.sql`
    select distinct who from audit_log where action = 'customer view' and subject = 'customer 100002'`
  expect([...looks]).toEqual([{ who: 'marketing:olga' }])
})

it('tries one while its page may be closed, and gives up where that is asked', async () => {
  const path = '/v1/console/campaigns/winter/trial'
  expect((await olga.ask('DELETE', path)).status).toBe(404)
  const asked = await olga.ask('POST', `${path}?days=60`)
  expect(asked.status).toBe(202)
  expect(trialReplySchema.parse(asked.body)).toMatchObject({ trial: { state: 'waiting', days: 60 } })
  await runJob(cloud.sql, createTrialJob({ timeZone }), { now: cloud.clock.now })
  expect((await one('winter')).trial).toMatchObject({ state: 'done', result: { points: 30, purchases: 1 } })
  await olga.ask('POST', path)
  expect((await olga.ask('DELETE', path)).body).toMatchObject({ trial: { state: 'cancelled' } })
  const finance = await signInAs(cloud, { name: 'fedor', roles: ['finance'] })
  expect((await finance.ask('POST', path)).status).toBe(403)
  expect((await finance.get('/v1/console/campaigns/winter')).status).toBe(200)
})

it('tries a book that is not published, for each who writes one', async () => {
  const path = '/v1/console/book-trial'
  const ask = async (document: unknown, who = olga) => await who.ask('POST', path, { document, follows: 1 })
  const shown = async (who: Member) => bookTrialReplySchema.parse((await who.get(path)).body).trial
  expect(await shown(olga)).toBeNull()
  const book = { base: { cashback_basis_points: 500 }, rules }
  const asked = await ask(book)
  expect(asked.status).toBe(202)
  expect(bookTrialReplySchema.parse(asked.body)).toMatchObject({
    trial: { state: 'waiting', version: 1, days: 30 },
  })
  await runJob(cloud.sql, createTrialJob({ timeZone }), { now: cloud.clock.now })
  // 4 % of 4,500 ₽ were 180 points; 5 % and 30 points would be 255.
  expect(await shown(olga)).toMatchObject({
    ...{ state: 'done', result: { purchases: 1, points: { before: 180, after: 255 } }, document: book },
  })
  const marina = await signInAs(cloud, { name: 'marina', roles: ['marketing'] })
  expect(await shown(marina)).toBeNull()
  const wrong = await ask({ base: { cashback_basis_points: 20_000 } })
  expect([wrong.status, wrong.body.error.message]).toEqual([
    400,
    expect.stringContaining('base.cashback_basis_points'),
  ])
  expect((await ask({ rules: [{ ...rules[0], title: 'a\0b' }] })).status).toBe(400)
  await ask(book)
  expect((await olga.ask('DELETE', path)).body).toMatchObject({ trial: { state: 'cancelled' } })
  const fedor = await signInAs(cloud, { name: 'fedora', roles: ['finance'] })
  expect((await ask(book, fedor)).status).toBe(403)
  expect((await fedor.ask('DELETE', path)).status).toBe(403)
})

it('saves one for a thousand goods, and lets a proposal of as much be edited', async () => {
  const skus = Array.from({ length: 1000 }, (_, index) => String(4_600_000_000_000 + index))
  const ofGoods = { ...rules[0], when: [{ type: 'items', skus }] }
  const goods = { purpose: 'товары', name: 'goods', title: 'Товары', rules: [ofGoods] }
  expect(await save(goods)).toEqual([200, 'done'])
  expect(await act('proposal.edit', { proposal: 999, input: { document: goods } })).toEqual([
    409,
    'proposal_not_found',
  ])
})
