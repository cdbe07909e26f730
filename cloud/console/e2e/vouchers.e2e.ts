import { readFile } from 'node:fs/promises'
import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { newId } from '../../../shared/id.ts'
import { fits, signIn } from './staff.ts'

test('a batch is made, its codes are taken out once, and one of them is looked up and voided', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const title = `Скидка ${newId().slice(-8)}`
  const { page, open, faults } = await signIn(browser, { sql, url, roles: ['marketing'] })
  const dialog = page.getByRole('dialog')
  await open('/vouchers')
  await page.getByRole('button', { name: 'Новая партия' }).click()
  await dialog.getByLabel('Название').fill(title)
  await dialog.getByLabel('Скидка, ₽').fill('200')
  await dialog.getByLabel('Сколько кодов').fill('3')
  await dialog.getByLabel('Чек не меньше, ₽').fill('500')
  await expect(dialog.getByRole('status')).toContainText('600')
  expect(await barriers(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Создать партию' }).click()
  await dialog.getByRole('link', { name: 'Выгрузить коды' }).click()

  const panel = page.getByRole('complementary').filter({ hasText: title })
  await expect(panel).toContainText('ещё нет')
  await panel.getByRole('button', { name: 'Выгрузить коды' }).click()
  await dialog.getByRole('button', { name: 'Выгрузить коды' }).click()
  // They are told once: nothing closes them before they are in a file.
  await expect(dialog.getByRole('button', { name: 'Скачать CSV' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await dialog.getByRole('button', { name: 'Закрыть' }).click({ force: true })
  await page.evaluate('history.back()')
  const saved = async (name: string) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name }).click(),
    ])
    return await readFile(await download.path(), 'utf8')
  }
  const [, ...codes] = (await saved('Скачать CSV')).trim().split('\r\n')
  expect(codes).toHaveLength(3)
  const code = codes[0]?.split(';')[0] ?? ''
  const sheet = await saved('Скачать лист с QR для печати')
  expect(sheet.match(/<svg/g)).toHaveLength(3)
  expect(sheet).toContain(`${code.slice(0, 5)} ${code.slice(5)}`)
  expect(await barriers(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Готово' }).click()
  await expect(panel.getByRole('button', { name: 'Выгрузить коды' })).toHaveCount(0)
  expect(await barriers(page)).toEqual([])
  await fits(page)
  await page.screenshot({ path: 'dist/e2e-screens/console-vouchers.png' })

  await page.getByLabel('Код купона').fill(`${code.slice(0, 5)} ${code.slice(5)}`.toLowerCase())
  await page.getByRole('button', { name: 'Найти код' }).click()
  const found = page.getByRole('complementary', { name: 'Что с кодом' })
  await expect(found).toContainText('действует')
  await found.getByRole('button', { name: 'Отменить код' }).click()
  await dialog.getByLabel('Причина').fill('потерян')
  await dialog.getByRole('button', { name: 'Отменить код' }).click()
  await expect(found).toContainText('отменён')
  expect(await barriers(page)).toEqual([])
  expect(page.url()).not.toContain(code)
  expect(faults).toEqual([])
})
