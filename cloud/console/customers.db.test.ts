import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { customerSchema, customersSchema, timelineSchema } from '../../shared/console/customers.ts'
import { DAY, MINUTE, toIso } from '../../shared/time.ts'
import { post } from '../ledger/post.ts'
import type { Request } from '../ledger/request.ts'
import { adjust, apply, earn, redeem, refund, till } from '../ledger/testing/makers.ts'
import { createTestCloud, type TestCloud } from '../testing/cloud.ts'
import { signInAs } from './testing.ts'

type Member = Awaited<ReturnType<typeof signInAs>>

let cloud: TestCloud
let support: Member
let anna = 0
const CARD = '100001'
const names = ['Анна', 'Борис', 'Ганна', '100% Вера', 'Дмитрий', 'Елена', 'Жанна']

const weekend = {
  ...{ id: 'large', title: 'За большую покупку', award: { type: 'points', points: 50 } },
  when: [{ type: 'min_purchase', kopecks: 500_000 }],
}
let bought: Request
let spent: Request

beforeAll(async () => {
  cloud = await createTestCloud()
  const { sql, clock } = cloud
  const owner = await signInAs(cloud, { name: 'olga', roles: ['owner'] })
  support = await signInAs(cloud, { name: 'ivan', roles: ['support'] })
  for (const name of ['Ашукино', 'Правда']) await cloud.addRegister(await cloud.addStore(name), 'Касса')
  const published = await owner.act('book.publish', { document: { rules: [weekend] }, reason: 'проба' })
  expect(published.status).toBe(200)
  for (const [index, name] of names.entries())
    await sql`
      insert into customers (card, first_name, created_at)
      values (${String(100_001 + index)}, ${name}, ${toIso(clock.now - index * DAY)})`
  const [row] = await sql<{ id: number }[]>`select id from customers where card = ${CARD}`
  anna = row?.id ?? 0

  const at = (minutes: number) => ({ card: CARD, at: clock.now + minutes * MINUTE })
  bought = earn(600_000, { ...at(1), receipt: 'ЧЕК-000042', cashier: 'Ольга' })
  spent = redeem(100, { ...at(2), purchaseKopecks: 100_000, receipt: 'ЧЕК-000142' })
  const requests = [
    bought,
    spent,
    apply(spent, { at: clock.now + 3 * MINUTE }),
    refund(bought, { at: clock.now + 4 * MINUTE, refundKopecks: 200_000 }),
    redeem(10, { ...at(5), purchaseKopecks: 70_000 }),
    adjust(7, { ...at(6), reason: 'за отзыв' }),
    // Of one moment, and told apart by their ids.
    ...[0, 1, 2].map(() => earn(80_000, { ...at(7), confirmDuplicate: true })),
    earn(90_000, { ...at(8), card: '100003', author: { ...till, storeId: 2, registerId: 2 } }),
  ]
  for (const request of requests) {
    const [outcome] = await post(sql, [request], { now: () => request.at })
    expect(outcome?.status, JSON.stringify(outcome)).toBe('accepted')
  }
  clock.now += 10 * MINUTE
  support = await signInAs(cloud, { name: 'ivan', roles: ['support'] })
  expect((await support.act('customer.freeze', { card: CARD })).status).toBe(200)
  await sql`
    insert into notifications (customer_id, kind, reference, facts, created_at, due_at, state, settled_at)
    values (${anna}, 'earned', 'a reference', '{}', ${toIso(clock.now)}, ${toIso(clock.now)}, 'sent', ${toIso(clock.now)})`
})
afterAll(() => cloud.drop())

