import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import type { MyStatus } from '../../../shared/me.ts'
import { test, themes } from './person.ts'

const status: MyStatus = {
  ...{ title: 'Золото', colour: '#d4a017', benefits: ['Кофе в подарок'], cashbackBasisPoints: 1500 },
  ...{ metric: 'net_purchases', value: 9_966_000 },
  next: { title: 'Платина', from: 10_000_000, missing: 34_000 },
}

for (const [name, theme] of Object.entries(themes))
  test(`the card shows the status, what it brings and how far the next one is, by ${name}`, async ({
    open,
    page,
    person,
    sql,
  }) => {
    await person.joined()
    // The chain of these tests has no statuses: its cloud is asked, and this is put beside what it says.
    await page.route('**/v1/me', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...(await response.json()), status } })
    })
    await open({ theme })
    await expect(page.getByRole('heading', { name: 'Статус «Золото»' })).toBeVisible()
    await expect(page.getByText(/Ещё 340\s₽ до Платины/)).toBeVisible()
    await expect(page.getByRole('progressbar', { name: 'До следующего статуса' })).toBeVisible()
    await expect(page.getByRole('listitem')).toHaveText([/15\s% баллами/, 'Кофе в подарок'])
    await page.locator('.my-status').scrollIntoViewIfNeeded()
    await page.screenshot({ path: `dist/e2e-screens/portal-${name}-status.png` })
    expect(await barriers(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)

    await page.getByRole('navigation').getByRole('button', { name: 'Профиль' }).click()
    await page.getByRole('switch', { name: /Статус/ }).click()
    await expect
      .poll(async () => (await sql`select notify_status from people where telegram_id = ${person.id}`)[0])
      .toEqual({ notify_status: false })
    // The open card goes on asking, and its last question may still be on its way.
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  })
