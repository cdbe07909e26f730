import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { openCodes } from '../../cloud/access/people/codes.ts'
import type { Programme } from '../../shared/programme.ts'
import { MINUTE } from '../../shared/time.ts'
import { filmQr } from './cameraFilm.ts'
import { chromiumArgs, findChromium } from './chromium.ts'
import { test as base, title, typeCard } from './shop.ts'

const film = join(tmpdir(), 'kopilka-e2e-film', `phone-${process.pid}.y4m`)
mkdirSync(join(film, '..'), { recursive: true })

/** A customer's phone with the Mini App open, held before the camera of the kiosk. */
interface Phone {
  /** A code as the cloud signs it, now or at that time. */
  sign(at?: number): string
  show(code: string): void
}

const test = base.extend<{ phone: Phone; redeemProof: Programme['redeem_proof'] }>({
  redeemProof: ['none', { option: true }],
  // What a chain asks for is set before its register starts.
  setting: async ({ setting, cloud: _, sql, redeemProof }, use) => {
    await sql`update programmes set settings = settings || ${sql.json({ redeem_proof: redeemProof })}`
    await use(setting)
  },
  phone: [
    async ({ sql, shop }, use) => {
      const codes = await openCodes(sql)
      const phone: Phone = {
        sign: (at = Date.now()) => codes.sign({ card: shop.card, now: at }).code,
        show: (code) => filmQr(film, code),
      }
      filmQr(film, null)
      await use(phone)
      rmSync(film)
    },
    { auto: true },
  ],
})

test.use({
  ownDatabase: 'codes',
  camera: 'auto',
  launchOptions: {
    executablePath: findChromium(),
    args: [...chromiumArgs, `--use-file-for-fake-video-capture=${film}`],
  },
})

const purchaseKopecks = 100_000
const redeemAll = /^Списать 200 ₽/
const alter = (code: string) => code.slice(0, 80) + (code[80] === 'A' ? 'B' : 'A') + code.slice(81)
const told = (kiosk: Page) => kiosk.locator('#card-message')

test('the camera knows the QR of plastic, and the customer earns', async ({ kiosk, shop, phone }) => {
  await shop.oneC.newReceipt({ purchaseKopecks })
  phone.show(`99${shop.card}`)
  await kiosk.getByRole('button', { name: /^Начислить 40/ }).click()
  await expect(title(kiosk)).toHaveText('Начислено 40 баллов')
  await expect.poll(shop.balance).toBe(540)
})

test.describe('a code of the Mini App before the camera', () => {
  test('finds the customer, who spends with it once', async ({ kiosk, shop, phone }) => {
    await shop.oneC.newReceipt({ purchaseKopecks })
    const code = phone.sign()
    phone.show(code)
    await kiosk.getByRole('button', { name: redeemAll }).click()
    await expect(title(kiosk)).toHaveText('Скидка 200 ₽ в чеке')
    await expect.poll(shop.balance).toBe(332)

    await kiosk.keyboard.press('Escape')
    await expect(title(kiosk)).toHaveText('Найти покупателя')
    phone.show('https://example.org')
    await expect(told(kiosk)).toContainText('Это не карта программы')
    await shop.oneC.newReceipt({ purchaseKopecks: 90_000 })
    phone.show(code)
    await kiosk.getByRole('button', { name: /^Списать 180 ₽/ }).click()
    await expect(title(kiosk)).toHaveText('Этот код уже использован для списания')
    await expect(
      kiosk.getByText('Баллы не списаны: у покупателя всё как было.', { exact: true }),
    ).toBeVisible()
    await expect(kiosk.getByText(/^Попросите .* скоро там появится новый код\.$/)).toBeVisible()
    await kiosk.screenshot({ path: 'dist/e2e-screens/code-used.png' })
    expect(await shop.balance()).toBe(332)

    // The phone shows the next one by itself, and the sale goes on.
    phone.show(phone.sign())
    await kiosk.getByRole('button', { name: /^Списать 180 ₽/ }).click()
    await expect(title(kiosk)).toHaveText('Скидка 180 ₽ в чеке')
  })

  test('that is too old or altered finds nobody and says so, until the next one does', async ({
    kiosk,
    phone,
    shop,
  }) => {
    phone.show(phone.sign(Date.now() - 2 * MINUTE))
    await expect(told(kiosk)).toContainText('Код устарел')
    await kiosk.screenshot({ path: 'dist/e2e-screens/code-too-old.png' })
    phone.show(alter(phone.sign()))
    await expect(told(kiosk)).toContainText('Код повреждён или подделан')
    await kiosk.screenshot({ path: 'dist/e2e-screens/code-altered.png' })
    phone.show(phone.sign())
    await expect(title(kiosk)).toHaveText('Сумма чека')
    await expect(kiosk.getByText('Анна').first()).toBeVisible()
    expect(await shop.balance()).toBe(500)
  })

  test('finds the customer without the cloud too, and nobody when it is no good', async ({
    kiosk,
    shop,
    cloud,
    phone,
  }) => {
    await shop.copied()
    await cloud.goAway()
    phone.show(alter(phone.sign()))
    await expect(told(kiosk)).toContainText('Код повреждён или подделан')
    phone.show(phone.sign(Date.now() - 2 * MINUTE))
    await expect(told(kiosk)).toContainText('Код устарел')
    await shop.oneC.newReceipt({ purchaseKopecks })
    phone.show(phone.sign())
    await kiosk.getByRole('button', { name: /^Начислить 40/ }).click()
    await expect(title(kiosk)).toHaveText('Начислим, когда появится связь')
    await kiosk.screenshot({ path: 'dist/e2e-screens/code-offline.png' })
    await cloud.comeBack()
    await expect.poll(shop.balance).toBe(540)
  })
})

test.describe('a chain that asks for a code', () => {
  test.use({ redeemProof: 'signed_code' })

  test('says so to the cashier, whose customer then shows one and spends', async ({ kiosk, shop, phone }) => {
    await typeCard(kiosk, shop.card)
    await expect(kiosk.getByText('Покажите код из Telegram')).toBeVisible()
    await shop.oneC.newReceipt({ purchaseKopecks })
    await expect(kiosk.getByText('Для списания нужен код из Telegram', { exact: false })).toBeVisible()
    await expect(kiosk.getByText('Покажите код из Telegram')).toBeVisible()
    await kiosk.screenshot({ path: 'dist/e2e-screens/code-needed.png' })

    phone.show(phone.sign(Date.now() - 2 * MINUTE))
    await expect(kiosk.getByText('Код устарел', { exact: false })).toBeVisible()
    await kiosk.screenshot({ path: 'dist/e2e-screens/code-needed-too-old.png' })

    phone.show(phone.sign())
    await kiosk.getByRole('button', { name: redeemAll }).click()
    await expect(title(kiosk)).toHaveText('Скидка 200 ₽ в чеке')
    await expect.poll(shop.balance).toBe(332)
  })
})
