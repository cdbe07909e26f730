import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import type { Role } from '../../shared/staff.ts'
import { DAY, toIso } from '../../shared/time.ts'
import { readTables } from '../backup/catalogue.ts'
import { contentsOf } from '../backup/testing.ts'
import type { Sql } from '../database/connect.ts'
import { type Filled, fillOnce, type TestDatabase } from '../database/testing.ts'
import { runAudit } from '../ledger/audit.ts'
import { publishBook } from '../ledger/books.ts'
import { post } from '../ledger/post.ts'
import { card, mintId, noon, redeem } from '../ledger/testing/makers.ts'
import { ActError, type Around, act, askWithin, InputError, perform } from './act.ts'
import { acts } from './acts.ts'
import { addCampaign, startCampaign } from './campaigns.ts'
import { addCustomer, adjustPoints, freezeCustomer } from './customers.ts'
import { mergeCustomers } from './merges.ts'
import { type ActName, permissions } from './permissions.ts'
import { markStaffCard } from './referrals.ts'
import { addRegister, setChannel } from './registers.ts'
import { addSegment } from './segments.ts'
import { addAccount, addStaff } from './staff.ts'
import { addStore } from './stores.ts'
import { byAdmin } from './testing.ts'
import { addVouchers } from './vouchers.ts'

const held = redeem(100)

const tenCodes = {
  batch: {
    title: 'Скидка 100 ₽',
    gives: { type: 'discount_kopecks' as const, kopecks: 10_000 },
    audience: { type: 'bearer' as const, codes: 10 },
  },
}

/** A shop with something for every act to change. */
async function openShop(by: Around & { sql: Sql }): Promise<void> {
  const { sql } = by
  await perform(addStore, { name: 'Ашукино' }, by)
  await perform(addRegister, { store: 'Ашукино', name: 'Касса 1' }, by)
  await perform(addCustomer, { name: 'Анна', card }, by)
  await perform(adjustPoints, { card, points: 500, reason: 'проба', id: mintId() }, by)
  await perform(addAccount, { name: 'ivan' }, by)
  await sql`update staff set totp_secret = ${Buffer.alloc(20, 1)} where name = 'ivan'`
  await sql`
    insert into staff_sessions (token_hash, account, created_at, seen_at)
    values (${Buffer.alloc(32, 1)}, 'ivan', ${toIso(noon)}, ${toIso(noon)})`
  await post(sql, [held], { now: () => noon })
  await perform(addStaff, { name: 'olga1', role: 'support' }, by)
  await perform(addStaff, { name: 'boris', role: 'marketing' }, by)
  const asked = await sql.begin((sql) => askWithin(sql, adjustPoints, tooMuch, { ...by, who: olga }))
  if (asked.status === 'done') throw new Error('it is too much for one person')
  inputs['proposal approve'] = { proposal: 1, hash: asked.proposal.hash }
  await perform(addCustomer, { name: 'Вера', card: '765432', consent: 'папка 2' }, by)
  await perform(addCustomer, { name: 'Вера', card: '777777' }, by)
  await perform(mergeCustomers, { card: '765432', other: '777777', reason: 'потеряна' }, by)
  const alone = { ...tooMuch, card: '765432', id: mintId() }
  await perform(adjustPoints, alone, { ...by, who: { type: 'admin', name: 'root' } })
  await sql`
    insert into referrals (referee_id, referrer_id, programme_id, invited_at, state)
    select referee.id, referrer.id, 1, ${toIso(noon)}, 'flagged' from customers referee, customers referrer
    where referee.card = ${card} and referrer.card = '765432'`
  await sql`
    insert into discrepancies (kind, reference, customer_id, details, filed_at)
    values ('hold_in_doubt', ${held.id}, 1, '{}', ${toIso(noon)})`
  await sql`
    insert into notifications (customer_id, kind, reference, facts, created_at, due_at, state, settled_at)
    values (1, 'earned', 'a', '{}', ${toIso(noon)}, ${toIso(noon)}, 'parked', ${toIso(noon)})`
  await perform(addVouchers, tenCodes, by)
  const document = bookDocumentSchema.parse({
    statuses: [{ name: 'gold', title: 'Золото', colour: '#d4a017', from: 1, cashback_basis_points: 500 }],
  })
  await sql.begin((sql) =>
    publishBook(sql, { programmeId: 1, document, validFrom: 0, now: 0, by: 'admin:anna', reason: 'a test' }),
  )
  await perform(addCustomer, { name: 'Олег', card: '888888' }, by)
  await perform(markStaffCard, { card: '888888' }, by)
  await sql`
    insert into people (telegram_id, customer_id, language) select 8, id, 'ru' from customers where card = '888888'`
  await perform(
    addSegment,
    { segment: { name: 'far', title: 'Далеко', definition: { type: 'consent' } } },
    by,
  )
  for (const name of ['spring', 'autumn']) await perform(addCampaign, { campaign: { ...gifted, name } }, by)
  await perform(startCampaign, { campaign: 'autumn' }, by)
  await sql`insert into releases (version, published_at) values ('1.0.0', ${toIso(noon)})`
  await sql`
    insert into release_channels (channel, version, percent, published_at)
    values ('beta', '1.0.0', 10, ${toIso(noon)})`
}

