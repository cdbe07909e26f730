import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { customersSchema } from '../../shared/console/customers.ts'
import { previewSchema, segmentsSchema } from '../../shared/console/segments.ts'
import { toIso } from '../../shared/time.ts'
import { createFactsJob } from '../insight/facts/jobs.ts'
import { runJob } from '../jobs/run.ts'
import { post } from '../ledger/post.ts'
import { earn } from '../ledger/testing/makers.ts'
import { createTestCloud, type TestCloud } from '../testing/cloud.ts'
import { signInAs } from './testing.ts'

type Member = Awaited<ReturnType<typeof signInAs>>

let cloud: TestCloud
let olga: Member
const buyers = { type: 'sum', of: 'purchases', min: 1 }

beforeAll(async () => {
  cloud = await createTestCloud()
  const { sql, clock } = cloud
  olga = await signInAs(cloud, { name: 'olga', roles: ['marketing'] })
  await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса')
  for (const card of ['100001', '100002', '100003'])
    await sql`
      insert into customers (card, first_name, created_at) values (${card}, 'Анна', ${toIso(clock.now)})`
  const sale = earn(60_000, { card: '100002', at: clock.now })
  await post(sql, [sale], { now: () => sale.at })
  await runJob(sql, createFactsJob('Europe/Moscow'), { now: clock.now })
  for (const [name, title] of [
    ['buyers', 'Покупали'],
    ['guests', 'Гости'],
  ])
    expect((await olga.act('segment.add', { segment: { name, title, definition: buyers } })).status).toBe(200)
  const rule = {
    ...{ id: 'thanks', title: 'Спасибо', audience: 'buyers' },
    award: { type: 'points', points: 5 },
  }
  expect(
    (await olga.act('book.publish', { document: { rules: [rule] }, reason: 'проба' })).status,
  ).toBeLessThan(300)
  const campaign = {
    ...{ name: 'spring', title: 'Весна', purpose: 'вернуть', audience: 'guests' },
    gift: { points: 1 },
  }
  expect((await olga.act('campaign.add', { campaign })).status).toBe(200)
})
afterAll(() => cloud.drop())

const list = async (query = '') => {
  const { status, body } = await olga.get(`/v1/console/segments?${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return segmentsSchema.parse(body)
}

describe('segments', () => {
  it('that are new take the place of none that is there, built in or not', async () => {
    for (const name of ['guests', 'inactive']) {
      const segment = { name, title: 'Мои', definition: { type: 'consent' } }
      const { status, body } = await olga.act('segment.add', { segment, isNew: true })
      expect([status, body.error?.code]).toEqual([409, 'segment_exists'])
    }
    expect((await list()).segments.map(({ title }) => title)).not.toContain('Мои')
  })

  it('are listed with who is in them and what goes by them', async () => {
    const { segments, next } = await list()
    expect(next).toBeNull()
    expect(segments.map(({ name, members }) => [name, members])).toEqual([
      ['all', 3],
      ['guests', 1],
      ['high_value', 0],
      ['inactive', 0],
      ['buyers', 1],
    ])
    expect(segments.find(({ name }) => name === 'buyers')).toMatchObject({
      isBuiltIn: false,
      definition: buyers,
      uses: [{ by: 'rule', name: 'thanks', title: 'Спасибо' }],
      savedBy: 'marketing:olga',
    })
    const used = await list('kind=used&sort=members')
    expect(used.segments.map(({ uses }) => uses.map(({ by }) => by))).toEqual([['campaign'], ['rule']])
  })

  it('are paged, and a file has them all', async () => {
    const first = await list('kind=own&limit=1')
    expect(first).toMatchObject({ segments: [{ name: 'guests' }], next: 'guests' })
    expect(await list('kind=own&limit=1&after=guests')).toMatchObject({
      segments: [{ name: 'buyers' }],
      next: null,
    })
    expect((await olga.get('/v1/console/segments?after=nobody')).status).toBe(400)
    const { body } = await olga.get('/v1/console/segments?kind=own&format=csv')
    expect(body).toContain('buyers,Покупали,false,1,rule thanks,')
  })

  it('are previewed before they are saved, by who may and within bounds', async () => {
    const preview = (json: object) => olga.ask('POST', '/v1/console/segments/preview', json)
    const { body } = await preview({ definition: { type: 'not', of: buyers } })
    const seen = previewSchema.parse(body)
    expect(seen).toMatchObject({ customers: 3, members: 2 })
    expect(seen.examples.map(({ card }) => card)).toEqual(['100003', '100001'])
    expect(seen.overlap).toContainEqual({ name: 'buyers', title: 'Покупали', members: 1, both: 0 })
    expect((await preview({ definition: { type: 'sum', of: 'purchases' } })).status).toBe(400)
    expect((await preview({ definition: { type: 'age', min: 18 } })).status).toBe(400)
    const it = await signInAs(cloud, { name: 'igor', roles: ['it'] })
    expect((await it.ask('POST', '/v1/console/segments/preview', { definition: buyers })).status).toBe(403)
  })

  it('have a list of who is in them, which is that of customers', async () => {
    const inside = async (query: string) => {
      const { status, body } = await olga.get(`/v1/console/customers?${query}`)
      return status === 200 ? customersSchema.parse(body).customers.map(({ card }) => card) : status
    }
    expect(await inside('segment=buyers')).toEqual(['100002'])
    expect(await inside('segment=buyers&q=100002')).toEqual(['100002'])
    expect(await inside('segment=buyers&q=100001')).toEqual([])
    expect(await inside('segment=buyers&q=Анна')).toEqual(['100002'])
    expect(await inside('segment=all&sort=oldest')).toEqual(['100001', '100002', '100003'])
    expect(await inside('segment=nobody')).toBe(404)
  })

  it('are removed once nothing goes by them', async () => {
    const remove = async (name: string) => {
      const { status, body } = await olga.act('segment.remove', { name })
      return status === 200 ? 'removed' : body.error.code
    }
    expect(await remove('buyers')).toBe('segment_in_use')
    expect(await remove('guests')).toBe('segment_in_use')
    expect(await remove('inactive')).toBe('segment_not_found')
    const again = { name: 'inactive', title: 'Спят', definition: { type: 'not', of: buyers } }
    await olga.act('segment.add', { segment: again })
    const inactive = async () =>
      (await list()).segments.filter(({ name }) => name === 'inactive').map(({ isBuiltIn }) => isBuiltIn)
    expect(await inactive()).toEqual([false])
    expect(await remove('inactive')).toBe('removed')
    expect(await inactive()).toEqual([true])
  })
})
