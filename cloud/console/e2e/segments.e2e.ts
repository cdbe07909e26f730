import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { newId } from '../../../shared/id.ts'
import { addCustomer, fits, heading, signIn } from './staff.ts'

// Ten examples are shown, the newest: nobody else adds any here.
test.use({ ownDatabase: 'segments' })

test('a segment is made with who fits beside it, saved, looked into, and removed', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const card = await addCustomer(sql, 'Нонна')
  const title = `Новые ${newId().slice(-8)}`
  const { page, open, faults } = await signIn(browser, { sql, url, roles: ['marketing'] })
  await open('/segments')
  await expect(page.getByRole('link', { name: 'Все', exact: true })).toBeVisible()
  expect(await barriers(page)).toEqual([])

  await page.getByRole('link', { name: 'Новый сегмент' }).click()
  await page.getByRole('button', { name: '+ Условие' }).click()
  await page.getByLabel('Условие', { exact: true }).selectOption('days_since')
  const preview = page.getByRole('complementary', { name: 'Кто подходит сейчас' })
  await page.getByLabel('С какого дня').selectOption('registration')
  await page.getByLabel('Не больше').fill('0')
  const link = preview.getByRole('link', { name: card.replace(/(\d{3})(?=\d)/g, '$1\u202f') })
  await expect(link).toBeVisible()
  // The other way round nobody of today fits.
  await page.getByLabel('не', { exact: true }).check()
  await expect(link).toHaveCount(0)
  await page.getByLabel('не', { exact: true }).uncheck()
  await expect(link).toBeVisible()
  expect(await barriers(page)).toEqual([])
  await fits(page)

  await page.getByRole('link', { name: 'Покупатели' }).click()
  const unsaved = page.getByRole('dialog', { name: 'Уйти без сохранения?' })
  expect(await barriers(page)).toEqual([])
  await unsaved.getByRole('button', { name: 'Остаться' }).click()
  await page.goBack()
  await unsaved.getByRole('button', { name: 'Остаться' }).click()
  await expect(link).toBeVisible()

  await page.getByRole('button', { name: 'Сохранить' }).click()
  const dialog = page.getByRole('dialog', { name: 'Сохранить сегмент' })
  await dialog.getByLabel('Название').fill(title)
  await expect(dialog.getByLabel('Имя для правил')).toHaveValue(/^novye-/)
  await dialog.getByRole('button', { name: 'Сохранить' }).click()
  const panel = page.getByRole('complementary', { name: title })
  await expect(panel).toContainText('с выдачи карты')
  expect(await barriers(page)).toEqual([])
  await page.screenshot({ path: 'dist/e2e-screens/console-segments.png' })
  await panel.getByRole('link', { name: 'Показать покупателей' }).click()
  await expect(heading(page)).toHaveText('Покупатели')
  await expect(page.getByRole('link', { name: title })).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'Нонна' }).first()).toBeVisible()

  await page.getByRole('link', { name: title }).click()
  await panel.getByRole('button', { name: 'Удалить' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Удалить' }).click()
  await expect(page.getByRole('link', { name: title })).toHaveCount(0)
  expect(faults).toEqual([])
})
