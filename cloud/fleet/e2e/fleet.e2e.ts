import { type Browser, expect, type Page } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test, title, typeCard } from '../../../desktop/e2e/shop.ts'
import { perform } from '../../acts/act.ts'
import { addAccount } from '../../acts/staff.ts'
import { byAdmin } from '../../acts/testing.ts'
import type { Sql } from '../../database/connect.ts'

let addresses = 0
let accounts = 0

/** A browser of its own, behind a proxy and at an address of its own, so that nobody is locked out by another test. */
async function openBrowser(
  browser: Browser,
  more: { colorScheme?: 'dark'; javaScriptEnabled?: boolean } = {},
) {
  addresses += 1
  const address = `10.${process.pid % 250}.${test.info().workerIndex}.${addresses}`
  const context = await browser.newContext({
    locale: 'en',
    viewport: { width: 1360, height: 900 },
    extraHTTPHeaders: { 'x-forwarded-for': address },
    ...more,
  })
  return await context.newPage()
}

async function newAccount(sql: Sql): Promise<{ name: string; password: string }> {
  accounts += 1
  const name = `anna${test.info().workerIndex * 200 + accounts}`
  return await perform(addAccount, { name }, byAdmin(sql))
}

async function signIn(page: Page, url: string, { name, password }: { name: string; password: string }) {
  await page.goto(`${url}/fleet`)
  await page.getByLabel('Имя').fill(name)
  await page.getByLabel('Пароль').fill(password)
  await page.getByRole('button', { name: 'Войти' }).click()
}

/** Presses what the page offers, and then what it asks. */
async function act(page: Page, link: string, button: string) {
  await page.getByRole('link', { name: link }).click()
  await page.getByRole('button', { name: button }).click()
}

test('IT signs in, and after five wrong passwords waits', async ({ browser, cloud, sql }) => {
  const page = await openBrowser(browser)
  const account = await newAccount(sql)
  await page.goto(`${cloud.url}/fleet`)
  await expect(page).toHaveURL(/\/fleet\/login$/)
  expect(await barriers(page)).toEqual([])
  for (let time = 1; time <= 5; time += 1) {
    await signIn(page, cloud.url, { ...account, password: `wrong ${time}` })
    await expect(page.getByRole('alert')).toHaveText('Имя или пароль не подходит.')
  }
  await signIn(page, cloud.url, account)
  await expect(page.getByRole('alert')).toContainText('Слишком много неверных паролей. Подождите 15 минут')
  expect(await barriers(page)).toEqual([])

  const patient = await openBrowser(browser)
  await signIn(patient, cloud.url, await newAccount(sql))
  await expect(patient.getByRole('table')).toBeVisible()
  await patient.getByRole('button', { name: 'Выйти' }).click()
  await patient.goto(`${cloud.url}/fleet`)
  await expect(patient).toHaveURL(/\/fleet\/login$/)
})

