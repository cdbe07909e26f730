import { expect, type Page } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { newId } from '../../../shared/id.ts'
import { isHeldOut } from '../../../shared/rules/holdout.ts'
import { DAY, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import type { Author } from '../../ledger/account.ts'
import { post } from '../../ledger/post.ts'
import { FIRST_PROGRAMME } from '../../ledger/programme.ts'
import { fits, signIn } from './staff.ts'

// What it starts is in the rule book of everybody.
test.use({ ownDatabase: 'campaigns' })

const PEOPLE = 160
const NAME = 'large-purchase'
const cards = Array.from({ length: PEOPLE }, (_, index) => String(100_001 + index))
/** The newest who is not left out, and whose card is tried on. */
const READER = cards.findLast((card) => !isHeldOut(card, { of: NAME, percent: 50 })) ?? ''
const STAFF = cards.find((card) => isHeldOut(card, { of: NAME, percent: 50 })) ?? ''
/** Sums differ a little, as they do. */
const cents = (index: number) => 100 * (index % 9)

async function openShop(sql: Sql): Promise<Author> {
  const [register] = await sql<{ id: number; storeId: number }[]>`
    with store as (insert into stores (programme_id, name) values (${FIRST_PROGRAMME}, 'Ашукино') returning id)
    insert into registers (store_id, name, key_hash) select id, 'Касса', sha256('e2e') from store
    returning id, store_id as "storeId"`
  if (!register) throw new Error('there is no register')
  const { id: registerId, storeId } = register
  await sql`
    insert into customers (programme_id, card, first_name, created_at)
    select ${FIRST_PROGRAMME}, card, 'Анна', ${toIso(Date.now() - 90 * DAY)} from unnest(${cards}::text[]) card`
  // Two may be written to, one of them is of the staff.
  await sql`
    with told as (select id, card from customers where card = any(${[READER, STAFF]}::text[])),
      person as (insert into people (telegram_id, customer_id, language) select id, id, 'ru' from told),
      staff as (insert into staff_cards select id, now(), 'admin:e2e' from told where card = ${STAFF})
    insert into consents (customer_id, purpose, version, channel, recorded_by, given_at)
    select id, purpose, '1', 'bot', 'e2e', now() from told, unnest('{programme,advertising}'::text[]) purpose`
  // One purchase in the latest month decides by whom a start is approved.
  await sql`update programmes set settings = settings || '{"approval_book_kopecks": 100000}'`
  return { type: 'register', programmeId: FIRST_PROGRAMME, storeId, registerId }
}

const buy = async (sql: Sql, at: number, purchases: { card: string; kopecks: number }[], author: Author) => {
  const requests = purchases.map(({ card, kopecks }) => ({
    ...{ kind: 'earn' as const, id: newId(), at, card, purchaseKopecks: kopecks, author },
  }))
  const outcomes = await post(sql, requests, { now: () => at })
  expect(outcomes.filter(({ status }) => status !== 'accepted')).toEqual([])
}

async function look(page: Page, name: string) {
  expect(await barriers(page)).toEqual([])
  await fits(page)
  await page.screenshot({ path: `dist/e2e-screens/console-${name}.png`, fullPage: true })
}

test('a campaign goes from an idea to its lift', async ({ browser, cloud: { url }, sql }) => {
  const till = await openShop(sql)
  const card = cards.find((card) => !isHeldOut(card, { of: NAME, percent: 50 })) ?? ''
  await buy(sql, Date.now() - 3 * DAY, [{ card, kopecks: 400_000 }], till)
  const marina = await signIn(browser, { sql, url, roles: ['marketing'] })
  const { page, open, faults } = marina
  const button = (name: string) => page.getByRole('button', { name, exact: true })

  await open('/campaigns')
  await expect(page.getByText('Кампаний здесь нет')).toBeVisible()
  await page.getByRole('link', { name: 'Новая кампания', exact: true }).click()
  await expect(page.getByText(`Подходят ${PEOPLE} из ${PEOPLE}`)).toBeVisible()
  await page.getByLabel('Начать с готового').selectOption('large-purchase')
  await button('Сохранить черновик').click()
  await expect(page.getByText('Проверьте отмеченные поля.')).toBeVisible()
  await expect(page.getByLabel('Чего хотим добиться')).toBeFocused()
  await page.getByText('Имя в системе').first().click()
  await page.getByRole('textbox', { name: 'Имя в системе' }).fill(NAME)
  await page.getByLabel('Чего хотим добиться').fill('Чтобы покупали больше за раз')
  await page.getByLabel('Оставить для сравнения, %').fill('50')
  await page.getByLabel('Подарок каждому, один раз').check()
  await page.getByLabel('Баллов каждому').fill('20')
  await page.getByLabel('Написать им в Telegram').check()
  await page.getByLabel('Текст', { exact: true }).fill('{name}, дарим {gift}. На карте {points}')
  await expect(page.getByText(/^Анна, дарим 20\sбаллов\. На карте 20\sбаллов/)).toBeVisible()
  await expect(page.getByRole('figure')).toContainText('получат около 1')
  await page.getByText('Последние десять из них').click()
  await expect(page.getByRole('cell', { name: 'Анна' })).toHaveCount(10)

  // What it would have cost goes on without its page, and is there after a reload.
  await button('Посчитать').click()
  await expect(page.getByText('стоила бы за последние 30 дней')).toBeVisible()
  await look(page, 'campaign-editor')
  await page.reload()
  await expect(page.getByText(/^За покупки 40\sбаллов, проверено покупок: 1$/)).toBeVisible()
  await expect(page.getByText(/^Подарками 1\s600\sбаллов: сейчас это 80 человек$/)).toBeVisible()

  // Rules and gift together are too much for one person.
  await button('Сохранить и запустить…').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Запустить', exact: true }).click()
  await expect(dialog.getByText('Отправлено на согласование')).toBeVisible()
  await dialog.getByRole('button', { name: 'Закрыть', exact: true }).last().click()
  await expect(page.getByText('на согласовании', { exact: true })).toBeVisible()
  const [proposal] = await sql<{ id: number; hash: string; points: number }[]>`
    select id, encode(hash, 'hex') as hash, points from proposals`
  expect(proposal?.points).toBe(1640)
  for (const role of ['marketing', 'finance'] as const) {
    const other = await signIn(browser, { sql, url, roles: [role] })
    const { status } = await other.act('proposal.approve', { proposal: proposal?.id, hash: proposal?.hash })
    expect(status).toBe(200)
  }
  await page.reload()
  await expect(page.getByText('идёт', { exact: true })).toBeVisible()

  // Its gifts go out by themselves; whom it reached buys twice as much as who was left out.
  const peopleOf = async () => [
    ...(await sql<{ card: string; isOut: boolean; gift: number | null }[]>`
      select card, is_held_out as "isOut", gift_points as gift from campaign_people join customers on id = customer_id`),
  ]
  await expect
    .poll(async () => (await peopleOf()).filter(({ isOut, gift }) => isOut || gift).length)
    .toBe(PEOPLE)
  const people = await peopleOf()
  await buy(
    sql,
    Date.now(),
    people.map(({ card, isOut }, index) => ({ card, kopecks: (isOut ? 100_000 : 200_000) + cents(index) })),
    till,
  )
  const reached = people.filter(({ isOut }) => !isOut).length
  await page.reload()
  await expect(page.getByText(/^На (1\s0\d\d|9\d\d)\s₽ больше$/)).toBeVisible()
  await expect(page.getByRole('region', { name: 'Охвачено' })).toContainText(String(reached))
  await look(page, 'campaign')

  // By now the one reads it with what they have.
  const message = page.getByRole('region', { name: 'Сообщение', exact: true })
  await expect(message.getByRole('figure')).toContainText(
    new RegExp(`Так прочтёт Анна, карта ${READER.slice(0, 3)}\\s${READER.slice(3)}`),
  )
  await button('Прислать себе…').click()
  await dialog.getByLabel('Ваша карта').fill(READER)
  await dialog.getByRole('button', { name: 'Прислать', exact: true }).click()
  await expect(dialog.getByRole('alert')).toContainText('Это не карта сотрудника')
  await dialog.getByLabel('Ваша карта').fill(STAFF)
  await dialog.getByRole('button', { name: 'Прислать', exact: true }).click()
  await expect(dialog).toContainText('Сообщение придёт через несколько секунд')
  await look(page, 'campaign-test')
  await dialog.getByRole('button', { name: 'Готово', exact: true }).click()
  expect(await sql`select from notifications where kind = 'campaign_test'`).toHaveLength(1)

  await button('Завершить').click()
  await dialog.getByRole('button', { name: 'Завершить', exact: true }).click()
  await expect(page.getByText('завершена', { exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'Кампании', exact: true }).click()
  await expect(page.getByRole('link', { name: 'Большая покупка', exact: true })).toBeVisible()
  await look(page, 'campaigns')

  const fedor = await signIn(browser, { sql, url, roles: ['finance'], isAtPhone: true })
  await fedor.open('/campaigns?state=finished')
  await fedor.page.getByRole('link', { name: 'Большая покупка', exact: true }).click()
  await expect(fedor.page.getByRole('region', { name: 'Охвачено' })).toContainText(String(reached))
  await expect(fedor.page.getByRole('button', { name: 'Изменить', exact: true })).toHaveCount(0)
  await look(fedor.page, 'campaign-phone')
  // It was refused the card that is nobody's of the staff.
  expect([...faults, ...fedor.faults]).toEqual([expect.stringContaining('409 (Conflict)')])
})

test('a campaign with much to say of its purpose leaves room for the rest of the list', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const { page, open, act } = await signIn(browser, { sql, url, roles: ['marketing'] })
  const name = `wordy-${newId().slice(-8)}`
  const purpose = 'Чтобы покупатели, которых не было с лета, вернулись до Нового года. '.repeat(6).trim()
  const campaign = { name, title: 'Многословная', purpose, gift: { points: 10, budget_points: 100 } }
  expect((await act('campaign.add', { campaign })).status).toBe(200)
  await open('/campaigns')
  const list = page.getByRole('region', { name: 'Список кампаний' })
  await expect(list.getByRole('row').filter({ hasText: 'Многословная' })).toBeVisible()
  expect(await list.evaluate((region) => region.scrollWidth - region.clientWidth)).toBe(0)
})

test('a name without spaces makes no page wider than a telephone', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const { page, open, act } = await signIn(browser, { sql, url, roles: ['marketing'], isAtPhone: true })
  const name = `long-${newId().slice(-8)}`
  const rule = { id: `${name}-1`, title: 'Э'.repeat(200), when: [], award: { type: 'points', points: 1 } }
  const campaign = { name, title: 'Ы'.repeat(200), purpose: 'Ю'.repeat(500), rules: [rule] }
  expect((await act('campaign.add', { campaign, follows: 'new' })).status).toBe(200)
  await open(`/campaigns/${name}`)
  await expect(page.getByText(rule.title)).toBeVisible()
  await fits(page)
})
