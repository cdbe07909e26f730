import { expect, type Page } from '@playwright/test'
import { barriers } from '../../../desktop/e2e/barriers.ts'
import { test, themes } from './person.ts'
import { scan } from './scan.ts'
import { beTelegram } from './telegram.ts'

const codeOf = (page: Page) => page.locator('.code-box').last()
const live = (page: Page) => page.locator('[data-code=live]').last()
const plain = (page: Page) => page.locator('[data-code=plain]').last()

test('the code on the screen is a live one of this card, on a white ground in the dark too', async ({
  open,
  person,
  codes,
}) => {
  const { card } = await person.joined()
  const page = await open({ theme: { bg_color: '#000000', text_color: '#ffffff' } })
  await live(page).waitFor()
  const said = codes.read(await scan(codeOf(page)))
  expect(said?.card).toBe(card)
  expect(said?.expiresAt).toBeGreaterThan(Date.now())
  await page.getByRole('button', { name: 'Увеличить QR-код' }).click()
  await expect(page.getByText('Код обновляется сам')).toBeVisible()
  await expect.poll(async () => codes.read(await scan(codeOf(page)))?.card).toBe(card)
})

test('the code renews itself before it ends, and the balance with it', async ({
  open,
  page,
  person,
  codes,
}) => {
  const customer = await person.joined()
  await stopClock(page)
  await open()
  await live(page).waitFor()
  const first = await scan(codeOf(page))
  await customer.gift(30, 0)
  await page.clock.fastForward(44_000)
  expect(await scan(codeOf(page))).toBe(first)
  await page.clock.fastForward(2_000)
  const shown = async () => codes.read(await scan(codeOf(page)))
  const isAnother = { card: customer.card, id: expect.not.stringMatching(`^${codes.read(first)?.id}$`) }
  await expect.poll(shown).toMatchObject(isAnother)
  await expect(page.locator('.balance b')).toHaveText('30')
})

test('a sale is on the open card within three seconds, and nobody has touched it', async ({
  open,
  page,
  person,
}) => {
  const customer = await person.joined()
  const telegram = await beTelegram(page)
  const felt = () => telegram.heard('web_app_trigger_haptic_feedback')
  await stopClock(page)
  await open()
  await live(page).waitFor()
  await expect(page.locator('.balance b')).toHaveText('0')
  expect(await felt()).toBeUndefined()
  await customer.buys(100_000, 0)
  await page.clock.fastForward(3000)
  await expect(page.locator('.balance b')).toHaveText('40')
  expect(await felt()).toEqual({ type: 'notification', notification_type: 'success' })
  // The look after that waits from its answer.
  await customer.spends(10, 100_000, 0)
  await expect(async () => {
    await page.clock.fastForward(3000)
    await expect(page.locator('.balance b')).toHaveText('70', { timeout: 3000 })
  }).toPass()
})

test('who looks at another chat asks the cloud for nothing', async ({ open, page, person }) => {
  await person.joined()
  await stopClock(page)
  await open()
  await live(page).waitFor()
  await setVisible(page, false)
  let asked = 0
  await page.route('**/v1/me', async (route) => {
    asked += 1
    await route.continue()
  })
  for (let passed = 0; passed < 20; passed += 1) await page.clock.fastForward(3000)
  expect(asked).toBe(0)
})

test('a laser, which reads no QR code, reads the card beside the enlarged one', async ({ open, person }) => {
  const { card } = await person.joined()
  const page = await open()
  await page.getByRole('button', { name: 'Увеличить QR-код' }).click()
  const barcode = page.getByRole('img', { name: 'Штрихкод карты' })
  await expect(barcode).toBeInViewport({ ratio: 1 })
  expect(await scan(barcode, 'Code128')).toBe(`99${card}`)
})

