import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { advertisingVersion, consentVersion } from '../../shared/consent.ts'
import { toIso } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { execute, expectHealthy, noonOf } from '../jobs/testing.ts'
import { readChanges } from '../ledger/changes.ts'
import { addSecondProgramme, addStores, adjust, earn, refund } from '../ledger/testing/makers.ts'
import { mayBeAdvertisedTo, readConsent } from './consents.ts'
import { choose, chooseAdvertising, findPerson, forget, join, setReachable } from './people.ts'
import { hashOfPerson } from './personHash.ts'
import { testOperator } from './testing.ts'

describe('a person of Telegram', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
    await addStores(database.sql)
  })
  afterEach(() => database.drop())

  const secret = '12345:test'
  const now = noonOf(0)
  const anna = {
    telegramId: 7_000_000_001,
    firstName: 'Анна',
    language: 'ru',
    consentVersion,
    channel: 'bot',
    operator: testOperator,
    now,
  } as const
  const joined = async (person = anna as Parameters<typeof join>[2]) => {
    const joining = await join(database.sql, secret, person)
    if (joining.status !== 'joined') throw new Error(joining.status)
    return joining.person
  }

  /** Owes 160 points: they were earned and are gone, and four fifths of the purchase came back. Returns it. */
  async function owe({ card }: { card: string }) {
    const at = (step: number) => noonOf(0) + step
    const bought = earn(500_000, { card, at: at(0) })
    const returned = refund(bought, { refundKopecks: 400_000, at: at(2) })
    await execute(database.sql, bought, adjust(-200, { card, at: at(1) }), returned)
    return bought
  }

  it('cannot join where nobody has said whom the data are given to; whoever is known stays so', async () => {
    const nobodyNamed = { ...anna, operator: undefined }
    expect(await join(database.sql, secret, nobodyNamed)).toEqual({ status: 'closed' })
    expect(await database.sql`select from customers`).toHaveLength(0)
    const person = await joined()
    expect(await join(database.sql, secret, nobodyNamed)).toEqual({ status: 'known', person })
  })

  it('has a card once they agreed, and what they agreed to is kept', async () => {
    const person = await joined()
    expect(person.card).toMatch(/^\d{6}$/)
    expect(person).toMatchObject({
      firstName: 'Анна',
      consentVersion,
      consentedAt: now,
      notifyPurchases: true,
    })
    expect(await findPerson(database.sql, anna.telegramId)).toEqual(person)
  })

  it('is not stored when the text they agreed to is not the present one', async () => {
    const joining = await join(database.sql, secret, { ...anna, consentVersion: '1999-01' })
    expect(joining).toEqual({ status: 'consent_outdated' })
    expect(await database.sql`select from people`).toHaveLength(0)
    expect(await database.sql`select from customers`).toHaveLength(0)
  })

  it('joins once, however many taps come at the same moment', async () => {
    const joinings = await Promise.all(Array.from({ length: 8 }, () => join(database.sql, secret, anna)))
    expect(joinings.filter(({ status }) => status === 'joined')).toHaveLength(1)
    expect(new Set(joinings.map((joining) => 'person' in joining && joining.person.card)).size).toBe(1)
    expect(await database.sql`select from customers`).toHaveLength(1)
    expect(await database.sql`select kind from notifications`).toEqual([{ kind: 'welcome' }])
  })

  it('has the welcome bonus once, also after being forgotten', async () => {
    const { sql } = database
    await sql`update programmes set settings = '{"welcome_bonus_points": 50}'`
    await joined()
    expect(await forget(sql, anna.telegramId, { secret, now })).toBe(true)
    const again = await joined()
    const balances = await sql<{ balance: number }[]>`select balance from customers order by id`
    expect(balances).toEqual([{ balance: 50 }, { balance: 0 }])
    expect(await sql`select facts from notifications where customer_id = ${again.customerId}`).toEqual([
      { facts: { bonus: 0 } },
    ])
    await expectHealthy(sql)
  })

  it('meets the debt again after being forgotten, and it is owed once', async () => {
    const { sql } = database
    const old = await joined()
    await owe(old)
    expect(await forget(sql, anna.telegramId, { secret, now })).toBe(true)
    const again = await joined()
    const standing = () => sql`select card, balance, debt from customers order by id`
    expect(await standing()).toEqual([
      { card: old.card, balance: 0, debt: 0 },
      { card: again.card, balance: 0, debt: 160 },
    ])
    expect(await sql`select facts from notifications`).toEqual([{ facts: { bonus: 0, debt: 160 } }])
    expect(await sql`select from debtors`).toHaveLength(0)

    await forget(sql, anna.telegramId, { secret, now })
    const third = await joined()
    expect((await standing())[2]).toEqual({ card: third.card, balance: 0, debt: 160 })
    const sums = await sql`select sum(debt)::int as debt from customers`
    expect(sums).toEqual([{ debt: 160 }])
    await expectHealthy(sql)
  })

  it('owes on the new card what was owed in the end, with what came after being forgotten', async () => {
    const { sql } = database
    const old = await joined()
    const bought = await owe(old)
    await forget(sql, anna.telegramId, { secret, now })
    await execute(sql, refund(bought, { refundKopecks: 100_000, at: noonOf(0) }))
    const again = await joined()
    expect(await sql`select debt from customers where id = ${again.customerId}`).toEqual([{ debt: 200 }])
    await expectHealthy(sql)
  })

  it('is not asked for a debt to another programme', async () => {
    const { sql } = database
    await addSecondProgramme(sql)
    await sql`insert into customers (programme_id, card, status, debt) values (2, '222222', 'erased', 7)`
    await sql`
      insert into debtors (customer_id, person_hash, erased_at)
      values (1, ${hashOfPerson(secret, anna.telegramId)}, ${toIso(now)})`
    await join(sql, secret, anna)
    expect(await sql`select programme_id, debt from customers order by id`).toEqual([
      { programme_id: 2, debt: 7 },
      { programme_id: 1, debt: 0 },
    ])
    expect(await sql`select customer_id from debtors`).toEqual([{ customer_id: 1 }])
  })

  it('who owes nothing leaves no hash to be known by, and a stranger owes nothing of theirs', async () => {
    const { sql } = database
    await joined()
    await forget(sql, anna.telegramId, { secret, now })
    expect(await sql`select from debtors`).toHaveLength(0)
    expect(await sql`select from welcomed`).toHaveLength(0)
    await owe(await joined())
    await forget(sql, anna.telegramId, { secret, now })
    const boris = await joined({ ...anna, telegramId: 7_000_000_002 })
    expect(await sql`select debt from customers where id = ${boris.customerId}`).toEqual([{ debt: 0 }])
    expect(await sql`select from debtors`).toHaveLength(1)
  })

  it('leaves of a consent that it was given and withdrawn, and nobody can tell by whom', async () => {
    const { sql } = database
    const { customerId } = await joined()
    expect(await readConsent(sql, customerId, 'programme')).toEqual({
      version: consentVersion,
      channel: 'bot',
      note: null,
      recordedBy: 'system:telegram',
      givenAt: now,
    })
    await forget(sql, anna.telegramId, { secret, now: now + 1000 })
    expect(await sql`select * from consents`).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        customer_id: null,
        purpose: 'programme',
        version: consentVersion,
        channel: 'bot',
        note: null,
        recorded_by: 'system:telegram',
        given_at: now,
        withdrawn_at: now + 1000,
      },
    ])
    await joined()
    expect(await sql`select from consents`).toHaveLength(2)
    await expectHealthy(sql)
  })

  it('agrees to advertising apart, to a text of its own, and takes it back alone', async () => {
    const { sql } = database
    const { customerId } = await joined()
    const mayBe = async () => {
      const [row] = await sql<{ is: boolean }[]>`
        select ${mayBeAdvertisedTo(sql, sql`customers.id`)} as is from customers where id = ${customerId}`
      return row?.is
    }
    const says = (wish: Parameters<typeof chooseAdvertising>[2]['wish'], at = now) =>
      chooseAdvertising(sql, anna.telegramId, { wish, channel: 'mini_app', now: at })
    // Whoever has a card has not agreed to it by that.
    expect(await mayBe()).toBe(false)
    expect(await says({ version: '1999-01' })).toBe('consent_outdated')
    expect(await mayBe()).toBe(false)
    for (let time = 0; time < 2; time += 1)
      expect(await says({ version: advertisingVersion }, now + time)).toMatchObject({
        advertising: { version: advertisingVersion, at: now },
      })
    expect(await mayBe()).toBe(true)
    expect(await says('withdraw', now + 5)).toMatchObject({ advertising: null, consentVersion })
    expect(await mayBe()).toBe(false)
    await says({ version: advertisingVersion }, now + 6)
    expect(
      await sql`select given_at, withdrawn_at from consents where purpose = 'advertising' order by given_at`,
    ).toEqual([
      { given_at: now, withdrawn_at: now + 5 },
      { given_at: now + 6, withdrawn_at: null },
    ])
    await expectHealthy(sql)
    await forget(sql, anna.telegramId, { secret, now: now + 7 })
    expect(await mayBe()).toBe(false)
    expect(await sql`select from consents where customer_id is not null`).toHaveLength(0)
    expect(await says({ version: advertisingVersion }, now + 8)).toBe(null)
    await expectHealthy(sql)
  })

  it('may agree to it while joining, and is not stored where that text is not the present one', async () => {
    const outdated = await join(database.sql, secret, { ...anna, advertisingVersion: '1999-01' })
    expect(outdated).toEqual({ status: 'consent_outdated' })
    expect(await database.sql`select from customers`).toHaveLength(0)
    const person = await joined({ ...anna, advertisingVersion })
    expect(person.advertising).toEqual({ version: advertisingVersion, at: now })
  })

  it('is forgotten with everything that names them, and the sums stay', async () => {
    const { sql } = database
    const { card, customerId } = await joined()
    await execute(sql, earn(100_000, { card, at: noonOf(0) }))
    const feed = (since?: string) => readChanges(sql, { programmeId: 1, storeId: 1, since, limit: 10, now })
    const { cursor } = await feed()
    expect(await forget(sql, anna.telegramId, { secret, now })).toBe(true)
    expect(await forget(sql, anna.telegramId, { secret, now })).toBe(false)
    expect(await findPerson(sql, anna.telegramId)).toBeNull()
    expect(await sql`select first_name, status, balance from customers where id = ${customerId}`).toEqual([
      { first_name: null, status: 'erased', balance: 40 },
    ])
    expect(await sql`select from notifications`).toHaveLength(0)
    // So that a register which knows them by name forgets it too.
    expect((await feed(cursor)).customers).toMatchObject([{ card, firstName: null, status: 'erased' }])
    const traces =
      await sql`select from audit_log where after::text like '%7000000001%' or subject like '%7000000001%'`
    expect(traces).toHaveLength(0)
    await expectHealthy(sql)
  })

  it('is forgotten once, however often they ask at the same moment', async () => {
    const { sql } = database
    await joined()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => forget(sql, anna.telegramId, { secret, now })),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect(await sql`select before from audit_log where action = 'customer erase'`).toEqual([
      { before: { status: 'active' } },
    ])
  })

  it('chooses what they hear of', async () => {
    const { sql } = database
    await joined()
    expect(await choose(sql, anna.telegramId, { notifyExpiry: false })).toMatchObject({
      notifyExpiry: false,
      notifyPurchases: true,
      language: 'ru',
    })
    expect(await choose(sql, 1, { language: 'en' })).toBeNull()
  })

  it('is unreachable since they blocked the bot, until they come back', async () => {
    const { sql } = database
    await joined()
    const since = async () => (await sql`select unreachable_since from people`)[0]?.unreachable_since
    await setReachable(sql, anna.telegramId, { isReachable: false, now })
    await setReachable(sql, anna.telegramId, { isReachable: false, now: now + 1000 })
    expect(await since()).toBe(now)
    await setReachable(sql, anna.telegramId, { isReachable: true, now })
    expect(await since()).toBeNull()
  })
})
