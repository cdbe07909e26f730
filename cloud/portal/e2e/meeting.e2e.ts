import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { testOperator } from '../../people/testing.ts'
import { test } from './person.ts'

test('who agrees has a card, and nothing is kept of who has not', async ({ open, person, sql, faults }) => {
  faults.expected = /404/
  const page = await open()
  const agree = page.getByRole('button', { name: 'Согласен, завести карту' })
  await expect(page.getByText('команда /forget стирает ваши данные')).toBeVisible()
  await expect(page.getByText(`${testOperator.name}, ${testOperator.address}`)).toBeVisible()
  await expect(page.getByRole('link', { name: testOperator.policyUrl })).toBeVisible()
  expect(await barriers(page)).toEqual([])
  await agree.waitFor()
  expect(await sql`select from people where telegram_id = ${person.id}`).toHaveLength(0)
  await agree.click()
  await expect(page.getByText('Покажите код на кассе')).toBeVisible()
  const [row] = await sql<{ card: string; consent: string }[]>`
    select card, version as consent from people join customers on customers.id = customer_id
    join consents on consents.customer_id = customers.id
    where telegram_id = ${person.id}`
  const digits = async () => (await page.locator('.card-number').textContent())?.replace(/\D/g, '')
  expect(await digits()).toBe(row?.card)
  await page.reload()
  await expect.poll(digits).toBe(row?.card)
})

test('advertising is agreed to apart, is off by itself, and is taken back in the profile', async ({
  open,
  person,
  sql,
  faults,
}) => {
  faults.expected = /404/
  const agreed = async () => {
    const rows = await sql<{ purpose: string }[]>`
      select purpose from consents join people using (customer_id)
      where telegram_id = ${person.id} and withdrawn_at is null order by purpose`
    return rows.map(({ purpose }) => purpose)
  }
  const page = await open()
  const wish = page.getByRole('switch', { name: 'Присылать акции и предложения' })
  await expect(wish).toBeVisible()
  await expect(wish).not.toBeChecked()
  await expect(page.getByText('Без него карта и баллы работают так же')).toBeVisible()
  await page.getByRole('button', { name: 'Согласен, завести карту' }).click()
  await expect(page.getByText('Покажите код на кассе')).toBeVisible()
  expect(await agreed()).toEqual(['programme'])
  await page.getByRole('button', { name: 'Профиль' }).click()
  const choice = page.getByRole('switch', { name: 'Акции и предложения' })
  await expect(choice).not.toBeChecked()
  await choice.click()
  await expect(choice).toBeChecked()
  await expect.poll(agreed).toEqual(['advertising', 'programme'])
  expect(await barriers(page)).toEqual([])
  await choice.click()
  await expect(choice).not.toBeChecked()
  await expect.poll(agreed).toEqual(['programme'])
})

test('the text is there in English too, and is agreed to in it', async ({ open, faults }) => {
  faults.expected = /404/
  const page = await open()
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByText('You can withdraw your consent at any time')).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await page.getByRole('button', { name: 'I agree' }).click()
  await expect(page.getByText('Show the code at the register')).toBeVisible()
})

test('who wants to be forgotten is, after they were asked', async ({
  open,
  context,
  person,
  sql,
  faults,
}) => {
  faults.expected = /404|ERR_/
  const customer = await person.joined()
  await customer.gift(70, 1)
  const page = await open()
  await page.getByRole('button', { name: 'Профиль' }).click()
  await page.getByRole('button', { name: 'Стереть мои данные' }).click()
  const sheet = page.getByRole('dialog', { name: 'Стереть ваши данные?' })
  await expect(sheet).toContainText(/пропадут 70\sбаллов/)
  await sheet.getByRole('button', { name: 'Оставить' }).click()
  await expect(sheet).toBeHidden()
  await page.getByRole('button', { name: 'Стереть мои данные' }).click()
  await sheet.getByRole('button', { name: 'Стереть навсегда' }).click()
  await expect(page.getByRole('heading', { name: 'Ваши данные стёрты' })).toBeVisible()
  expect(await sql`select from people where telegram_id = ${person.id}`).toHaveLength(0)
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Завести новую карту' }).click()
  await expect(page.getByRole('heading', { name: 'Нет интернета' })).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByRole('button', { name: 'Согласен, завести карту' })).toBeVisible()
})

test.describe('on the smallest phone', () => {
  test.use({ viewport: { width: 320, height: 480 } })

  test('what erasing costs is read before there is a button to press', async ({ open, page, person }) => {
    const { gift } = await person.joined()
    await gift(100, 3)
    await open()
    await page.getByRole('navigation').getByRole('button', { name: 'Профиль' }).click()
    await page.getByRole('button', { name: 'Стереть' }).click()
    await expect(page.getByRole('dialog').getByRole('heading')).toBeInViewport({ ratio: 1 })
    await expect(page.getByRole('button', { name: 'Стереть навсегда' })).not.toBeFocused()
    await page.getByRole('button', { name: 'Стереть навсегда' }).click()
    await expect(page.getByRole('heading', { name: 'Ваши данные стёрты' })).toBeVisible()
  })
})