test('an ended code is never shown: without a network the plain one takes its place, and says so', async ({
  open,
  page,
  person,
  faults,
}) => {
  faults.expected = /ERR_/
  const { card } = await person.joined()
  await stopClock(page)
  await open()
  await live(page).waitFor()
  const ended = await scan(codeOf(page))
  await page.route('**/v1/me**', (route) => route.abort('connectionrefused'))
  await page.clock.fastForward(58_000)
  expect(await scan(codeOf(page))).toBe(ended)
  await page.clock.fastForward(3_000)
  await plain(page).waitFor()
  expect(await scan(codeOf(page))).toBe(`99${card}`)
  await expect(page.getByText('показан постоянный код карты')).toBeVisible()
  await page.unroute('**/v1/me**')
  // Once more where the last refusal came later than this: the next try waits from then on.
  await expect(async () => {
    await page.clock.fastForward(16_000)
    await expect(live(page)).toBeVisible({ timeout: 3000 })
  }).toPass()
  expect(await scan(codeOf(page))).toMatch(/^K1/)
})

test('who comes back to the app after a while sees a new code, not the old one', async ({
  open,
  page,
  person,
}) => {
  await person.joined()
  await stopClock(page)
  await open()
  await live(page).waitFor()
  const first = await scan(codeOf(page))
  await setVisible(page, false)
  await page.clock.fastForward(10 * 60_000)
  const { promise: isLetGo, resolve: letGo } = Promise.withResolvers<void>()
  await page.route('**/v1/me/code', async (route) => {
    await isLetGo
    await route.continue()
  })
  await setVisible(page, true)
  await expect(live(page)).toBeHidden()
  letGo()
  await live(page).waitFor()
  const second = await scan(codeOf(page))
  expect(second).toMatch(/^K1/)
  expect(second).not.toBe(first)
})

test('where spending needs a live code, the plain one says that it only earns', async ({
  open,
  page,
  person,
  faults,
}) => {
  faults.expected = /ERR_/
  await person.joined()
  await page.route('**/v1/me', async (route) => {
    const reply = await route.fetch()
    const me = await reply.json()
    await route.fulfill({
      response: reply,
      json: { ...me, rules: { ...me.rules, redeemProof: 'signed_code' } },
    })
  })
  await page.route('**/v1/me/code', (route) => route.abort('connectionrefused'))
  await open()
  await plain(page).waitFor()
  await expect(page.getByText('для списания нужен живой код')).toBeVisible()
})

test('a frozen card shows no live code, and says what to do; a frozen programme that it is not the card', async ({
  open,
  page,
  person,
  sql,
}) => {
  const { card, gift } = await person.joined()
  await gift(250, 12)
  await sql`update customers set status = 'frozen' where card = ${card}`
  await open({ theme: themes.night })
  await expect(page.getByText(/Карта заморожена.*@romashka_help/)).toBeVisible()
  await expect(live(page)).toHaveCount(0)
  // The programme is everybody's: this one alone hears so of it.
  await page.route('**/v1/me', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), isProgrammeFrozen: true } })
  })
  for (const [name, theme] of Object.entries(themes)) {
    await page.goto('about:blank')
    await open({ theme })
    await expect(
      page.getByText(/Программа приостановлена.*Ваши баллы остаются на карте.*@romashka_help/),
    ).toBeVisible()
    await expect(page.getByText(/^250\sбаллов сгорят после/)).toBeVisible()
    await expect(live(page)).toHaveCount(0)
    expect(await barriers(page)).toEqual([])
    await page.screenshot({ path: `dist/e2e-screens/portal-${name}-frozen.png` })
  }
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

/** What Telegram does when the person looks at another chat. */
async function setVisible(page: Page, isVisible: boolean): Promise<void> {
  await page.evaluate((isVisible) => {
    Object.defineProperty(document, 'visibilityState', {
      value: isVisible ? 'visible' : 'hidden',
      configurable: true,
    })
    document.dispatchEvent(new Event('visibilitychange'))
  }, isVisible)
}

/** From now on time passes only when the test says so. */
async function stopClock(page: Page): Promise<void> {
  const now = Date.now()
  await page.clock.install({ time: now })
  // Later than it is by now, also on a slow machine: a clock cannot go back.
  await page.clock.pauseAt(now + 15_000)
}
