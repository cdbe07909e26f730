import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { CODE_LIFE_SECONDS } from '../../../shared/signedCode.ts'
import { MINUTE, SECOND, toIso } from '../../../shared/time.ts'
import { createTestCloud, operation, type TestCloud } from '../../testing/cloud.ts'
import { runAudit } from '../audit.ts'

let cloud: TestCloud
let key = ''
let card = ''
let lastCard = 200_000
beforeAll(async () => {
  cloud = await createTestCloud()
  key = (await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса 1')).key
  // Nobody settles the redemptions of these tests.
  await cloud.sql`update programmes set settings = settings || '{"max_open_holds": 100}'`
})
beforeEach(async () => {
  card = String(++lastCard)
  await cloud.addCustomer(card, 500)
})
afterAll(async () => {
  expect(await runAudit(cloud.sql)).toEqual([])
  await cloud.drop()
})

const newCode = (of = card) => cloud.codes.sign({ card: of, now: cloud.clock.now }).code
/** Another character in the middle, where the signature is. */
const alter = (code: string) => code.slice(0, 80) + (code[80] === 'A' ? 'B' : 'A') + code.slice(81)
const find = (code: string, as = { cloud, key }) =>
  as.cloud.request('GET', `/v1/customers?${new URLSearchParams({ code })}`, { key: as.key })
const redeem = (code?: string, change: object = {}) =>
  operation(cloud.clock, { kind: 'redeem', card, ...(code !== undefined && { code }), ...change })
const later = async (ms: number, act: () => Promise<void>) => {
  cloud.clock.now += ms
  await act()
  cloud.clock.now -= ms
}
async function withProofAskedFor(act: () => Promise<void>): Promise<void> {
  await cloud.sql`update programmes set settings = settings || '{"redeem_proof": "signed_code"}'`
  await act()
  await cloud.sql`update programmes set settings = settings - 'redeem_proof'`
}

test('a live code finds its customer, in any case', async () => {
  const code = newCode()
  for (const spelled of [code, code.toLowerCase()])
    expect(await find(spelled)).toMatchObject({ status: 200, body: { customer: { card, available: 500 } } })
})

test('a code that was altered, and one whose time is over, find nobody and say so', async () => {
  const code = newCode()
  expect(await find(alter(code))).toMatchObject({ status: 422, body: { error: { code: 'code_altered' } } })
  expect(await find('K1')).toMatchObject({ status: 422, body: { error: { code: 'code_altered' } } })
  await later((CODE_LIFE_SECONDS + 10) * SECOND, async () => {
    expect(await find(code)).toMatchObject({ status: 422, body: { error: { code: 'code_too_old' } } })
  })
})

test('a genuine code of a card that nobody has any more finds nobody', async () => {
  expect(await find(newCode('999998'))).toMatchObject({
    status: 404,
    body: { error: { code: 'customer_not_found' } },
  })
})

test('guessing codes runs out like guessing cards', async () => {
  const strict = await createTestCloud({ missedLookups: { perMinute: 10, burst: 2 } })
  const register = await strict.addRegister(await strict.addStore('Ашукино'), 'Касса 1')
  const { code } = strict.codes.sign({ card, now: strict.clock.now })
  const ask = (code: string) => find(code, { cloud: strict, key: register.key })
  const statuses = []
  for (const guess of [alter(code), 'K1', code]) statuses.push((await ask(guess)).status)
  expect(statuses).toEqual([422, 422, 429])
  await strict.drop()
})

test('a redemption by a live code takes the points, and the code is good for no other', async () => {
  const code = newCode()
  expect((await cloud.send(key, redeem(code))).outcomes).toMatchObject([{ status: 'accepted' }])
  const { status, outcomes } = await cloud.send(key, redeem(code, { purchaseKopecks: 90_000 }))
  expect([status, outcomes]).toMatchObject([422, [{ code: 'proof_refused', details: { reason: 'used' } }]])
  expect((await find(code)).status).toBe(200)
})

test('a redemption that is sent again with its code is the same one, long after the code has ended', async () => {
  const first = redeem(newCode())
  await cloud.send(key, first)
  await later(10 * MINUTE, async () => {
    expect((await cloud.send(key, first)).outcomes).toMatchObject([{ status: 'accepted', replay: true }])
  })
})

test('of two redemptions by one code at the same moment one is accepted', async () => {
  const code = newCode()
  const sent = [100_000, 90_000].map((purchaseKopecks) => cloud.send(key, redeem(code, { purchaseKopecks })))
  const outcomes = (await Promise.all(sent)).flatMap(({ outcomes }) => outcomes)
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['accepted', 'refused'])
})

test('a redemption that 1C did not take frees its code', async () => {
  const code = newCode()
  const given = redeem(code)
  const back = operation(cloud.clock, { kind: 'release', redeemId: given.id })
  const again = redeem(code)
  expect((await cloud.send(key, given, back, again)).outcomes).toMatchObject([
    { status: 'accepted' },
    { status: 'accepted' },
    { status: 'accepted' },
  ])
})

test.each([
  ['altered', () => redeem(alter(newCode()))],
  ['altered', () => redeem(card)],
  ['other_customer', () => redeem(cloud.codes.sign({ card: '654321', now: cloud.clock.now }).code)],
  ['too_old', () => redeem(cloud.codes.sign({ card, now: cloud.clock.now - 4 * MINUTE - 2 * SECOND }).code)],
])('a code that is %s is refused for good, whatever the programme asks for', async (reason, make) => {
  const asked = make()
  const first = await cloud.send(key, asked)
  expect([first.status, first.outcomes]).toMatchObject([
    422,
    [{ code: 'proof_refused', details: { reason } }],
  ])
  expect((await cloud.send(key, asked)).outcomes).toEqual([{ ...first.outcomes[0], replay: true }])
})

test('where the programme asks for a code, a redemption needs one and an earning does not', async () => {
  await withProofAskedFor(async () => {
    expect((await cloud.send(key, redeem())).outcomes).toMatchObject([{ details: { reason: 'missing' } }])
    expect((await cloud.send(key, redeem(undefined, { via: 'agent' }))).outcomes).toMatchObject([
      { details: { reason: 'missing' } },
    ])
    expect((await cloud.send(key, redeem(newCode()))).outcomes).toMatchObject([{ status: 'accepted' }])
    const earn = operation(cloud.clock, { kind: 'earn', card })
    expect((await cloud.send(key, earn)).outcomes).toMatchObject([{ status: 'accepted' }])
  })
})

test('an earning has no field for a code', async () => {
  const earn = { ...operation(cloud.clock, { kind: 'earn', card }), code: newCode() }
  expect((await cloud.send(key, earn)).outcomes).toMatchObject([{ code: 'malformed' }])
})

test('the register is told the key that verifies codes', async () => {
  const { body } = await cloud.request('GET', '/v1/register', { key })
  expect(body).toMatchObject({ codeKey: cloud.codes.publicKey })
})

test('a duplicate is asked about with a code too, and the answer under the same id is executed', async () => {
  const first = redeem()
  const second = redeem(newCode(), { at: toIso(cloud.clock.now + SECOND) })
  await cloud.send(key, first)
  expect((await cloud.send(key, second)).outcomes).toMatchObject([{ code: 'duplicate_transaction' }])
  const sure = { ...second, confirmDuplicate: true }
  expect((await cloud.send(key, sure)).outcomes).toMatchObject([{ status: 'accepted' }])
})
