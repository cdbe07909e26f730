import { expect, type Page } from '@playwright/test'
import { barriers } from './barriers.ts'
import { fitsEverywhere as fits, sizes } from './reach.ts'
import { scan } from './scan.ts'
import { addCodes, test, title, typeCard, usesOf } from './shop.ts'

test.use({
  setting: { points: 500, behaviour: { kind: 'polite' }, isEnrolled: true, hasDisplay: true },
  hasTouch: true,
})

/** At every size nothing is cut, and nobody is kept out. */
async function fitsEverywhere(kiosk: Page, phase: string): Promise<void> {
  await fits(kiosk, phase, {
    folder: 'vouchers',
    pictured: ['380x600', '480x1000', '1093x614', '1260x1000', '1366x768', '1366x768 at 200 %'],
  })
  expect.soft(await barriers(kiosk), phase).toEqual([])
}

const button = (kiosk: Page, name: RegExp) => kiosk.getByRole('button', { name }).first()
const voucher = (kiosk: Page) => kiosk.getByRole('region', { name: 'Купон', exact: true })

/** A tap while the one before is on its way is the same tap. */
async function untilGone(kiosk: Page, name: RegExp, act: () => Promise<unknown>): Promise<void> {
  await button(kiosk, name).waitFor()
  await expect(async () => {
    if ((await button(kiosk, name).count()) > 0) await act()
    await expect(button(kiosk, name)).toHaveCount(0, { timeout: 2000 })
  }).toPass()
}

async function isDone(kiosk: Page, shop: { oneC: { clear(): Promise<void> } }): Promise<void> {
  await expect(async () => {
    await kiosk.keyboard.press('Escape')
    await expect(title(kiosk)).toHaveText('Найти покупателя', { timeout: 2000 })
  }).toPass()
  await shop.oneC.clear()
}

/** Where there is hardly any room: what is tapped stands where it stood, and what is said of the voucher covers none of it. */
async function saysWithoutCovering(kiosk: Page, show: () => Promise<void>, words: string): Promise<void> {
  await kiosk.keyboard.press('F7')
  await expect(voucher(kiosk)).toHaveCount(0)
  for (const name of ['380x600', '480x1000', '1366x768 at 200 %'] as const) {
    await kiosk.setViewportSize(sizes[name])
    await kiosk.locator('.ground').evaluate((ground: { scrollTop: number }) => {
      ground.scrollTop = 0
    })
    const spend = button(kiosk, /^Списать/)
    const top = async () => (await spend.boundingBox())?.y
    const before = await top()
    await show()
    await expect(voucher(kiosk)).toContainText(words)
    await expect(voucher(kiosk), name).toBeInViewport({ ratio: 0.99 })
    // What is not in view cannot be tapped, and may move.
    if (name !== '1366x768 at 200 %') expect.soft(await top(), name).toBeCloseTo(before ?? 0, 0)
    const said = await voucher(kiosk).boundingBox()
    for (const option of await kiosk.locator('.option').all()) {
      const box = await option.boundingBox()
      expect.soft(said && box && isApart(said, box), `${name}: covered`).toBe(true)
    }
    await kiosk.screenshot({ path: `dist/e2e-screens/vouchers/refused at once ${name}.png` })
    await kiosk.keyboard.press('F7')
    await expect(voucher(kiosk)).toHaveCount(0)
    expect.soft(await top(), `${name}, put away`).toBeCloseTo(before ?? 0, 0)
  }
  await kiosk.setViewportSize(sizes['1260x1000'])
}

interface Box {
  y: number
  height: number
}
const isApart = (one: Box, other: Box) => one.y + one.height <= other.y || other.y + other.height <= one.y

