import { expect } from '@playwright/test'
import { fitsEverywhere, outOfReach, sizes } from './reach.ts'
import { openRecent, test, title, typeCard } from './shop.ts'

test.use({ setting: { points: 5000, behaviour: { kind: 'never' }, isEnrolled: true }, camera: 'auto' })

test('every screen that waits for somebody fits at every size', async ({ kiosk, shop }) => {
  test.slow()
  await fitsEverywhere(kiosk, 'idle before the first sale')
  await typeCard(kiosk, shop.card)
  await expect(title(kiosk)).toHaveText('Сумма чека')
  await fitsEverywhere(kiosk, 'customer found')
  await shop.oneC.newReceipt({ purchaseKopecks: 1_234_567, receipt: 'ТД-000123' })
  await kiosk.getByRole('button', { name: /^Списать/ }).waitFor()
  await fitsEverywhere(kiosk, 'ready')
  await kiosk.setViewportSize({ width: 420, height: 72 })
  await expect(kiosk.locator('.strip')).toContainText('12 345,67')
  await expect(kiosk.getByRole('button')).toHaveCount(0)
  await kiosk.screenshot({ path: 'dist/e2e-screens/sizes/strip.png' })
  await kiosk.setViewportSize(sizes['1260x1000'])
  await kiosk.getByRole('button', { name: 'Своё…' }).click()
  await fitsEverywhere(kiosk, 'own points')
  await kiosk.keyboard.press('Escape')
  await expect(kiosk.getByRole('dialog')).toHaveCount(0)
  // A tap while the one before is on its way is the same tap.
  await expect(async () => {
    await kiosk.keyboard.press('F3')
    await expect(title(kiosk)).toHaveText(/Удерживаем|Ждём 1С|1С не забрала/, { timeout: 2000 })
  }).toPass()
  await expect(title(kiosk)).toHaveText('1С не забрала скидку')
  await fitsEverywhere(kiosk, 'error')
  await kiosk.keyboard.press('Escape')
  await expect(async () => {
    await kiosk.keyboard.press('F2')
    await expect(title(kiosk)).toHaveText(/^Начисл/, { timeout: 2000 })
  }).toPass()
  await kiosk.keyboard.press('Escape')
  await expect(title(kiosk)).toHaveText('Найти покупателя')
  await fitsEverywhere(kiosk, 'idle')
  await openRecent(kiosk)
  await fitsEverywhere(kiosk, 'idle with the latest operations')
  await kiosk
    .getByRole('button', { name: /^Отменить/ })
    .first()
    .click()
  await fitsEverywhere(kiosk, 'undo')
  await kiosk.keyboard.press('Escape')
  await shop.sql`update customers set status = 'frozen' where card = ${shop.card}`
  await typeCard(kiosk, shop.card)
  await expect(title(kiosk)).toHaveText('Карта заморожена')
  await fitsEverywhere(kiosk, 'frozen')
})

test('the settings fit at every size', async ({ kiosk }) => {
  test.slow()
  await kiosk.getByRole('button', { name: 'Настройки' }).click()
  for (const section of await kiosk.getByRole('navigation').getByRole('button').all()) {
    await section.click()
    await fitsEverywhere(kiosk, `settings ${await section.textContent()}`)
  }
})

test('the longest name of a chain leaves the rest of the header in its place', async ({ kiosk }) => {
  test.slow()
  await kiosk.getByRole('button', { name: 'Настройки' }).click()
  await kiosk.getByRole('button', { name: 'Вид и звук' }).click()
  await kiosk.getByLabel('Название программы').fill('СУПЕРМАРКЕТЫ «ШИРОКИЙ ВЫБОР ДЛЯ ДОМОВ»!!')
  await kiosk.getByRole('button', { name: 'Сохранить' }).click()
  await expect(kiosk.locator('.brand')).toHaveText(/^СУПЕРМАРКЕТЫ/)
  await kiosk.keyboard.press('Escape')
  await fitsEverywhere(kiosk, 'long name')
})

test.describe('a sale', () => {
  test.use({ setting: { points: 9000, behaviour: { kind: 'slow' }, isEnrolled: true } })

  test('fits while it is done and when it is, at every size', async ({ kiosk, shop }) => {
    test.slow()
    const left = { processing: new Map(Object.entries(sizes)), success: new Map(Object.entries(sizes)) }

    /** At as many sizes as there is time for before it is over. */
    async function look(phase: keyof typeof left, isIt: RegExp): Promise<void> {
      await expect(title(kiosk)).toHaveText(isIt, { timeout: 10_000 })
      for (const [name, size] of left[phase]) {
        await kiosk.setViewportSize(size)
        const found = await outOfReach(kiosk)
        await kiosk.screenshot({ path: `dist/e2e-screens/sizes/${phase} ${name}.png` })
        if (!isIt.test((await title(kiosk).textContent()) ?? '')) return
        expect.soft(found, `${phase} at ${name}`).toEqual([])
        left[phase].delete(name)
      }
    }

    const name = 'Абдурахмангаджимурадовичагаджимагомедовасултангаджимурадовнамаго'
    await shop.sql`update customers set first_name = ${name} where card = ${shop.card}`
    let purchaseKopecks = 100_000
    // Both pass by themselves: what there was no time to see is looked at in the next sale.
    await expect(async () => {
      await kiosk.keyboard.press('Escape')
      await expect(title(kiosk)).toHaveText('Найти покупателя', { timeout: 10_000 })
      purchaseKopecks += 5000
      await shop.oneC.newReceipt({ purchaseKopecks })
      await typeCard(kiosk, shop.card)
      await kiosk.getByRole('button', { name: /^Списать/ }).click({ timeout: 20_000 })
      await look('processing', /^Ждём 1С/)
      await look('success', /в чеке$/)
      expect([...left.processing.keys(), ...left.success.keys()], 'not seen yet').toEqual([])
    }).toPass()
  })
})
