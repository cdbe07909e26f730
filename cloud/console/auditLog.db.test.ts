import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY, toIso } from '../../shared/time.ts'
import { createTestCloud, type TestCloud } from '../testing/cloud.ts'
import { signInAs } from './testing.ts'

let cloud: TestCloud
let auditor: Awaited<ReturnType<typeof signInAs>>
beforeAll(async () => {
  cloud = await createTestCloud()
  const owner = await signInAs(cloud, { name: 'olga', roles: ['owner'] })
  auditor = await signInAs(cloud, { name: 'ivan', roles: ['auditor'] })
  for (const name of ['Ашукино', 'Правда', 'Софрино']) await owner.act('store.add', { name })
})
afterAll(() => cloud.drop())

const found = async (query: string) => {
  const { status, body } = await auditor.get(`/v1/console/audit-log?${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body.changes
}

it('the log of changes is read by its parts and page by page', async () => {
  const all = await found('')
  expect(all).toMatchObject(
    ['Софрино', 'Правда', 'Ашукино'].map((name) => ({
      ...{ who: 'owner:olga', action: 'store add', after: { name }, before: null },
      ...{ ip: 'unknown', proposal: null },
    })),
  )
  expect(await found(`subject=${encodeURIComponent('store 2')}`)).toMatchObject([
    { after: { name: 'Правда' } },
  ])
  expect(await found(`text=${encodeURIComponent('ашук')}`)).toHaveLength(1)
  expect(await found('who=nobody')).toEqual([])
  expect(await found('text=%25')).toEqual([])
  expect(await found('limit=2')).toEqual(all.slice(0, 2))
  expect(await found(`limit=2&before=${all[1].id}`)).toEqual(all.slice(2))
  expect(await found(`until=${toIso(Date.now() - DAY)}`)).toEqual([])
  expect(await found(`since=${toIso(Date.now() - DAY)}`)).toHaveLength(3)
})

it('a change is found in the log of the cloud by its request', async () => {
  const told = cloud.lines.map((line) => JSON.parse(line)).filter(({ path }) => path?.endsWith('/store.add'))
  const ids = told.map(({ request }) => request)
  expect(new Set(ids).size).toBe(3)
  const changes: { requestId: string }[] = await found('')
  expect(changes.map(({ requestId }) => requestId)).toEqual(ids.toReversed())
})

it.each(['limit=0', 'limit=201', 'before=x', 'since=yesterday', 'text=', 'subject=%00'])(
  'a question that is none is refused: %s',
  async (query) => {
    expect((await auditor.get(`/v1/console/audit-log?${query}`)).status).toBe(400)
  },
)