const read = async (path: string, who = support) => {
  const { status, body } = await who.get(`/v1/console/${path}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

describe('the timeline of a customer', () => {
  const timeline = async (query = '') =>
    timelineSchema.parse(await read(`customers/${anna}/timeline?${query}`))

  it('has all that happened, the latest first, with awards and why not more', async () => {
    const { items, next } = await timeline()
    expect(next).toBeNull()
    // What staff did and messages have the time of the database and of the clock here: where they stand is no matter.
    expect(items.filter(({ type }) => type !== 'act' && type !== 'message').slice(3)).toMatchObject([
      { type: 'adjustment', points: 7, reason: 'за отзыв', author: 'admin:anna', store: null },
      {
        type: 'purchase',
        state: 'held',
        spent: 0,
        earned: 0,
        paidKopecks: null,
        awards: [],
        purchaseKopecks: 70_000,
      },
      { type: 'refund', purchaseId: bought.id, refundKopecks: 200_000, takenBack: 80 + 50, givenBack: 0 },
      {
        ...{
          type: 'purchase',
          state: 'done',
          spent: 100,
          earned: 36,
          paidKopecks: 90_000,
          receipt: 'ЧЕК-000142',
        },
        awards: [{ ruleId: null, points: 36 }],
        skipped: [{ ruleId: 'large', title: 'За большую покупку', why: 'below_min_purchase' }],
      },
      {
        ...{ type: 'purchase', id: bought.id, state: 'done', spent: 0, earned: 290, paidKopecks: 600_000 },
        ...{ refundedKopecks: 200_000, cashier: 'Ольга', bookVersion: 2, store: { name: 'Ашукино' } },
        awards: [
          { ruleId: null, points: 240 },
          { ruleId: 'large', title: 'За большую покупку', points: 50 },
        ],
        skipped: [],
      },
    ])
    expect(items.filter(({ type }) => type === 'act')).toMatchObject([
      {
        who: 'support:ivan',
        action: 'customer freeze',
        before: { status: 'active' },
        after: { status: 'frozen' },
      },
    ])
    expect(items.filter(({ type }) => type === 'message')).toMatchObject([{ kind: 'earned', state: 'sent' }])
    expect(items.filter(({ type }) => type === 'purchase')).toHaveLength(6)
  })

  it.each([1, 2, 3, 200])('comes page by page of %i as it comes at once', async (limit) => {
    const whole = (await timeline()).items
    const pages = []
    let after = ''
    do {
      const page = await timeline(`limit=${limit}${after}`)
      expect(page.items.length).toBeLessThanOrEqual(limit)
      pages.push(...page.items)
      after = page.next === null ? '' : `&after=${page.next}`
    } while (after !== '')
    expect(pages).toEqual(whole)
  })

  it('has one kind alone where that is asked for, and says no to a place that is none', async () => {
    expect((await timeline('type=refund')).items.map(({ type }) => type)).toEqual(['refund'])
    for (const after of ['x', '', btoa('[1,0,"x"]'), btoa('[1,9,"1"]'), btoa('{}')])
      expect((await support.get(`/v1/console/customers/${anna}/timeline?after=${after}`)).status).toBe(400)
  })

  it('is a file as well', async () => {
    const { headers, body } = await support.get(`/v1/console/customers/${anna}/timeline?format=csv`)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(body.split('\r\n')).toHaveLength(1 + (await timeline()).items.length + 1)
    expect(body).toContain('ЧЕК-000042,600000,,290,done,')
  })
})

describe('the page of a customer', () => {
  it('says what they have, what waits, and what dies when', async () => {
    const customer = customerSchema.parse(await read(`customers/${anna}`))
    expect(customer).toMatchObject({
      ...{ id: anna, card: CARD, firstName: 'Анна', state: 'frozen', held: 10, debt: 0, waiting: null },
      ...{
        status: null,
        consent: null,
        advertising: null,
        telegram: null,
        isStaff: false,
        programme: { id: 1 },
      },
      holds: [{ state: 'processing', points: 10, store: { name: 'Ашукино' } }],
    })
    expect(customer.lots.reduce((sum, { points }) => sum + points, 0)).toBe(customer.available)
    expect(customer.available).toBe(290 - 100 + 36 - 130 - 10 + 7 + 3 * 32)
  })

  it('is looked at under a name, once a minute for each who looks at each', async () => {
    const viewer = await signInAs(cloud, { name: 'petr', roles: ['auditor'] })
    const auditor = await signInAs(cloud, { name: 'vera', roles: ['auditor'] })
    const views = async () =>
      (await read(`audit-log?action=customer%20view&who=auditor%3Apetr`, auditor)).changes
    await Promise.all([1, 2, 3].map(() => viewer.get(`/v1/console/customers/${anna}`)))
    await viewer.get(`/v1/console/customers/${anna}/timeline`)
    expect(await views()).toMatchObject([{ who: 'auditor:petr', subject: `customer ${CARD}`, ip: 'unknown' }])
    await viewer.get(`/v1/console/customers/${anna + 1}`)
    expect(await views()).toHaveLength(2)
    await cloud.sql`
      insert into audit_log (who, action, subject, at)
      values ('auditor:petr', 'customer view', 'customer 100003', now() - interval '61 seconds')`
    await viewer.get(`/v1/console/customers/${anna + 2}`)
    expect(await views()).toHaveLength(4)
  })

  it('that is nowhere is answered as one that is out of sight', async () => {
    const stranger = await signInAs(cloud, { name: 'stranger', roles: ['support'], stores: [2] })
    const answers = await Promise.all(
      [anna, 999_999].map((id) => stranger.get(`/v1/console/customers/${id}`)),
    )
    expect(answers.map(({ status }) => status)).toEqual([404, 404])
    expect(answers[0]?.body).toEqual(answers[1]?.body)
    expect((await stranger.get(`/v1/console/customers/${anna + 2}`)).status).toBe(200)
    expect((await read('customers', stranger)).customers).toMatchObject([{ card: '100003' }])
  })
})

describe('the list of customers', () => {
  const list = async (query: string) => customersSchema.parse(await read(`customers?${query}`))
  const cards = async (query: string) => (await list(query)).customers.map(({ card }) => card)

  it.each(['newest', 'oldest', 'points', 'last_purchase', 'spent'])(
    'is sorted by %s, and comes page by page as it comes at once',
    async (sort) => {
      const whole = await cards(`sort=${sort}`)
      expect([...whole].sort()).toEqual(names.map((_, index) => String(100_001 + index)))
      const pages = []
      let after = ''
      do {
        const page = await list(`sort=${sort}&limit=2${after}`)
        pages.push(...page.customers.map(({ card }) => card))
        after = page.next === null ? '' : `&after=${page.next}`
      } while (after !== '')
      expect(pages).toEqual(whole)
    },
  )

  it('is of one state where that is asked for', async () => {
    expect(await cards('state=frozen')).toEqual([CARD])
    expect(await cards('state=erased')).toEqual([])
  })

  it.each([
    ['a card', CARD, [['card', CARD]]],
    ['a scanned card', `99${CARD}`, [['card', CARD]]],
    ['the end of a receipt', '000042', [['receipt', CARD]]],
    [
      'a part of the name',
      'нн',
      [
        ['name', '100007'],
        ['name', '100003'],
        ['name', CARD],
      ],
    ],
    ['a name with a sign of patterns', '0%', [['name', '100004']]],
    ['nothing that is known', 'Щукин', []],
    ['a phone', '+7 903 123-45-67', []],
    ['too little of a receipt', '42', []],
  ])('is searched by %s', async (_, q, expected) => {
    const { customers } = await list(`q=${encodeURIComponent(q)}`)
    expect(customers.map(({ card, found }) => [found?.by, card])).toEqual(expected)
  })

  it('is searched by the id of an operation, and says which', async () => {
    expect((await list(`q=${spent.id.toUpperCase()}`)).customers).toMatchObject([
      { card: CARD, found: { by: 'operation', operationId: spent.id, receipt: 'ЧЕК-000142' } },
    ])
  })

  it('goes on with names where a page of them ends', async () => {
    const first = await list('q=нн&limit=2')
    expect(first.customers.map(({ card }) => card)).toEqual(['100007', '100003'])
    expect(await cards(`q=нн&limit=2&after=${first.next}`)).toEqual([CARD])
  })

  it('is a file without names', async () => {
    const { body } = await support.get('/v1/console/customers?format=csv')
    expect(body.split('\r\n')).toHaveLength(1 + names.length + 1)
    for (const name of names) expect(body).not.toContain(name)
  })

  it.each([
    'limit=0',
    'limit=201',
    'after=x',
    'sort=spent&after=points.1.1',
    'q=%00',
    'programme=0',
    'format=xml',
  ])('refuses a question that is none: %s', async (query) => {
    expect((await support.get(`/v1/console/customers?${query}`)).status).toBe(400)
  })
})
