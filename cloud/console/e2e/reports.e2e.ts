import { expect } from '@playwright/test'
import { test } from '../../../desktop/e2e/shop.ts'
import { newId } from '../../../shared/id.ts'
import { dayAfter, localDayOf, startOfLocalDay } from '../../../shared/rules/localTime.ts'
import { toIso } from '../../../shared/time.ts'
import { addCustomer, signIn } from './staff.ts'

const MOSCOW = 'Europe/Moscow'
const today = () => localDayOf(Date.now(), MOSCOW)

test('what is owed is told of today as it stands, and of a day to come in words', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const { page, open, act } = await signIn(browser, { sql, url, roles: ['finance'] })
  const gift = { card: await addCustomer(sql, 'Вера'), points: 30, reason: 'проба', id: newId() }
  expect((await act('customer.adjust', gift)).status).toBe(200)
  await open(`/liability?at=${today()}`)
  await expect(page.getByText('По возрасту')).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await page.getByLabel('На день').fill(dayAfter(today(), 2))
  await expect(page.getByRole('alert')).toHaveText(/Этот день ещё не наступил/)

  // What it came from cannot be told: the rest can, and is in the file.
  await open(`/liability?at=${today()}&since=${dayAfter(today(), 1)}`)
  await expect(page.getByText('По возрасту')).toBeVisible()
  await expect(page.getByRole('alert')).toHaveText(/Этот день ещё не наступил/)
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Скачать CSV' }).click(),
  ])
  expect(file.suggestedFilename()).toMatch(/^liability.*csv$/)
})

test('an address with a day that there is not is one without it', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const { page, open, faults } = await signIn(browser, { sql, url, roles: ['finance'] })
  for (const path of [
    '/liability?at=2026-19-39',
    '/stores-report?since=2026-19-39',
    '/stores-report?part=days&since=x',
  ]) {
    await open(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.locator('.bones')).toHaveCount(0)
  }
  expect(faults.filter((fault) => !fault.includes('400 (Bad Request)'))).toEqual([])
})

test('days of a report are those of the shops, wherever one looks at it from', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  await sql`insert into stores (programme_id, name) values (1, ${`Магазин ${newId().slice(-8)}`})`
  const { page, open } = await signIn(browser, { sql, url, roles: ['finance'] })
  const day = dayAfter(today(), -2)
  const [request] = await Promise.all([
    page.waitForRequest(/\/reports\/stores\?/),
    open(`/stores-report?since=${day}&until=${day}`),
  ])
  const asked = new URL(request.url()).searchParams
  const midnight = (day: string) => toIso(startOfLocalDay(day, MOSCOW))
  expect([asked.get('since'), asked.get('until')]).toEqual([midnight(day), midnight(dayAfter(day, 1))])
  await expect(page.getByText(/^С .+, 00:00 до .+, 00:00$/)).toBeVisible()
  await page.getByLabel('С', { exact: true }).fill(dayAfter(day, -200))
  await expect(page.getByRole('alert')).toHaveText(/от одного дня до 92/)
})

test('a day is typed without a mouse, and asked for once it is whole', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const { page, open, faults } = await signIn(browser, { sql, url, roles: ['finance'] })
  await open('/stores-report')
  const since = page.getByLabel('С', { exact: true })
  // Whichever of its parts the browser has first: a day such as 11 November.
  const days = Array.from({ length: 60 }, (_, back) => dayAfter(today(), -2 - back))
  const day = days.find((day) => day.slice(5, 7) === day.slice(8)) ?? ''
  const [year = '', month = '', date = ''] = day.split('-')
  await since.focus()
  await page.keyboard.type(month + date + year)
  await expect(page).toHaveURL(new RegExp(`since=${day}$`))
  await expect(since).toHaveValue(day)
  expect(faults).toEqual([])
})

test('a store is chosen where the figures are of it, and stands above no others', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const name = `Магазин ${newId().slice(-8)}`
  await sql`insert into stores (programme_id, name) values (1, ${name}), (1, ${`${name} 2`})`
  const { page, open } = await signIn(browser, { sql, url, roles: ['owner'] })
  await open('/home')
  const stores = page.getByRole('banner').getByLabel('Магазин')
  await stores.selectOption({ label: name })
  await page.getByRole('link', { name: 'Обязательства' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Обязательства')
  await expect(stores).toHaveCount(0)
  await page.getByRole('link', { name: 'Покупатели' }).click()
  await expect(stores.getByRole('option', { selected: true })).toHaveText(name)
})

test('who sees a part of the stores is offered no page of all of them', async ({
  browser,
  cloud: { url },
  sql,
}) => {
  const person = await signIn(browser, { sql, url, roles: ['owner'] })
  const [store] = await sql<{ id: number }[]>`
    insert into stores (programme_id, name) values (1, ${`Магазин ${newId().slice(-8)}`}) returning id`
  await sql`update staff set stores = ${[store?.id ?? 0]} where name = ${person.name}`
  await person.open('/home')
  const menu = person.page.getByRole('navigation').getByRole('link')
  await expect(menu).toHaveText([
    ...['Обзор', 'Покупатели', 'Кассы', 'Согласования', 'Расхождения', 'Приглашения'],
    ...['Сравнение магазинов', 'Правила', 'Магазины'],
  ])
})
