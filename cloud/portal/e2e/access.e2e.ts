import { expect } from '@playwright/test'
import { DAY } from '../../../shared/time.ts'
import { someoneElse, test } from './person.ts'

const title = 'heading'

test.describe('whoever is not the person', () => {
  test('sees nothing with init data that somebody else signed', async ({ open, person, faults }) => {
    faults.expected = /401/
    await person.joined()
    const page = await open({ initData: person.initData({ token: '12345:another' }) })
    await expect(page.getByRole(title, { name: 'Не получилось узнать вас' })).toBeVisible()
  })

  test('sees nothing of another customer by writing their id into the init data', async ({
    open,
    person,
    sql,
    faults,
  }) => {
    faults.expected = /401/
    const other = await someoneElse(sql, person)
    const altered = person.initData().replaceAll(String(person.id), String(other.person.id))
    const page = await open({ initData: altered })
    await expect(page.getByRole(title, { name: 'Не получилось узнать вас' })).toBeVisible()
    await expect(page.locator('body')).not.toContainText(other.customer.card)
  })

  test('is told to open the app again when the init data are a day old', async ({ open, person, faults }) => {
    faults.expected = /401/
    await person.joined()
    const page = await open({ initData: person.initData({ at: Date.now() - DAY - 1000 }) })
    await expect(page.getByText('откройте заново из бота')).toBeVisible()
  })

  test('cannot use copied init data, and the person goes on', async ({
    open,
    person,
    browser,
    cloud,
    faults,
  }) => {
    faults.expected = /401/
    await person.joined()
    const initData = person.initData()
    const page = await open({ initData })
    await expect(page.getByText('Покажите код')).toBeVisible()
    const elsewhere = await browser.newPage()
    await elsewhere.goto(`${cloud.url}/app#${new URLSearchParams({ tgWebAppData: initData })}`)
    await expect(elsewhere.getByRole(title, { name: 'Карта открыта в другом окне' })).toBeVisible()
    await elsewhere.close()
    await page.reload()
    await expect(page.getByText('Покажите код')).toBeVisible()
    expect(page.url()).toBe(`${cloud.url}/app`)
  })

  test('is sent to Telegram when there are no init data', async ({ page, cloud }) => {
    await page.goto(`${cloud.url}/app`)
    await expect(page.getByRole(title, { name: 'Откройте карту в Telegram' })).toBeVisible()
  })
})

test.describe('the page', () => {
  /** A page of that site with the app in a frame. */
  const siteWith = (app: string) => `<!doctype html><title>site</title>
    <script>said = []; addEventListener('message', ({ data }) => said.push(data))</script>
    <iframe src="${app}" width="360" height="640"></iframe>`

  for (const [site, isShown] of [
    ['https://web.telegram.org', true],
    ['https://telegram.example', false],
  ] as const) {
    test(`${isShown ? 'is' : 'is not'} shown in a frame of ${site}`, async ({ page, cloud, person }) => {
      await person.joined()
      await page
        .context()
        .grantPermissions(['local-network-access'], { origin: site })
        .catch(() => {})
      const fragment = new URLSearchParams({ tgWebAppData: person.initData(), tgWebAppVersion: '8.0' })
      await page.route(`${site}/**`, (route) =>
        route.fulfill({ contentType: 'text/html', body: siteWith(`${cloud.url}/app#${fragment}`) }),
      )
      const refused = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()))
      refused.catch(() => {})
      await page.goto(`${site}/k/`)
      const app = page.frameLocator('iframe')
      if (isShown) {
        await expect(app.getByText('Покажите код')).toBeVisible()
        const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said.join())
        expect(said).toContain('"web_app_ready"')
        await app.getByRole('button', { name: 'История' }).click()
        await expect(app.getByRole('heading', { name: 'История' })).toBeVisible()
        const back = JSON.stringify({ eventType: 'back_button_pressed' })
        await page.evaluate((back) => frames[0]?.postMessage(back, '*'), back)
        await expect(app.getByText('Покажите код')).toBeVisible()
      } else {
        await refused
        await expect(app.getByText('Покажите код')).toHaveCount(0)
      }
    })
  }
})
