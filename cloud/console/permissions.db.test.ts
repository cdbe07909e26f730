import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLES, type Role } from '../../shared/staff.ts'
import { DAY, toIso } from '../../shared/time.ts'
import { voucherBatchSchema } from '../../shared/voucherBatch.ts'
import { testVoucherKey } from '../access/testing/voucherKey.ts'
import { askWithin, perform } from '../acts/act.ts'
import { acts } from '../acts/acts.ts'
import { adjustPoints } from '../acts/customers.ts'
import { type ActName, type Asking, permissions, type Reading, readings } from '../acts/permissions.ts'
import { addProgramme } from '../acts/programmes.ts'
import { byAdmin } from '../acts/testing.ts'
import { addVouchers } from '../acts/vouchers.ts'
import { createTestCloud, operation, type TestCloud } from '../testing/cloud.ts'
import { signInAs } from './testing.ts'

// Every act, asked for over HTTP by every role, of what is in their own store, in another store of their programme and in
// another programme: who is let in is exactly what the tables say.

type Whose = 'own store' | 'other store' | 'other programme'

interface Target {
  programmeId: number
  storeId: number
  registerId: number
  card: string
  /** Of somebody of the staff, in Telegram. */
  staffCard: string
  customerId: number
  holdId: string
  batchId: number
  discrepancyId: number
  proposals: Record<'approve' | 'reject' | 'edit' | 'break' | 'review', { id: number; hash: string }>
  campaigns: Record<'start' | 'pause' | 'finish', string>
}

let cloud: TestCloud
const targets = {} as Record<Whose, Target>
let names = 0
function next(word: string): string {
  names += 1
  return `${word}${names}`
}

beforeAll(async () => {
  cloud = await createTestCloud()
  const by = byAdmin(cloud.sql, cloud.clock.now)
  const { programmeId } = await perform(addProgramme, { merchant: 'Сосед', name: 'Сосед' }, by)
  await cloud.sql`insert into releases (version, published_at) values ('9.9.9', now())`
  await cloud.sql`
    insert into release_channels (channel, version, percent, published_at) values ('beta', '9.9.9', 10, now())`
  await signInAs(cloud, { name: 'proposer', roles: ['support'] })
  targets['own store'] = await openStore(1, '100001')
  targets['other store'] = await openStore(1, '100002')
  targets['other programme'] = await openStore(programmeId, '200001')
  await cloud.sql`
    insert into notifications (customer_id, kind, reference, facts, created_at, due_at, state, settled_at)
    select id, 'earned', 'a', '{}', now(), now(), 'parked', now() from customers`
})
afterAll(() => cloud.drop())

/** The same customer had this card, and lost it. */
const lostBy = (card: string) => String(Number(card) + 600_000)

