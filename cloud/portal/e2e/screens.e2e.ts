import { expect, type Page } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import type { HistoryItem } from '../../../shared/me.ts'
import { DAY } from '../../../shared/time.ts'
import { testOperator } from '../../people/testing.ts'
import { test, themes } from './person.ts'
import { beTelegram } from './telegram.ts'

const tab = (page: Page, name: string) => page.getByRole('navigation').getByRole('button', { name })

for (const [name, theme, viewport] of [
  ['day', themes.day, { width: 360, height: 668 }],
  ['night', themes.night, { width: 430, height: 860 }],
] as const) {
  test.describe(`by ${name}`, () => {
    test.use({ viewport, contextOptions: { reducedMotion: 'reduce' } })

    test('every screen is for everybody, and fits', async ({ open, person, faults }) => {
      faults.expected = /404/
      const page = await open({ theme })
      const look = async (screen: string) => {
        await page.screenshot({ path: `dist/e2e-screens/portal-${name}-${screen}.png` })
        expect(await barriers(page), screen).toEqual([])
        const width = await page.evaluate(() => document.documentElement.scrollWidth)
        expect(width, `width of ${screen}`).toBe(viewport.width)
      }
      await page.getByRole('button', { name: 'Согласен' }).waitFor()
      await look('welcome')
      const customer = await person.joined()
      await customer.buys(1_250_000, 43)
      await customer.gift(100, 12)
      await customer.spends(60, 312_090, 2)
      await page.reload()
      await page.locator('[data-code=live]').waitFor()
      await look('card')
      await page.getByRole('button', { name: 'Увеличить' }).click()
      await page.getByRole('dialog').waitFor()
      await look('code')
      await page.goBack()
      await tab(page, 'История').click()
      await page.getByText('Это все движения').waitFor()
      await look('history')
      await tab(page, 'Сроки').click()
      await page.getByRole('list', { name: 'Дни сгорания' }).waitFor()
      await look('expiry')
      await tab(page, 'Профиль').click()
      await page.locator('summary').click()
      await look('profile')
      await page.getByRole('button', { name: 'Стереть' }).click()
      await page.getByRole('dialog').waitFor()
      await look('erase')
    })
  })
}

test('history tells what a purchase did', async ({ open, person }) => {
  const customer = await person.joined()
  await customer.gift(100, 12)
  await customer.spends(60, 312_090, 2)
  const page = await open()
  await tab(page, 'История').click()
  const purchase = page.getByRole('listitem').filter({ hasText: 'Ашукино' })
  await expect(purchase).toContainText('на 3 120,90 ₽')
  await expect(purchase).toContainText('списано 60, начислено 122')
  await expect(purchase).toContainText('+62')
})

