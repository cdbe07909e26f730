import { expect, type Page } from '@playwright/test'
import { barriers } from './barriers.ts'
import { soldNextDoor } from './nextDoor.ts'
import { fitsEverywhere as fits } from './reach.ts'
import { scan } from './scan.ts'
import { openRecent, test, title, typeCard } from './shop.ts'

test.use({ setting: { points: 500, behaviour: { kind: 'polite' }, isEnrolled: true } })

/** At every size nothing is cut, every control can be reached, and nobody is kept out. */
const fitsEverywhere = (kiosk: Page, phase: string) =>
  fits(kiosk, phase, {
    folder: 'returns',
    pictured: ['380x600', '480x1000', '1260x1000', '1366x768', '1366x768 at 200 %'],
    look: async (where) => expect.soft(await barriers(kiosk), where).toEqual([]),
  })

test('by keyboard alone: a receipt is found by its last digits, and a part of it comes back', async ({
  kiosk,
  shop,
  cloud,
}) => {
  await soldNextDoor(shop, cloud, 'ТД-000123')
  expect(await shop.balance()).toBe(549)
  await expect(title(kiosk)).toHaveText('Найти покупателя')
  await kiosk.keyboard.press('F4')
  await expect(title(kiosk)).toHaveText('Возврат')
  await kiosk.getByLabel('Номер чека').pressSequentially('123', { delay: 80 })
  await kiosk.keyboard.press('Enter')
  await expect(kiosk.getByText('Снимется с карты')).toBeVisible()
  await expect(kiosk.locator('.lines')).toContainText('49 баллов')
  await kiosk.getByRole('button', { name: 'Часть суммы' }).press('Enter')
  await kiosk.getByLabel('Сумма возврата').pressSequentially('1000', { delay: 80 })
  await expect(kiosk.locator('.lines')).toContainText('40 баллов')
  await kiosk.keyboard.press('Enter')
  await expect(kiosk.locator('.stage')).toContainText(/Часть покупки возвращена.*Снято баллов/)
  await expect.poll(() => shop.balance()).toBe(509)
})

test('a name that has no place to break stays in its row', async ({ kiosk, cloud, shop }) => {
  test.slow()
  await soldNextDoor(shop, cloud, 'ТД-000777')
  const name = 'Абдурахмангаджимурадовичагаджимагомедовасултангаджимурадовнамаго'
  await shop.sql`update customers set first_name = ${name} where card = ${shop.card}`
  await kiosk.keyboard.press('F4')
  await kiosk.getByLabel('Номер чека').pressSequentially('777', { delay: 80 })
  await kiosk.keyboard.press('Enter')
  await expect(kiosk.getByText('Снимется с карты')).toBeVisible()
  await fitsEverywhere(kiosk, 'long name')
  await kiosk.keyboard.press('Escape')
  await kiosk.getByRole('button', { name: /^Выбрать/ }).waitFor()
  await fitsEverywhere(kiosk, 'long name in the list')
})

test('an Enter is meant by whoever has pressed another key since the last digit of a card', async ({
  kiosk,
  cloud,
  shop,
}) => {
  await soldNextDoor(shop, cloud, 'ТД-000555')
  await typeCard(kiosk, '111111')
  await kiosk.evaluate(async () => {
    const page = globalThis as unknown as {
      dispatchEvent(event: object): void
      KeyboardEvent: new (type: string, init: object) => object
      document: { getElementById(id: string): object | null }
      requestAnimationFrame(then: () => void): void
    }
    const press = (code: string) =>
      page.dispatchEvent(new page.KeyboardEvent('keydown', { code, key: code, cancelable: true }))
    const until = async (isSo: () => boolean) => {
      while (!isSo()) await new Promise<void>((resolve) => page.requestAnimationFrame(resolve))
    }
    press('F4')
    await until(() => page.document.getElementById('returned-by') !== null)
    for (const code of ['Digit5', 'Digit5', 'Digit5', 'Enter']) press(code)
  })
  await expect(kiosk.getByText('Снимется с карты')).toBeVisible()
})

