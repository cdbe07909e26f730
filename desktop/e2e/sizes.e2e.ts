import { expect, type Page } from '@playwright/test'
import { outOfReach, sizes } from './reach.ts'
import { openRecent, test, title, typeCard } from './shop.ts'

const pictured = new Set(['380x600', '480x1000', '1093x614', '1366x768 at 200 %'])

/** At every size nothing is cut and every control can be reached; a picture of some is kept to be looked at. */
async function fitsEverywhere(kiosk: Page, phase: string): Promise<void> {
  for (const [name, size] of Object.entries(sizes)) {
    await kiosk.setViewportSize(size)
    expect.soft(await outOfReach(kiosk), `${phase} at ${name}`).toEqual([])
    if (pictured.has(name)) await kiosk.screenshot({ path: `dist/e2e-screens/sizes/${phase} ${name}.png` })
  }
  await kiosk.setViewportSize(sizes['1260x1000'])
}

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

test('the settings and the queue fit at every size', async ({ kiosk, shop, cloud }) => {
  test.slow()
  await shop.copied()
  await cloud.goAway()
  await shop.oneC.newReceipt({ purchaseKopecks: 100_000 })
  await typeCard(kiosk, shop.card)
  await kiosk.getByRole('button', { name: /^Начислить 40/ }).click()
  await expect(title(kiosk)).toHaveText('Начислим, когда появится связь')
  await kiosk.getByRole('button', { name: /Очередь/ }).click()
  await fitsEverywhere(kiosk, 'queue')
  await shop.sql`update customers set status = 'frozen' where card = ${shop.card}`
  await cloud.comeBack()
  await expect(kiosk.getByRole('button', { name: 'Повторить' })).toBeVisible({ timeout: 90_000 })
  await fitsEverywhere(kiosk, 'queue with a parked one')
  await kiosk.keyboard.press('Escape')
  await kiosk.getByRole('button', { name: 'Настройки' }).click()
  for (const section of await kiosk.getByRole('navigation').getByRole('button').all()) {
    await section.click()
    await fitsEverywhere(kiosk, `settings ${await section.textContent()}`)
  }
})

test.describe('a sale', () => {
  test.use({
    setting: { points: 9000, behaviour: { kind: 'slow', fromMs: 3000, toMs: 3000 }, isEnrolled: true },
  })

  test('fits while it is done and when it is, at every size', async ({ kiosk, shop }) => {
    test.slow()
    const left = { processing: Object.entries(sizes), success: Object.entries(sizes) }

    /** Looks at the sizes that are left, as many as the screen lasts for: it passes by itself. */
    async function look(phase: keyof typeof left, words: RegExp): Promise<void> {
      await expect(title(kiosk)).toHaveText(words, { timeout: 10_000 })
      for (const [name, size] of [...left[phase]]) {
        await kiosk.setViewportSize(size)
        const found = await outOfReach(kiosk)
        await kiosk.screenshot({ path: `dist/e2e-screens/sizes/${phase} ${name}.png` })
        if (!words.test((await title(kiosk).textContent()) ?? '')) return
        expect.soft(found, `${phase} at ${name}`).toEqual([])
        left[phase].shift()
      }
    }

    let purchaseKopecks = 100_000
    await expect(async () => {
      await kiosk.setViewportSize(sizes['1260x1000'])
      await kiosk.keyboard.press('Escape')
      await expect(title(kiosk)).toHaveText('Найти покупателя', { timeout: 10_000 })
      purchaseKopecks += 5000
      await shop.oneC.newReceipt({ purchaseKopecks })
      await typeCard(kiosk, shop.card)
      await kiosk.getByRole('button', { name: /^Списать/ }).click({ timeout: 20_000 })
      await look('processing', /^Ждём/)
      await look('success', /чеке/)
      expect(left, 'sizes nobody has seen it at').toEqual({ processing: [], success: [] })
    }).toPass()
  })
})