/** A register, and a customer who has been here and nowhere else, with a hold that a person is asked about. */
async function openStore(programmeId: number, card: string): Promise<Target> {
  const { sql, clock } = cloud
  const [store] = await sql<{ id: number }[]>`
    insert into stores (programme_id, name) values (${programmeId}, ${next('Магазин ')}) returning id`
  const storeId = store?.id ?? 0
  const { id: registerId, key } = await cloud.addRegister(storeId, 'Касса')
  const lost = lostBy(card)
  await sql`
    insert into customers (programme_id, card, first_name)
    values (${programmeId}, ${card}, 'Анна'), (${programmeId}, ${lost}, 'Анна')`
  await sql`
    insert into store_customers (programme_id, store_id, customer_id, last_seen_at)
    select ${programmeId}, ${storeId}, id, now() from customers where card = ${lost}`
  await cloud.give(card, 1000)
  const redeem = operation(clock, { kind: 'redeem', card, points: 10 })
  await cloud.send(key, redeem)
  const [filed] = await sql<{ id: number }[]>`
    insert into discrepancies (kind, reference, customer_id, details, filed_at)
    select 'hold_in_doubt', ${redeem.id}, id, '{}', ${toIso(clock.now)} from customers where card = ${card}
    returning id`
  await sql`
    insert into referrals (referee_id, referrer_id, programme_id, invited_at, state)
    select referee.id, referrer.id, ${programmeId}, ${toIso(clock.now)}, 'flagged' from customers referee, customers referrer
    where referee.card = ${card} and referrer.id = ${await addReferrer(programmeId)}`
  const proposals = {
    approve: await propose(programmeId),
    reject: await propose(programmeId),
    edit: await propose(programmeId),
    break: await propose(programmeId),
    review: await propose(programmeId, { type: 'admin', name: 'root' }),
  }
  const gift = { title: 'Весна', purpose: 'вернуть', gift: { points: 10 }, message: { text: 'Дарим {gift}' } }
  const campaigns = { start: `start-${storeId}`, pause: `pause-${storeId}`, finish: `finish-${storeId}` }
  for (const name of Object.values(campaigns)) {
    const isDraft = name === campaigns.start
    await sql`
      insert into campaigns (programme_id, name, document, state, owner, saved_at, started_at)
      values (${programmeId}, ${name}, ${JSON.stringify({ name, ...gift })}::text::jsonb,
        ${isDraft ? 'draft' : 'running'}, 'admin:anna', now(), ${isDraft ? null : toIso(clock.now)})`
  }
  const [customer] = await sql<{ id: number }[]>`select id from customers where card = ${card}`
  const staffCard = await addStaffCard(programmeId)
  const by = { ...byAdmin(sql, clock.now) }
  const { batchId } = await perform(
    addVouchers,
    { batch: voucherBatchSchema.parse(tenCodes), programme: String(programmeId) },
    by,
  )
  return {
    programmeId,
    batchId,
    storeId,
    registerId,
    card,
    staffCard,
    customerId: customer?.id ?? 0,
    holdId: redeem.id,
    discrepancyId: filed?.id ?? 0,
    proposals,
    campaigns,
  }
}

async function addStaffCard(programmeId: number): Promise<string> {
  names += 1
  const card = String(300_000 + names)
  await cloud.sql`
    with customer as (
      insert into customers (programme_id, card) values (${programmeId}, ${card}) returning id),
    staff as (insert into staff_cards select id, now(), 'admin:anna' from customer)
    insert into people (telegram_id, customer_id, language) select id, id, 'ru' from customer`
  return card
}

async function addReferrer(programmeId: number): Promise<number> {
  names += 1
  const [row] = await cloud.sql<{ id: number }[]>`
    insert into customers (programme_id, card) values (${programmeId}, ${String(300_000 + names)}) returning id`
  return row?.id ?? 0
}

const proposer: Asking = {
  ...{ type: 'person', name: 'proposer', roles: ['support'] },
  sees: { programmes: null, stores: null },
}

/** Too much for one person, to a customer of its own; at the command line it is done alone. */
async function propose(programmeId: number, who: Asking = proposer): Promise<{ id: number; hash: string }> {
  const { sql, clock } = cloud
  names += 1
  const card = String(300_000 + names)
  await sql`insert into customers (programme_id, card, first_name) values (${programmeId}, ${card}, 'Вера')`
  const input = { card, points: 20_000, reason: 'проба', id: crypto.randomUUID() }
  const around = { who, now: clock.now, botToken: null, voucherKey: () => testVoucherKey }
  await sql.begin((sql) => askWithin(sql, adjustPoints, input, around))
  const [row] = await sql<{ id: number; hash: string }[]>`
    select id, encode(hash, 'hex') as hash from proposals order by id desc limit 1`
  if (!row) throw new Error('nothing was proposed')
  return row
}

const tenCodes = {
  title: 'Скидка 100 ₽',
  gives: { type: 'discount_kopecks', kopecks: 10_000 },
  audience: { type: 'bearer', codes: 10 },
}

const withGold = {
  statuses: [{ name: 'gold', title: 'Золото', colour: '#d4a017', from: 1, cashback_basis_points: 500 }],
}

