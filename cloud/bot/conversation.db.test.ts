import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE } from '../../shared/time.ts'
import { openTestBot, type TestBot, token } from './testing/bot.ts'

describe('the bot', () => {
  let bot: TestBot
  beforeAll(async () => {
    bot = await openTestBot()
  })
  afterAll(() => bot.close())

  let lastId = 0
  const somebody = (firstName = 'Анна') => bot.telegram.person({ id: ++lastId, firstName })
  const someCustomer = () => bot.customer({ id: ++lastId })

  it('says nothing in a group, a channel, or to another bot', async () => {
    const anna = await someCustomer()
    const group = { id: -100, type: 'supergroup', title: 'Соседи' }
    const command = { text: '/card', entities: [{ type: 'bot_command', offset: 0, length: 5 }] }
    const message = { message_id: 1, date: 1, ...command }
    const robot = { id: 99, is_bot: true, first_name: 'robot' }
    bot.telegram.push({ message: { ...message, from: anna.from, chat: group } })
    bot.telegram.push({ message: { ...message, chat: group } })
    bot.telegram.push({ message: { ...message, from: robot, chat: { id: 99, type: 'private' } } })
    bot.telegram.push({
      callback_query: {
        id: '1',
        from: anna.from,
        chat_instance: '1',
        message: { message_id: 1, date: 1, chat: group },
        data: 'card',
      },
    })
    bot.telegram.push({
      callback_query: { id: '2', from: anna.from, chat_instance: '1', inline_message_id: 'x', data: 'card' },
    })
    anna.says('/help')
    await anna.sees(/Я показываю карту/)
    expect(bot.telegram.calls.filter(({ fields }) => [-100, 99].includes(Number(fields.chat_id)))).toEqual([])
    expect(anna.unseen()).toEqual([])
  })

  it('asks Telegram for messages, taps and blocking, and for nothing else', async () => {
    const [first] = bot.telegram.callsOf('getUpdates')
    expect(first?.fields.allowed_updates).toEqual(['message', 'callback_query', 'my_chat_member'])
  })

  it.each([
    ['a sticker', { sticker: { file_id: 'x', type: 'regular', width: 1, height: 1 } }],
    ['a photo', { photo: [{ file_id: 'x', file_unique_id: 'x', width: 1, height: 1 }] }],
    ['a word', { text: 'привет' }],
    ['an unknown command', { text: '/money', entities: [{ type: 'bot_command', offset: 0, length: 6 }] }],
    ['a very long text', { text: 'я'.repeat(4096) }],
    [
      'something forwarded',
      { text: 'спам', forward_origin: { type: 'hidden_user', sender_user_name: 'x', date: 1 } },
    ],
  ])('answers %s with a hint', async (_, content) => {
    const anna = await someCustomer()
    anna.sends(content)
    await anna.sees(/Я понимаю только команды/)
  })

  it('lets edited messages and what Telegram itself says pass', async () => {
    const anna = await someCustomer()
    anna.sends({ pinned_message: { message_id: 1, date: 0, chat: { id: anna.id, type: 'private' } } })
    anna.sends({ write_access_allowed: {} })
    bot.telegram.push({
      edited_message: {
        message_id: 1,
        date: 1,
        edit_date: 2,
        from: anna.from,
        chat: { id: anna.id, type: 'private' },
        text: '/card',
      },
    })
    anna.says('/help')
    await anna.sees(/Я показываю карту/)
    expect(anna.chat.sights.map(({ text }) => text).filter((text) => /^Карта|Я понимаю/.test(text))).toEqual(
      [],
    )
  })

  it('does not answer a flood, and answers again when it is over', async () => {
    const anna = somebody()
    const boris = somebody('Борис')
    for (let message = 0; message < 100; message += 1) anna.says('/help')
    boris.says('/help')
    await boris.sees(/Я показываю карту/)
    await bot.telegram.until(() => bot.telegram.waiting().length === 0 || undefined, 'all to be handled')
    expect(anna.chat.sights).toHaveLength(30)
    bot.clock.now += MINUTE
    anna.says('/rules')
    await anna.sees(/правила/)
  })

  it('marks who blocked it, and writes to them again once they are back', async () => {
    const anna = await someCustomer()
    const since = async () =>
      (await bot.sql`select unreachable_since as at from people where telegram_id = ${anna.id}`)[0]?.at
    const boris = await someCustomer()
    const handled = async () => {
      boris.says('/help')
      await boris.sees(/Я показываю карту/)
      await bot.telegram.until(() => bot.telegram.waiting().length === 0 || undefined, 'all to be handled')
    }
    anna.blocks()
    await handled()
    expect(await since()).toBe(bot.clock.now)
    anna.unblocks()
    await handled()
    expect(await since()).toBeNull()

    // Telegram may tell of it by refusing an answer only.
    bot.telegram.fail({
      chatId: anna.id,
      fault: { status: 403, description: 'Forbidden: bot was blocked by the user' },
    })
    anna.says('/balance')
    await handled()
    expect(await since()).toBe(bot.clock.now)
    anna.says('/balance')
    await anna.sees(/0\sбаллов/)
    expect(await since()).toBeNull()
  })

  it('obeys retry_after, with text and with pictures', async () => {
    const anna = await someCustomer()
    bot.waits.length = 0
    const busy = { status: 429, retryAfter: 3 }
    bot.telegram.fail({ method: 'sendMessage', chatId: anna.id, fault: busy })
    bot.telegram.fail({ method: 'sendPhoto', chatId: anna.id, fault: busy })
    anna.says('/balance')
    await anna.sees(/0\sбаллов/)
    anna.says('/card')
    expect((await anna.sees(/^Карта/)).photo?.length).toBeGreaterThan(500)
    expect(bot.waits).toEqual([3000, 3000])
  })

  it('gives up a reply that would come too late, and goes on', async () => {
    const anna = await someCustomer()
    bot.waits.length = 0
    bot.telegram.fail({ chatId: anna.id, fault: { status: 429, retryAfter: 60 } })
    anna.says('/balance')
    anna.says('/help')
    await anna.sees(/Я показываю карту/)
    expect(bot.waits).toEqual([])
  })

  it.each([{ status: 500 }, { status: 502 }, 'hangup'] as const)(
    'goes on when an answer meets %j',
    async (fault) => {
      const anna = await someCustomer()
      bot.telegram.fail({ chatId: anna.id, fault })
      anna.says('/balance')
      anna.says('/help')
      await anna.sees(/Я показываю карту/)
    },
  )

  it('goes on fetching when Telegram stumbles', async () => {
    const anna = await someCustomer()
    bot.telegram.fail({ method: 'getUpdates', fault: { status: 429, retryAfter: 0 } })
    anna.says('/help')
    await anna.sees(/Я показываю карту/)
  })

  it('tells a person that a bug was met, and the log without their words', async () => {
    const anna = await someCustomer()
    await bot.sql`alter table programmes rename to lost`
    anna.says('/rules мой секрет')
    await anna.sees(/Что-то сломалось/)
    anna.forges('card')
    await anna.sees(/Что-то сломалось/)
    await bot.sql`alter table lost rename to programmes`
    anna.says('/rules')
    await anna.sees(/правила/)
    expect(bot.logged.join()).toMatch(/the bot met a bug.*relation/s)
  })

  it('asks to try again in a minute when the database is away, and nothing is half done', async () => {
    const anna = somebody()
    anna.says('/start')
    await anna.sees(/согласие/)
    // As a server that shuts down would answer.
    await bot.sql`
      create function away() returns trigger language plpgsql as
        $$begin raise exception 'shutting down' using errcode = '57P03'; end$$;
      create trigger away before insert on people for each row execute function away()`.simple()
    await anna.taps('Согласен')
    await anna.sees(/Попробуйте через минуту/)
    expect(
      await bot.sql`select from customers c where not exists (select from people where customer_id = c.id)`,
    ).toHaveLength(0)
    await bot.sql`drop trigger away on people`
    await anna.taps('Согласен')
    await anna.sees(/Готово/)
  })

  it('never logs its token, a name or what was written', async () => {
    const anna = somebody('Аграфена')
    bot.telegram.fail({ chatId: anna.id, fault: 'hangup' })
    bot.telegram.fail({ chatId: anna.id, fault: { status: 400, description: 'Bad Request: planned' } })
    anna.says('/help тайна')
    anna.says('/help тайна')
    anna.says('/rules')
    await anna.sees(/правила/)
    const log = bot.logged.join()
    expect(log).toMatch(/Telegram did not take an answer/)
    expect(log).not.toMatch(/Аграфена|тайна|мой секрет/)
    expect(log).not.toContain(token)
  })
})
