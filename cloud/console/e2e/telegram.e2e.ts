import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { startBotApi } from '../../bot/testing/botApi.ts'
import { startCloudProcess } from '../../testing/process.ts'
import { fits, signIn } from './staff.ts'

// Of several clouds on one database the bot of one alone hears what people say.
test.use({ ownDatabase: 'telegram' })

const token = '12345:of-the-approvers'

test('who approves binds a chat by a link that is good once, and unbinds it', async ({
  browser,
  databaseUrl,
  sql,
}) => {
  const telegram = await startBotApi({ token })
  const cloud = await startCloudProcess({
    ...{ DATABASE_URL: databaseUrl, TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_URL: telegram.url },
  })
  const { page, open, faults, name } = await signIn(browser, { sql, url: cloud.url, roles: ['marketing'] })
  const section = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Telegram' }) })
  const bind = section.getByRole('button', { name: 'Связать Telegram', exact: true })

  // The bot is there as soon as Telegram has said its name.
  await expect(async () => {
    await open('/account')
    await expect(bind).toBeVisible({ timeout: 1000 })
  }).toPass()
  expect(await barriers(page)).toEqual([])
  await bind.click()
  const link = page.getByRole('link', { name: 'Открыть на этом устройстве', exact: true })
  const start = new URL((await link.getAttribute('href')) ?? '').searchParams.get('start')
  await expect(page.getByRole('img', { name: 'QR-код ссылки' })).toBeVisible()
  expect(await barriers(page)).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  await fits(page)

  const boss = telegram.person({ id: 7001 })
  boss.says(`/start ${start}`)
  await boss.sees(new RegExp(`связан с учётной записью ${name}`))
  const stranger = telegram.person({ id: 7002 })
  stranger.says(`/start ${start}`)
  await stranger.sees(/Ссылка уже использована/)

  await page.getByRole('link', { name: 'Назад', exact: true }).click()
  await expect(section.getByText('Чат связан')).toBeVisible()
  await expect(section.getByRole('button', { name: 'Связать другой Telegram', exact: true })).toBeVisible()
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await barriers(page)).toEqual([])
  await fits(page)
  await section.getByRole('button', { name: 'Отвязать', exact: true }).click()
  await expect(bind).toBeVisible()
  await expect(section.getByText('Чат связан')).toHaveCount(0)
  expect(await sql`select from staff_telegram where account = ${name}`).toHaveLength(0)
  expect(faults).toEqual([])
  await cloud.stop()
  await telegram.stop()
})