/** How far what an act changes reaches, and a sound input of it. */
const tried: Partial<
  Record<ActName, { reach: 'store' | 'programme' | 'cloud'; input: (of: Target) => object }>
> = {
  // Frozen ones would refuse what the others do.
  'programme freeze': {
    reach: 'programme',
    input: ({ programmeId }) => ({ undo: true, reason: 'проба', programme: String(programmeId) }),
  },
  'programme add': { reach: 'cloud', input: () => ({ merchant: 'Ещё', name: next('Программа ') }) },
  'store add': {
    reach: 'programme',
    input: ({ programmeId }) => ({ name: next('Новый '), programme: String(programmeId) }),
  },
  'store hours': { reach: 'store', input: ({ storeId }) => ({ store: String(storeId), off: true }) },
  'register add': {
    reach: 'store',
    input: ({ storeId }) => ({ store: String(storeId), name: next('Касса ') }),
  },
  'register code': { reach: 'store', input: ({ registerId }) => ({ register: registerId }) },
  'register channel': {
    reach: 'store',
    input: ({ registerId }) => ({ register: registerId, channel: 'beta' }),
  },
  'register diagnostics': { reach: 'store', input: ({ registerId }) => ({ register: registerId }) },
  'register revoke': { reach: 'store', input: ({ registerId }) => ({ register: registerId }) },
  'release percent': { reach: 'cloud', input: () => ({ version: '9.9.9', percent: 5, channel: 'beta' }) },
  'release promote': { reach: 'cloud', input: () => ({ version: '9.9.9' }) },
  'release pull': { reach: 'cloud', input: () => ({ version: '9.9.9' }) },
  'staff add': { reach: 'cloud', input: () => ({ name: next('new'), role: 'support' }) },
  'staff roles': { reach: 'cloud', input: () => ({ name: 'bystander', role: 'support' }) },
  'staff disable': { reach: 'cloud', input: () => ({ name: 'bystander', undo: true }) },
  'staff link': { reach: 'cloud', input: () => ({ name: 'bystander' }) },
  'staff reset': { reach: 'cloud', input: () => ({ name: 'bystander' }) },
  'staff signout': { reach: 'cloud', input: () => ({ name: 'bystander' }) },
  'customer add': {
    reach: 'programme',
    input: ({ programmeId }) => ({ name: 'Борис', programme: String(programmeId) }),
  },
  'customer consent': { reach: 'store', input: ({ card }) => ({ card, consent: 'папка' }) },
  'customer advertising': { reach: 'store', input: ({ card }) => ({ card, undo: true }) },
  'customer freeze': { reach: 'store', input: ({ card }) => ({ card, undo: true }) },
  'customer erase': { reach: 'store', input: ({ card }) => ({ card }) },
  'customer adjust': {
    reach: 'store',
    input: ({ card }) => ({ card, points: 1, reason: 'проба', id: crypto.randomUUID() }),
  },
  'customer staff': { reach: 'store', input: ({ card }) => ({ card }) },
  'customer merge': {
    reach: 'store',
    input: ({ card }) => ({ card, other: lostBy(card), reason: 'потеряна' }),
  },
  'customer unmerge': { reach: 'store', input: ({ card }) => ({ card: lostBy(card), reason: 'ошибка' }) },
  'hold settle': {
    reach: 'store',
    input: ({ holdId }) => ({ hold: holdId, as: 'released', reason: 'проба' }),
  },
  'discrepancy settle': {
    reach: 'store',
    input: ({ discrepancyId }) => ({ id: discrepancyId, as: 'released', reason: 'проба' }),
  },
  'proposal approve': {
    reach: 'programme',
    input: ({ proposals: { approve } }) => ({ proposal: approve.id, hash: approve.hash }),
  },
  'proposal reject': {
    reach: 'programme',
    input: ({ proposals: { reject } }) => ({ proposal: reject.id, reason: 'нет' }),
  },
  // Only the proposer's own: what they can do is shown elsewhere.
  'proposal edit': {
    reach: 'programme',
    input: ({ proposals: { edit } }) => ({ proposal: edit.id, input: {} }),
  },
  'proposal break': {
    reach: 'programme',
    input: ({ proposals }) => ({ proposal: proposals.break.id, reason: 'срочно' }),
  },
  'proposal review': { reach: 'programme', input: ({ proposals: { review } }) => ({ proposal: review.id }) },
  'settings set': {
    reach: 'programme',
    input: ({ programmeId }) => ({ key: 'return_days', value: 14, programme: String(programmeId) }),
  },
  'book publish': {
    reach: 'programme',
    input: ({ programmeId }) => ({ document: withGold, reason: 'проба', programme: String(programmeId) }),
  },
  'segment add': {
    reach: 'programme',
    input: ({ programmeId }) => ({
      segment: { name: 'near', title: 'Рядом', definition: { type: 'consent' } },
      programme: String(programmeId),
    }),
  },
  'segment remove': {
    reach: 'programme',
    input: ({ programmeId }) => ({ name: 'near', programme: String(programmeId) }),
  },
  'campaign add': {
    reach: 'programme',
    input: ({ programmeId }) => ({
      campaign: { name: 'spring', title: 'Весна', purpose: 'вернуть', gift: { points: 10 } },
      programme: String(programmeId),
    }),
  },
  'campaign start': {
    reach: 'programme',
    input: ({ programmeId, campaigns }) => ({ campaign: campaigns.start, programme: String(programmeId) }),
  },
  'campaign pause': {
    reach: 'programme',
    input: ({ programmeId, campaigns }) => ({ campaign: campaigns.pause, programme: String(programmeId) }),
  },
  'campaign finish': {
    reach: 'programme',
    input: ({ programmeId, campaigns }) => ({ campaign: campaigns.finish, programme: String(programmeId) }),
  },
  'campaign test': {
    reach: 'programme',
    input: ({ programmeId, campaigns, staffCard: card }) => ({
      ...{ campaign: campaigns.start, card, programme: String(programmeId) },
    }),
  },
  'status set': {
    reach: 'store',
    input: ({ card }) => ({ card, status: 'gold', until: cloud.clock.now + DAY, reason: 'подруга' }),
  },
  'referral reject': { reach: 'store', input: ({ card }) => ({ card, reason: 'проба' }) },
  'referral release': { reach: 'store', input: ({ card }) => ({ card, reason: 'проба' }) },
  'voucher add': {
    reach: 'programme',
    input: ({ programmeId }) => ({ batch: tenCodes, programme: String(programmeId) }),
  },
  'voucher export': { reach: 'programme', input: ({ batchId }) => ({ batch: batchId }) },
  'voucher void': { reach: 'programme', input: ({ batchId }) => ({ batch: batchId, reason: 'проба' }) },
  'notification retry': { reach: 'cloud', input: () => ({ all: true }) },
  'notification drop': { reach: 'cloud', input: () => ({ all: true }) },
}

