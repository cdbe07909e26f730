import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Role } from '../../../shared/staff.ts'
import { DAY, MINUTE, SECOND, toIso } from '../../../shared/time.ts'
import { findPerson, type Sees } from '../../access/staff/accounts.ts'
import { makeTelegramLink, unbindTelegram } from '../../access/staff/telegram.ts'
import { newTotpSecret, stepAt, totpCode } from '../../access/staff/totp.ts'
import { askWithin, perform } from '../../acts/act.ts'
import { publishRuleBook } from '../../acts/books.ts'
import { adjustPoints } from '../../acts/customers.ts'
import { addProgramme } from '../../acts/programmes.ts'
import { editProposal, rejectProposal } from '../../acts/proposals.ts'
import { disableStaff, resetStaff, setRoles } from '../../acts/staff.ts'
import { byAdmin } from '../../acts/testing.ts'
import { addVouchers } from '../../acts/vouchers.ts'
import { verifyAuditLog } from '../../auditLog.ts'
import { runJob } from '../../jobs/run.ts'
import { runAudit } from '../../ledger/audit.ts'
import { addStores } from '../../ledger/testing/makers.ts'
import { openTestBot, type TestBot, token } from '../testing/bot.ts'
import { writeProposalButton } from './button.ts'
import { createApprovalsJob } from './tell.ts'

let bot: TestBot
let count = 0
let card: string
beforeAll(async () => {
  bot = await openTestBot()
  await addStores(bot.sql)
})
afterAll(() => bot.close())
beforeEach(async () => {
  count += 1
  card = String(400_000 + count)
  bot.clock.now += DAY
  await bot.sql`delete from staff_telegram`
  await bot.sql`delete from proposal_messages`
  await bot.sql`
    update proposals set state = 'rejected', decided_at = now(), decided_by = 'admin:test', reason = 'of the test before'
    where state = 'open'`
  await bot.sql`insert into customers (programme_id, card, first_name) values (1, ${card}, 'Анна')`
})
afterEach(async () => {
  expect(await runAudit(bot.sql)).toEqual([])
  expect((await verifyAuditLog(bot.sql)).broken).toEqual([])
})

let lastId = 9000
const by = () => byAdmin(bot.sql, bot.clock.now)

/** Somebody with an account and, where it is said, an app for codes. */
async function member(
  roles: Role[],
  { hasFactor = false, ...sees }: Partial<Sees> & { hasFactor?: boolean } = {},
) {
  lastId += 1
  const name = `${roles[0]}${lastId}`
  const secret = newTotpSecret()
  const { programmes = null, stores = null } = sees
  await bot.sql`
    insert into staff (name, roles, programmes, stores, totp_secret, created_at)
    values (${name}, ${roles}, ${programmes}, ${stores}, ${hasFactor ? secret : null}, ${toIso(bot.clock.now)})`
  const chat = bot.telegram.person({ id: lastId })
  const person = async () => {
    const found = await findPerson(bot.sql, name)
    if (!found) throw new Error(`${name} has no account`)
    return found
  }
  const session = async () => ({
    ...{
      id: '',
      person: await person(),
      language: 'ru' as const,
      isProven: true,
      hasSecondFactor: hasFactor,
    },
  })
  return {
    name,
    chat,
    person,
    link: async () => makeTelegramLink(bot.sql, await session(), bot.clock.now),
    unbind: async () =>
      unbindTelegram(bot.sql, { session: await session(), from: { ip: '::1', userAgent: '' } }),
    /** Each is good once, so the clock goes on to the next. */
    code() {
      bot.clock.now += 30 * SECOND
      return totpCode(secret, stepAt(bot.clock.now))
    },
  }
}
type Member = Awaited<ReturnType<typeof member>>

async function bound(...given: Parameters<typeof member>): Promise<Member> {
  const one = await member(...given)
  one.chat.says(`/start ${await one.link()}`)
  await one.chat.sees(/связан с учётной записью/)
  return one
}

const around = async (who: Member) => ({ ...by(), who: await who.person() })

async function propose(who: Member, { points = 15_000, reason = 'жалоба 12' } = {}) {
  const input = { card, points, reason, id: crypto.randomUUID() }
  const by = await around(who)
  const asked = await bot.sql.begin((sql) => askWithin(sql, adjustPoints, input, by))
  if (asked.status !== 'proposed') throw new Error('it was done at once')
  return { ...asked.proposal, input }
}

const job = (publicUrl?: string) =>
  createApprovalsJob({ token, apiUrl: bot.telegram.url, publicUrl }, { timeZone: 'Europe/Moscow' })
