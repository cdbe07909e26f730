import { expect } from '@playwright/test'
import { hashSecret } from '../../cloud/access/secrets.ts'
import { barriers } from './barriers.ts'
import { test, title, typeCard } from './shop.ts'

test.describe('a register that nobody has enrolled', () => {
  test.use({ setting: { points: 0, behaviour: { kind: 'polite' }, isEnrolled: false } })

  test('is enrolled by a code in a minute, and says plainly what is wrong', async ({
    kiosk,
    shop,
    cloud,
  }) => {
    const code = shop.card.slice(0, 6).padEnd(8, 'A')
    await shop.sql`
      insert into pairing_codes (code_hash, store_id, expires_at)
      select ${hashSecret(code)}, id, now() + interval '15 minutes' from stores where name = ${shop.storeName}`
    expect(await barriers(kiosk)).toEqual([])
    const submit = kiosk.getByRole('button', { name: /^Подключить/ })
    await submit.click()
    await expect(kiosk.getByText('Введите адрес облака, например loyalty.example.ru.')).toBeVisible()
    await expect(kiosk.getByText('Введите код подключения', { exact: false })).toBeVisible()
    await kiosk.getByLabel('Адрес облака').fill('127.0.0.1:9')
    await kiosk.getByLabel('Код подключения').fill('WRONGCOD')
    await submit.click()
    await expect(kiosk.getByRole('alert').first()).toBeVisible()

    await kiosk.getByLabel('Адрес облака').fill(cloud.url.replace('http://', ''))
    await submit.click()
    // While one answer is on its way, the same folder is not tried a second time.
    await expect(kiosk.getByText('Код подключения не подходит')).toBeVisible()

    await kiosk.getByLabel('Код подключения').fill(code)
    await kiosk.getByLabel('Название кассы').fill('Касса у входа')
    await kiosk.getByRole('button', { name: 'Проверить' }).click()
    await expect(kiosk.getByText('Папка работает', { exact: false })).toBeVisible()
    await submit.click()
    await expect(kiosk.getByText(`${shop.storeName} · Касса у входа`)).toBeVisible()
    await expect(title(kiosk)).toHaveText('Найти покупателя')

    // A folder that is there is not yet a 1C that writes into it.
    const steps = kiosk.getByRole('list', { name: 'До первой продажи' }).getByRole('listitem')
    await expect(kiosk.getByText('1С ещё не писала')).toBeVisible()
    await expect(steps.filter({ hasText: 'Папка обмена найдена' })).toContainText('готово')
    await expect(steps.filter({ hasText: '1С записала' })).toContainText('ещё нет')
    await shop.oneC.newReceipt({ purchaseKopecks: 100_000 })
    await expect(kiosk.getByText('1С на связи')).toBeVisible()
    await expect(steps.filter({ hasText: '1С записала' })).toContainText('готово')
    await typeCard(kiosk, shop.card)
    await kiosk.getByRole('button', { name: /^Начислить 40/ }).click()
    await expect(title(kiosk)).toHaveText('Начислено 40 баллов')
    await expect(steps).toHaveCount(0)
  })
})
