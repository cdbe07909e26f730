import { readFile } from 'node:fs/promises'
import { expect } from '@playwright/test'
import { test } from '../../../desktop/e2e/shop.ts'
import { LONGEST_EXPORT } from '../../../shared/console/list.ts'
import { signIn } from './staff.ts'

// So many customers would be in the way of others.
test.use({ ownDatabase: 'files' })

test('a list is a file of all its lines, as the Excel of its reader opens it', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const all = LONGEST_EXPORT + 20
  await sql`
    insert into customers (programme_id, card, first_name, created_at)
    select 1, (100000 + number)::text, 'Анна', '2024-03-07T21:15:00Z' from generate_series(1, ${all}::int) number`
  const { page, open } = await signIn(browser, {
    ...{ sql, url, roles: ['finance'], timeZone: 'America/New_York' },
  })
  await open('/customers')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Скачать CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('customers.csv')
  const text = await readFile(await download.path(), 'utf8')
  const [headings, ...lines] = text.trimEnd().split('\r\n')
  expect(headings).toMatch(/^\u{feff}id;card;.*;net_roubles;/u)
  expect(new Set(lines).size).toBe(all)
  expect(lines[0]).toMatch(/;0,00;;2024-03-08 00:15:00$/)

  // Half of it would look like all of it.
  await page.route('**/v1/console/customers?*after=*', (route) => route.abort())
  await page.getByRole('button', { name: 'Скачать CSV' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
})