async function tell(publicUrl?: string) {
  const run = await runJob(bot.sql, job(publicUrl), { now: bot.clock.now })
  return run.status === 'done' ? run.result : run.status
}

async function balance(): Promise<number> {
  const [row] = await bot.sql<{ balance: number }[]>`select balance from customers where card = ${card}`
  return row?.balance ?? -1
}
async function stateOf(id: number): Promise<string | undefined> {
  const [row] = await bot.sql<{ state: string }[]>`select state from proposals where id = ${id}`
  return row?.state
}
const logged = (subject: string) => bot.sql<{ who: string; action: string; ip: string | null }[]>`
  select who, action, ip from audit_log where subject = ${subject} order by id`

describe('a chat of the staff', () => {
  it('is bound by a link that is good once, for ten minutes, and in the log of changes', async () => {
    const olga = await member(['marketing'])
    const [first, second] = [await olga.link(), await olga.link()]
    olga.chat.says(`/start ${first}`)
    await olga.chat.sees(/Ссылка уже использована/)
    olga.chat.says(`/start ${second}`)
    await olga.chat.sees(new RegExp(`связан с учётной записью ${olga.name}`))
    olga.chat.says(`/start ${second}`)
    await olga.chat.sees(/Ссылка уже использована/)
    const third = await olga.link()
    bot.clock.now += 10 * MINUTE
    olga.chat.says(`/start ${third}`)
    await olga.chat.sees(/Ссылка уже использована/)
    expect([...(await logged(`staff ${olga.name}`))]).toEqual([
      { who: `marketing:${olga.name}`, action: 'staff telegram bind', ip: 'Telegram' },
    ])
    const kept = await bot.sql`select encode(token_hash, 'escape') as kept from staff_telegram_links`
    expect(JSON.stringify(kept)).not.toContain(third.slice('staff_'.length))
  })

  it('is of one account, and an account has one chat', async () => {
    const [olga, petr] = [await bound(['marketing']), await member(['finance'])]
    olga.chat.says(`/start ${await petr.link()}`)
    await olga.chat.sees(/уже связан с другой учётной записью/)
    const other = bot.telegram.person({ id: ++lastId })
    other.says(`/start ${await olga.link()}`)
    await other.sees(/связан с учётной записью/)
    const chats = await bot.sql`select telegram_id as id from staff_telegram where account = ${olga.name}`
    expect([...chats]).toEqual([{ id: other.id }])
  })

  it('is not bound for whose account was disabled after the link', async () => {
    const olga = await member(['marketing'])
    const link = await olga.link()
    await perform(disableStaff, { name: olga.name }, by())
    olga.chat.says(`/start ${link}`)
    await olga.chat.sees(/Ссылка уже использована/)
  })

  it('goes on as the chat of a customer', async () => {
    const olga = await member(['marketing'])
    const customer = await bot.customer({ id: olga.chat.id })
    customer.says(`/start ${await olga.link()}`)
    await customer.sees(/связан с учётной записью/)
    const support = await member(['support'])
    await propose(support)
    await tell()
    await customer.sees(/Предложение/)
    customer.says('/balance')
    await customer.sees(/На карте/)
    customer.says('привет')
    await customer.sees(/Я понимаю только команды/)
    await customer.taps('Отклонить')
    await customer.sees(/Почему отклоняете/)
    customer.says('/card')
    await customer.sees(/Карта/)
    customer.says('слишком много')
    await customer.sees(/Отклонено/)
  })
})