test('by keys, by a scanner and by fingers a voucher is two taps of a sale, of whatever kind it is', async ({
  kiosk,
  shop,
  sql,
}) => {
  const [off = '', percent = '', points = '', coffee = ''] = await addCodes(
    sql,
    [
      { type: 'discount_kopecks', kopecks: 20_050 },
      { title: 'Скидка 200 ₽', until: '2099-12-31' },
    ],
    [{ type: 'discount_percent', basis_points: 1000, cap_kopecks: 10_000 }, { title: '10 %' }],
    [
      { type: 'points', points: 70 },
      { title: '70 баллов', with_points: false },
    ],
    [{ type: 'product', sku: 'coffee', name: 'Кофе', cap_kopecks: 18_000 }, { title: 'Кофе' }],
  )

  await test.step('by keys: in the field of the card, before the card', async () => {
    await shop.oneC.newReceipt({ purchaseKopecks: 100_000, receipt: 'ТД-000001' })
    await kiosk.keyboard.type(off.toLowerCase(), { delay: 220 })
    await expect(kiosk.locator('#card-message')).toContainText(
      `Купон ${off.slice(0, 5)} ${off.slice(5)} ждёт карту`,
    )
    await kiosk.keyboard.type(shop.card, { delay: 220 })
    await expect(voucher(kiosk)).toContainText('Скидка 200 ₽')
    await expect(voucher(kiosk)).toContainText('до 31.12.2099 включительно')
    await expect(button(kiosk, /^Списать 400 ₽/)).toContainText(/купон\s200\s₽ \+ 200\sбаллов/)
    await expect(button(kiosk, /^Только купон: 200 ₽/)).toContainText('К оплате 800,00 ₽')
    await untilGone(kiosk, /^Списать 400 ₽/, () => kiosk.keyboard.press('F3'))
    await expect.poll(() => shop.oneC.taken().map(({ points }) => points)).toEqual([400])
    // 500 less 200, and 4 % of the 600 ₽ that were paid.
    await expect.poll(shop.balance).toBe(324)
    await isDone(kiosk, shop)
  })

  await test.step('by a scanner, beside the customer, and without points', async () => {
    await shop.oneC.newReceipt({ purchaseKopecks: 150_000 })
    await scan(kiosk, shop.card)
    await button(kiosk, /^Начислить 60/).waitFor()
    await scan(kiosk, percent)
    // 10 % would be 150 ₽; no more than 100 ₽.
    await untilGone(kiosk, /^Только купон: 100 ₽/, () =>
      button(kiosk, /^Только купон/).tap({ timeout: 2000 }),
    )
    await expect.poll(() => shop.oneC.taken().at(-1)?.points).toBe(100)
    await expect.poll(shop.balance).toBe(324 + 56)
    await isDone(kiosk, shop)
  })

  await test.step('by fingers; one that does not go with points is one of two ways', async () => {
    await shop.oneC.newReceipt({ purchaseKopecks: 20_000 })
    const keypad = kiosk.locator('.keypad')
    for (const digit of shop.card) await keypad.getByRole('button', { name: digit, exact: true }).tap()
    await button(kiosk, /^Купон/).tap()
    const letters = kiosk.getByRole('dialog').locator('.letters')
    for (const character of points) await letters.getByRole('button', { name: character, exact: true }).tap()
    await expect(voucher(kiosk)).toContainText('+70 баллов')
    await expect(voucher(kiosk)).toContainText('Купон и баллы вместе не действуют: выберите одно.')
    await expect(button(kiosk, /^Списать 40 ₽/)).toContainText('без купона')
    await untilGone(kiosk, /^Только купон/, () => button(kiosk, /^Только купон/).tap({ timeout: 2000 }))
    await expect(title(kiosk)).toHaveText('Купон принят')
    await expect.poll(shop.balance).toBe(380 + 70 + 8)
    expect(shop.oneC.taken()).toHaveLength(2)
    await isDone(kiosk, shop)
  })

  await test.step('of goods whose price 1C does not say', async () => {
    await shop.oneC.newReceipt({ purchaseKopecks: 120_000 })
    await kiosk.keyboard.type(shop.card, { delay: 220 })
    await button(kiosk, /^Купон/).waitFor()
    await kiosk.keyboard.press('F7')
    await kiosk.keyboard.type(coffee, { delay: 220 })
    await expect(voucher(kiosk)).toContainText('Кофе бесплатно')
    await expect(voucher(kiosk)).toContainText('Сколько стоит этот товар в чеке?')
    await kiosk.keyboard.press('F8')
    await expect(kiosk.getByRole('dialog')).toBeVisible()
    await kiosk.keyboard.type('2000', { delay: 220 })
    await expect(kiosk.getByRole('dialog')).toContainText('Товар не дороже чека: до 1 200,00 ₽.')
    await kiosk.keyboard.press('Backspace')
    await fitsEverywhere(kiosk, 'price')
    await untilGone(kiosk, /^Готово/, () => kiosk.keyboard.press('Enter'))
    // No more than its cap.
    await untilGone(kiosk, /^Только купон: 180 ₽/, () => kiosk.keyboard.press('F2'))
    await expect.poll(() => shop.oneC.taken().at(-1)?.points).toBe(180)
    await expect.poll(shop.balance).toBe(458 + 41)
    await isDone(kiosk, shop)
  })

  expect(await usesOf(sql, [off, percent, points, coffee])).toEqual(
    Array.from({ length: 4 }, () => ({ held: 0, used: 1 })),
  )
})

