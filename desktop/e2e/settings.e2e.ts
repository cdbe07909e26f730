import { expect } from '@playwright/test'
import { test, title, typeCard } from './shop.ts'

test('the settings open with the PIN only, once one was set', async ({ kiosk }) => {
  await kiosk.getByRole('button', { name: 'Настройки' }).click()
  await kiosk
    .getByRole('button', { name: 'Доступ' })
    .or(kiosk.getByRole('tab', { name: 'Доступ' }))
    .click()
  await kiosk.getByLabel('Новый ПИН-код').fill('1234')
  await kiosk.getByRole('button', { name: 'Задать ПИН-код' }).click()
  await expect(kiosk.getByText('ПИН-коды не совпадают', { exact: false })).toBeVisible()
  await kiosk.getByLabel('Ещё раз').fill('1234')
  await kiosk.getByRole('button', { name: 'Задать ПИН-код' }).click()
  await expect(kiosk.getByText('ПИН-код сохранён', { exact: false })).toBeVisible()
  await kiosk.reload()
  await kiosk.getByRole('button', { name: 'Настройки' }).click()
  const pin = kiosk.getByLabel('Введите ПИН-код администратора')
  await pin.fill('9999')
  await kiosk.getByRole('button', { name: 'Открыть' }).click()
  await expect(kiosk.getByText('ПИН-код не подходит')).toBeVisible()
  await expect(kiosk.getByRole('button', { name: 'Сменить ПИН-код' })).toHaveCount(0)
  await pin.fill('8888')
  await kiosk.getByRole('button', { name: 'Открыть' }).click()
  // Typed before the wrong one is answered, it is not lost.
  await pin.fill('1234')
  await kiosk.getByRole('button', { name: 'Открыть' }).click()
  await expect(kiosk.getByRole('button', { name: 'Подключение' })).toBeVisible()
})

test('the kiosk speaks English to who chooses so, and a sale works as well', async ({ kiosk, shop }) => {
  await kiosk.getByRole('button', { name: 'Настройки' }).click()
  await kiosk
    .getByRole('button', { name: 'Вид и звук' })
    .or(kiosk.getByRole('tab', { name: 'Вид и звук' }))
    .click()
  await kiosk.getByText('English').click()
  await expect(kiosk.getByRole('heading', { name: 'Settings' })).toBeVisible()
  await kiosk.keyboard.press('Escape')
  await shop.oneC.newReceipt({ purchaseKopecks: 100_000 })
  await typeCard(kiosk, shop.card, 'Card number')
  await kiosk.getByRole('button', { name: /^Redeem|^Spend/ }).click()
  await expect(title(kiosk)).toContainText('200')
  await expect.poll(shop.balance).toBe(332)
})

test('what the customer sees is switched on in the settings, and followed by its link at once', async ({
  kiosk,
  browser,
}) => {
  await kiosk.getByRole('button', { name: 'Настройки' }).click()
  await kiosk.getByRole('button', { name: 'Экран покупателя' }).click()
  await kiosk.getByRole('button', { name: 'Второй монитор' }).click()
  const link = kiosk.locator('.display-link')
  await expect(link).toHaveText(/^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{32}$/)
  const context = await browser.newContext()
  const display = await context.newPage()
  await display.goto((await link.textContent()) ?? '')
  await expect(title(display)).toHaveText('Покажите карту кассиру')
  await kiosk.screenshot({ path: 'dist/e2e-screens/settings-display.png' })

  await kiosk.getByRole('button', { name: 'Планшет в сети' }).click()
  const port = kiosk.getByLabel('Порт', { exact: true })
  await port.fill('70000')
  await expect(kiosk.getByText('Порт – число от 1 до 65535.')).toBeVisible()
  await expect(kiosk.getByRole('button', { name: 'Сохранить' })).toBeDisabled()
  await kiosk.getByRole('button', { name: 'Нигде' }).click()
  await expect(link).toHaveCount(0)
  await context.close()
})
