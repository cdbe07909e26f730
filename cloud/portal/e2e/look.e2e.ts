import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test, themes } from './person.ts'

for (const [name, theme, viewport] of [
  ['day', themes.day, { width: 360, height: 668 }],
  ['night', themes.night, { width: 430, height: 860 }],
  ['own', {}, { width: 768, height: 960 }],
] as const) {
  test.describe(name, () => {
    test.use({ viewport })
    test('every screen is for everybody', async ({ open, person, faults }) => {
      faults.expected = /404/
      const look = async (screen: string) => {
        await page.waitForTimeout(400)
        await page.screenshot({ path: `dist/e2e-screens/portal-${name}-${screen}.png` })
        expect(await barriers(page), screen).toEqual([])
        const width = await page.evaluate(() => document.documentElement.scrollWidth)
        expect(width, screen).toBe(viewport.width)
      }
      const page = await open({ theme })
      await page.getByRole('button', { name: 'Согласен' }).waitFor()
      await look('welcome')
      const customer = await person.joined()
      await customer.buys(1_250_000, 43)
      await customer.buys(235_040, 20)
      await customer.gift(100, 12)
      await customer.spends(60, 312_090, 2)
      await customer.buys(99_000, 0)
      await page.reload()
      await page.getByText('Покажите код').waitFor()
      await page.locator('[data-code=live]').waitFor()
      await look('card')
      await page.getByRole('button', { name: 'Увеличить' }).click()
      await look('code')
      await page.goBack()
      await page.getByRole('button', { name: 'История' }).click()
      await page.getByText('Это все движения').waitFor()
      await look('history')
      await page.getByRole('button', { name: 'Сроки', exact: true }).click()
      await page.getByRole('list', { name: 'Дни сгорания' }).waitFor()
      await look('expiry')
      await page.getByRole('button', { name: 'Профиль' }).click()
      await page.getByText('Согласие на обработку данных').first().click()
      await look('profile')
      await page.getByRole('button', { name: 'Стереть' }).click()
      await look('erase')
    })
  })
}