const gifted = {
  ...{ name: 'spring', title: 'Весна', purpose: 'вернуть', gift: { points: 10 } },
  message: { text: '{name}, дарим {gift}' },
}

const tooMuch = { card, points: 20_000, reason: 'проба', id: mintId() }
const personOf = (name: string, ...roles: Role[]) => ({
  ...{ type: 'person' as const, name, roles },
  sees: { programmes: null, stores: null },
})
const olga = personOf('olga1', 'support')
/** What only an account can do. */
const doers: Partial<Record<ActName, ReturnType<typeof personOf>>> = {
  'proposal approve': personOf('boris', 'marketing'),
  'proposal edit': olga,
}

const fileOf = (kind: 'installer' | 'blockmap') => ({
  name: kind === 'installer' ? 'Kopilka-1.1.0.exe' : 'Kopilka-1.1.0.exe.blockmap',
  kind,
  sizeBytes: 9,
  sha512: Buffer.alloc(64, kind),
})

/** What each is tried with there. */
const inputs: Record<ActName, object> = {
  'programme freeze': { reason: 'утечка ключей' },
  'programme add': { merchant: 'ООО «Сосед»', name: 'Сосед' },
  'store add': { name: 'Правда' },
  'store hours': { store: '1', from: '09:00', to: '21:00', zone: 'Europe/Moscow' },
  'register add': { store: '1', name: 'Касса 2' },
  'register code': { store: '1' },
  'register channel': { register: 1, channel: 'beta' },
  'register diagnostics': { register: 1 },
  'register revoke': { store: '1', name: 'Касса 1' },
  'release publish': {
    ...{ version: '1.1.0', releasedAt: noon, files: [fileOf('blockmap'), fileOf('installer')] },
    ...{ channel: 'beta', percent: 5 },
  },
  'release percent': { version: '1.0.0', percent: 50, channel: 'beta' },
  'release promote': { version: '1.0.0' },
  'release pull': { version: '1.0.0' },
  'staff add': { name: 'olga', role: 'finance,support', stores: '1' },
  'staff roles': { name: 'ivan', role: ['it', 'auditor'] },
  'staff disable': { name: 'ivan' },
  'staff link': { name: 'ivan' },
  'staff reset': { name: 'ivan' },
  'staff signout': { name: 'ivan' },
  'it add': { name: 'olga' },
  'it password': { name: 'ivan' },
  'it remove': { name: 'ivan' },
  'customer add': { name: 'Борис', consent: 'папка 3' },
  'customer consent': { card, consent: 'папка 3' },
  'customer advertising': { card: '765432', consent: 'папка 4' },
  'customer adjust': { card, points: -50, reason: 'ошибка', id: mintId() },
  'customer staff': { card },
  'customer merge': { card, other: '765432', reason: 'потеряна' },
  'customer unmerge': { card: '777777', reason: 'ошибка' },
  'customer freeze': { card },
  'customer erase': { card },
  'hold settle': { hold: held.id, as: 'applied', reason: 'по чеку' },
  'discrepancy settle': { id: 1, as: 'released', reason: 'по чеку' },
  'proposal approve': {},
  'proposal reject': { proposal: 1, reason: 'нет' },
  'proposal edit': { proposal: 1, input: { ...tooMuch, points: 30_000 } },
  'proposal break': { proposal: 1, reason: 'срочно' },
  'proposal review': { proposal: 2 },
  'settings set': { key: 'cashback_basis_points', value: 500 },
  'book publish': { document: { base: { cashback_basis_points: 500 } }, reason: 'зима' },
  'segment add': { segment: { name: 'near', title: 'Рядом', definition: { type: 'home_store', ids: [1] } } },
  'segment remove': { name: 'far' },
  'campaign add': { campaign: { ...gifted, name: 'summer' } },
  'campaign start': { campaign: 'spring' },
  'campaign pause': { campaign: 'autumn' },
  'campaign finish': { campaign: 'autumn' },
  'campaign test': { campaign: 'spring', card: '888888' },
  'status set': { card, status: 'gold', until: noon + DAY, reason: 'подруга' },
  'referral reject': { card, reason: 'своя касса' },
  'referral release': { card, reason: 'знакомы' },
  'voucher add': tenCodes,
  'voucher export': { batch: 1 },
  'voucher void': { batch: 1, reason: 'ошибка' },
  'notification retry': { all: true },
  'notification drop': { card },
  'job run': { job: 'expire', now: noon },
  restore: { file: 'backup.gz', madeAt: toIso(noon), erasures: [{ card: '999999', erasedAt: noon }] },
}