test('by scanner alone: the barcode of a receipt, and Enter', async ({ kiosk, shop, cloud }) => {
  await soldNextDoor(shop, cloud, '0000000000456')
  await kiosk.keyboard.press('F4')
  await expect(title(kiosk)).toHaveText('Возврат')
  await scan(kiosk, '0000000000456')
  await expect(kiosk.getByText('Снимется с карты')).toBeVisible()
  // An Enter right after the code is a habit, and does nothing.
  await expect(async () => {
    await kiosk.keyboard.press('Enter')
    await expect(title(kiosk)).not.toHaveText('Возврат', { timeout: 1000 })
  }).toPass()
  await expect.poll(() => shop.balance()).toBe(500)
})

test('by touch alone, and at every size: by card and by day, with a PIN where it is late', async ({
  kiosk,
  shop,
  cloud,
}) => {
  test.slow()
  await soldNextDoor(shop, cloud, 'ТД-000777', 15)
  await kiosk.getByRole('button', { name: 'Настройки' }).click()
  await kiosk.getByRole('button', { name: 'Доступ' }).click()
  for (const label of ['Новый ПИН-код', 'Ещё раз']) await kiosk.getByLabel(label).fill('2580')
  await kiosk.getByRole('button', { name: 'Задать ПИН-код' }).click()
  await expect(kiosk.getByText('ПИН-код сохранён')).toBeVisible()
  await kiosk.getByRole('button', { name: 'Закрыть' }).click()

  await kiosk.getByRole('button', { name: 'Возврат' }).click()
  await fitsEverywhere(kiosk, 'search')
  await kiosk.getByRole('button', { name: 'По дню' }).click()
  await expect(kiosk.getByText('Таких покупок нет')).toBeVisible()
  await kiosk.getByRole('button', { name: 'На день раньше' }).click()
  await expect(kiosk.getByText('Вчера')).toBeVisible()
  await fitsEverywhere(kiosk, 'day')
  await kiosk.getByRole('button', { name: 'По карте' }).click()
  for (const digit of shop.card) await kiosk.getByRole('button', { name: digit, exact: true }).click()
  await kiosk.getByRole('button', { name: /^Найти/ }).click()
  await expect(kiosk.getByRole('button', { name: /^Выбрать/ })).toHaveCount(1)
  await fitsEverywhere(kiosk, 'found')
  await kiosk.getByRole('button', { name: /^Выбрать/ }).click()
  await expect(kiosk.getByText('больше 14 дней')).toBeVisible()
  await fitsEverywhere(kiosk, 'whole')
  await kiosk.getByRole('button', { name: 'Часть суммы' }).click()
  for (const digit of '234') await kiosk.getByRole('button', { name: digit, exact: true }).click()
  await expect(kiosk.locator('.lines')).toContainText('234,00')
  await fitsEverywhere(kiosk, 'part')
  await kiosk.getByRole('button', { name: /^Вернуть/ }).click()
  await fitsEverywhere(kiosk, 'pin')
  for (const digit of '2580') await kiosk.getByRole('button', { name: digit, exact: true }).click()
  await kiosk.getByRole('button', { name: /^Открыть/ }).click()
  await expect(title(kiosk)).toHaveText('Часть покупки возвращена')
})

test('without a network what this till has sold comes back when the cloud is there again', async ({
  kiosk,
  shop,
  cloud,
}) => {
  test.slow()
  await shop.copied()
  await shop.oneC.newReceipt({ purchaseKopecks: 100_000, receipt: 'ТД-000888' })
  await typeCard(kiosk, shop.card)
  await kiosk.getByRole('button', { name: /^Начислить 40/ }).click()
  await expect.poll(() => shop.balance()).toBe(540)
  // By now it may be over by itself.
  await kiosk.keyboard.press('Escape')
  await expect(title(kiosk)).toHaveText('Найти покупателя')
  await openRecent(kiosk)
  await expect(kiosk.getByText('Принято')).toBeVisible()
  await cloud.goAway()
  await kiosk.keyboard.press('F4')
  await kiosk.getByLabel('Номер чека').pressSequentially('888', { delay: 80 })
  await kiosk.keyboard.press('Enter')
  await expect(kiosk.getByText('показаны покупки только этой кассы')).toBeVisible()
  await fitsEverywhere(kiosk, 'offline')
  await kiosk.getByRole('button', { name: /^Вернуть/ }).click()
  await expect(title(kiosk)).toHaveText('Отменим, когда появится связь')
  expect(await shop.balance()).toBe(540)
  await cloud.comeBack()
  await expect.poll(() => shop.balance()).toBe(500)
})
