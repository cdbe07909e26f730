import { expect, type Locator, type Page } from '@playwright/test'
import { join } from '../../cloud/people/people.ts'
import { testOperator } from '../../cloud/people/testing.ts'
import { scan as read } from '../../cloud/portal/e2e/scan.ts'
import { consentVersion } from '../../shared/consent.ts'
import { barriers } from './barriers.ts'
import { outOfReach, sizes } from './reach.ts'
import { scan } from './scan.ts'
import { test, title } from './shop.ts'

type Sql = Parameters<typeof join>[0]

/** A new customer points their phone at the code on that screen, and agrees in the bot. Returns their card. */
async function joinBy(sql: Sql, code: Locator, firstName: string): Promise<string> {
  const link = new URL(await read(code))
  expect(link.origin + link.pathname).toBe('https://t.me/kopilka_bot')
  const joining = await join(sql, '12345:e2e', {
    ...{ telegramId: Math.ceil(Math.random() * 2 ** 40), firstName, language: 'ru', consentVersion },
    ...{ channel: 'bot', operator: testOperator, now: Date.now() },
    start: link.searchParams.get('start') ?? undefined,
  })
  if (joining.status !== 'joined') throw new Error(joining.status)
  return joining.person.card
}

const codeOn = (page: Page) => page.getByRole('img', { name: /^Код, по которому/ })
const open = (kiosk: Page) => kiosk.getByRole('button', { name: 'Открыть карту' })

test.describe('with a display of the customers', () => {
  test.use({
    setting: { points: 500, behaviour: { kind: 'polite' }, isEnrolled: true, hasDisplay: true },
  })

  test('who joins by its code is on the till within seconds, and served by one tap', async ({
    kiosk,
    shop,
    sql,
    browser,
  }) => {
    const context = await browser.newContext()
    const display = await context.newPage()
    await display.goto(shop.displayUrl())
    await expect(title(display)).toHaveText('Покажите карту кассиру')
    // The purchase of whoever stands there now is under way, and stays theirs.
    await shop.oneC.newReceipt({ purchaseKopecks: 100_000 })
    const card = await joinBy(sql, codeOn(display), 'Вера')
    await expect(kiosk.getByText(/^Вера: выдана новая карта/)).toBeVisible()
    await expect(title(kiosk)).toHaveText('Найти покупателя')
    await expect(title(display)).toHaveText('Покажите карту кассиру')
    expect(await display.locator('body').textContent()).not.toContain('Вера')
    expect(await barriers(kiosk)).toEqual([])
    for (const [name, size] of Object.entries(sizes)) {
      await kiosk.setViewportSize(size)
      expect.soft(await outOfReach(kiosk), `somebody has joined, at ${name}`).toEqual([])
    }
    await kiosk.setViewportSize(sizes['1260x1000'])
    // From habit: nobody is put on the screen by it.
    await kiosk.keyboard.press('Enter')
    await expect(title(kiosk)).toHaveText('Найти покупателя')
    await open(kiosk).click()
    await kiosk.getByRole('button', { name: /^Начислить 40/ }).click()
    await expect
      .poll(() => sql`select balance from customers where card = ${card}`)
      .toEqual([{ balance: 40 }])
    await kiosk.keyboard.press('Escape')
    await expect(title(kiosk)).toHaveText('Найти покупателя')
    await expect(open(kiosk)).toHaveCount(0)

    // However many they are, the amount stays in sight.
    for (const name of ['Глеб', 'Дина', 'Ева', 'Жанна', 'Зоя']) await joinBy(sql, codeOn(display), name)
    await expect(kiosk.getByText(/^Зоя: выдана новая карта/)).toBeVisible()
    await kiosk.setViewportSize(sizes['1366x768'])
    await shop.oneC.newReceipt({ purchaseKopecks: 123_456 })
    await expect(kiosk.locator('.amount-value')).toContainText(',56')
    await expect(kiosk.locator('.amount-value')).toBeInViewport({ ratio: 1 })
    await context.close()
  })
})

test('without one the till shows the code itself, at every size and by keyboard alone', async ({
  kiosk,
  sql,
}) => {
  await expect(kiosk.getByRole('button', { name: 'Новая карта' })).toBeVisible()
  await kiosk.keyboard.press('F6')
  await expect(title(kiosk)).toHaveText('Новая карта')
  expect(await barriers(kiosk)).toEqual([])
  const card = await joinBy(sql, codeOn(kiosk), 'Глеб')
  await expect(open(kiosk)).toBeVisible()
  for (const [name, size] of Object.entries(sizes)) {
    await kiosk.setViewportSize(size)
    expect.soft(await outOfReach(kiosk), `new card at ${name}`).toEqual([])
    await kiosk.screenshot({ path: `dist/e2e-screens/sizes/join ${name}.png` })
  }
  await kiosk.setViewportSize(sizes['1260x1000'])
  await open(kiosk).focus()
  await kiosk.keyboard.press('Enter')
  await expect(title(kiosk)).toHaveText('Сумма чека')
  await expect(kiosk.locator('.customer')).toContainText('Глеб')
  await kiosk.keyboard.press('Escape')
  await scan(kiosk, card)
  await expect(kiosk.locator('.customer')).toContainText('Глеб')
})

test('who goes away is hidden, and told of no more', async ({ kiosk, shop, sql }) => {
  await kiosk.keyboard.press('F6')
  await joinBy(sql, codeOn(kiosk), 'Дина')
  await kiosk.getByRole('button', { name: 'Скрыть' }).click()
  await expect(open(kiosk)).toHaveCount(0)
  // Another one afterwards is told of alone: the first was not asked about again.
  await joinBy(sql, codeOn(kiosk), 'Егор')
  await expect(kiosk.getByText(/^Егор: выдана/)).toBeVisible()
  await expect(kiosk.getByText(/^Дина/)).toHaveCount(0)
  expect(await shop.balance()).toBe(500)
})