/** What each reading opens, and how far that reaches. */
const read: Record<Reading, [Reach, (of: Target) => string][]> = {
  home: [['store', (of) => `home?${placeOf(of)}`]],
  customers: [
    ['store', (of) => `customers?${placeOf(of)}`],
    ['store', (of) => `customers?${placeOf(of)}&format=csv`],
    ['store', (of) => `customers?${placeOf(of)}&segment=inactive`],
    ['store', ({ customerId }) => `customers/${customerId}`],
    ['store', ({ customerId }) => `customers/${customerId}/timeline`],
  ],
  campaigns: [
    ['programme', ({ programmeId }) => `campaigns?programme=${programmeId}`],
    ['programme', ({ programmeId, campaigns }) => `campaigns/${campaigns.start}?programme=${programmeId}`],
    [
      'programme',
      ({ programmeId, campaigns }) => `campaigns/${campaigns.start}/results?programme=${programmeId}`,
    ],
    ['programme', ({ programmeId }) => `audience?programme=${programmeId}`],
    ['programme', ({ programmeId }) => `audience/reader?programme=${programmeId}`],
  ],
  segments: [
    ['programme', ({ programmeId }) => `segments?programme=${programmeId}`],
    ['programme', ({ programmeId }) => `segments/inactive?programme=${programmeId}`],
  ],
  statuses: [
    ['programme', ({ programmeId }) => `statuses?programme=${programmeId}`],
    ['programme', ({ programmeId }) => `statuses/changes?programme=${programmeId}`],
  ],
  vouchers: [['programme', ({ programmeId }) => `vouchers?programme=${programmeId}`]],
  referrals: [['store', (of) => `referrals?${placeOf(of)}`]],
  discrepancies: [['store', (of) => `discrepancies?${placeOf(of)}`]],
  stores: [
    ['anywhere', () => 'programmes'],
    ['any part', ({ programmeId }) => `stores?programme=${programmeId}`],
  ],
  registers: [
    ['store', (of) => `registers?${placeOf(of)}`],
    ['store', ({ registerId }) => `registers/${registerId}`],
  ],
  books: [
    ['any part', ({ programmeId }) => `books?programme=${programmeId}`],
    ['any part', ({ programmeId }) => `books/1?programme=${programmeId}`],
    ['any part', ({ programmeId }) => `settings?programme=${programmeId}`],
    ['programme', ({ programmeId }) => `book-trial?programme=${programmeId}`],
  ],
  reports: [
    ['programme', ({ programmeId }) => `reports/liability?programme=${programmeId}`],
    ['programme', ({ programmeId }) => `reports/expiry?programme=${programmeId}`],
    ['any part', ({ programmeId }) => `reports/stores?programme=${programmeId}`],
    ['store', (of) => `reports/days?${placeOf(of)}`],
  ],
  fleet: [['cloud', () => '/fleet']],
  proposals: [['anywhere', () => 'proposals']],
  staff: [['cloud', () => 'staff']],
  'audit log': [['cloud', () => 'audit-log']],
}
const placeOf = ({ programmeId, storeId }: Target) => `programme=${programmeId}&store=${storeId}`

