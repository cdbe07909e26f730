import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { newId } from '../../../shared/id.ts'
import { fits, heading, signIn } from './staff.ts'

test('an owner adds somebody, whose link is shown once; an auditor sees it, and has nothing to press', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const owner = await signIn(browser, { sql, url, roles: ['owner'] })
  const auditor = await signIn(browser, { sql, url, roles: ['auditor'], isAtPhone: true })
  const name = `vera${newId().slice(-8)}`

  await owner.open('/staff')
  await owner.page.getByRole('button', { name: 'Добавить сотрудника' }).click()
  const dialog = owner.page.getByRole('dialog', { name: 'Добавить сотрудника' })
  await expect(dialog.getByLabel('Имя')).toBeFocused()
  expect(await barriers(owner.page)).toEqual([])
  await dialog.getByLabel('Имя').fill(name)
  await dialog.getByLabel('Поддержка').check()
  await dialog.getByRole('button', { name: 'Создать и показать ссылку' }).click()
  await expect(dialog.locator('code')).toContainText('/console/welcome#')
  await dialog.getByRole('button', { name: 'Готово' }).click()
  await owner.page.getByRole('link', { name }).click()
  await expect(owner.page.getByRole('complementary', { name })).toContainText('Поддержка')
  expect(await barriers(owner.page)).toEqual([])

  await auditor.open(`/audit?subject=staff+${name}`)
  await expect(auditor.page.getByRole('cell', { name: 'Новый сотрудник' })).toBeVisible()
  expect(await barriers(auditor.page)).toEqual([])
  await fits(auditor.page)
  await auditor.open(`/staff?open=${name}`)
  await expect(auditor.page.getByRole('complementary', { name })).toBeVisible()
  await expect(auditor.page.getByRole('button', { name: 'Отключить' })).toHaveCount(0)
  await expect(auditor.page.getByRole('button', { name: 'Добавить сотрудника' })).toHaveCount(0)
  expect([...owner.faults, ...auditor.faults]).toEqual([])
})

test('a page that is for other roles is not in the menu, and says so to who knows its address', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const { open, page } = await signIn(browser, { sql, url, roles: ['marketing'] })
  await open('')
  await expect(heading(page)).toBeVisible()
  await expect(page.getByRole('link', { name: 'Согласования' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Люди и роли' })).toHaveCount(0)
  await open('/staff')
  await expect(page.getByRole('alert')).toContainText('Эта страница для других ролей')
  await open('/nowhere')
  await expect(page.getByText('Такой страницы нет')).toBeVisible()
})

test('keys go to pages, whichever layout they are in; the theme and the language stay', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const { open, page } = await signIn(browser, { sql, url, roles: ['owner'] })
  await open('/proposals')
  await expect(heading(page)).toHaveText('Согласования')
  await page.keyboard.press('KeyG')
  await page.keyboard.press('KeyA')
  await expect(heading(page)).toHaveText('Журнал изменений')
  await page.keyboard.press('Shift+Slash')
  await expect(page.getByRole('dialog', { name: 'Клавиши' })).toBeVisible()
  expect(await barriers(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await page.getByRole('banner').locator('summary').click()
  await page.getByRole('button', { name: 'Тёмное' }).click()
  await page.getByRole('button', { name: 'English' }).click()
  await page.reload()
  await expect(heading(page)).toHaveText('Log of changes')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})
