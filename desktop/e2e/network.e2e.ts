import { expect } from '@playwright/test'
import { fitsEverywhere } from './reach.ts'
import { addCustomer, openRecent, test, title, typeCard } from './shop.ts'

const purchaseKopecks = 100_000

test.describe('without the cloud', () => {
  test('earnings wait, and are done when the cloud is back; what it then refuses is shown, and tried again', async ({
    kiosk,
    shop,
    cloud,
    sql,
  }) => {
    test.slow()
    const other = await addCustomer(sql, { points: 0 })
    const balanceOf = async (card: string) =>
      (await sql<{ balance: number }[]>`select balance from customers where card = ${card}`)[0]?.balance
    await shop.copied()
    await cloud.goAway()
    await shop.oneC.newReceipt({ purchaseKopecks })
    await typeCard(kiosk, shop.card)
    await expect(kiosk.getByText('Списать нельзя')).toBeVisible()
    await expect(kiosk.getByText('Нет связи с облаком', { exact: false })).toBeVisible()
    await kiosk.getByRole('button', { name: /^Начислить 40/ }).click()
    await expect(title(kiosk)).toHaveText('Начислим, когда появится связь')
    expect(await shop.balance()).toBe(500)
    const queue = kiosk.getByRole('button', { name: /Очередь/ })
    await queue.click()
    await expect(kiosk.getByRole('heading', { name: 'Ждут отправки' })).toBeVisible()
    await expect(kiosk.getByText('все операции приняты')).toHaveCount(0)
    await expect(kiosk.getByRole('listitem').filter({ hasText: 'Анна' })).toContainText('В очереди')
    await fitsEverywhere(kiosk, 'queue')
    await kiosk.keyboard.press('Escape')

    // Nobody here knows this card, and its customer will be frozen when the cloud hears of the purchase.
    await shop.oneC.newReceipt({ purchaseKopecks: 50_000 })
    await typeCard(kiosk, other)
    await kiosk.getByRole('button', { name: /^Начислить 20/ }).click()
    await expect(title(kiosk)).toHaveText('Начислим, когда появится связь')
    await kiosk.keyboard.press('Escape')
    await openRecent(kiosk)
    const row = kiosk
      .getByRole('list', { name: 'Последние операции' })
      .getByRole('listitem')
      .filter({ hasText: 'Анна' })
    await expect(row).toContainText('В очереди')
    await sql`update customers set status = 'frozen' where card = ${other}`
    await cloud.comeBack()
    await expect.poll(shop.balance).toBe(540)
    await expect(row).toContainText('Принято')
    await expect(queue).toContainText('Разобрать: 1')
    await queue.click()
    await expect(kiosk.getByText('Ждёт человека: Карта заморожена')).toBeVisible()
    await fitsEverywhere(kiosk, 'queue with a parked one')
    await sql`update customers set status = 'active' where card = ${other}`
    await kiosk.getByRole('button', { name: 'Повторить' }).click()
    await expect.poll(() => balanceOf(other)).toBe(20)
    await expect(kiosk.getByText('Разбирать нечего', { exact: false })).toBeVisible()
    await expect(kiosk.getByText('Всё отправлено').first()).toBeVisible()
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