const sights = ['everything', 'a programme', 'a store'] as const
type Sight = (typeof sights)[number]

type Reach = 'store' | 'programme' | 'any part' | 'cloud' | 'anywhere'

/** Of a programme of which one sees a part, `any part` is all that there is to see. */
function isInSight(sight: Sight, whose: Whose, reach: Reach): boolean {
  if (sight === 'everything' || reach === 'anywhere') return true
  if (reach === 'cloud' || whose === 'other programme') return false
  if (sight === 'a programme' || reach === 'any part') return true
  return reach === 'store' && whose === 'own store'
}

async function member(role: Role, sight: Sight) {
  const programmes = sight === 'everything' ? null : [1]
  const stores = sight === 'a store' ? [targets['own store'].storeId] : null
  return await signInAs(cloud, { name: next(role), roles: [role], programmes, stores })
}

/** Or it was done before, and there is nothing left to do. */
const DONE = [200, 409]
const everDone = new Set<string>()

it('has an input for every act that somebody may do', () => {
  const offered = Object.entries(permissions).flatMap(([name, roles]) => (roles.length > 0 ? [name] : []))
  expect(Object.keys(tried).sort()).toEqual(offered.sort())
})

// Erasing comes last: nothing is left to do with who was erased.
const order = [...ROLES.filter((role) => role !== 'owner'), 'owner'] as const
const inOrder = acts.toSorted(
  (a, b) => Number(a.name === 'customer erase') - Number(b.name === 'customer erase'),
)

