import { expect } from '@playwright/test'
import { test } from '../../../desktop/e2e/shop.ts'
import { heading, signIn } from './staff.ts'

test('a page that cannot be shown says so in words, and the menu leads on', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const { page, open } = await signIn(browser, { sql, url, roles: ['finance'] })
  await page.route('**/reports/expiry', (route) => route.fulfill({ json: {} }))
  await open('/expiry')
  const main = page.getByRole('main')
  await expect(main.getByRole('alert')).toContainText('Ошибка на странице')
  await page.unroute('**/reports/expiry')
  await main.getByRole('button', { name: 'Обновить страницу' }).click()
  await expect(heading(page)).toHaveText('Сроки баллов')

  await page.route('**/reports/liability', (route) => route.fulfill({ json: {} }))
  await open('/liability')
  await expect(main.getByRole('alert')).toBeVisible()
  await page.getByRole('link', { name: 'Сроки баллов' }).click()
  await expect(heading(page)).toHaveText('Сроки баллов')
})
