import { expect, type Page } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import type { MyVoucher } from '../../../shared/myVoucher.ts'
import { voucherTermsSchema } from '../../../shared/rules/voucher.ts'
import { test, themes } from './person.ts'
import { scan } from './scan.ts'

const voucher = (id: string, state: MyVoucher['state'], terms: object, more: object = {}): MyVoucher => ({
  ...{ id, state, code: null, stores: null, usesLeft: 1, usedAt: null },
  terms: voucherTermsSchema.parse({
    ...{ title: 'Возвращайтесь', gives: { type: 'discount_kopecks', kopecks: 20_000 } },
    ...terms,
  }),
  ...more,
})

const cappuccino = { type: 'product', sku: '7', name: 'Капучино', cap_kopecks: 20_000 }
const vouchers = [
  voucher(
    '5-1',
    'good',
    { min_purchase_kopecks: 50_000, until: '2027-01-31', with_points: false },
    { code: 'K7Q2M9XWPA', stores: ['Ашукино', 'Правда'] },
  ),
  voucher(
    '4-1',
    'early',
    { title: 'К празднику', gives: cappuccino, from: '2027-03-08' },
    { code: 'B2345678AB' },
  ),
  voucher('3-1', 'held', { gives: { type: 'points', points: 22 } }),
  voucher('2-1', 'used', {}, { usesLeft: 0, usedAt: '2026-01-12T09:00:00.000Z' }),
  voucher('1-1', 'over', { gives: { type: 'discount_percent', basis_points: 1000, cap_kopecks: 50_000 } }),
]

/** The chain of these tests gives nobody a voucher: its cloud is asked, and this is put beside what it says. */
async function give(page: Page, given: MyVoucher[], me: object = {}): Promise<void> {
  await page.route('**/v1/me', async (route) => {
    const response = await route.fetch()
    const count = given.filter(({ code }) => code !== null).length
    await route.fulfill({ response, json: { ...(await response.json()), vouchers: count, ...me } })
  })
  await page.route('**/v1/me/vouchers', (route) => route.fulfill({ json: { vouchers: given } }))
}

const looksRight = async (page: Page, screen: string) => {
  await page.screenshot({ path: `dist/e2e-screens/portal-${screen}.png` })
  expect(await barriers(page), screen).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth), screen).toBe(360)
}

for (const [name, theme, me] of [
  ['day', themes.day, {}],
  ['night', themes.night, {}],
  ['english', themes.day, { language: 'en' }],
] as const)
  test.describe(`by ${name}`, () => {
    test.use({ contextOptions: { reducedMotion: 'reduce' } })

    test('vouchers are shown with what they give, and large to a till', async ({
      open,
      page,
      person,
      sql,
    }) => {
      const isEnglish = name === 'english'
      await person.joined()
      await give(page, vouchers, me)
      await open({ theme })
      await page.screenshot({ path: `dist/e2e-screens/portal-${name}-card-vouchers.png`, fullPage: true })
      await page
        .getByRole('button', { name: isEnglish ? 'My vouchers: 2' : 'Мои купоны: 2', exact: true })
        .click()
      const list = page.getByRole('dialog', { name: isEnglish ? 'My vouchers' : 'Мои купоны', exact: true })
      await expect(list.getByRole('listitem')).toHaveCount(5)
      const show = isEnglish ? /^200\s₽ off.*Show the code$/ : /^Скидка 200\s₽.*Показать код$/
      await expect(list.getByRole('button', { name: show })).toBeVisible()
      if (!isEnglish)
        await expect(list.getByRole('listitem').first()).toHaveText(
          /Возвращайтесь.*чек от 500\s₽.*до 31\.01\.2027 включительно.*не вместе с баллами.*в магазинах: Ашукино, Правда/,
        )
      await looksRight(page, `${name}-vouchers`)
      await list.getByRole('button', { name: show }).click()
      const large = page.getByRole('dialog', { name: isEnglish ? '200 ₽ off' : 'Скидка 200 ₽', exact: true })
      await expect(large).toContainText('K7Q2M 9XWPA')
      expect(await scan(large.getByRole('img'))).toBe('K7Q2M9XWPA')
      await looksRight(page, `${name}-voucher`)
      await page.goBack()
      await expect(large).toBeHidden()
      await list.getByRole('button', { name: isEnglish ? 'Close' : 'Закрыть', exact: true }).click()
      await expect(list).toBeHidden()

      if (!isEnglish) {
        await page.getByRole('navigation').getByRole('button', { name: 'Профиль' }).click()
        await page.getByRole('switch', { name: /^Купоны/ }).click()
        await expect
          .poll(
            async () => (await sql`select notify_vouchers from people where telegram_id = ${person.id}`)[0],
          )
          .toEqual({ notify_vouchers: false })
      }
      // The open card goes on asking, and its last question may still be on its way.
      await page.unrouteAll({ behavior: 'ignoreErrors' })
    })
  })

test('of a frozen programme it says that no voucher is taken either, and shows none to a till', async ({
  open,
  page,
  person,
}) => {
  await person.joined()
  await give(page, vouchers, { isFrozen: true, isProgrammeFrozen: true })
  await open()
  await page.getByRole('button', { name: 'Мои купоны: 2', exact: true }).click()
  const list = page.getByRole('dialog', { name: 'Мои купоны', exact: true })
  // While it loads, there is a second status that says so.
  await expect(list.getByRole('listitem').first()).toContainText('чек от')
  await expect(list.getByRole('status')).toHaveText(
    /Купоны касса сейчас тоже не примет.*Программа приостановлена.*@romashka_help/,
  )
  await expect(list.getByRole('button')).toHaveText(['Закрыть'])
  await looksRight(page, 'day-vouchers-frozen')
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('where there is none to show, it says what will bring one', async ({ open, page, person }) => {
  await person.joined()
  await give(page, vouchers.slice(3))
  await open()
  await page.getByRole('button', { name: 'Мои купоны', exact: true }).click()
  const list = page.getByRole('dialog', { name: 'Мои купоны', exact: true })
  await expect(list.getByText('Сейчас купонов нет')).toBeVisible()
  await expect(list.getByText('Срок вышел')).toBeVisible()
  await looksRight(page, 'day-vouchers-none')
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('who is given none is asked to look at none', async ({ open, page, person }) => {
  await person.joined()
  await open()
  await expect(page.getByText('Покажите код')).toBeVisible()
  await expect(page.getByRole('button', { name: /Мои купоны/ })).toHaveCount(0)
})
