import { expect } from '@playwright/test'
import { openRecent, test, title, typeCard } from './shop.ts'

const purchaseKopecks = 100_000
const redeemAll = /^Списать 200 ₽/

test.describe('a sale', () => {
  test('spends all a typed card may, and 1C takes the discount', async ({ kiosk, shop }) => {
    await shop.oneC.newReceipt({ purchaseKopecks })
    await typeCard(kiosk, shop.card)
    await kiosk.getByRole('button', { name: redeemAll }).click()
    await expect(title(kiosk)).toHaveText('Скидка 200 ₽ в чеке')
    await expect(kiosk.getByText('332 балла')).toBeVisible()
    await expect.poll(shop.oneC.taken).toMatchObject([{ points: 200 }])
    // What the screen says may still be the preview.
    await expect.poll(shop.balance).toBe(332)
  })

  test('is not decided by an Enter from habit: spending has its own key', async ({ kiosk, shop }) => {
    await shop.oneC.newReceipt({ purchaseKopecks })
    await typeCard(kiosk, shop.card)
    await kiosk.getByRole('button', { name: redeemAll }).waitFor()
    // Beyond the first 600 ms, in which an Enter counts as a part of the card.
    await kiosk.waitForFunction(() => {
      const page = globalThis as unknown as { readySinceMs?: number }
      page.readySinceMs ??= performance.now()
      return performance.now() - page.readySinceMs > 700
    })
    await kiosk.keyboard.press('Enter')
    await kiosk.keyboard.press('F2')
    await expect(title(kiosk)).toHaveText('Начислено 40 баллов')
    await expect.poll(shop.balance).toBe(540)
  })

  test('spends fewer, when the cashier chooses so', async ({ kiosk, shop }) => {
    await shop.oneC.newReceipt({ purchaseKopecks })
    await typeCard(kiosk, shop.card)
    await kiosk.getByRole('button', { name: '100', exact: true }).click()
    await kiosk.getByRole('button', { name: /^Списать 100 ₽/ }).click()
    await expect(title(kiosk)).toHaveText('Скидка 100 ₽ в чеке')
    await expect.poll(shop.balance).toBe(500 - 100 + 36)
  })

  test('earns by keys alone, and is ready for the next one by itself', async ({ kiosk, shop }) => {
    await typeCard(kiosk, shop.card)
    await kiosk.getByText('Анна').first().waitFor()
    await shop.oneC.newReceipt({ purchaseKopecks })
    await kiosk.getByRole('button', { name: /^Начислить 40/ }).waitFor()
    await kiosk.keyboard.press('F2')
    await expect(title(kiosk)).toHaveText('Начислено 40 баллов')
    await expect.poll(shop.balance).toBe(540)
    await expect(title(kiosk)).toHaveText('Найти покупателя')
  })

  test('whose amount is typed by hand earns, and cannot spend', async ({ kiosk, shop }) => {
    await typeCard(kiosk, shop.card)
    await expect(title(kiosk)).toHaveText('Сумма чека')
    // An Enter in the first 600 ms after a card counts as a part of it, and a hand is slower than that.
    await kiosk.keyboard.type('500', { delay: 220 })
    await kiosk.keyboard.press('Enter')
    await expect(kiosk.getByText('Списать нельзя')).toBeVisible()
    await kiosk.getByRole('button', { name: /^Начислить 20/ }).click()
    await expect.poll(shop.balance).toBe(520)
  })

  test('of a large sum typed by hand asks for the PIN first', async ({ kiosk, shop }) => {
    await kiosk.getByRole('button', { name: 'Настройки' }).click()
    await kiosk.getByRole('button', { name: 'Доступ' }).click()
    await kiosk.getByLabel('Новый ПИН-код').fill('2580')
    await kiosk.getByLabel('Ещё раз').fill('2580')
    await kiosk.getByRole('button', { name: 'Задать ПИН-код' }).click()
    await kiosk.getByText('ПИН-код сохранён.').waitFor()
    await kiosk.keyboard.press('Escape')
    await typeCard(kiosk, shop.card)
    await expect(title(kiosk)).toHaveText('Сумма чека')
    await kiosk.keyboard.type('150050', { delay: 220 })
    await expect(kiosk.getByText('вручную – только с ПИН-кодом', { exact: false })).toBeVisible()
    await kiosk.keyboard.press('Enter')
    await expect(kiosk.getByText('введите ПИН-код', { exact: false })).toBeVisible()
    await expect(kiosk.getByRole('button', { name: /^Начислить/ })).toHaveCount(0)
    await kiosk.keyboard.type('2580', { delay: 220 })
    await kiosk.keyboard.press('Enter')
    await expect(kiosk.getByRole('button', { name: /^Начислить 6.002/ })).toBeVisible()
  })

  test('of which the amount changes under the cashier’s hands is done with the new one', async ({
    kiosk,
    shop,
  }) => {
    await shop.oneC.newReceipt({ purchaseKopecks })
    await typeCard(kiosk, shop.card)
    await kiosk.getByRole('button', { name: redeemAll }).waitFor()
    await shop.oneC.rewriteAmount(50_000)
    await kiosk.getByRole('button', { name: /^Списать 100 ₽/ }).click()
    await expect(title(kiosk)).toHaveText('Скидка 100 ₽ в чеке')
    await expect.poll(shop.oneC.taken).toMatchObject([{ points: 100 }])
  })

  test('tapped twice on a slow machine is one operation', async ({ kiosk, shop }) => {
    await shop.oneC.newReceipt({ purchaseKopecks })
    await typeCard(kiosk, shop.card)
    const earn = kiosk.getByRole('button', { name: /^Начислить 40/ })
    await earn.waitFor()
    await earn.evaluate((button: { click(): void }) => {
      for (let tap = 0; tap < 5; tap += 1) button.click()
    })
    await expect(title(kiosk)).toHaveText('Начислено 40 баллов')
    await expect.poll(shop.balance).toBe(540)
    const rows =
      await shop.sql`select count(*) from operations where kind = 'earn' and author like 'register%'
      and customer_id = (select id from customers where card = ${shop.card})`
    expect(rows).toEqual([{ count: 1 }])
  })

  test('is undone, and the points are as before', async ({ kiosk, shop }) => {
    await shop.oneC.newReceipt({ purchaseKopecks })
    await typeCard(kiosk, shop.card)
    await kiosk.getByRole('button', { name: redeemAll }).click()
    await expect(title(kiosk)).toHaveText('Скидка 200 ₽ в чеке')
    await kiosk.keyboard.press('Escape')
    await expect(title(kiosk)).toHaveText('Найти покупателя')
    await openRecent(kiosk)
    await kiosk
      .getByRole('button', { name: /^Отменить/ })
      .first()
      .click()
    await kiosk.getByRole('dialog').getByRole('button', { name: 'Да, отменить' }).click()
    await expect(title(kiosk)).toHaveText('Покупка отменена')
    await expect.poll(shop.balance).toBe(500)
  })
})

test.describe('a 1C that never takes the discount', () => {
  test.use({ setting: { points: 500, behaviour: { kind: 'never' }, isEnrolled: true } })

  test('gives the discount back when the cashier cancels', async ({ kiosk, shop }) => {
    await shop.oneC.newReceipt({ purchaseKopecks })
    await typeCard(kiosk, shop.card)
    await kiosk.getByRole('button', { name: redeemAll }).click()
    await expect(title(kiosk)).toHaveText('Ждём 1С…')
    await kiosk.getByRole('button', { name: 'Отмена' }).click()
    await expect(title(kiosk)).toHaveText('Списание отменено')
    await expect.poll(shop.balance).toBe(500)
  })

  test('is settled when the register dies in the middle and comes back', async ({ kiosk, shop }) => {
    await shop.oneC.newReceipt({ purchaseKopecks })
    await typeCard(kiosk, shop.card)
    await kiosk.getByRole('button', { name: redeemAll }).click()
    await expect(title(kiosk)).toHaveText('Ждём 1С…')
    expect(await shop.balance()).toBe(300)
    await shop.restart()
    await expect.poll(shop.balance).toBe(500)
    expect(await shop.files()).not.toContain('discount.txt')
  })
})