test('a form from a foreign page does nothing', async ({ browser, cloud, sql, shop }) => {
  const page = await openBrowser(browser)
  await signIn(page, cloud.url, await newAccount(sql))
  await expect(page.getByRole('table')).toBeVisible()
  const [register] = await sql<{ id: number }[]>`
    select registers.id from registers join stores on stores.id = store_id where stores.name = ${shop.storeName}`
  const action = `${cloud.url}/fleet/registers/${register?.id}/revoke`
  const csrf = await page.locator('[name=csrf]').first().inputValue()

  // The same machine by another name is another site to a browser, whose cookies stay at home.
  await page.route('http://localhost:*/evil', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<form method="post" action="${action}"><input name="csrf" value="${csrf}"><button>Win</button></form>`,
    }),
  )
  await page.goto(`${cloud.url.replace('127.0.0.1', 'localhost')}/evil`)
  await page.getByRole('button', { name: 'Win' }).click()
  await expect(page.getByText('Форма пришла не с этой страницы')).toBeVisible()

  // And with the cookie, from the page itself, but without its token.
  await page.goto(action)
  await page.locator('main [name=csrf]').evaluate((field) => field.setAttribute('value', 'forged'))
  await page.getByRole('button', { name: 'Отозвать ключ сейчас' }).click()
  await expect(page.getByText('Форма пришла не с этой страницы')).toBeVisible()
  const [row] = await sql`select revoked_at from registers where id = ${register?.id ?? 0}`
  expect(row?.revoked_at).toBeNull()
})

test.describe('a register that is revoked and enrolled again while its kiosk runs', () => {
  test.use({
    setting: { points: 500, behaviour: { kind: 'slow', fromMs: 4000, toMs: 4000 }, isEnrolled: true },
  })

  test('goes on as itself, and nothing that it had not sent is lost', async ({
    browser,
    cloud,
    sql,
    shop,
    kiosk,
  }) => {
    const it = await openBrowser(browser)
    await shop.copied()
    await signIn(it, cloud.url, await newAccount(sql))
    await it.getByLabel('Магазин').selectOption({ label: shop.storeName })
    await expect(it).toHaveURL(/store=\d+/)
    await it.getByRole('link', { name: 'Касса 1' }).click()
    await expect(it.getByText('в порядке', { exact: true }).first()).toBeVisible()
    await act(it, 'Запросить диагностику', 'Запросить файл')
    await it.getByRole('link', { name: 'Отозвать ключ' }).click()

    // The discount is on its way to 1C when the key ends: what becomes of it is not told yet.
    await shop.oneC.newReceipt({ purchaseKopecks: 100_000 })
    await typeCard(kiosk, shop.card)
    await kiosk.getByRole('button', { name: /^Списать 200 ₽/ }).click()
    await expect(title(kiosk)).toHaveText('Ждём 1С…')
    await it.getByRole('button', { name: 'Отозвать ключ сейчас' }).click()
    await expect(it.getByText('ключ отозван', { exact: true })).toBeVisible()
    await expect(title(kiosk)).toHaveText('Скидка 200 ₽ в чеке')

    await kiosk.keyboard.press('Escape')
    await shop.oneC.newReceipt({ purchaseKopecks: 50_000 })
    await typeCard(kiosk, shop.card)
    await kiosk.getByRole('button', { name: /^Начислить 20/ }).click()
    await expect(title(kiosk)).toHaveText('Начислим, когда появится связь')
    expect(await shop.balance()).toBe(300)

    await act(it, 'Новый код подключения', 'Создать код')
    const code = (await it.locator('.code').textContent()) ?? ''
    await it.getByRole('link', { name: 'К кассе' }).click()
    await kiosk.getByRole('button', { name: 'Настройки' }).click()
    await kiosk.getByLabel('Код подключения').fill(code)
    await kiosk.getByRole('button', { name: /^Подключить/ }).click()
    await expect(kiosk.getByText(`Касса подключена: ${shop.storeName} · Касса 1`)).toBeVisible()

    await expect.poll(shop.balance).toBe(300 + 32 + 20)
    await kiosk.keyboard.press('Escape')
    await expect(kiosk.getByText('Всё отправлено').first()).toBeVisible()
    const parked = await sql`
      select status, kind from operations where status <> 'accepted'
        and store_id = (select id from stores where name = ${shop.storeName})`
    expect([...parked]).toEqual([])

    // The page follows by itself; what was asked for before has come with the first heartbeat of the new key.
    await expect(it.getByText('в порядке', { exact: true }).first()).toBeVisible()
    await expect(it.getByText('register enrol')).toBeVisible()
    const download = it.waitForEvent('download')
    await it.getByRole('link', { name: /^\d\d\.\d\d\.\d{4}, \d\d:\d\d:\d\d$/ }).click()
    expect((await download).suggestedFilename()).toMatch(/^kopilka-register-\d+-/)
    await it.screenshot({ path: 'dist/e2e-screens/fleet-register.png', fullPage: true })
  })
})

test('the fleet is for everybody: in the dark, on a telephone, and without a script', async ({
  browser,
  cloud,
  sql,
  shop,
}) => {
  await sql`
    insert into alerts (kind, reference, details, since)
    values ('discrepancy', ${shop.storeName}, ${sql.json({ where: shop.storeName, what: 'discrepancy 7 (parked) waits for a person' })}, now())`
  const page = await openBrowser(browser, { colorScheme: 'dark' })
  await signIn(page, cloud.url, await newAccount(sql))
  await expect(page.getByRole('cell', { name: shop.storeName })).toBeVisible()
  expect(await barriers(page)).toEqual([])
  await page.screenshot({ path: 'dist/e2e-screens/fleet-dark.png' })
  await page.setViewportSize({ width: 400, height: 800 })
  await page.getByRole('row').filter({ hasText: shop.storeName }).getByRole('link').click()
  await expect(page.getByText('Обмен с 1С')).toBeVisible()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('link', { name: 'Новый код подключения' }).click()
  expect(await barriers(page)).toEqual([])

  await page.goto(`${cloud.url}/fleet`)
  let turn = 0
  await page.route('**/fleet/table', (route) => {
    turn += 1
    const table = `<table><tr><td>${'wide'.repeat(200)}</td></tr></table>`
    const body = `<details><summary>more</summary><p>Turn ${turn}</p></details><div class="scroll">${table}</div>`
    return route.fulfill({ contentType: 'text/html', body })
  })
  const isSeenAgain = () => page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
  await isSeenAgain()
  await page.getByText('more').click()
  await page.locator('.scroll').evaluate((table) => table.scrollTo({ left: 60 }))
  const shown = await page.getByText(/^Turn/).textContent()
  await isSeenAgain()
  await expect(page.getByText(/^Turn/)).not.toHaveText(shown ?? '')
  await expect(page.getByText(/^Turn/)).toBeVisible()
  expect(await page.locator('.scroll').evaluate((table) => table.scrollLeft)).toBe(60)

  const plain = await openBrowser(browser, { javaScriptEnabled: false })
  await signIn(plain, cloud.url, await newAccount(sql))
  await plain.getByLabel('Магазин').selectOption({ label: shop.storeName })
  await plain.getByRole('button', { name: 'Показать' }).click()
  await expect(plain.getByRole('row')).toHaveCount(2)
  await plain.getByRole('link', { name: 'Касса 1' }).click()
  await plain.getByRole('link', { name: 'Канал обновлений' }).click()
  await plain.getByLabel('beta').check()
  await plain.getByRole('button', { name: 'Сменить канал' }).click()
  await expect(plain.getByText('register channel')).toBeVisible()
})
