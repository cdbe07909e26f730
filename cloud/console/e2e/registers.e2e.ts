import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { newId } from '../../../shared/id.ts'
import type { Sql } from '../../database/connect.ts'
import { FIRST_PROGRAMME } from '../../ledger/programme.ts'
import { fits, signIn } from './staff.ts'

/** A till of a store of its own. */
async function addTill(sql: Sql) {
  const store = `Магазин ${newId().slice(-8)}`
  const [till] = await sql<{ id: number }[]>`
    with store as (insert into stores (programme_id, name) values (${FIRST_PROGRAMME}, ${store}) returning id)
    insert into registers (store_id, name, key_hash) select id, 'Касса', sha256(${store}::bytea) from store
    returning id`
  if (!till) throw new Error('there is no register')
  return { id: till.id, store }
}

test('IT pairs a till, and does at the one that is open all that can be done', async ({
  browser,
  cloud,
  sql,
}) => {
  const { id, store } = await addTill(sql)
  const { page, open, faults } = await signIn(browser, { sql, url: cloud.url, roles: ['it'] })
  await open('/registers')
  await page.getByRole('button', { name: 'Подключить кассу' }).click()
  const adding = page.getByRole('dialog', { name: 'Подключить кассу' })
  await adding.getByLabel('Магазин').selectOption(store)
  expect(await barriers(page)).toEqual([])
  await adding.getByRole('button', { name: 'Создать код' }).click()
  await expect(adding.locator('code')).toHaveText(/^[A-Z0-9]{8}$/)
  await adding.getByRole('button', { name: 'Готово' }).click()

  await open(`/registers?open=${id}`)
  const panel = page.getByRole('complementary', { name: store })
  const press = async (deed: string, button: string) => {
    await panel.getByRole('button', { name: deed }).click()
    await page.getByRole('dialog').getByRole('button', { name: button }).click()
  }
  await press('Новый код', 'Создать код')
  await expect(page.getByRole('dialog').locator('code')).toHaveText(/^[A-Z0-9]{8}$/)
  await page.getByRole('dialog').getByRole('button', { name: 'Готово' }).click()
  await expect(panel).toContainText('Код подключения до')

  await panel.getByRole('button', { name: 'Канал обновлений' }).click()
  await page.getByRole('dialog').getByLabel('Канал обновлений').selectOption('beta')
  await page.getByRole('dialog').getByRole('button', { name: 'Сохранить' }).click()
  await expect(panel).toContainText('ранние (beta)')

  await press('Запросить диагностику', 'Запросить файл')
  await expect(panel).toContainText('Диагностика запрошена')
  await expect(panel.getByRole('button', { name: 'Запросить диагностику' })).toHaveCount(0)
  expect(await barriers(page)).toEqual([])
  await fits(page)
  await page.screenshot({ path: 'dist/e2e-screens/console-register.png' })

  await press('Отозвать ключ', 'Отозвать ключ')
  await expect(panel).toContainText('ключ отозван')
  await expect(panel.getByRole('button', { name: 'Отозвать ключ' })).toHaveCount(0)
  expect(faults).toEqual([])
})

test('an auditor reads of a till and is offered nothing', async ({ browser, cloud, sql }) => {
  const { id, store } = await addTill(sql)
  const { page, open } = await signIn(browser, { sql, url: cloud.url, roles: ['auditor'] })
  await open(`/registers?open=${id}`)
  const panel = page.getByRole('complementary', { name: store })
  await expect(panel).toContainText('Состояние')
  await expect(panel.getByRole('button')).toHaveCount(1)
  await expect(page.getByRole('button', { name: 'Подключить кассу' })).toHaveCount(0)
})