test('points that wait are shown apart, and history says why there are how many', async ({
  open,
  page,
  person,
}) => {
  const customer = await person.joined()
  await customer.buys(100_000, 0)
  const from = new Date(Date.now() + 14 * DAY).toISOString()
  // The chain of these tests has no such rules: its cloud is asked, and this is put beside what it says.
  const beside = async (path: string, change: (said: Record<string, unknown>) => object) =>
    page.route(path, async (route) => {
      const response = await route.fetch()
      const said = (await response.json()) as Record<string, unknown>
      await route.fulfill({ response, json: { ...said, ...change(said) } })
    })
  await beside('**/v1/me', () => ({ available: 0, expiresNext: null, waiting: { points: 65, from } }))
  await beside('**/v1/me/history', ({ items }) => ({
    items: (items as HistoryItem[]).map((item) => ({
      ...item,
      awards: [
        { by: 'status', title: 'Золото', points: 40, basisPoints: 400, from },
        { by: 'rule', title: 'Счастливые часы', points: 25, basisPoints: null, from },
      ],
    })),
  }))
  await open()
  await expect(page.getByText(/^Ещё 65\sбаллов с \d+ [а-я]+$/)).toBeVisible()
  await page.screenshot({ path: 'dist/e2e-screens/portal-day-waiting.png' })
  await tab(page, 'История').click()
  const purchase = page.getByRole('listitem').filter({ hasText: 'Ашукино' })
  await expect(purchase.getByRole('listitem')).toHaveText([
    /^\+40 статус «Золото» 4\s%$/,
    /^\+25 «Счастливые часы»$/,
    /^можно потратить с \d+ [а-я]+$/,
  ])
  await page.screenshot({ path: 'dist/e2e-screens/portal-day-why.png' })
  expect(await barriers(page)).toEqual([])
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('history goes on as far as there is something', async ({ open, person }) => {
  const customer = await person.joined()
  await customer.giftsOf(65)
  const page = await open()
  await tab(page, 'История').click()
  const items = page.locator('.movement')
  await expect(items).toHaveCount(30)
  await items.last().scrollIntoViewIfNeeded()
  await expect(items).toHaveCount(60)
  await items.last().scrollIntoViewIfNeeded()
  await expect(items).toHaveCount(65)
  await expect(page.getByText('Это все движения')).toBeVisible()
  const changes = await page.locator('.change').allTextContents()
  expect(changes).toEqual(Array.from({ length: 65 }, (_, index) => `+${index + 1}`))
})

test.describe('where midnight is that of the ledger', () => {
  test.use({ timezoneId: 'UTC' })

  test('points that die are named by day, in the calendar and in words', async ({ open, person }) => {
    const customer = await person.joined()
    await customer.buys(1_100_000, 43)
    await customer.buys(500_000, 3)
    const page = await open()
    await page.getByRole('button', { name: /^440 баллов можно потратить по/ }).click()
    const days = page.getByRole('list', { name: 'Дни сгорания' }).getByRole('listitem')
    await expect(days).toHaveCount(2)
    await expect(days.first()).toContainText('завтра')
    await expect(days.first()).toContainText('440 баллов')
    await expect(page.locator('.cell.soon')).toContainText('440')
    await expect(page.locator('.cell.marked:not(.soon)')).toContainText('200')
  })
})

test('what is empty says what will fill it', async ({ open, person }) => {
  await person.joined()
  const page = await open()
  await tab(page, 'История').click()
  await expect(page.getByText('Покупок пока нет')).toBeVisible()
  await tab(page, 'Сроки').click()
  await expect(page.getByText('Сгорать нечему')).toBeVisible()
})

test('what the bot tells and in which language is chosen here', async ({ open, person, sql }) => {
  await person.joined()
  const page = await open()
  await tab(page, 'Профиль').click()
  const chosen = async () => {
    const [row] = await sql`select language, notify_expiry from people where telegram_id = ${person.id}`
    return row
  }
  const expiry = page.getByRole('switch', { name: 'Сгорание баллов' })
  await expiry.click()
  await expect(expiry).not.toBeChecked()
  await expect.poll(chosen).toMatchObject({ notify_expiry: false })
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByText('Messages of the bot')).toBeVisible()
  await expect.poll(chosen).toMatchObject({ language: 'en' })
})

test('the card goes to the home screen, and the policy opens outside, where Telegram can do that', async ({
  open,
  page,
  person,
}) => {
  await person.joined()
  const telegram = await beTelegram(page)
  await open({ version: '7.0' })
  await tab(page, 'Профиль').click()
  await expect(page.getByRole('button', { name: 'Стереть' })).toBeVisible()
  const toHome = page.getByRole('button', { name: 'Карта на экран телефона' })
  await expect(toHome).toHaveCount(0)
  await page.goto('about:blank')
  await open({ version: '8.0' })
  await tab(page, 'Профиль').click()
  await toHome.click()
  await expect.poll(() => telegram.heard('web_app_add_to_home_screen')).toBe('')
  await page.getByText(/^Согласие на обработку данных/).click()
  await page.getByRole('link', { name: testOperator.policyUrl }).click()
  await expect.poll(() => telegram.heard('web_app_open_link')).toEqual({ url: testOperator.policyUrl })
})

test('back is one thing: Telegram’s button, the browser’s, and ours', async ({ open, page, person }) => {
  await person.joined()
  const telegram = await beTelegram(page)
  await open()
  await expect(page.getByText('Покажите код')).toBeVisible()
  const isBackShown = () => telegram.heard('web_app_setup_back_button')
  await expect.poll(isBackShown).toEqual({ is_visible: false })
  await tab(page, 'История').click()
  await tab(page, 'Профиль').click()
  await expect.poll(isBackShown).toEqual({ is_visible: true })
  await page.getByRole('button', { name: 'Стереть' }).click()
  await telegram.tell('back_button_pressed')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByRole('switch').first()).toBeVisible()
  await telegram.tell('back_button_pressed')
  await expect(page.getByText('Покажите код')).toBeVisible()
  await expect.poll(isBackShown).toEqual({ is_visible: false })
  await page.getByRole('button', { name: 'Увеличить' }).click()
  await page.goBack()
  await expect(page.getByRole('dialog')).toBeHidden()
  await tab(page, 'Сроки').click()
  await page.reload()
  await expect(page.getByText('Сгорать нечему')).toBeVisible()
  await telegram.tell('back_button_pressed')
  await expect(page.getByText('Покажите код')).toBeVisible()
})

test('the colours and the edges are those of the Telegram around it, also when they change', async ({
  open,
  page,
  person,
}) => {
  await person.joined()
  const telegram = await beTelegram(page)
  await open({ theme: themes.day })
  await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(239, 239, 244)')
  await telegram.tell('theme_changed', { theme_params: themes.night })
  await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(35, 46, 60)')
  await expect.poll(() => telegram.heard('web_app_set_background_color')).toEqual({ color: '#232e3c' })
  const top = () =>
    page.locator('main').evaluate((main) => Number.parseFloat(getComputedStyle(main).paddingTop))
  const before = await top()
  await telegram.tell('safe_area_changed', { top: 40, bottom: 20, left: 0, right: 0 })
  await telegram.tell('content_safe_area_changed', { top: 46, bottom: 0, left: 0, right: 0 })
  await expect.poll(top).toBe(before + 86)
})
