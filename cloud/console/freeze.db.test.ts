import { afterAll, beforeAll, expect, it } from 'vitest'
import { customerReplySchema, registerReplySchema } from '../../shared/api.ts'
import { MINUTE, toIso } from '../../shared/time.ts'
import { perform } from '../acts/act.ts'
import { freezeProgramme } from '../acts/freeze.ts'
import { addProgramme } from '../acts/programmes.ts'
import { byAdmin } from '../acts/testing.ts'
import { runAudit } from '../ledger/audit.ts'
import { createTestCloud, operation, type TestCloud } from '../testing/cloud.ts'
import { signInAs } from './testing.ts'

// A programme that is stopped as a whole, as its people, its tills and its customers meet it.

let cloud: TestCloud
let key: string
beforeAll(async () => {
  cloud = await createTestCloud()
  key = (await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса 1')).key
  await cloud.addCustomer('654321', 500)
})
afterAll(async () => {
  expect(await runAudit(cloud.sql)).toEqual([])
  await cloud.drop()
})

const by = () => byAdmin(cloud.sql, cloud.clock.now)
const lookUp = async () =>
  customerReplySchema.parse((await cloud.request('GET', '/v1/customers?code=654321', { key })).body)
const register = async () =>
  registerReplySchema.parse((await cloud.request('GET', '/v1/register', { key })).body)
const earned = (at = cloud.clock.now) =>
  operation(cloud.clock, { kind: 'earn', at: toIso(at), purchaseKopecks: 100_000 + (at % 50_000) })
const redeemed = () => operation(cloud.clock, { kind: 'redeem', points: 10 })
const statusOf = async (...sent: object[]) =>
  (await cloud.send(key, ...sent)).outcomes.map((outcome) =>
    outcome.status === 'refused' ? [outcome.code, outcome.details] : outcome.status,
  )

it('is frozen by two people, tells its tills, refuses to earn and to spend, and goes on', async () => {
  const owner = await signInAs(cloud, { name: 'owner', roles: ['owner'] })
  const approvers = [
    await signInAs(cloud, { name: 'mila', roles: ['marketing'] }),
    await signInAs(cloud, { name: 'petr', roles: ['finance'] }),
  ]
  const before = await register()
  expect(before.frozenSince).toBeUndefined()
  const held = redeemed()
  expect(await statusOf(held)).toEqual(['accepted'])
  const asked = await owner.act('programme.freeze', { reason: 'утечка ключей' })
  expect([asked.status, asked.body.proposal]).toMatchObject([202, { points: null }])
  expect(await statusOf(earned())).toEqual(['accepted'])
  cloud.clock.now += MINUTE
  const { id: proposal, hash } = asked.body.proposal
  for (const approver of approvers)
    expect((await approver.act('proposal.approve', { proposal, hash })).status).toBe(200)

  const frozenSince = toIso(cloud.clock.now)
  const told = await register()
  expect(told).toMatchObject({ frozenSince })
  expect(told.settingsVersion).toBeGreaterThan(before.settingsVersion)
  expect(await lookUp()).toMatchObject({
    customer: { status: 'frozen', isProgrammeFrozen: true },
  })
  expect((await owner.get('/v1/console/settings')).body).toMatchObject({ frozenSince })
  expect((await owner.get('/v1/console/home')).body.off).toMatchObject({ frozenSince })

  cloud.clock.now += MINUTE
  const why = { card: '654321', isProgrammeFrozen: true }
  const late = earned(cloud.clock.now - 5 * MINUTE)
  const applied = operation(cloud.clock, { kind: 'apply', redeemId: held.id })
  expect(await statusOf(earned(), redeemed(), late, applied)).toEqual([
    ['customer_frozen', why],
    ['customer_frozen', why],
    'accepted',
    'accepted',
  ])

  const again = await owner.act('programme.freeze', { reason: 'ещё раз' })
  expect([again.status, again.body.result]).toMatchObject([200, { frozenSince }])
  const undone = await owner.act('programme.freeze', { reason: 'ключи заменены', undo: true })
  expect(undone.status).toBe(202)
  const broken = await owner.act('proposal.break', { proposal: undone.body.proposal.id, reason: 'ночь' })
  expect(broken.body.result).toMatchObject({ state: 'done', result: { frozenSince: null } })
  expect((await lookUp()).customer).toMatchObject({ status: 'active' })
  expect((await lookUp()).customer.isProgrammeFrozen).toBeUndefined()
  expect(await statusOf(earned())).toEqual(['accepted'])
  const rows = await cloud.sql`
    select who, before, after from audit_log where action = 'programme freeze' order by id`
  expect([...rows]).toEqual([
    { who: 'owner:owner', before: { isFrozen: false }, after: { isFrozen: true, reason: 'утечка ключей' } },
    { who: 'owner:owner', before: { isFrozen: true }, after: { isFrozen: false, reason: 'ключи заменены' } },
  ])
})

it('is frozen alone at the command line, with an alert, and no other programme with it', async () => {
  const { programmeId } = await perform(addProgramme, { merchant: 'Сосед', name: 'Сосед' }, by())
  await perform(freezeProgramme, { programme: String(programmeId), reason: 'проба' }, by())
  const [alone] = await cloud.sql`
    select state, is_break_glass as alone, reviewed_at as reviewed from proposals order by id desc limit 1`
  expect(alone).toEqual({ state: 'done', alone: true, reviewed: null })
  expect((await lookUp()).customer).toMatchObject({ status: 'active' })
  expect((await register()).frozenSince).toBeUndefined()
  await perform(freezeProgramme, { programme: String(programmeId), reason: 'проба', undo: true }, by())
})
