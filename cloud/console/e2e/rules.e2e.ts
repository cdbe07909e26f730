import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { newId } from '../../../shared/id.ts'
import { DAY } from '../../../shared/time.ts'
import { perform } from '../../acts/act.ts'
import { publishRuleBook } from '../../acts/books.ts'
import { byAdmin } from '../../acts/testing.ts'
import { post } from '../../ledger/post.ts'
import { FIRST_PROGRAMME } from '../../ledger/programme.ts'
import { addCustomer, fits, heading, lost, signIn } from './staff.ts'

// Its book has a rule that is taken out and put back.
test.use({ ownDatabase: 'rule-books' })

test('a rule is added, changed and tried, and what the book changes is read before it is proposed', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  // A shop of its own: the rule is for its purchases alone, and there is one.
  const store = `Рынок ${newId().slice(-6)}`
  const [register] = await sql<{ id: number; storeId: number }[]>`
    with store as (insert into stores (programme_id, name) values (${FIRST_PROGRAMME}, ${store}) returning id)
    insert into registers (store_id, name, key_hash) select id, 'Касса', sha256(convert_to(${store}, 'UTF8')) from store
    returning id, store_id as "storeId"`
  if (!register) throw new Error('there is no register')
  const author = {
    ...{ type: 'register' as const, programmeId: FIRST_PROGRAMME },
    ...{ storeId: register.storeId, registerId: register.id },
  }
  const at = Date.now() - DAY
  const card = await addCustomer(sql, 'Вера')
  const sale = { kind: 'earn' as const, id: newId(), at, card, purchaseKopecks: 6_000_000, author }
  await post(sql, [sale], { now: () => at })

  const evening = { id: 'evening', title: 'Вечер', award: { type: 'points', points: 7 } }
  const published = { document: { rules: [evening] }, reason: 'проба' }
  await perform(publishRuleBook, published, byAdmin(sql, Date.now()))

  const { page, open, faults } = await signIn(browser, { sql, url, roles: ['marketing'] })
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const changes = page.getByRole('region', { name: 'Что изменится' })
  const title = `Открытие ${store}`

  await open('/rules')
  await page.getByRole('link', { name: 'Новая версия', exact: true }).click()
  await expect(heading(page)).toHaveText('Новая версия правил')
  await expect(changes.getByText('Пока ничего не изменено.')).toBeVisible()

  // What is wrong is told at its field.
  await button('Добавить акцию').click()
  const name = page.getByLabel('Как называется')
  await button('Готово').click()
  await expect(name).toBeFocused()
  await expect(name).toHaveAccessibleDescription('Заполните поле')
  await name.fill(title)
  await page.getByLabel('Сколько, %', { exact: true }).fill('200')
  await page.getByLabel('Добавить условие').selectOption('stores')
  await page.getByRole('checkbox', { name: store, exact: true }).check()
  await button('Готово').click()
  await expect(page.getByText('Не больше 100', { exact: true })).toBeVisible()
  await page.getByLabel('Сколько, %', { exact: true }).fill('50')
  expect(await barriers(page)).toEqual([])
  await page.screenshot({ path: 'dist/e2e-screens/console-rule-form.png', fullPage: true })
  await button('Готово').click()
  await expect(changes.getByRole('listitem')).toHaveText(
    `добавлено Акция «${title}»: 50 % с оплаченного деньгами, в магазинах: ${store}`,
  )

  // Changed, copied, ordered, and the copy taken out again.
  await button(`Изменить: ${title}`).click()
  await page.getByLabel('Сколько, %', { exact: true }).fill('100')
  await button('Готово').click()
  await button(`Копия: ${title}`).click()
  await name.fill('Ещё одна')
  await button('Готово').click()
  await button(`Выше: ${title}`).or(button('Выше: Ещё одна')).click()
  await button('Убрать: Ещё одна').click()
  await expect(changes.getByRole('listitem')).toHaveCount(1)
  await page.getByLabel('Срок жизни баллов, дней').fill('60')
  await expect(changes.getByRole('listitem').first()).toHaveText(
    'Основа Срок жизни баллов: 45 дней → 60 дней',
  )

  // A budget of its own, which the rule draws from; that it was moved stands among its limits, which are open by that.
  const budgets = page.getByRole('region', { name: 'Бюджеты', exact: true })
  await budgets.getByRole('button', { name: 'Добавить бюджет', exact: true }).click()
  await budgets.getByLabel('Название', { exact: true }).last().fill(`Бюджет ${store}`)
  await budgets.getByLabel('Предел, баллов', { exact: true }).last().fill('900000')
  await button(`Изменить: ${title}`).click()
  await page.getByLabel('Бюджет', { exact: true }).selectOption(`Бюджет ${store}`)
  await button('Готово').click()
  await expect(changes.getByRole('listitem').last()).toHaveText(`добавлено Бюджет «Бюджет ${store}»`)
  await button('Убрать: Вечер').click()
  await expect(changes.getByRole('listitem')).toHaveCount(4)

  // It goes on without its page, and is there after a reload with what was typed.
  await button('Посчитать').click()
  const trial = page.getByRole('region', { name: 'Что это даст' })
  await expect(trial.getByText('+60 000 ₽', { exact: true })).toBeVisible()
  await page.reload()
  await expect(trial.getByText('+60 000 ₽', { exact: true })).toBeVisible()
  await trial.getByText('Примеры чеков').click()
  await expect(trial.getByRole('listitem').filter({ hasText: `${store} · 60 000,00 ₽` })).toContainText(
    '2 400 → 62 400',
  )
  expect(await barriers(page)).toEqual([])
  await fits(page)
  // What was taken out before the reload can be put back after it.
  await button('Вернуть: Вечер').click()
  await expect(trial.getByText('Вы изменили правила: посчитайте заново.')).toBeVisible()
  await page.screenshot({ path: 'dist/e2e-screens/console-rules-editor.png', fullPage: true })
  await page.getByRole('link', { name: 'Кампании', exact: true }).click()
  await page
    .getByRole('dialog', { name: 'Уйти без сохранения?' })
    .getByRole('button', { name: 'Остаться' })
    .click()

  await button('Опубликовать…').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Зачем').fill('открытие магазина')
  await expect(dialog.getByRole('listitem')).toHaveCount(3)
  await dialog.getByRole('button', { name: 'Опубликовать', exact: true }).click()
  await page.getByRole('link', { name: 'Открыть предложение' }).click()
  const panel = page.getByRole('complementary')
  await expect(panel.getByText(`100 % с оплаченного деньгами, в магазинах: ${store}`)).toBeVisible()
  await panel.getByRole('button', { name: 'Отклонить', exact: true }).click()
  await dialog.getByLabel('Причина').fill('проба')
  await dialog.getByRole('button', { name: 'Отклонить', exact: true }).click()
  await expect(panel.getByText('отклонено', { exact: true })).toBeVisible()
  expect(faults).toEqual([])
})

