import { expect, type Page } from '@playwright/test'
import axe from 'axe-core'
import { test, title, typeCard } from './shop.ts'

/** What keeps people with other eyes, ears or hands out. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
}

test.describe('every screen is for everybody', () => {
  test.use({
    setting: { points: 500, behaviour: { kind: 'slow', fromMs: 3500, toMs: 3500 }, isEnrolled: true },
  })

  test('through a sale', async ({ kiosk, shop }) => {
    const look = async (name: string) => {
      expect(await barriers(kiosk), name).toEqual([])
      await kiosk.screenshot({ path: `dist/e2e-screens/${name}.png` })
    }
    await look('idle')
    await typeCard(kiosk, shop.card)
    await expect(title(kiosk)).toHaveText('Сумма чека')
    await look('customer_found')
    await shop.oneC.newReceipt({ purchaseKopecks: 123_456 })
    await kiosk.getByRole('button', { name: /^Списать 246 ₽/ }).waitFor()
    await look('ready')
    await kiosk.getByRole('button', { name: /^Списать 246 ₽/ }).click()
    await expect(title(kiosk)).toHaveText('Ждём 1С…')
    await look('processing')
    await expect(title(kiosk)).toHaveText('Скидка 246 ₽ в чеке')
    await look('success')
    await kiosk.getByRole('button', { name: /Очередь/ }).click()
    await look('queue')
    await kiosk.keyboard.press('Escape')
    await kiosk.getByRole('button', { name: 'Настройки' }).click()
    await look('settings')
  })
})

test.describe('an error, in the dark', () => {
  test.use({ setting: { points: 500, behaviour: { kind: 'never' }, isEnrolled: true } })

  test('has no barriers either', async ({ kiosk, shop }) => {
    await kiosk.getByRole('button', { name: 'Настройки' }).click()
    await kiosk.getByRole('button', { name: 'Вид и звук' }).click()
    await kiosk.getByText('Тёмное').click()
    expect(await barriers(kiosk), 'settings').toEqual([])
    await kiosk.keyboard.press('Escape')
    expect(await barriers(kiosk), 'idle').toEqual([])
    await shop.oneC.newReceipt({ purchaseKopecks: 100_000 })
    await typeCard(kiosk, shop.card)
    await kiosk.getByRole('button', { name: /^Списать 200 ₽/ }).waitFor()
    expect(await barriers(kiosk), 'ready').toEqual([])
    await kiosk.getByRole('button', { name: /^Списать 200 ₽/ }).click()
    await expect(title(kiosk)).toHaveText('1С не забрала скидку')
    expect(await barriers(kiosk)).toEqual([])
    await kiosk.screenshot({ path: 'dist/e2e-screens/error.png' })
  })
})
