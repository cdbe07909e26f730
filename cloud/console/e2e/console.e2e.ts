import { type Browser, expect, type Page } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { newId } from '../../../shared/id.ts'
import { stepAt, totpCode } from '../../access/staff/totp.ts'
import { perform } from '../../acts/act.ts'
import { addStaff } from '../../acts/staff.ts'
import { byAdmin } from '../../acts/testing.ts'

/** At an address of its own, so that nobody is locked out by another test; dark on a telephone, light on a desk. */
async function openBrowser(browser: Browser, { phone = false } = {}): Promise<Page> {
  const context = await browser.newContext({
    locale: 'ru',
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
    colorScheme: phone ? 'dark' : 'light',
    extraHTTPHeaders: { 'x-forwarded-for': `10.77.${process.pid % 250}.${phone ? 2 : 1}` },
  })
  return await context.newPage()
}

/** The secret as the page spells it for who cannot scan. */
function bytesOf(base32: string): Buffer {
  const bits = [...base32].map((sign) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0'),
  )
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

test('the first owner comes in by the link, sets up the second factor, and signs in again', async ({
  browser,
  cloud,
  sql,
}) => {
  const name = `o${newId().slice(-12)}`
  const { token } = await perform(addStaff, { name, role: 'owner' }, byAdmin(sql))
  const page = await openBrowser(browser)
  const problems: string[] = []
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))

  await page.goto(`${cloud.url}/console/welcome#${token}`)
  await expect(page.getByLabel('Код из ссылки')).toHaveValue(token)
  expect(page.url()).not.toContain(token)
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Показать пароль' }).click()
  const password = (await page.locator('.code').textContent()) ?? ''
  expect(await barriers(page)).toEqual([])

  await page.getByRole('link', { name: 'Дальше' }).click()
  await expect(page.getByRole('heading', { name: 'Второй фактор' })).toBeVisible()
  expect(await barriers(page)).toEqual([])
  const secret = bytesOf(((await page.locator('p > code').textContent()) ?? '').replaceAll(' ', ''))
  await page.getByLabel('Шесть цифр из приложения').fill(totpCode(secret, stepAt(Date.now())))
  await page.getByRole('button', { name: 'Проверить' }).click()
  await expect(page.getByRole('heading', { name: 'Коды восстановления' })).toBeVisible()
  const recoveryCode = (await page.locator('li > code').first().textContent()) ?? ''
  await page.getByRole('link', { name: 'Дальше' }).click()
  await page.getByRole('banner').locator('summary').click()
  await page.getByRole('link', { name: 'Мой вход' }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
  expect(await barriers(page)).toEqual([])

  const phone = await openBrowser(browser, { phone: true })
  await phone.goto(`${cloud.url}/console`)
  await phone.getByLabel('Имя').fill(name)
  await phone.getByLabel('Пароль').fill(password)
  expect(await barriers(phone)).toEqual([])
  await phone.getByLabel('Код из приложения').fill(recoveryCode)
  await phone.getByRole('button', { name: 'Войти' }).click()
  await expect(phone.getByRole('heading', { level: 1 })).toBeVisible()
  await phone.goto(`${cloud.url}/console/account`)
  await expect(phone.getByRole('heading', { name })).toBeVisible()
  expect(await barriers(phone)).toEqual([])
  await expect(phone.getByRole('button', { name: 'Завершить' })).toHaveCount(2)
  await phone.getByRole('link', { name: 'Кассы' }).click()
  await expect(phone).toHaveURL(/\/fleet$/)

  // The desk ends the session of the telephone.
  await page.reload()
  await page
    .getByRole('listitem')
    .filter({ hasNotText: 'этот' })
    .getByRole('button', { name: 'Завершить' })
    .click()
  await expect(page.getByRole('button', { name: 'Завершить' })).toHaveCount(1)
  await phone.goto(`${cloud.url}/console`)
  await expect(phone).toHaveURL(/\/console\/login$/)
  expect(problems).toEqual([])
})
