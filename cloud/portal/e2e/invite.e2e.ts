import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import type { MyReferral } from '../../../shared/referral.ts'
import { test, themes } from './person.ts'
import { beTelegram } from './telegram.ts'

const link = 'https://t.me/kopilka_bot?start=ref_abcdefgh23'
const referral: Partial<MyReferral> = {
  ...{ link, counts: { invited: 3, bought: 2, waiting: 1, rewarded: 2 }, points: { month: 200, total: 401 } },
  terms: {
    referrer_points: 200,
    referee_points: 101,
    min_purchase_kopecks: 50_000,
    wait_days: 14,
    per_month: 5,
  },
}

for (const [name, theme] of Object.entries(themes))
  test(`a friend is invited by a link, its QR code and a button, by ${name}`, async ({
    open,
    page,
    person,
    sql,
  }) => {
    await person.joined()
    const telegram = await beTelegram(page)
    // The chain of these tests gives nothing for friends: its cloud is asked, and this is put beside what it says.
    for (const [path, more] of [
      ['**/v1/me', { invites: true }],
      ['**/v1/me/referral', referral],
    ] as const)
      await page.route(path, async (route) => {
        const response = await route.fetch()
        await route.fulfill({ response, json: { ...(await response.json()), ...more } })
      })
    await open({ theme })
    await page.getByRole('button', { name: 'Пригласить друга' }).click()
    const dialog = page.getByRole('dialog', { name: 'Пригласить друга' })
    await expect(dialog.getByText(/Вам — 200\s?баллов/)).toBeVisible()
    await expect(dialog.getByText(/Другу — 101\s?балл$/)).toBeVisible()
    await expect(dialog.getByText(/от 500\s?₽/)).toBeVisible()
    await expect(dialog.getByRole('img', { name: 'QR-код приглашения' })).toBeVisible()
    await expect(dialog.getByText(/Вам за друзей: 401\s?балл, в этом месяце: 200\s?баллов/)).toBeVisible()
    await page.screenshot({ path: `dist/e2e-screens/portal-${name}-invite.png` })
    expect(await barriers(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    await dialog.getByRole('button', { name: 'Отправить другу' }).click()
    const shared = (await telegram.heard('web_app_open_tg_link')) as { path_full: string }
    expect(new URL(shared.path_full, 'https://t.me').searchParams.get('url')).toBe(link)
    await dialog.getByRole('button', { name: 'Закрыть' }).click()
    await expect(dialog).toBeHidden()

    await page.getByRole('navigation').getByRole('button', { name: 'Профиль' }).click()
    await page.getByRole('switch', { name: /Приглашённые друзья/ }).click()
    await expect
      .poll(async () => (await sql`select notify_referrals from people where telegram_id = ${person.id}`)[0])
      .toEqual({ notify_referrals: false })
    // The open card goes on asking, and its last question may still be on its way.
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  })

test('where nothing is given for friends, nobody is asked to invite any', async ({ open, page, person }) => {
  await person.joined()
  await open()
  await expect(page.getByText('Покажите код')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Пригласить друга' })).toHaveCount(0)
})
