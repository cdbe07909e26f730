import { expect } from '@playwright/test'
import { scan } from './scan.ts'
import { test, title } from './shop.ts'

test.describe('a USB scanner', () => {
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
