import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { advertisingVersion, consentVersion } from '../../shared/consent.ts'
import { testOperator } from '../people/testing.ts'
import { openTestBot, type TestBot } from './testing/bot.ts'

describe('a person who meets the bot', () => {
  let bot: TestBot
  beforeAll(async () => {
    bot = await openTestBot()
    const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')))
    await prepareZXingModule({
      overrides: { wasmBinary: new Uint8Array(wasm).buffer },
      fireImmediately: true,
    })
  })
  afterAll(() => bot.close())

  let lastId = 0
  const somebody = (options: { firstName?: string; languageCode?: string | undefined } = {}) =>
    bot.telegram.person({ id: ++lastId, ...options })
  const someCustomer = (options: { firstName?: string; languageCode?: string } = {}) =>
    bot.customer({ id: ++lastId, ...options })

  const stored = async ({ id }: { id: number }) => {
    const people = await bot.sql`select from people where telegram_id = ${id}`
    const customers = await bot.sql`select from customers`
    const all = await bot.sql`select from people`
    expect(customers.count).toBe(all.count)
    return people.count
  }

  it('is asked for consent first, and nothing of them is stored before', async () => {
    const anna = somebody()
    anna.says('/start')
    const asked = await anna.sees(/«Ромашка» — программа лояльности/)
    for (const named of Object.values(testOperator)) expect(asked.text).toContain(named)
    expect(asked.buttons.map(({ text }) => text)).toEqual(['Согласен', 'Не согласен'])
    for (const command of ['/card', '/balance', '/history', '/notify', '/forget']) {
      anna.says(command)
      await anna.sees(/нужно ваше согласие/)
    }
    expect(await stored(anna)).toBe(0)
  })

  it('has a card once they agreed, with a QR code that names it', async () => {
    const anna = somebody()
    anna.says('/start')
    await anna.taps('Согласен')
    expect((await anna.sees(/Вы согласились/)).buttons).toEqual([])
    const shown = await anna.sees(/Готово, это ваша карта/)
    const [row] = await bot.sql`
      select c.card, c.first_name, p.language, consents.version as consent_version, given_at as consented_at, channel
      from people p join customers c on c.id = p.customer_id join consents on consents.customer_id = c.id
      where p.telegram_id = ${anna.id}`
    expect(row).toMatchObject({
      first_name: 'Анна',
      language: 'ru',
      consent_version: consentVersion,
      consented_at: bot.clock.now,
      channel: 'bot',
    })
    const [code] = await readBarcodes(shown.photo ?? new Uint8Array(), { formats: ['QRCode'] })
    expect(code?.text).toBe(`99${row?.card}`)
    expect(shown.text.replace(/\D/g, '')).toBe(row?.card)
  })

  it('is asked about advertising apart, once they have the card, and may change their mind', async () => {
    const anna = somebody()
    const agreed = async () => {
      const rows = await bot.sql<{ purpose: string }[]>`
        select purpose from consents join people using (customer_id)
        where telegram_id = ${anna.id} and withdrawn_at is null order by purpose`
      return rows.map(({ purpose }) => purpose)
    }
    anna.says('/start')
    await anna.taps('Согласен')
    await anna.sees(/Готово, это ваша карта/)
    const asked = await anna.sees(/Согласие на рекламу: «Ромашка»/)
    expect(asked.buttons.map(({ text }) => text)).toEqual(['Да, присылайте', 'Нет, спасибо'])
    expect(await agreed()).toEqual(['programme'])
    await anna.taps('Нет, спасибо')
    await anna.sees(/рекламу не присылаем/)
    expect(await agreed()).toEqual(['programme'])
    anna.says('/notify')
    await anna.taps('⬜️ Акции и предложения')
    await anna.sees(/Согласие на рекламу/)
    await anna.taps('Да, присылайте')
    await anna.sees(/✓ Будем присылать/)
    expect(await agreed()).toEqual(['advertising', 'programme'])
    anna.says('/notify')
    await anna.sees(/О чём вам писать/)
    await anna.taps('✅ Акции и предложения')
    expect((await anna.sees(/О чём вам писать/)).buttons.at(-1)?.text).toBe('⬜️ Акции и предложения')
    expect(await agreed()).toEqual(['programme'])
    anna.forges('advertise:1999-01')
    expect((await anna.sees(/Согласие на рекламу/)).buttons[0]?.data).toBe(`advertise:${advertisingVersion}`)
    expect(await agreed()).toEqual(['programme'])
  })

  it('who does not agree is not stored', async () => {
    const anna = somebody()
    anna.says('/start')
    await anna.taps('Не согласен')
    await anna.sees(/ничего о вас не сохранили/)
    expect(await stored(anna)).toBe(0)
  })

  it('has one card, however often they start and agree', async () => {
    const anna = somebody()
    anna.says('/start')
    anna.says('/start')
    await anna.sees(/согласие/)
    await anna.sees(/согласие/)
    const agree = `agree:${consentVersion}`
    anna.forges(agree)
    anna.forges(agree)
    await anna.sees(/Готово/)
    await anna.sees(/Карта/)
    anna.says('/start from-a-poster')
    await anna.sees(/^Карта/)
    expect(await stored(anna)).toBe(1)
  })

  it('is shown the text anew when they agree to one of before', async () => {
    const anna = somebody()
    anna.forges('agree:1999-01')
    const asked = await anna.sees(/Текст согласия изменился/)
    expect(asked.buttons[0]?.data).toBe(`agree:${consentVersion}`)
    expect(await stored(anna)).toBe(0)
  })

  it('is told how to be forgotten when they decline with a card', async () => {
    const anna = await someCustomer()
    anna.forges('decline')
    await anna.sees(/Карта у вас уже есть.*\/forget/)
    expect(await stored(anna)).toBe(1)
  })

  it.each(['<b>Анна', '*_`Anna`_*', 'A & B </a>', 'Анна\0'])('may be called %j', async (firstName) => {
    const { customerId } = await someCustomer({ firstName })
    expect((await bot.sql`select first_name from customers where id = ${customerId}`)[0]?.first_name).toBe(
      firstName.replace('\0', ''),
    )
  })

  it.each([
    ['en-GB', /loyalty programme/],
    ['de', /loyalty programme/],
    ['ru', /программа лояльности/],
    ['kk', /программа лояльности/],
    [undefined, /программа лояльности/],
  ])('whose language is %s is answered in it', async (languageCode, text) => {
    const anna = somebody({ languageCode })
    anna.says('/start')
    await anna.sees(text)
  })

  it('keeps the language they joined with', async () => {
    const { id } = await someCustomer({ languageCode: 'en' })
    const later = bot.telegram.person({ id, languageCode: 'ru' })
    later.says('/help')
    await later.sees(/I show your card/)
  })

  it('is told when there is no free card, and so is the log', async () => {
    // As if every drawn card were taken.
    await bot.sql`
      create function no_card() returns trigger language plpgsql as 'begin return null; end';
      create trigger no_card before insert on customers for each row execute function no_card()`.simple()
    const anna = somebody()
    anna.says('/start')
    await anna.taps('Согласен')
    await anna.sees(/Свободных номеров карт сейчас нет/)
    expect(bot.logged.join()).toMatch(/set card_digits to more digits/)
  })
})

describe('a bot whose chain has not said whom the data are given to', () => {
  let bot: TestBot
  beforeAll(async () => {
    bot = await openTestBot({ operator: undefined })
  })
  afterAll(() => bot.close())

  it('gives nobody a card, stores nothing, and says where to ask', async () => {
    const anna = bot.telegram.person({ id: 1 })
    for (const command of ['/start', '/card', '/balance']) {
      anna.says(command)
      const told = await anna.sees(/Новых карт бот пока не выдаёт.*@romashka_help/)
      expect(told.buttons).toEqual([])
    }
    anna.forges(`agree:${consentVersion}`)
    await anna.sees(/Новых карт бот пока не выдаёт/)
    expect(await bot.sql`select from customers`).toHaveLength(0)
    expect(bot.logged.join()).toContain('OPERATOR_NAME')
  })
})
