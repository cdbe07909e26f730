import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from './person.ts'

test('a server that is away is said, and asked again at a tap', async ({ open, page, person, faults }) => {
  faults.expected = /ERR_|50\d/
  await person.joined()
  await page.route('**/v1/me**', (route) =>
    route.fulfill({ status: 503, json: { error: { code: 'unavailable' } } }),
  )
  await open()
  await expect(page.getByRole('heading', { name: 'Сервер не отвечает' })).toBeVisible()
  expect(await barriers(page)).toEqual([])
  await page.unroute('**/v1/me**')
  await page.getByRole('button', { name: 'Попробовать ещё раз' }).click()
  await expect(page.getByText('Покажите код')).toBeVisible()
})

test('without internet what was known stays, says of when it is, and comes alive by itself', async ({
  open,
  page,
  context,
  person,
  faults,
}) => {
  faults.expected = /ERR_/
  const customer = await person.joined()
  await customer.gift(55, 1)
  const history = page.waitForResponse('**/v1/me/history')
  await open()
  await expect(page.locator('.balance b')).toHaveText('55')
  await (await history).finished()
  await context.setOffline(true)
  // Not opened before, and there all the same.
  await page.getByRole('button', { name: 'История' }).click()
  await expect(page.locator('.movement')).toHaveText(/Подарок.*\+55/)
  await expect(page.getByRole('alert')).toContainText(/Нет интернета\. Показано на \d\d:\d\d\./)
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Карта' }).click()
  await expect(page.locator('.balance b')).toHaveText('55')
  // Whatever is said about the network, the code stays in sight.
  await expect(page.locator('.code-box')).toBeInViewport({ ratio: 1 })
  await customer.gift(5, 0)
  await context.setOffline(false)
  await expect(page.locator('.balance b')).toHaveText('60')
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('an answer that fails leaves the switch where it was', async ({ open, page, person, faults }) => {
  faults.expected = /50\d/
  await person.joined()
  await open()
  await page.getByRole('button', { name: 'Профиль' }).click()
  await page.route('**/v1/me', (route) => route.fulfill({ status: 500, json: {} }))
  const purchases = page.getByRole('switch', { name: 'Покупки' })
  await purchases.click()
  await expect(page.getByRole('alert')).toContainText('Сервер не отвечает')
  await expect(purchases).toBeChecked()
})
