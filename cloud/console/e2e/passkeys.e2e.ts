import { expect, type Page } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { heading, signIn } from './staff.ts'

/** A device of the browser that asks its person for a finger, and gets it. */
async function plugInDevice(page: Page) {
  const browser = await page.context().newCDPSession(page)
  await browser.send('WebAuthn.enable')
  await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  })
}

test('who has added a passkey signs in with a finger, until they remove it', async ({
  browser,
  cloud,
  sql,
}) => {
  // A device has no keys for a number.
  const url = cloud.url.replace('127.0.0.1', 'localhost')
  const { page, faults, name, open } = await signIn(browser, { sql, url, roles: ['owner'] })
  await plugInDevice(page)

  await open('/account')
  await page.getByRole('link', { name: 'Добавить ключ доступа' }).click()
  await page.getByLabel('Название').fill('Ноутбук')
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Создать ключ' }).click()
  await expect(page.getByText('Ноутбук')).toBeVisible()
  expect(await barriers(page)).toEqual([])

  await page.getByRole('button', { name: 'Выйти' }).click()
  await page.getByRole('link', { name: 'Войти по ключу доступа' }).click()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Показать ключ' }).click()
  await expect(page).toHaveURL(/\/console(\/home)?$/)
  await expect(heading(page)).toBeVisible()

  await open('/account')
  await expect(heading(page)).toContainText(name)
  await page.getByRole('button', { name: 'Удалить' }).click()
  await expect(page.getByText('Ноутбук')).toHaveCount(0)
  await page.getByRole('button', { name: 'Выйти' }).click()
  expect(faults).toEqual([])
  await page.getByRole('link', { name: 'Войти по ключу доступа' }).click()
  await page.getByRole('button', { name: 'Показать ключ' }).click()
  await expect(page.getByText('Ключ не подошёл')).toBeVisible()
})

test('a browser without a passkey says so, and the password is a link away', async ({ browser, cloud }) => {
  const page = await browser.newPage({ locale: 'ru' })
  await page.goto(`${cloud.url.replace('127.0.0.1', 'localhost')}/console/passkey`)
  await plugInDevice(page)
  await page.getByRole('button', { name: 'Показать ключ' }).click()
  await expect(page.getByRole('alert')).toContainText('Браузер не показал ключ')
  await page.getByRole('link', { name: 'Войти по паролю' }).click()
  await expect(page.getByLabel('Пароль')).toBeVisible()
})
