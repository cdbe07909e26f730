import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { consentVersion } from '../../shared/consent.ts'
import { newId } from '../../shared/id.ts'
import { DAY, toIso } from '../../shared/time.ts'
import { perform } from '../acts/act.ts'
import { addConsent, addCustomer, freezeCustomer, setAdvertising } from '../acts/customers.ts'
import { mergeCustomers } from '../acts/merges.ts'
import { setSetting } from '../acts/settings.ts'
import { createTestDatabase, insist, type TestDatabase } from '../database/testing.ts'
import { runAudit } from '../ledger/audit.ts'
import { readChanges } from '../ledger/changes.ts'
import { post } from '../ledger/post.ts'
import { addStores, adjust, earn, redeem, refund } from '../ledger/testing/makers.ts'
import { join, setReachable } from '../people/people.ts'
import { testOperator } from '../people/testing.ts'
import type { House } from './command.ts'
import { adjustOnce, eraseAndList, findCustomers } from './customers.ts'
import { showCustomer, textOfCustomer } from './showCustomer.ts'
import { changesIn, houseOf, noon } from './testing.ts'

const card = '654321'

describe('a customer', () => {
  let database: TestDatabase
  let house: House
  beforeEach(async () => {
    database = await createTestDatabase()
    await addStores(database.sql)
    house = houseOf(database.sql)
  })
  afterEach(async () => {
    expect(await runAudit(house.sql)).toEqual([])
    await database.drop()
  })

  const refuses = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code })

  it('is added with the card that was chosen, once', async () => {
    expect(await perform(addCustomer, { name: 'Анна', card }, house)).toEqual({ card })
    await refuses(perform(addCustomer, { name: 'Борис', card }, house), 'card_taken')
    expect(await showCustomer(house, { card })).toEqual({
      card,
      firstName: 'Анна',
      status: 'active',
      mergedCards: [],
      telegram: null,
      consent: null,
      advertising: null,
      available: 0,
      held: 0,
      debt: 0,
      expiresNext: null,
      lots: [],
      entries: [],
      holds: [],
      purchases: [],
    })
  })

  it('is added with the consent that staff was given, or it is said that there is none', async () => {
    await perform(addCustomer, { name: 'Анна', card, consent: 'paper 2026-11-29' }, house)
    const consent = {
      version: consentVersion,
      channel: 'staff',
      note: 'paper 2026-11-29',
      recordedBy: 'admin:anna',
      givenAt: toIso(noon),
    }
    const shown = await showCustomer(house, { card })
    expect(shown.consent).toEqual(consent)
    expect(textOfCustomer(shown)).toContain(
      `Consented to text ${consentVersion} to staff (paper 2026-11-29), recorded 2025-12-07 12:00 UTC by admin:anna`,
    )

    await perform(addCustomer, { name: 'Борис', card: '111111' }, house)
    expect(textOfCustomer(await showCustomer(house, { card: '111111' }))).toContain('No consent is recorded')
    expect((await changesIn(house.sql)).map(({ after }) => after)).toMatchObject([
      { consent: 'staff' },
      { consent: 'none' },
    ])
  })

  it('whose consent was not written down has it recorded later, once, and never when erased', async () => {
    await perform(addCustomer, { name: 'Анна', card }, house)
    const recorded = () => perform(addConsent, { card, consent: 'папка 3' }, house)
    expect(await recorded()).toEqual({ card, consent: 'папка 3' })
    expect(await showCustomer(house, { card })).toMatchObject({ consent: { note: 'папка 3' } })
    await refuses(recorded(), 'consent_recorded')
    expect((await changesIn(house.sql)).slice(1)).toMatchObject([{ action: 'customer consent' }])
    expect(JSON.stringify(await changesIn(house.sql))).not.toContain('папка')
    await eraseAndList(house, { card })
    await refuses(recorded(), 'customer_erased')
    expect(textOfCustomer(await showCustomer(house, { card }))).not.toMatch(/consent/i)
    expect(await house.sql`select customer_id, note from consents`).toEqual([
      { customer_id: null, note: null },
    ])
  })

  it('has agreed to advertising only where staff wrote that down too, and until they take it back', async () => {
    await perform(addCustomer, { name: 'Анна', card }, house)
    const says = (input: { consent?: string; undo?: boolean }) =>
      perform(setAdvertising, { card, ...input }, house)
    await refuses(says({ consent: 'папка 4' }), 'no_consent')
    await perform(addConsent, { card, consent: 'папка 3' }, house)
    expect(await showCustomer(house, { card })).toMatchObject({ advertising: null })
    for (let time = 0; time < 2; time += 1)
      expect(await says({ consent: 'папка 4' })).toEqual({ card, advertising: true })
    const shown = await showCustomer(house, { card })
    expect(shown).toMatchObject({ consent: { note: 'папка 3' }, advertising: { note: 'папка 4' } })
    expect(textOfCustomer(shown)).toContain('Consented to advertising, text ')
    for (let time = 0; time < 2; time += 1)
      expect(await says({ undo: true })).toEqual({ card, advertising: false })
    expect(await showCustomer(house, { card })).toMatchObject({
      consent: { note: 'папка 3' },
      advertising: null,
    })
    expect((await changesIn(house.sql)).slice(2)).toMatchObject([
      { action: 'customer advertising', after: { advertising: true } },
      { action: 'customer advertising', after: { advertising: false } },
    ])
  })

  it('who is erased while owing is met by the debt again, where the bot knows them and the token is at hand', async () => {
    const warnings: string[] = []
    const withToken = { ...house, botToken: 'secret', warn: (text: string) => void warnings.push(text) }
    const owing = async (telegramId: number) => {
      const person = {
        telegramId,
        firstName: 'Анна',
        language: 'ru',
        consentVersion,
        channel: 'bot',
        operator: testOperator,
      } as const
      const joining = await join(house.sql, 'secret', { ...person, now: noon })
      if (joining.status !== 'joined') throw new Error(joining.status)
      const { card } = joining.person
      const bought = earn(100_000, { card, at: noon })
      const gone = adjust(-40, { card, at: noon })
      await post(house.sql, [bought, gone, refund(bought, { at: noon })], { now: () => noon })
      return card
    }
    const erase = async (house: House, card: string) => {
      warnings.length = 0
      await eraseAndList(house, { card })
      return warnings.filter((warning) => warning.includes('owed'))
    }
    expect(await erase(withToken, await owing(1))).toEqual([])
    expect(await house.sql`select customer_id from debtors`).toEqual([{ customer_id: 1 }])
    expect(await erase({ ...withToken, botToken: null }, await owing(2))).toEqual([
      expect.stringMatching(/^40 points were owed on card .* TELEGRAM_BOT_TOKEN is not set/),
    ])
    expect(await house.sql`select customer_id from debtors`).toHaveLength(1)
  })

  it('is added with a card that is drawn, of the number of digits that is set', async () => {
    expect((await perform(addCustomer, { name: 'Анна' }, house)).card).toMatch(/^\d{6}$/)
    await perform(setSetting, { key: 'card_digits', value: 12 }, house)
    expect((await perform(addCustomer, { name: 'Анна' }, house)).card).toMatch(/^\d{12}$/)
  })

  it('gets the welcome bonus that is set', async () => {
    await perform(setSetting, { key: 'welcome_bonus_points', value: 50 }, house)
    await perform(addCustomer, { name: 'Анна', card }, house)
    const shown = await showCustomer(house, { card })
    expect(shown).toMatchObject({ available: 50, expiresNext: { points: 50 } })
    expect(await house.sql`select kind, author, reason from operations`).toEqual([
      { kind: 'bonus', author: 'system:welcome', reason: 'welcome' },
    ])
  })

  it('is shown with whether messages in Telegram reach them, and no more of who they are there', async () => {
    const joining = await join(house.sql, 'secret', {
      telegramId: 7_000_000_001,
      firstName: 'Анна',
      language: 'ru',
      consentVersion,
      channel: 'bot',
      operator: testOperator,
      now: noon,
    })
    if (joining.status !== 'joined') throw new Error(joining.status)
    const { card } = joining.person
    const shown = await showCustomer(house, { card })
    expect(shown.telegram).toBe('linked')
    expect(JSON.stringify(shown)).not.toContain('7000000001')
    await setReachable(house.sql, 7_000_000_001, { isReachable: false, now: noon })
    expect((await showCustomer(house, { card })).telegram).toBe('unreachable')
  })

  it('is shown with lots, entries and holds; dead points are in no number', async () => {
    await perform(addCustomer, { name: 'Анна', card }, house)
    const purchase = earn(100_000, { card, at: noon })
    const redemption = redeem(10, { card, at: noon + 1 })
    await post(house.sql, [purchase, redemption], { now: () => noon + 1 })
    expect(await showCustomer(house, { card })).toMatchObject({
      available: 30,
      held: 10,
      expiresNext: { points: 30, at: '2026-01-21T00:00:00.000Z' },
      lots: [{ points: 40, remaining: 30, expired: 0, expiresAt: '2026-01-21T00:00:00.000Z' }],
      entries: [
        { seq: 1, kind: 'earn', points: 40, balanceAfter: 40 },
        { seq: 2, kind: 'hold', points: -10, balanceAfter: 30, holdId: redemption.id },
      ],
      holds: [{ id: redemption.id, state: 'processing', points: 10, until: toIso(noon + 1 + 90_000) }],
    })
    expect(await showCustomer(houseOf(house.sql, noon + 60 * DAY), { card })).toMatchObject({
      available: 0,
      expiresNext: null,
    })
    await refuses(showCustomer(house, { card: '000000' }), 'customer_not_found')
  })

  it('is found by the beginning of the card, or by part of the name in any case', async () => {
    await perform(addCustomer, { name: 'Анна', card }, house)
    await perform(addCustomer, { name: 'Жанна_%', card: '111111' }, house)
    const found = async (text: string) => (await findCustomers(house, { text })).customers.map((c) => c.card)
    expect(await found('6543')).toEqual([card])
    expect(await found('АНН')).toEqual(['111111', card])
    expect(await found('_%')).toEqual(['111111'])
    expect(await found('321')).toEqual([])
  })

  it('gets and loses points by hand, with a reason and who did it', async () => {
    await perform(addCustomer, { name: 'Анна', card }, house)
    expect(await adjustOnce(house, { card, points: 100, reason: 'извинение' })).toMatchObject({
      status: 'accepted',
      earned: 100,
      customer: { available: 100 },
    })
    const taken = await adjustOnce(house, { card, points: -30, reason: 'ошибка' })
    expect(taken.customer.available).toBe(70)
    expect(
      await house.sql`select author, reason, points from operations order by recorded_at, points desc`,
    ).toEqual([
      { author: 'admin:anna', reason: 'извинение', points: 100 },
      { author: 'admin:anna', reason: 'ошибка', points: -30 },
    ])
    expect((await changesIn(house.sql)).at(-1)).toEqual({
      who: 'admin:anna',
      action: 'customer adjust',
      subject: `customer ${card}`,
      before: { balance: 100 },
      after: { balance: 70, operation: taken.id, reason: 'ошибка' },
    })
  })

  describe('adjusted by a command whose answer was lost', () => {
    const adjustment = { card, points: 100, reason: 'извинение', id: newId(noon) }
    beforeEach(() => perform(addCustomer, { name: 'Анна', card }, house))
    const adjusted = async () =>
      (await changesIn(house.sql)).filter(({ action }) => action === 'customer adjust').length

    it('gets the same outcome when it is repeated with its id, at any later time', async () => {
      const first = await adjustOnce(house, adjustment)
      await adjustOnce(house, { card, points: 5, reason: 'другое' })
      const later = houseOf(house.sql, noon + 100 * DAY)
      expect(await adjustOnce(later, adjustment)).toEqual({ ...first, replay: true })
      expect(await showCustomer(house, { card })).toMatchObject({ available: 105 })
      expect(await adjusted()).toBe(2)
    })

    it('is adjusted once by commands with one id that run at the same moment', async () => {
      const commands = [0, 1, 2].map((late) =>
        insist(() => adjustOnce(houseOf(house.sql, noon + late), adjustment)),
      )
      const replays = (await Promise.all(commands)).map(({ replay }) => replay)
      expect(replays.toSorted()).toEqual([false, true, true])
      expect(await showCustomer(house, { card })).toMatchObject({ available: 100 })
      expect(await adjusted()).toBe(1)
    })

    it('is not adjusted by another command under the same id', async () => {
      await adjustOnce(house, adjustment)
      await refuses(adjustOnce(house, { ...adjustment, points: 99 }), 'id_reused')
    })
  })

  it('is not adjusted against the rules of the ledger', async () => {
    await perform(addCustomer, { name: 'Анна', card }, house)
    const adjust = (points: number, of = card) => adjustOnce(house, { card: of, points, reason: 'проба' })
    await refuses(adjust(-1), 'insufficient_points')
    await refuses(adjust(0), 'amount_out_of_range')
    await refuses(adjust(1, '000000'), 'customer_not_found')
    expect(await changesIn(house.sql)).toHaveLength(1)
  })

  it('is adjusted by more than 10,000 points with a word that somebody else is to look at it', async () => {
    await perform(addCustomer, { name: 'Анна', card }, house)
    const warnings: string[] = []
    const by = { ...house, warn: (text: string) => void warnings.push(text) }
    await adjustOnce(by, { card, points: 10_000, reason: 'проба' })
    expect(warnings).toEqual([])
    expect(await adjustOnce(by, { card, points: 1, reason: 'проба' })).toMatchObject({ earned: 1 })
    expect(warnings).toEqual([expect.stringContaining('somebody else is to look at proposal 1')])
  })

  const beSeen = () => house.sql`
    insert into store_customers (programme_id, store_id, customer_id, last_seen_at) select 1, 1, id, ${toIso(noon)} from customers`

  it('is not made one with themselves, where the same card was typed twice', async () => {
    await perform(addCustomer, { name: 'Анна', card }, house)
    await expect(perform(mergeCustomers, { card, other: card, reason: 'потеряна' }, house)).rejects.toThrow(
      'other it is the same card',
    )
    expect(await changesIn(house.sql)).toHaveLength(1)
  })

  it('is frozen and unfrozen, and the change feed tells it', async () => {
    await perform(addCustomer, { name: 'Анна', card }, house)
    const feed = async (since?: string) =>
      readChanges(house.sql, { programmeId: 1, storeId: 1, since, limit: 10, now: noon })
    await beSeen()
    const { cursor } = await feed()
    expect(await perform(freezeCustomer, { card, undo: false }, house)).toEqual({ card, status: 'frozen' })
    const changes = await feed(cursor)
    expect(changes.customers).toMatchObject([{ card, status: 'frozen' }])
    expect(await perform(freezeCustomer, { card, undo: true }, house)).toEqual({ card, status: 'active' })
    expect((await feed(changes.cursor)).customers).toMatchObject([{ card, status: 'active' }])
    expect((await changesIn(house.sql)).slice(1)).toMatchObject([
      { action: 'customer freeze', before: { status: 'active' }, after: { status: 'frozen' } },
      { action: 'customer freeze', before: { status: 'frozen' }, after: { status: 'active' } },
    ])
  })

  it('is erased: the person is forgotten everywhere, the card and the sums stay', async () => {
    await perform(addCustomer, { name: 'Евлампия', card }, house)
    await adjustOnce(house, { card, points: 100, reason: 'проба' })
    await beSeen()
    const feed = { programmeId: 1, storeId: 1, limit: 10, now: noon }
    const { cursor } = await readChanges(house.sql, { ...feed, since: undefined })
    expect(await eraseAndList(house, { card })).toEqual({ card, status: 'erased' })
    expect(await eraseAndList(house, { card })).toEqual({ card, status: 'erased' })
    expect(await showCustomer(house, { card })).toMatchObject({
      firstName: null,
      status: 'erased',
      available: 100,
    })
    const changes = await readChanges(house.sql, { ...feed, since: cursor })
    expect(changes.customers).toMatchObject([{ card, firstName: null, status: 'erased' }])
    expect(JSON.stringify(await changesIn(house.sql))).not.toContain('Евлампия')
    expect((await changesIn(house.sql)).filter(({ action }) => action === 'customer erase')).toHaveLength(1)
    await refuses(perform(freezeCustomer, { card, undo: true }, house), 'customer_erased')
    await refuses(perform(addCustomer, { name: 'Анна', card }, house), 'card_taken')
  })
})
