import { expect } from '@playwright/test'
import { openRecent, test, title, typeCard } from './shop.ts'

const purchaseKopecks = 100_000

test.describe('without the cloud', () => {
  test('an earning waits, the cashier is told so, and it is done when the cloud is back', async ({
    kiosk,
    shop,
    cloud,
  }) => {
    await shop.copied()
    await cloud.goAway()
    await shop.oneC.newReceipt({ purchaseKopecks })
    await typeCard(kiosk, shop.card)
    await expect(kiosk.getByText('Списать нельзя')).toBeVisible()
    await expect(kiosk.getByText('Нет связи с облаком', { exact: false })).toBeVisible()
    await kiosk.getByRole('button', { name: /^Начислить 40/ }).click()
    await expect(title(kiosk)).toHaveText('Начислим, когда появится связь')
    expect(await shop.balance()).toBe(500)
    await kiosk.getByRole('button', { name: /Очередь/ }).click()
    await expect(kiosk.getByRole('heading', { name: 'Ждут отправки' })).toBeVisible()
    await expect(kiosk.getByText('все операции приняты')).toHaveCount(0)
    await expect(kiosk.getByRole('listitem').filter({ hasText: 'Анна' })).toContainText('В очереди')
    await kiosk.keyboard.press('Escape')
    await openRecent(kiosk)
    const row = kiosk.getByRole('list', { name: 'Последние операции' }).getByRole('listitem')
    await expect(row).toContainText('В очереди')
    await cloud.comeBack()
    await expect.poll(shop.balance).toBe(540)
    await expect(kiosk.getByText('Всё отправлено').first()).toBeVisible()
    await expect(row).toContainText('Принято')
  })

  test('what it then refuses is shown, and tried again by the cashier', async ({ kiosk, shop, cloud }) => {
    await shop.copied()
    await cloud.goAway()
    await shop.oneC.newReceipt({ purchaseKopecks })
    await typeCard(kiosk, shop.card)
    await kiosk.getByRole('button', { name: /^Начислить 40/ }).click()
    await expect(title(kiosk)).toHaveText('Начислим, когда появится связь')
    await shop.sql`update customers set status = 'frozen' where card = ${shop.card}`
    await cloud.comeBack()
    const queue = kiosk.getByRole('button', { name: /Очередь/ })
    await expect(queue).toContainText('Разобрать: 1')
    await queue.click()
    await expect(kiosk.getByText('Ждёт человека: Карта заморожена')).toBeVisible()
    await shop.sql`update customers set status = 'active' where card = ${shop.card}`
    await kiosk.getByRole('button', { name: 'Повторить' }).click()
    await expect.poll(shop.balance).toBe(540)
    await expect(kiosk.getByText('Разбирать нечего', { exact: false })).toBeVisible()
  })
})

test.describe('a cloud that dies in the middle of a redemption', () => {
  test.use({
    setting: { points: 500, behaviour: { kind: 'slow', fromMs: 2500, toMs: 2500 }, isEnrolled: true },
  })

  test('does not disturb 1C, and hears of the discount when it is back', async ({ kiosk, shop, cloud }) => {
    await shop.oneC.newReceipt({ purchaseKopecks })
    await typeCard(kiosk, shop.card)
    await kiosk.getByRole('button', { name: /^Списать 200 ₽/ }).click()
    await expect(title(kiosk)).toHaveText('Ждём 1С…')
    await cloud.goAway()
    await expect(title(kiosk)).toHaveText('Скидка 200 ₽ в чеке')
    await cloud.comeBack()
    await expect.poll(shop.balance).toBe(332)
    await expect.poll(shop.oneC.taken).toMatchObject([{ points: 200 }])
  })
})