test('a book whose publishing was not answered is known as one’s own, and changed and published again', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const { page, open } = await signIn(browser, { sql, url, roles: ['marketing'] })
  const readBooks = () => sql<{ days: number }[]>`
    select (document->'base'->>'activation_days')::int as days from rule_books order by version desc limit 2`
  const [held] = await readBooks()
  if (!held) throw new Error('there is no book')
  const [days, moreDays] = [held.days + 1, held.days + 2]
  await open('/new-rules')
  const waiting = page.getByLabel('Через сколько дней можно тратить')
  const dialog = page.getByRole('dialog')
  async function publish() {
    await page.getByRole('button', { name: 'Опубликовать…' }).click()
    await dialog.getByLabel('Зачем').fill('позже')
    await dialog.getByRole('button', { name: 'Опубликовать', exact: true }).click()
  }
  await waiting.fill(String(days))
  await page.route('**/acts/book.publish', lost, { times: 1 })
  await publish()
  await expect(dialog.getByRole('alert')).toContainText('неизвестно, сделано ли это')
  await expect(dialog.getByRole('listitem')).toContainText(`${days}`)
  await dialog.getByRole('button', { name: 'Отмена' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'она опубликована' })).toBeVisible()

  await waiting.fill(String(moreDays))
  await publish()
  await expect(heading(page)).toHaveText('Правила')
  expect(await readBooks()).toEqual([{ days: moreDays }, { days }])
})
