import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { fits, signIn } from './staff.ts'

test('stopping the whole programme is proposed from the settings, and says what tills will do', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const owner = await signIn(browser, { sql, url, roles: ['owner'] })
  await owner.open('/rules?part=settings')
  await owner.page.getByRole('button', { name: 'Приостановить программу' }).click()
  const dialog = owner.page.getByRole('dialog', { name: 'Приостановить программу' })
  await dialog.getByRole('button', { name: 'Предложить', exact: true }).click()
  await expect(dialog.getByRole('alert')).toHaveText('Заполните поле')
  await dialog.getByLabel('Зачем').fill('утечка ключей')
  expect(await barriers(owner.page)).toEqual([])
  await dialog.getByRole('button', { name: 'Предложить', exact: true }).click()
  await owner.page.getByRole('link', { name: 'Открыть предложение' }).click()
  await expect(owner.page.getByText('Баллы при этом не двигаются.')).toBeVisible()
  await expect(owner.page.getByText('утечка ключей')).toBeVisible()
  // The cloud is everybody's who tests beside: it stays a proposal.
  await owner.page.getByRole('button', { name: 'Отклонить' }).click()
  const rejection = owner.page.getByRole('dialog')
  await rejection.getByLabel('Причина').fill('проба')
  await rejection.getByRole('button', { name: 'Отклонить' }).click()
  await expect(owner.page.getByText('отклонено', { exact: true })).toBeVisible()
  expect(owner.faults).toEqual([])
})

test('a programme that is stopped says so where it is set going again, at a telephone too', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const finance = await signIn(browser, { sql, url, roles: ['finance'], isAtPhone: true })
  // As the cloud would say it: it is everybody's who tests beside, and goes on.
  await finance.page.route('**/v1/console/settings*', async (route) => {
    const reply = await route.fetch()
    await route.fulfill({ json: { ...(await reply.json()), frozenSince: '2026-11-29T18:00:00.000Z' } })
  })
  await finance.open('/rules?part=settings')
  await expect(finance.page.getByRole('status')).toContainText('Программа приостановлена')
  await expect(finance.page.getByRole('button', { name: 'Возобновить программу' })).toBeVisible()
  expect(await barriers(finance.page)).toEqual([])
  await fits(finance.page)
})

test('a chat of Telegram is bound from one’s own page', async ({ browser, cloud: { url }, sql }) => {
  const marketing = await signIn(browser, { sql, url, roles: ['marketing'], isAtPhone: true })
  await marketing.open('/account')
  await expect(marketing.page.getByRole('heading', { name: 'Telegram' })).toBeVisible()
  expect(await barriers(marketing.page)).toEqual([])
  await fits(marketing.page)
})