let shop: Filled<void>
let database: TestDatabase
let by: Around & { sql: Sql }
beforeAll(async () => {
  shop = await fillOnce((sql) => openShop(byAdmin(sql, noon)))
})
afterAll(() => shop.drop())
beforeEach(async () => {
  database = await shop.copy()
  by = byAdmin(database.sql, noon)
})
afterEach(async () => {
  expect(await runAudit(database.sql)).toEqual([])
  await database.drop()
})

const logged = async () => [
  ...(await database.sql`select id, who, action, subject, before, after, xmin::text as tx from audit_log order by id`),
]

it.each(acts.map((act) => [act.name, act] as const))(
  'the act "%s" is one transaction with its row in the log of changes',
  async (name, act) => {
    const { sql } = database
    const before = await contentsOf(sql)
    const rowsBefore = await logged()
    // It raises at the end of the transaction, so that all of it has been done by then.
    await sql.unsafe(`
      create function refuse_row() returns trigger language plpgsql as $$ begin raise 'the log is full'; end $$;
      create constraint trigger full_log after insert on audit_log deferrable initially deferred
        for each row execute function refuse_row()`)
    const doer = { ...by, who: doers[name] ?? by.who }
    await expect(perform(act, inputs[name], doer)).rejects.toThrow('the log is full')
    expect(await contentsOf(sql)).toEqual(before)

    await sql`drop trigger full_log on audit_log`
    const [began] = await sql<{ tx: number }[]>`select pg_current_xact_id()::text::bigint as tx`
    const result = await perform(act, inputs[name], doer)
    const { audit_log: _, ...after } = await contentsOf(sql)
    expect(before).not.toMatchObject(after)
    const rows = (await logged()).slice(rowsBefore.length)
    const row = rows.at(-1)
    const { roles: [role = 'admin'] = [], name: who } = doers[name] ?? { name: 'anna' }
    expect(row).toMatchObject({ who: `${role}:${who}`, action: name, subject: expect.any(String) })
    // What is done by it has a row of its own before.
    const within = name === 'proposal break' ? ['customer adjust'] : []
    expect(rows.slice(0, -1).map(({ action }) => action)).toEqual(within)
    expect(await writersSince(sql, began?.tx ?? 0)).toEqual([row?.tx])
    for (const secret of ['Анна', 'Борис', 'папка', ...secretsIn(result)])
      expect(JSON.stringify(row)).not.toContain(secret)
  },
)

