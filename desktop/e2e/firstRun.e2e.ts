import { expect } from '@playwright/test'
import { hashSecret } from '../../cloud/access/secrets.ts'
import { barriers } from './barriers.ts'
import { test, title } from './shop.ts'

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
    await kiosk.getByLabel('Адрес облака').fill('http://127.0.0.1:9')
    await kiosk.getByLabel('Код подключения').fill('WRONGCOD')
    const submit = kiosk.getByRole('button', { name: /^Подключить/ })
    await submit.click()
    await expect(kiosk.getByRole('alert').first()).toBeVisible()

    await kiosk.getByLabel('Адрес облака').fill(cloud.url)
    await submit.click()
    await expect(kiosk.getByText('код', { exact: false }).first()).toBeVisible()

    await kiosk.getByLabel('Код подключения').fill(code)
    await kiosk.getByRole('button', { name: 'Проверить' }).click()
    await expect(kiosk.getByText('Папка работает', { exact: false })).toBeVisible()
    await submit.click()
    await expect(kiosk.getByText(shop.storeName)).toBeVisible()
    await expect(title(kiosk)).toHaveText('Найти покупателя')
  })
})