test('what is wrong with a voucher is said beside the sale, which goes on without it', async ({
  kiosk,
  shop,
  sql,
  browser,
}) => {
  test.slow()
  const [big = '', late = '', there = '', stays = ''] = await addCodes(
    sql,
    [
      { type: 'discount_kopecks', kopecks: 20_000 },
      { title: 'Двести', min_purchase_kopecks: 500_000 },
    ],
    [
      { type: 'discount_kopecks', kopecks: 20_000 },
      { title: 'Поздний', until: '2020-01-01' },
    ],
    [
      { type: 'discount_kopecks', kopecks: 20_000 },
      { title: 'Чужой', stores: [99_999] },
    ],
    [
      { type: 'discount_kopecks', kopecks: 30_000 },
      { title: 'Скидка 300 ₽', with_points: false },
    ],
  )
  const display = await browser.newPage()
  await display.goto(shop.displayUrl())
  await shop.oneC.newReceipt({ purchaseKopecks: 100_000 })
  await typeCard(kiosk, shop.card)
  await button(kiosk, /^Начислить 40/).waitFor()

  for (const [code, words] of [
    [big, 'Купон действует в чеке от 5 000,00 ₽. Продолжите без купона или добавьте покупок в чек.'],
    [late, 'Срок купона истёк. Продолжите без купона.'],
    [there, 'Купон не для этого магазина. Продолжите без купона.'],
  ] as const) {
    await scan(kiosk, code)
    await expect(voucher(kiosk)).toContainText(words.replaceAll(' ₽', '\u00a0₽'))
    await expect(button(kiosk, /^Начислить 40/)).toContainText('без купона')
  }
  await fitsEverywhere(kiosk, 'refused')
  await saysWithoutCovering(kiosk, () => scan(kiosk, late), 'Срок купона истёк. Продолжите без купона.')
  // A code of which a character is wrong is none, and nobody is asked.
  await scan(kiosk, stays.slice(0, -1) + (stays.endsWith('2') ? '3' : '2'))
  await expect(kiosk.getByRole('alert')).toContainText('Такого кода купона не бывает.')

  // The rest in the dark.
  await kiosk.getByRole('button', { name: 'Настройки' }).click()
  await kiosk.getByRole('button', { name: 'Вид и звук' }).click()
  await kiosk.getByRole('button', { name: 'Тёмное' }).click()
  await expect(kiosk.locator('[data-theme="dark"]')).toHaveCount(1)
  await kiosk.keyboard.press('Escape')

  await scan(kiosk, stays)
  await expect(voucher(kiosk)).toContainText('Скидка 300 ₽')
  // 300 ₽ of the voucher are more than the 200 that points may be.
  await expect(kiosk.locator('.option.main')).toContainText('Только купон: 300 ₽')
  await fitsEverywhere(kiosk, 'one of two')
  await expect(display.locator('.voucher')).toHaveText('Купон: Скидка 300 ₽')
  await expect(display.locator('.choice')).toHaveText([/Списать\s200\sбаллов/, /Только купон\s*700,00\s₽/])
  await display.screenshot({ path: 'dist/e2e-screens/vouchers/display.png' })
  await kiosk.keyboard.press('F7')
  await expect(voucher(kiosk)).toHaveCount(0)
  await button(kiosk, /^Купон/).click()
  await expect(kiosk.getByRole('dialog')).toBeVisible()
  await fitsEverywhere(kiosk, 'code')
  await kiosk.keyboard.press('Escape')
  await untilGone(kiosk, /^Начислить 40/, () => kiosk.keyboard.press('F2'))
  await expect.poll(shop.balance).toBe(540)
  expect(await usesOf(sql, [big, late, there, stays])).toEqual(
    Array.from({ length: 4 }, () => ({ held: 0, used: 0 })),
  )
})