/** Told to who asked, and to nobody else. */
function secretsIn(result: unknown): string[] {
  const { key, password, code, token } = Object(result) as Record<string, string | undefined>
  return [key, password, code, token].filter((secret) => secret !== undefined)
}

/** The transactions that have written rows which are there now. */
async function writersSince(sql: Sql, tx: number): Promise<string[]> {
  const writers = new Set<string>()
  for (const { name } of await readTables(sql)) {
    const rows = await sql<{ writer: string }[]>`
      select distinct xmin::text as writer from ${sql(name)} where xmin::text::bigint > ${tx}`
    for (const { writer } of rows) writers.add(writer)
  }
  return [...writers]
}

describe('acts', () => {
  it('have each a name, a title and a permission', () => {
    expect(acts.map(({ name }) => name).sort()).toEqual(Object.keys(permissions).sort())
    expect(new Set(acts.map(({ title }) => title)).size).toBe(acts.length)
    for (const { name, title, needs } of acts) {
      expect(title).toMatch(/^[A-Z][\w ,]+$/)
      expect(needs).toBe(permissions[name])
    }
  })

  it('of IT are those of the page of the fleet; nothing else is done for it', async () => {
    const it = { ...by, who: personOf('ivan', 'it') }
    const before = await contentsOf(database.sql)
    const allowed = ['register code', 'register channel', 'register diagnostics', 'register revoke']
    for (const act of acts.filter(({ name }) => !allowed.includes(name)))
      await expect(perform(act, inputs[act.name], it), act.name).rejects.toMatchObject({
        code: 'not_allowed',
      })
    expect(await contentsOf(database.sql)).toEqual(before)
    for (const act of acts.filter(({ name }) => allowed.includes(name)))
      await perform(act, inputs[act.name], it)
    expect((await logged()).slice(-4)).toMatchObject(allowed.map((action) => ({ who: 'it:ivan', action })))
  })

  it('that fail half-way leave neither what they changed nor a row', async () => {
    const before = await contentsOf(database.sql)
    const failing = act({
      ...addStore,
      async run(...all) {
        await addStore.run(...all)
        throw new ActError('power', 'the power is gone')
      },
    })
    await expect(perform(failing, { name: 'Софрино' }, by)).rejects.toMatchObject({ code: 'power' })
    expect(await contentsOf(database.sql)).toEqual(before)
  })

  it('that find it done leave no row', async () => {
    const shop = (await logged()).length
    const adjustment = { card, points: 5, reason: 'проба', id: mintId() }
    for (const times of [1, 2]) {
      await perform(freezeCustomer, { card }, by)
      await perform(freezeCustomer, { card, undo: true }, by)
      await perform(adjustPoints, adjustment, by)
      expect(await logged()).toHaveLength(shop + 2 * times + 1)
    }
  })

  it('take numbers as text as well, and nothing that their schema does not', async () => {
    expect(await perform(setChannel, { register: '1', channel: 'beta' }, by)).toMatchObject({ registerId: 1 })
    const sent: object[] = [
      { register: 'one', channel: 'beta' },
      { register: 1, channel: 'beta', more: 1 },
    ]
    for (const input of sent)
      await expect(perform(acts[4] ?? setChannel, input, by)).rejects.toBeInstanceOf(InputError)
  })

  it('say of a long list what is wrong first, and how much more there is', async () => {
    const cards = Array.from({ length: 10_000 }, () => 'no card')
    const input = { batch: { ...tenCodes.batch, audience: { type: 'cards' as const, cards } } }
    const refused: Error = await perform(addVouchers, input, by).catch((error) => error)
    expect(refused).toBeInstanceOf(InputError)
    expect(refused.message).toMatch(/^batch audience cards 0 .*; and 9990 more$/)
    expect(refused.message.length).toBeLessThan(2000)
  })

  it('say what customers get by them, as far as the input tells', () => {
    expect(adjustPoints.effect({ card, points: -50, reason: 'ошибка', id: mintId() })).toEqual({
      points: -50,
      kopecks: -5000,
    })
    expect(freezeCustomer.effect({ card, undo: false })).toBeNull()
  })
})