describe('approvers', () => {
  it('are told what exactly, what it does, who wants it and why, until when; each once', async () => {
    const [support, olga] = [await member(['support']), await bound(['marketing'])]
    const { id } = await propose(support)
    expect(await tell('https://points.example')).toMatchObject({ told: 1 })
    const { text, buttons } = await olga.chat.sees(/Предложение/)
    expect(text).toContain(`Предложение № ${id}: корректировка баллов`)
    expect(text).toContain(`Карта ${card.slice(0, 3)}\u202f${card.slice(3)}`)
    expect(text).toMatch(/\+15\u202f000\u00a0баллов получит покупатель, это 15\u202f000,00\u00a0₽/)
    expect(text).toContain(`Предлагает ${support.name}: жалоба 12`)
    expect(text).toContain('Нужны: маркетинг + финансы')
    expect(text).toMatch(/Решить до \d+ \S+ в \d\d:\d\d/)
    expect(buttons.map((button) => button.text)).toEqual(['Одобрить', 'Отклонить', 'Открыть в консоли'])
    expect(await tell()).toEqual({ told: 0, closed: 0 })
  })

  it('are those whose role is needed and who may see the programme, but for who proposed it', async () => {
    const { programmeId } = await perform(addProgramme, { merchant: 'Сосед', name: `Сосед ${count}` }, by())
    const proposer = await bound(['support', 'marketing'])
    const told = [await bound(['finance']), await bound(['marketing'], { programmes: [1] })]
    const untold = [
      proposer,
      await bound(['owner', 'it']),
      await bound(['marketing'], { programmes: [programmeId] }),
      await bound(['finance'], { stores: [1] }),
    ]
    const gone = await bound(['finance'])
    await perform(disableStaff, { name: gone.name }, by())
    await propose(proposer)
    expect(await tell()).toMatchObject({ told: told.length })
    for (const { chat } of told) await chat.sees(/Предложение/)
    for (const { chat } of [...untold, gone]) expect(chat.unseen()).toEqual([])
  })

  it('are not asked any more once their role has approved', async () => {
    const [support, olga, petr] = [
      await member(['support']),
      await bound(['marketing']),
      await member(['marketing']),
    ]
    const { id } = await propose(support)
    await tell()
    await olga.chat.taps('Одобрить')
    await olga.chat.sees(/Вы одобрили/)
    petr.chat.says(`/start ${await petr.link()}`)
    await petr.chat.sees(/связан/)
    expect(await tell()).toMatchObject({ told: 0 })
    expect(await stateOf(id)).toBe('open')
  })

  it('are told what a book changes', async () => {
    const [owner, olga] = [await member(['owner']), await bound(['marketing'])]
    const document = {
      base: { lifetime_days: 60 },
      budgets: [{ id: 'all', title: 'Всё', limit_points: 9_000_000 }],
    }
    const who = await around(owner)
    const input = { document, reason: 'весна', programme: '1' }
    const asked = await bot.sql.begin((sql) => askWithin(sql, publishRuleBook, input, who))
    if (asked.status !== 'proposed') throw new Error('it was done at once')
    await tell()
    const { text } = await olga.chat.sees(/Предложение/)
    expect(text).toContain('Основа, Срок жизни баллов: 45\u00a0дней → 60\u00a0дней')
    expect(text).toContain('Бюджет «Всё»: добавлено')
  })

  it('are told what a batch of vouchers gives', async () => {
    const [owner, olga] = [await member(['owner']), await bound(['marketing'])]
    const gives = { type: 'discount_kopecks' as const, kopecks: 100_000 }
    const audience = { type: 'bearer' as const, codes: 100 }
    const batch = { title: 'Новый год', gives, audience, min_purchase_kopecks: 500_000 }
    const who = await around(owner)
    const asked = await bot.sql.begin((sql) => askWithin(sql, addVouchers, { batch, programme: '1' }, who))
    if (asked.status !== 'proposed') throw new Error('it was done at once')
    await tell()
    const { text } = await olga.chat.sees(/новая партия купонов/)
    expect(text).toContain('«Новый год»: Скидка 1\u202f000\u00a0₽, чек от 5\u202f000\u00a0₽')
    expect(text).toContain('Кодов: 100, у кого есть код')
    expect(text).toContain('самое большее, если используют все купоны')
  })

  it('are told later where Telegram is away, and not again where they have blocked the bot', async () => {
    const [support, olga] = [await member(['support']), await bound(['marketing'])]
    await propose(support)
    bot.telegram.fail({ method: 'sendMessage', chatId: olga.chat.id, fault: { status: 502 } })
    expect(await tell()).toEqual({ told: 0, closed: 0 })
    expect(await tell()).toMatchObject({ told: 1 })
    await olga.chat.sees(/Предложение/)
    const petr = await bound(['finance'])
    petr.chat.blocks()
    expect(await tell()).toMatchObject({ told: 1 })
    expect(await tell()).toEqual({ told: 0, closed: 0 })
  })
})

