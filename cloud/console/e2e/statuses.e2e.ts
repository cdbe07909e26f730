import { expect } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test } from '../../../desktop/e2e/shop.ts'
import { newId } from '../../../shared/id.ts'
import { dayAfter, localDayOf } from '../../../shared/rules/localTime.ts'
import { addCustomer, fits, heading, signIn } from './staff.ts'

const MOSCOW = 'Europe/Moscow'
const spaced = (card: string) => card.replace(/(\d{3})(?=\d)/g, '$1\u202f')

// What a rule book has is of all shops of a chain.
test.use({ ownDatabase: 'statuses' })

test('support merges a lost card, gives a status until a day and records advertising; the page of statuses shows it', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const [fresh, lost] = [await addCustomer(sql, 'Римма'), await addCustomer(sql, 'Римма')]
  const owner = await signIn(browser, { sql, url, roles: ['owner'] })
  const status = (name: string, title: string, from: number) => ({
    ...{ name, title, from, colour: '#d4a017', cashback_basis_points: 500 },
  })
  const statuses = [status('base', 'Базовый', 0), status('gold', 'Золото', 5_000_000)]
  const isDone = { status: 200 }
  expect(await owner.act('book.publish', { document: { statuses }, reason: 'проба' })).toMatchObject(isDone)
  const adjustment = { id: newId(), card: lost, points: 70, reason: 'было' }
  expect(await owner.act('customer.adjust', adjustment)).toMatchObject(isDone)
  const { page, open, faults } = await signIn(browser, { sql, url, roles: ['support'] })
  const dialog = page.getByRole('dialog')
  const press = async (name: string) => {
    await dialog.getByRole('button', { name, exact: true }).click()
    await expect(dialog).toBeHidden()
  }
  await open(`/customers?q=${fresh}`)
  await expect(heading(page)).toContainText(spaced(fresh))

  await page.getByRole('button', { name: 'Объединить карты' }).click()
  await dialog.getByLabel('Номер другой карты').fill(lost)
  await dialog.getByRole('button', { name: 'Найти' }).click()
  await expect(dialog.getByRole('status')).toContainText('Перейдёт: 70 баллов')
  await expect(dialog.getByLabel(`${spaced(lost)} будет заменена`)).toContainText('70')
  expect(await barriers(page)).toEqual([])
  await page.screenshot({ path: 'dist/e2e-screens/console-merge.png' })
  await dialog.getByLabel('Причина').fill('потеряна')
  await press('Объединить карты')
  await page.getByRole('link', { name: spaced(lost) }).click()
  await expect(page.getByText(`Заменена картой ${spaced(fresh)}`)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Скорректировать' })).toHaveCount(0)
  await page.getByRole('link', { name: spaced(fresh) }).click()

  await page.getByRole('button', { name: 'Записать согласие', exact: true }).click()
  await dialog.getByLabel('Как дано').fill('бумага № 1')
  await press('Записать согласие')
  await page.getByRole('button', { name: 'Записать согласие на рекламу' }).click()
  await dialog.getByLabel('Как дано').fill('бумага № 2')
  await press('Записать согласие на рекламу')
  await expect(page.getByRole('button', { name: 'Отозвать согласие на рекламу' })).toBeVisible()

  await page.getByRole('button', { name: 'Дать статус' }).click()
  const day = dayAfter(localDayOf(Date.now(), MOSCOW), 1)
  await dialog.getByLabel('По какой день').fill(day)
  await dialog.getByLabel('Причина').fill('день рождения')
  await press('Дать статус')
  await expect(page.getByRole('region', { name: 'Статус' })).toContainText('Золото')
  expect(await barriers(page)).toEqual([])

  await open('/statuses')
  const change = page.getByRole('row').filter({ hasText: spaced(fresh) })
  await expect(change).toContainText('Базовый → Золото')
  await expect(change).toContainText(`дан сотрудником, день рождения, по ${Number(day.slice(8))} `)
  expect(await barriers(page)).toEqual([])
  await fits(page)
  expect(faults).toEqual([])
})
