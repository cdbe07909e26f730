import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import { statusPreset } from '../../shared/rules/presets.ts'
import { MINUTE, toIso } from '../../shared/time.ts'
import { voucherBatchSchema } from '../../shared/voucherBatch.ts'
import { testVoucherKey } from '../access/testing/voucherKey.ts'
import { perform } from '../acts/act.ts'
import { byAdmin } from '../acts/testing.ts'
import { addVouchers, voidVouchers } from '../acts/vouchers.ts'
import { eraseAndList } from '../admin/customers.ts'
import { houseOf } from '../admin/testing.ts'
import { expectHealthy, noonOf } from '../jobs/testing.ts'
import { publishBook } from '../ledger/books.ts'
import { adjust, apply, earn, judgeBy, redeem, refund } from '../ledger/testing/makers.ts'
import { openTestBot, type TestBot } from './testing/bot.ts'

/** Spaces that do not break, as ordinary ones. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('a customer of the bot', () => {
  let bot: TestBot
  beforeAll(async () => {
    bot = await openTestBot()
    await bot.sql`insert into stores (name) values ('Ашукино & <Ко>')`
  })
  afterAll(async () => {
    await expectHealthy(bot.sql)
    await bot.close()
  })

  let lastId = 0
  const someCustomer = (languageCode = 'ru') => bot.customer({ id: ++lastId, languageCode })
  const at = noonOf(0)

  it('has no points at first', async () => {
    const anna = await someCustomer()
    anna.says('/balance')
    const { text } = await anna.sees(/На карте/)
    expect(plain(text)).toMatch(/^На карте \d{3} \d{3}\n0 баллов\n\nПокажите карту при следующей покупке/)
  })

  it('sees the points they have, what is held, and what dies next with its last day', async () => {
    const anna = await someCustomer()
    await bot.executes(earn(2_525_000, { card: anna.card, at }), redeem(9, { card: anna.card, at }))
    anna.says('/balance')
    const { text } = await anna.sees(/На карте/)
    expect(plain(text)).toContain('1 001 балл\n')
    expect(plain(text)).toContain('Ещё 9 баллов касса удерживает')
    expect(plain(text)).toContain(
      'Ближайшие сгорят: 1 001 балл. Потратить их можно по 20 января включительно.',
    )
  })

  it('sees apart what can be spent later', async () => {
    const anna = await someCustomer()
    await judgeBy(bot.sql, { activation_days: 14 })
    await bot.executes(earn(100_000, { card: anna.card, at }))
    anna.says('/balance')
    const { text } = await anna.sees(/На карте/)
    expect(plain(text)).toMatch(/0 баллов\n\nЕщё 40 баллов с 21 декабря\.$/)
    await judgeBy(bot.sql, {})
  })

  it('sees what they owe', async () => {
    const anna = await someCustomer()
    const purchase = earn(100_000, { card: anna.card, at })
    const redemption = redeem(22, { card: anna.card, at, purchaseKopecks: 11_000 })
    await bot.executes(purchase, redemption, apply(redemption, { at }), refund(purchase, { at }))
    anna.says('/balance')
    const { text } = await anna.sees(/На карте/)
    expect(plain(text)).toMatch(/0 баллов\n\nДолг: 18 баллов\. Его погасят следующие начисления/)
  })

  it('reads the same in English', async () => {
    const anna = await someCustomer('en')
    await bot.executes(earn(2_500, { card: anna.card, at }))
    anna.says('/balance')
    const { text } = await anna.sees(/On card/)
    expect(plain(text)).toContain(
      '1 point\n\nNext to expire: 1 point. The last day to spend them is 20 January',
    )
  })

  it('is told that the card is frozen, and still sees it', async () => {
    const anna = await someCustomer()
    await bot.sql`update customers set status = 'frozen' where id = ${anna.customerId}`
    anna.says('/balance')
    await anna.sees(/0\sбаллов.*Карта заморожена.*Поможет поддержка: @romashka_help/s)
    anna.says('/card')
    expect((await anna.sees(/Карта заморожена.*@romashka_help/)).photo).toBeDefined()
  })

  it('is told that the programme is stopped and the points stay, and that nothing is wrong with the card', async () => {
    const anna = await someCustomer()
    await bot.executes(earn(100_000, { card: anna.card, at }))
    await bot.sql`update programmes set frozen_at = now()`
    anna.says('/balance')
    const { text } = await anna.sees(/На карте/)
    expect(plain(text)).toContain('Ближайшие сгорят: 40 баллов, после 20 января.')
    expect(text).toMatch(/Программа приостановлена.*Ваши баллы остаются на карте.*Вопросы: @romashka_help$/)
    expect(text).not.toMatch(/заморожена|Покажите карту|Потратить их можно/)
    anna.says('/card')
    const card = await anna.sees(/Программа приостановлена/)
    expect([card.photo, card.text]).toEqual([expect.anything(), expect.not.stringContaining('Покажите код')])
    await bot.sql`update programmes set frozen_at = null`
  })

  it('turns the pages of the history, there and back', async () => {
    const anna = await someCustomer()
    for (let purchase = 1; purchase <= 19; purchase += 1) {
      const minute = at + purchase * MINUTE
      await bot.executes(earn(purchase * 100_000, { card: anna.card, at: minute }))
    }
    bot.clock.now = at + 60 * MINUTE
    anna.says('/history')
    const first = await anna.sees(/Покупки и баллы за 45\sдней/)
    expect(plain(first.text)).toContain('7 декабря, Ашукино & <Ко>\nПокупка 19 000,00 ₽: +760')
    expect(first.text.match(/Покупка/g)).toHaveLength(8)
    expect(first.buttons.map(({ text }) => text)).toEqual(['Раньше →'])
    await anna.taps('Раньше →')
    const second = await anna.sees()
    expect(second).toMatchObject({ kind: 'edit', messageId: first.messageId })
    expect(plain(second.text)).toContain('Покупка 11 000,00 ₽: +440')
    await anna.taps('Раньше →')
    const third = await anna.sees()
    expect(third.text.match(/Покупка/g)).toHaveLength(3)
    expect(third.buttons.map(({ text }) => text)).toEqual(['← В начало'])
    await anna.taps('← В начало')
    expect((await anna.sees()).text).toBe(first.text)
  })

  it('sees what was spent and earned with one purchase', async () => {
    const anna = await someCustomer()
    const redemption = redeem(40, { card: anna.card, at: at + MINUTE, purchaseKopecks: 100_000 })
    await bot.executes(earn(100_000, { card: anna.card, at }), redemption)
    anna.says('/history')
    expect(plain((await anna.sees(/Удержано/)).text)).toContain('Удержано на кассе 1 000,00 ₽: −40')
    await bot.executes(apply(redemption, { at: at + MINUTE }))
    anna.says('/history')
    const { text } = await anna.sees(/списано/)
    expect(plain(text)).toContain('Покупка 1 000,00 ₽: −2\nсписано 40 баллов, начислено 38')
  })

  it('has a history without an end where it is empty', async () => {
    const anna = await someCustomer()
    anna.says('/history')
    expect((await anna.sees(/Здесь пока ничего нет/)).buttons).toEqual([])
  })

  it('reads the rules as they are set', async () => {
    const anna = await someCustomer()
    const set = (settings: object) =>
      bot.sql`update programmes set settings = ${bot.sql.json({ ...settings })}`
    await judgeBy(bot.sql, {
      cashback_basis_points: 425,
      max_discount_basis_points: 3000,
      lifetime_days: 31,
    })
    anna.says('/rules')
    const { text } = await anna.sees(/правила/)
    expect(plain(text)).toContain('Возвращаем 4,25 % баллами')
    expect(plain(text)).toContain('до 30 % покупки')
    expect(plain(text)).toContain('живут 31 день')
    expect(text).not.toContain('код из приложения')
    expect(text).not.toMatch(/чеки|можно тратить через/)
    await judgeBy(bot.sql, { min_purchase_kopecks: 5000, activation_days: 3 })
    anna.says('/rules')
    const strict = plain((await anna.sees(/начисляем и списываем на чеки от 50\s₽/)).text)
    expect(strict).toContain('можно тратить через 3 дня после покупки')
    await set({ redeem_proof: 'signed_code' })
    anna.says('/rules')
    await anna.sees(/Чтобы списать баллы, покажите на кассе код из приложения/)
    anna.says('/card')
    await anna.sees(/Чтобы списать баллы, покажите код из приложения/)
    await set({})
    await judgeBy(bot.sql, {})
  })

  it('chooses what they hear of; a second tap of an old button changes nothing more', async () => {
    const anna = await someCustomer()
    const choices = async () =>
      (await bot.sql`select notify_purchases, notify_expiry from people where telegram_id = ${anna.id}`)[0]
    anna.says('/notify')
    await anna.taps('✅ Покупки и возвраты')
    await anna.sees(/О чём вам писать/)
    const changed = await anna.sees()
    expect(changed.buttons.map(({ text }) => text)).toEqual([
      '⬜️ Покупки и возвраты',
      '✅ Скоро сгорят баллы',
      '✅ Мой статус',
      '✅ Приглашённые друзья',
      '✅ Купоны',
      '⬜️ Акции и предложения',
    ])
    anna.forges('notify:purchases:off', changed.messageId)
    anna.says('/help')
    await anna.sees(/Я показываю карту/)
    expect(await choices()).toEqual({ notify_purchases: false, notify_expiry: true })
  })

  it('invites a friend by a link, who has it in the button until they agree', async () => {
    const anna = await someCustomer()
    anna.says('/invite')
    await anna.sees(/Сейчас за приглашения ничего не дарим/)
    const { sql } = bot
    const document = bookDocumentSchema.parse({
      referral: { referrer_points: 201, referee_points: 100, min_purchase_kopecks: 50_000 },
    })
    const book = { programmeId: 1, document, validFrom: 0, now: 0, by: 'admin:anna', reason: 'a test' }
    await sql.begin((sql) => publishBook(sql, book))
    anna.says('/invite')
    const { text, buttons } = await anna.sees(/Пригласите друга/)
    expect(plain(text)).toContain('Вам — 201 балл за первую покупку друга от 500 ₽.')
    const [, code = ''] = /https:\/\/t\.me\/kopilka_test_bot\?start=ref_([0-9a-z]{10})/.exec(text) ?? []
    expect(buttons.map(({ text }) => text)).toEqual(['Отправить другу'])
    const referrals = async () => [
      ...(await sql`select referee_id, referrer_id, state, reason from referrals order by referee_id`),
    ]

    const boris = bot.telegram.person({ id: anna.id + 100_000 })
    boris.says(`/start ref_${code}`)
    await boris.sees(/нужно ваше согласие/)
    expect(await referrals()).toEqual([])
    await boris.taps('Согласен')
    await boris.sees(/Готово, это ваша карта/)
    const [friend] = await sql<
      { id: number }[]
    >`select customer_id as id from people where telegram_id = ${boris.id}`
    const waiting = { referee_id: friend?.id, referrer_id: anna.customerId, state: 'waiting', reason: null }
    expect(await referrals()).toEqual([waiting])

    anna.says(`/start ref_${code}`)
    await anna.sees(/Карта/)
    const oneself = {
      referee_id: anna.customerId,
      referrer_id: anna.customerId,
      state: 'rejected',
      reason: 'self',
    }
    expect(await referrals()).toEqual([oneself, waiting])
    anna.says('/start ref_nobodysss2')
    await anna.sees(/Карта/)
    anna.says("/start ref_' or 1=1")
    await anna.sees(/Карта/)
    expect(await referrals()).toEqual([oneself, waiting])
    await sql.begin((sql) => publishBook(sql, { ...book, document: bookDocumentSchema.parse({}) }))
  })

  it('is told their status, what it brings, and what the next one takes', async () => {
    const anna = await someCustomer()
    anna.says('/status')
    await anna.sees(/В программе нет статусов/)
    const { sql } = bot
    const document = bookDocumentSchema.parse(statusPreset.book)
    await sql.begin((sql) =>
      publishBook(sql, {
        programmeId: 1,
        document,
        validFrom: 0,
        now: 0,
        by: 'admin:anna',
        reason: 'a test',
      }),
    )
    anna.says('/status')
    const { text } = await anna.sees(/Ваш статус/)
    expect(text).toContain('Бронза')
    expect(text).toContain('Возвращаем 5 % баллами')
    expect(text.replace(/\s/g, ' ')).toContain('Ещё 10 000 ₽ до Серебра')
    // Enough for the highest does not make what they have the highest.
    await bot.executes(earn(20_000_000, { card: anna.card, at }))
    anna.says('/status')
    const bronze = await anna.sees(/Ваш статус.*Бронза/)
    expect(bronze.text).not.toMatch(/самый высокий|Ещё/)
    await sql`
      insert into status_snapshots (customer_id, seq, at, before, after, cause, value, period_from, book_version, who)
      values (${anna.customerId}, 1, ${toIso(at)}, 'bronze', 'platinum', 'reached', 20000000, ${toIso(at)}, 1, 'a test')`
    anna.says('/status')
    expect((await anna.sees(/Ваш статус.*Платина/)).text).toContain('Это самый высокий статус.')
    await judgeBy(sql, {})
  })

  it('sees the codes of their vouchers, and what they are for', async () => {
    const anna = await someCustomer()
    anna.says('/vouchers')
    await anna.sees(/Купонов сейчас нет/)
    const by = byAdmin(bot.sql, at)
    const batch = voucherBatchSchema.parse({
      ...{
        title: 'Подарок',
        gives: { type: 'points', points: 22 },
        min_purchase_kopecks: 50_000,
        stores: [1],
      },
      audience: { type: 'cards', cards: [anna.card] },
    })
    await perform(addVouchers, { batch }, by)
    const [made] = await bot.sql<
      { salt: Buffer }[]
    >`select salt from voucher_batches order by id desc limit 1`
    const code = testVoucherKey.codeOf(made?.salt ?? Buffer.alloc(0), 1)
    anna.says('/vouchers')
    const { text } = await anna.sees(/Ваши купоны/)
    expect(plain(text)).toContain(
      `+22 балла\nчек от 500 ₽\nтолько: Ашукино & <Ко>\nКод: ${code}\n\nНазовите код на кассе`,
    )
    await bot.sql`update programmes set frozen_at = now()`
    anna.says('/vouchers')
    const stopped = await anna.sees(/Программа приостановлена/)
    expect(stopped.text).toMatch(/Купоны касса сейчас тоже не примет.*Вопросы: @romashka_help/s)
    expect(stopped.text).not.toContain('Назовите код на кассе')
    await bot.sql`update programmes set frozen_at = null`
    await perform(voidVouchers, { batch: 1, reason: 'ошибка' }, by)
    anna.says('/vouchers')
    await anna.sees(/Купонов сейчас нет/)
  })

  it('sees all of their vouchers, in as many messages as Telegram needs', async () => {
    const anna = await someCustomer()
    const stores = await bot.sql<{ id: number }[]>`
      insert into stores (name) select 'Магазин на улице Академика Королёва, ' || n from generate_series(1, 100) n
      returning id`
    const batch = voucherBatchSchema.parse({
      ...{ title: 'Скидка', gives: { type: 'discount_kopecks', kopecks: 10_000 }, until: '2099-12-31' },
      ...{ stores: stores.map(({ id }) => id), audience: { type: 'cards', cards: [anna.card] } },
    })
    for (let made = 0; made < 30; made += 1) await perform(addVouchers, { batch }, byAdmin(bot.sql, at))
    const batches = await bot.sql<
      { salt: Buffer }[]
    >`select salt from voucher_batches order by id desc limit 30`
    const codes = batches.map(({ salt }) => testVoucherKey.codeOf(salt, 1))
    const seen = () => anna.chat.sights.map(({ text }) => text).join()
    anna.says('/vouchers')
    await expect.poll(() => codes.filter((code) => !seen().includes(code))).toEqual([])
    expect(plain(seen())).toContain('Академика Королёва, 10 и ещё 90\n')
  })

  it('is forgotten after they have read what is lost, and may come back', async () => {
    const anna = await someCustomer()
    await bot.executes(earn(100_000, { card: anna.card, at }))
    anna.says('/forget')
    const asked = await anna.sees(/Стереть ваши данные/)
    expect(plain(asked.text)).toContain(
      `Вы потеряете карту ${plain(anna.card.replace(/(...)/, '$1 '))} и 40 баллов`,
    )
    expect(plain(asked.text)).toMatch(
      /имя исчезнет с касс — когда они выйдут на связь — и из резервных копий/,
    )
    expect(plain(asked.text)).toMatch(/Останутся суммы покупок без имени/)
    expect(plain(asked.text)).not.toMatch(/Долг/)
    await anna.taps('Стереть навсегда')
    await anna.sees(/Ваши данные стёрты.*С касс имя исчезнет, когда они выйдут на связь/)
    expect(await bot.sql`select from people where telegram_id = ${anna.id}`).toHaveLength(0)
    expect(
      await bot.sql`select first_name, status, balance from customers where id = ${anna.customerId}`,
    ).toEqual([{ first_name: null, status: 'erased', balance: 40 }])

    const again = await bot.customer({ id: anna.id })
    expect(again.card).not.toBe(anna.card)
    again.forges(`forget:${anna.card}`)
    await again.sees(/Эта кнопка устарела/)
    again.says('/balance')
    await again.sees(/0\sбаллов/)
  })

  it('reads that points are lost too which could not be spent yet', async () => {
    await judgeBy(bot.sql, { activation_days: 14 })
    const anna = await someCustomer()
    await bot.executes(earn(100_000, { card: anna.card, at }))
    anna.says('/forget')
    const asked = await anna.sees(/Стереть ваши данные/)
    expect(plain(asked.text)).toMatch(/Вы потеряете карту [\d ]+ и 40 баллов\./)
    await judgeBy(bot.sql, {})
  })

  it('reads that a debt does not vanish, and meets it again', async () => {
    const anna = await someCustomer()
    const bought = earn(100_000, { card: anna.card, at })
    await bot.executes(bought, adjust(-40, { card: anna.card, at }), refund(bought, { at }))
    anna.says('/forget')
    expect(plain((await anna.sees(/Стереть ваши данные/)).text)).toContain(
      'Долг 40 баллов не исчезнет: заведёте карту снова — он перейдёт на неё.',
    )
    await anna.taps('Стереть навсегда')
    await anna.sees(/Ваши данные стёрты/)
    const again = await bot.customer({ id: anna.id })
    again.says('/balance')
    await again.sees(/Долг: 40/)
  })

  it('keeps everything when they think better of it', async () => {
    const anna = await someCustomer()
    anna.says('/forget')
    await anna.taps('Оставить')
    await anna.sees(/Оставили всё как есть/)
    anna.says('/card')
    expect((await anna.sees(/^Карта/)).text.replace(/\D/g, '')).toBe(anna.card)
  })

  it('who was erased by an administrator is a stranger again, whatever they tap', async () => {
    const anna = await someCustomer()
    await eraseAndList(houseOf(bot.sql, at), anna)
    for (const old of ['card', 'balance', 'history', 'notify:expiry:off']) {
      anna.forges(old)
      await anna.sees(/нажмите \/start/)
    }
    anna.forges(`forget:${anna.card}`)
    await anna.sees(/Ваши данные стёрты/)
    anna.says('/balance')
    await anna.sees(/нужно ваше согласие/)
  })

  it.each([
    'nonsense',
    'history:1_not-an-id',
    'forget:1',
    'notify:purchases:maybe',
    'agree',
    'keep:more',
    '__proto__',
    `agree:${'x'.repeat(50)}`,
  ])('learns that the button %j is none', async (data) => {
    const anna = await someCustomer()
    anna.forges(data)
    await anna.sees(/Эта кнопка устарела/)
  })

  it('of who is erased at this very moment meet no bug', async () => {
    const anna = await someCustomer()
    // As an erasure looks to who has just found the person.
    await bot.sql`update customers set status = 'erased' where id = ${anna.customerId}`
    anna.says('/balance')
    await anna.sees(/нужно ваше согласие/)
    anna.says('/forget')
    await anna.sees(/Ваши данные стёрты/)
    // It never comes to that, and the audit would say so.
    await bot.sql`update customers set status = 'active' where id = ${anna.customerId}`
  })
})