describe('a proposal in Telegram', () => {
  it('is done with the last approval, as in the console, and the log says from where', async () => {
    const support = await member(['support'])
    const [olga, petr] = [await bound(['marketing']), await bound(['finance'], { hasFactor: true })]
    const { id } = await propose(support)
    await tell()
    await olga.chat.taps('Одобрить')
    const { buttons } = await olga.chat.sees(/✓ Вы одобрили/)
    expect(buttons).toEqual([])
    expect(await balance()).toBe(0)
    await petr.chat.taps('Одобрить')
    await petr.chat.sees(/шесть цифр/)
    expect(await balance()).toBe(0)
    petr.chat.says(petr.code())
    await petr.chat.sees(/Одобрено и сделано/)
    await petr.chat.sees(/Код принят/)
    expect(await balance()).toBe(15_000)
    expect(petr.chat.chat.deleted).toHaveLength(1)
    expect([...(await logged(`proposal ${id}`))]).toEqual([
      { who: `support:${support.name}`, action: 'proposal add', ip: null },
      { who: `marketing:${olga.name}`, action: 'proposal approve', ip: 'Telegram' },
      { who: `finance:${petr.name}`, action: 'proposal approve', ip: 'Telegram' },
    ])
    expect(await tell()).toEqual({ told: 0, closed: 2 })
    await olga.chat.sees(/Одобрено и сделано/)
    expect(await tell()).toEqual({ told: 0, closed: 0 })
  })

  it('takes no wrong code, none that was used, and none for a while after five', async () => {
    const support = await member(['support'])
    const petr = await bound(['finance'], { hasFactor: true })
    const { id } = await propose(support)
    await tell()
    await petr.chat.taps('Одобрить')
    await petr.chat.sees(/шесть цифр/)
    petr.chat.says('не знаю')
    await petr.chat.sees(/Код не подошёл/)
    const right = petr.code()
    const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0')
    for (let tries = 0; tries < 5; tries += 1) {
      petr.chat.says(wrong)
      await petr.chat.sees(/Код не подошёл/)
    }
    petr.chat.says(right)
    await petr.chat.sees(/Слишком много неверных кодов/)
    expect(petr.chat.chat.deleted).toHaveLength(7)
    bot.clock.now += 16 * MINUTE
    await petr.chat.taps('Одобрить')
    await petr.chat.sees(/шесть цифр/)
    petr.chat.says(petr.code())
    await petr.chat.sees(/✓ Вы одобрили/)
    expect(await stateOf(id)).toBe('open')
  })

  it('waits for a code five minutes, and no longer', async () => {
    const petr = await bound(['finance'], { hasFactor: true })
    const { id } = await propose(await member(['support']))
    await tell()
    await petr.chat.taps('Одобрить')
    await petr.chat.sees(/шесть цифр/)
    bot.clock.now += 6 * MINUTE
    petr.chat.says(petr.code())
    await petr.chat.sees(/Я понимаю только команды/)
    expect(await bot.sql`select from proposal_approvals where proposal_id = ${id}`).toHaveLength(0)
  })

  it('is not approved by a role that needs a second factor without one', async () => {
    const petr = await bound(['finance'])
    const { id } = await propose(await member(['support']))
    await tell()
    await petr.chat.taps('Одобрить')
    await petr.chat.sees(/нужен второй фактор/)
    expect(await bot.sql`select from proposal_approvals where proposal_id = ${id}`).toHaveLength(0)
  })

  it('is rejected with a reason, and says so to everybody who was told', async () => {
    const [olga, petr] = [await bound(['marketing']), await bound(['finance'])]
    const { id } = await propose(await member(['support']))
    await tell()
    await olga.chat.taps('Отклонить')
    await olga.chat.sees(/Почему отклоняете/)
    olga.chat.says('я'.repeat(101))
    await olga.chat.sees(/до 100 знаков/)
    expect(await stateOf(id)).toBe('open')
    olga.chat.says('слишком много')
    await olga.chat.sees(/✗ Отклонено: .* Причина: слишком много/)
    expect(await stateOf(id)).toBe('rejected')
    await petr.chat.sees(/Предложение/)
    await tell()
    const { text, buttons } = await petr.chat.sees(/✗ Отклонено/)
    expect([text, buttons]).toEqual([expect.stringContaining('слишком много'), []])
    expect(await balance()).toBe(0)
  })

  it('that was edited is told anew, and the old button does nothing', async () => {
    const [support, olga] = [await member(['support']), await bound(['marketing'])]
    const { id, hash, input } = await propose(support)
    await tell()
    await olga.chat.sees(/Предложение/)
    bot.clock.now += SECOND
    const edit = { proposal: id, input: { ...input, points: 12_000 } }
    await perform(editProposal, edit, await around(support))
    await olga.chat.taps('Одобрить')
    await olga.chat.sees(/эти кнопки больше не действуют/)
    await olga.chat.sees(/кнопка была о другом/)
    olga.chat.forges(writeProposalButton('reject', { id, hash }))
    await olga.chat.sees(/кнопка была о другом/)
    expect(await bot.sql`select from proposal_approvals where proposal_id = ${id}`).toHaveLength(0)
    expect(await tell()).toEqual({ told: 1, closed: 1 })
    expect((await olga.chat.sees(/Предложение/)).text).toMatch(/\+12\u202f000/)
    await olga.chat.taps('Одобрить')
    await olga.chat.sees(/✓ Вы одобрили/)
  })

  it('edited while a reason is written is not rejected for it', async () => {
    const [support, olga] = [await member(['support']), await bound(['marketing'])]
    const { id, input } = await propose(support)
    await tell()
    await olga.chat.taps('Отклонить')
    await olga.chat.sees(/Почему отклоняете/)
    await perform(editProposal, { proposal: id, input: { ...input, points: 12_000 } }, await around(support))
    olga.chat.says('много')
    await olga.chat.sees(/кнопка была о другом/)
    expect(await stateOf(id)).toBe('open')
  })

  it('is refused to who proposed it, who is not needed, after a purchase in between, twice, and when it has lapsed', async () => {
    const [support, olga] = [await bound(['support', 'marketing']), await bound(['marketing'])]
    const other = await bound(['support'])
    const proposal = await propose(support)
    const approve = writeProposalButton('approve', proposal)
    support.chat.forges(approve)
    await support.chat.sees(/Своё не одобряют/)
    other.chat.forges(approve)
    await other.chat.sees(/Вашей роли это нельзя/)
    await tell()
    await perform(adjustPoints, { ...proposal.input, points: 5, id: crypto.randomUUID() }, by())
    await olga.chat.taps('Одобрить')
    await olga.chat.sees(/С тех пор изменилось/)
    await perform(rejectProposal, { proposal: proposal.id, reason: 'заново' }, by())
    olga.chat.forges(approve)
    await olga.chat.sees(/Решение уже принято/)
    const second = await propose(support)
    await tell()
    bot.clock.now += 7 * DAY
    expect(await tell()).toMatchObject({ closed: 1 })
    await olga.chat.sees(/Прошло 7 дней, предложение истекло/)
    olga.chat.forges(writeProposalButton('approve', second))
    await olga.chat.sees(/предложение истекло/)
    expect(await balance()).toBe(5)
  })

  it('is refused at once where the chat is bound no more, or the account has ended or lost its role', async () => {
    const proposal = await propose(await member(['support']))
    const approve = writeProposalButton('approve', proposal)
    const [unbound, disabled, reset, changed] = [
      await bound(['marketing']),
      await bound(['marketing']),
      await bound(['marketing']),
      await bound(['marketing']),
    ]
    await tell()
    await unbound.unbind()
    await perform(disableStaff, { name: disabled.name }, by())
    await perform(resetStaff, { name: reset.name }, by())
    await perform(setRoles, { name: changed.name, role: ['support'] }, by())
    for (const { chat } of [unbound, disabled, reset]) {
      chat.forges(approve)
      await chat.sees(/не связан с учётной записью/)
    }
    changed.chat.forges(approve)
    await changed.chat.sees(/Вашей роли это нельзя/)
    bot.telegram.person({ id: ++lastId }).forges(approve)
    expect(await bot.sql`select from proposal_approvals where proposal_id = ${proposal.id}`).toHaveLength(0)
  })

  it('is executed once where two approve at the same instant', async () => {
    const [olga, one, other] = [
      await bound(['marketing']),
      await bound(['finance', 'marketing'], { hasFactor: true }),
      await bound(['finance'], { hasFactor: true }),
    ]
    const { id } = await propose(await member(['support']))
    await tell()
    await olga.chat.taps('Одобрить')
    await olga.chat.sees(/✓ Вы одобрили/)
    for (const { chat } of [one, other]) {
      await chat.taps('Одобрить')
      await chat.sees(/шесть цифр/)
    }
    const codes = [one.code(), other.code()]
    one.chat.says(codes[0] ?? '')
    other.chat.says(codes[1] ?? '')
    const said = await Promise.all(
      [one, other].map(({ chat }) => chat.sees(/Код принят|Решение уже принято/)),
    )
    expect(said.map(({ text }) => text.includes('Код принят')).sort()).toEqual([false, true])
    expect([await balance(), await stateOf(id)]).toEqual([15_000, 'done'])
  })

  it.each([
    'proposal',
    'proposal:approve',
    'proposal:approve:x:0',
    `proposal:break:1:${'0'.repeat(16)}`,
    `proposal:approve:1:${'0'.repeat(16)}:1`,
  ])('knows no button like %s', async (data) => {
    const olga = await bound(['marketing'])
    olga.chat.forges(data)
    await olga.chat.sees(/Эта кнопка устарела/)
  })
})
