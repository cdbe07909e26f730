import { expect } from '@playwright/test'
import { test } from '../../../desktop/e2e/shop.ts'
import { dayAfter, localDayOf, startOfLocalDay } from '../../../shared/rules/localTime.ts'
import { toIso } from '../../../shared/time.ts'
import { addCustomer, signIn } from './staff.ts'

const MOSCOW = 'Europe/Moscow'
const midnight = (day: string) => toIso(startOfLocalDay(day, MOSCOW))

test('moments are told by the clock of the shops, wherever one looks from', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const [first, second] = [await addCustomer(sql, 'Вечеслава'), await addCustomer(sql, 'Вечеслав')]
  // In New York it is still the evening of the day before.
  await sql`update customers set created_at = '2024-03-07T21:15:00Z' where card in (${first}, ${second})`
  const { page, open, name } = await signIn(browser, {
    ...{ sql, url, roles: ['owner'], timeZone: 'America/New_York' },
  })
  await open('/customers?q=вечеслав')
  await expect(page.getByRole('row', { name: 'Вечеслава' })).toContainText('8 мар. 2024')
  await page.locator('summary', { hasText: name }).click()
  await expect(page.getByText(`Время магазинов: ${MOSCOW}`)).toBeVisible()
})

test('days that are asked for and moments that are set are those of the shops', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const { page, open } = await signIn(browser, {
    ...{ sql, url, roles: ['owner'], timeZone: 'Asia/Vladivostok' },
  })
  const day = dayAfter(localDayOf(Date.now(), MOSCOW), -2)
  const [request] = await Promise.all([
    page.waitForRequest(/\/v1\/console\/audit-log\?/),
    open(`/audit?since=${day}&until=${day}`),
  ])
  const asked = new URL(request.url()).searchParams
  expect([asked.get('since'), asked.get('until')]).toEqual([midnight(day), midnight(dayAfter(day, 1))])
})

test('a browser that does not know the zone of the shops says by which other clock it tells', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const card = await addCustomer(sql, 'Мстислава')
  await sql`update customers set created_at = '2024-03-07T21:15:00Z' where card = ${card}`
  const { page, open } = await signIn(browser, {
    ...{ sql, url, roles: ['owner'], timeZone: 'America/New_York' },
  })
  await page.addInitScript((unknown) => {
    Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
      construct(Format, [locale, options]) {
        if (options?.timeZone === unknown) throw new RangeError(`Invalid time zone specified: ${unknown}`)
        return new Format(locale, options)
      },
    })
  }, MOSCOW)
  await open('/customers?q=мстислава')
  const main = page.getByRole('main')
  await expect(main).toContainText('7 мар. 2024')
  await expect(main.getByText(`не знает время магазинов (${MOSCOW})`)).toContainText('America/New_York')
})