describe.each(order)('%s', (role) => {
  it.each(sights)('does exactly what the table says, who sees %s', async (sight) => {
    const person = await member(role, sight)
    await signInAs(cloud, { name: 'bystander', roles: ['support'] })
    const session = await person.get('/v1/console/session')
    const shown: string[] = session.body.acts
    for (const { name } of inOrder) {
      const isAllowed = (permissions[name] as Role[]).includes(role)
      expect(shown.includes(name), name).toBe(isAllowed)
      const how = tried[name]
      if (!how) {
        expect((await person.act(name.replaceAll(' ', '.'), {})).status, name).toBe(400)
        continue
      }
      if (name.startsWith('notification'))
        await cloud.sql`update notifications set state = 'parked', settled_at = now()`
      for (const [whose, target] of Object.entries(targets) as [Whose, Target][]) {
        const { status, body } = await person.act(name.replaceAll(' ', '.'), how.input(target))
        const what = `${name} of ${whose}: ${JSON.stringify(body)}`
        if (!isAllowed) expect([status, body.error?.code], what).toEqual([403, 'not_allowed'])
        else if (!isInSight(sight, whose, how.reach))
          expect([status, body.error?.code], what).toEqual([404, 'out_of_sight'])
        else expect(DONE, what).toContain(status)
        if (status === 200) everDone.add(name)
      }
    }
  })

  it('reads exactly what the table says', async () => {
    for (const sight of sights) {
      const person = await member(role, sight)
      for (const [reading, opened] of Object.entries(read) as [Reading, (typeof read)[Reading]][]) {
        const isAllowed = (readings[reading] as Role[]).includes(role)
        for (const [whose, target] of Object.entries(targets) as [Whose, Target][])
          for (const [reach, named] of opened) {
            const path = named(target).startsWith('/') ? named(target) : `/v1/console/${named(target)}`
            const { status, body } = await person.get(path)
            const what = `${path} (${reading}) of ${whose} by ${role} who sees ${sight}: ${JSON.stringify(body)}`
            if (!isAllowed) expect(status, what).toBe(403)
            else if (isInSight(sight, whose, reach)) expect(status, what).toBe(200)
            // The fleet has pages of its own, with their own words.
            else if (reading === 'fleet') expect(status, what).toBe(403)
            else expect([status, body.error?.code], what).toEqual([404, 'out_of_sight'])
          }
      }
    }
  })
})

it('every act of the table was done by somebody', () => {
  expect([...everDone].sort()).toEqual(
    Object.keys(tried)
      .filter((name) => name !== 'proposal edit')
      .sort(),
  )
})

it('what is nowhere is answered as what is somewhere else', async () => {
  const person = await member('owner', 'a store')
  const answers = await Promise.all(
    [targets['other programme'].card, targets['other store'].card, '999999'].map((card) =>
      person.act('customer.freeze', { card }),
    ),
  )
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
})

it('merges no card that is out of sight into one that is not, and does not tell that it is there', async () => {
  const person = await member('support', 'a store')
  const pairs = [targets['other store'].card, targets['other programme'].card, '999999']
    .map((other) => [targets['own store'].card, other] as const)
    .flatMap(([own, other]) => [
      { card: own, other },
      { card: other, other: own },
    ])
  const answers = await Promise.all(
    pairs.map((cards) => person.act('customer.merge', { ...cards, reason: 'потеряна' })),
  )
  for (const { status, body } of answers) expect([status, body.error.code]).toEqual([404, 'out_of_sight'])
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
})

it('names no programme to who may not see it', async () => {
  const person = await member('owner', 'a programme')
  for (const programme of [undefined, 'Сосед', 'nothing', '99']) {
    const { status, body } = await person.act('store.add', { name: 'Новый', ...(programme && { programme }) })
    expect([status, body.error.code]).toEqual([404, 'out_of_sight'])
  }
})

it('a door without a session, or with that of somebody else’s form, is closed', async () => {
  const person = await member('owner', 'everything')
  const input = { name: next('Магазин ') }
  for (const headers of [
    { cookie: '' },
    { cookie: 'kopilka_staff=x' },
    { 'x-csrf-token': '' },
    { 'x-csrf-token': 'x' },
  ]) {
    const { status } = await person.ask('POST', '/v1/console/acts/store.add', input, {
      'idempotency-key': '1',
      ...headers,
    })
    expect([401, 403]).toContain(status)
  }
  const stores = await cloud.sql`select from stores where name = ${input.name}`
  expect(stores).toHaveLength(0)
})
