import { expect } from '@playwright/test'
import { barriers } from './barriers.ts'
import { openRecent, test, title, typeCard } from './shop.ts'

test.describe('every screen is for everybody', () => {
  test.use({
    camera: 'auto',
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
    await expect(title(kiosk)).toHaveText('Найти покупателя')
    await openRecent(kiosk)
    await look('idle-recent')
    await kiosk
      .getByRole('button', { name: /^Отменить/ })
      .first()
      .click()
    await look('undo')
    await kiosk.keyboard.press('Escape')
    await kiosk.getByRole('button', { name: 'Настройки' }).click()
    const sections = kiosk.getByRole('navigation').getByRole('button')
    for (const section of await sections.all()) {
      await section.click()
      await look(`settings-${await section.textContent()}`)
    }
  })
})

test.describe('a 1C that never takes the discount, in the dark', () => {
  test.use({ setting: { points: 500, behaviour: { kind: 'never' }, isEnrolled: true } })

  test('costs nobody anything, and the cashier is told, without barriers', async ({ kiosk, shop }) => {
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
    await expect(title(kiosk)).toHaveText('Ждём 1С…')
    await expect(title(kiosk)).toHaveText('1С не забрала скидку')
    await expect(
      kiosk.getByText('200 баллов возвращаются покупателю: списания не было.', { exact: true }),
    ).toBeVisible()
    expect(await barriers(kiosk)).toEqual([])
    await kiosk.screenshot({ path: 'dist/e2e-screens/error.png' })
    await expect.poll(shop.balance).toBe(500)
  })
})
