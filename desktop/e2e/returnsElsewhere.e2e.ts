import { expect } from '@playwright/test'
import { soldNextDoor } from './nextDoor.ts'
import { scan } from './scan.ts'
import { test, title } from './shop.ts'

test.use({
  setting: { points: 500, behaviour: { kind: 'polite' }, isEnrolled: true },
  ownDatabase: 'returnsElsewhere',
})

test('what another store sold is found by the card, and comes back', async ({ kiosk, shop, cloud, sql }) => {
  await sql`insert into stores (name) values ('Правда')`
  await soldNextDoor({ ...shop, storeName: 'Правда' }, cloud, 'ДР-000321')
  await expect.poll(shop.balance).toBe(549)
  await expect(title(kiosk)).toHaveText('Найти покупателя')
  await kiosk.keyboard.press('F4')
  await kiosk.getByRole('button', { name: 'По карте' }).click()
  await scan(kiosk, shop.card)
  await expect(kiosk.getByText(/^Таких покупок нет/)).toBeVisible()
  await sql`
    update programmes set version = version + 1, settings = settings || '{"returns_of": "programme"}'::jsonb`
  await scan(kiosk, shop.card)
  await expect(kiosk.locator('.returns-found')).toContainText('Правда · Касса')
  await kiosk.getByRole('button', { name: /^Выбрать/ }).click()
  await expect(kiosk.getByText('Снимется с карты')).toBeVisible()
  await kiosk.getByRole('button', { name: /^Вернуть/ }).click()
  await expect.poll(shop.balance).toBe(500)
})
