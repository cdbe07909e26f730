import { expect, type Page } from '@playwright/test'
import { test, title } from './shop.ts'

test.describe('a USB scanner', () => {
  /** Keys as a scanner sends them under a Russian layout: their places are right, their letters are not. */
  async function scan(page: Page, code: string): Promise<void> {
    await page.evaluate((text: string) => {
      const keyboard = globalThis as unknown as {
        dispatchEvent(event: object): void
        KeyboardEvent: new (type: string, init: object) => object
      }
      const press = (code: string, key: string) => {
        for (const type of ['keydown', 'keyup'])
          keyboard.dispatchEvent(
            new keyboard.KeyboardEvent(type, { code, key, bubbles: true, cancelable: true }),
          )
      }
      for (const digit of text) press(`Digit${digit}`, 'й')
      press('Enter', 'Enter')
    }, code)
  }

  test('is understood under a Cyrillic layout, also while a success is shown', async ({ kiosk, shop }) => {
    await shop.oneC.newReceipt({ purchaseKopecks: 100_000 })
    await scan(kiosk, `99${shop.card}`)
    await kiosk.getByRole('button', { name: /^Начислить 40/ }).click()
    await expect(title(kiosk)).toHaveText('Начислено 40 баллов')
    await scan(kiosk, shop.card)
    await expect(title(kiosk)).toHaveText('Сумма чека')
    await expect(kiosk.getByText('Анна').first()).toBeVisible()
  })

  test('that reads a product leaves the customer on the screen, and says where it belongs', async ({
    kiosk,
    shop,
  }) => {
    await shop.oneC.newReceipt({ purchaseKopecks: 100_000 })
    await scan(kiosk, shop.card)
    await kiosk.getByRole('button', { name: /^Начислить 40/ }).waitFor()
    await scan(kiosk, '4606272031139')
    await expect(kiosk.getByRole('alert')).toContainText('Это штрихкод товара: сканируйте его в 1С.')
    await expect(kiosk.getByText('Анна').first()).toBeVisible()
    await kiosk.getByRole('button', { name: /^Начислить 40/ }).click()
    await expect(title(kiosk)).toHaveText('Начислено 40 баллов')
  })
})
