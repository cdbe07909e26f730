import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { pino } from 'pino'
import {
  type KnownCustomer,
  type Offer,
  preferencesSchema,
  type Snapshot,
  type Success,
} from '../../shared/bridge.ts'
import { serveDisplay } from '../screen/display/serve.ts'
import { barriers } from './barriers.ts'
import { sizes } from './reach.ts'
import { test, title, typeCard } from './shop.ts'

/** Everything that the page has shown, however short: success is over by itself. */
async function remember(page: Page): Promise<() => Promise<string>> {
  await page.addInitScript(() => {
    const { document, MutationObserver } = globalThis as unknown as {
      document: { body: { textContent: string } | null }
      MutationObserver: new (act: () => void) => { observe(node: unknown, options: object): void }
    }
    const seen: string[] = []
    Object.assign(globalThis, { seen })
    new MutationObserver(() => {
      const text = document.body?.textContent ?? ''
      if (text !== seen.at(-1)) seen.push(text)
    }).observe(document, { childList: true, subtree: true, characterData: true })
  })
  return async () => {
    const seen = await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen.join('\n--\n'))
    return seen.replaceAll(/[\u00a0\u202f]/g, ' ')
  }
}

test.describe('before the customer', () => {
  test.use({
    setting: { points: 500, behaviour: { kind: 'polite' }, isEnrolled: true, hasDisplay: true },
  })

  test('two screens and the till show one truth, through a sale', async ({ kiosk, shop, browser }) => {
    const contexts = [await browser.newContext(), await browser.newContext()]
    const screens = await Promise.all(contexts.map((context) => context.newPage()))
    const seen = await Promise.all(screens.map(remember))
    for (const screen of screens) await screen.goto(shop.displayUrl())
    const everywhere = async (look: (screen: Page) => Promise<void>) => {
      for (const screen of screens) await look(screen)
    }
    await everywhere((screen) => expect(title(screen)).toHaveText('Покажите карту кассиру'))

    await typeCard(kiosk, shop.card)
    await everywhere(async (screen) => {
      await expect(title(screen)).toHaveText('Здравствуйте, Анна!')
      await expect(screen.getByText('500 баллов на карте')).toBeVisible()
    })
    await shop.oneC.newReceipt({ purchaseKopecks: 100_000, receipt: 'ТД-000777' })
    await everywhere(async (screen) => {
      await expect(screen.locator('.choice')).toHaveText([
        /Списать\s200\sбаллов\s*800,00\s₽\s*придут\s32\sбалла/,
        /Только\sкопить\s*1\s000,00\s₽\s*придёт\s40\sбаллов/,
      ])
    })
    // What is chosen at the till is what the customer reads.
    await kiosk.getByRole('button', { name: 'Своё…' }).click()
    await kiosk.getByRole('dialog').getByRole('button', { name: 'На один меньше' }).click()
    await everywhere((screen) =>
      expect(screen.locator('.choice').first()).toHaveText(/Списать\s199\sбаллов\s*801,00\s₽/),
    )
    await kiosk.getByRole('dialog').getByRole('button', { name: 'Готово' }).click()
    await kiosk.getByRole('button', { name: /^Списать 199 ₽/ }).click()

    await expect.poll(shop.oneC.taken).toMatchObject([{ points: 199 }])
    // 500 less 199, and 4 % of the 801 ₽ that were paid.
    await expect.poll(shop.balance).toBe(333)
    for (const all of seen) {
      await expect.poll(all).toContain('Скидка в чеке. Спасибо!')
      await expect.poll(all).toMatch(/Списано\s*199 баллов/)
      await expect.poll(all).toMatch(/Начислено\s*32 балла/)
      await expect.poll(all).toMatch(/Теперь на карте\s*333 балла/)
    }
    await kiosk.keyboard.press('Escape')
    await everywhere((screen) => expect(title(screen)).toHaveText('Покажите карту кассиру'))
    for (const all of seen) {
      expect(await all()).not.toContain(shop.card)
      expect(await all()).not.toContain('000777')
    }
    // The till is gone: what nobody keeps current is about nobody.
    await typeCard(kiosk, shop.card)
    await everywhere((screen) => expect(title(screen)).toHaveText('Здравствуйте, Анна!'))
    await shop.restart()
    await everywhere((screen) => expect(title(screen)).toHaveText('Покажите карту кассиру'))
    await Promise.all(contexts.map((context) => context.close()))
  })
})

const customer: KnownCustomer = {
  ...{ card: '654321', firstName: 'Александра-Виктория', available: 1_234_567, debt: 0, code: null },
  expiresNext: { points: 123_456, at: '2026-12-03T00:00:00.000Z' },
  ...{ status: 'active', source: 'cloud', asOf: 1 },
}
const offer: Offer = {
  ...{ bookVersion: 1, status: null },
  earn: { paidKopecks: 98_765_432, earned: 39_506, atOnce: 39_506, isSure: false, parts: [], more: null },
  becomes: 1_274_073,
  redeem: {
    ...{ isPossible: true, maxPoints: 197_530, bound: { by: 'share', basisPoints: 2000 } },
    choice: { points: 197_530, paidKopecks: 79_012_432, earned: 31_605, isSure: false, remains: 1_037_037 },
  },
}
const nobody = {
  ...{ version: '1.0.0', preferences: preferencesSchema.parse({}), joinUrl: 'https://t.me/kopilka_bot' },
  ...{ timeZone: 'Europe/Moscow', supportContact: '@kopilka_help', act: null, customer: null },
  ...{ sale: null, offer: null },
} as unknown as Snapshot
const found: Snapshot = { ...nobody, customer }
const ready: Snapshot = {
  ...found,
  sale: { purchaseKopecks: 98_765_432, receipt: null, source: '1c' },
  offer,
}
const spent: Success = {
  ...{ type: 'success', kind: 'redeem', operationId: 'op', firstName: null, purchaseKopecks: 98_765_432 },
  ...{ paidKopecks: 79_012_432, spent: 197_530, earned: 31_605, isSure: false, repaid: 12, debt: 34 },
  ...{ available: 1_037_037, isQueued: true },
}
const returned: Success = {
  ...{ type: 'success', kind: 'refund', operationId: 'op', firstName: null, purchaseKopecks: 98_765_432 },
  ...{ paidKopecks: 1, spent: -197_530, earned: -31_605, repaid: 0, debt: 0, available: 1, isQueued: false },
}
const scenes: Record<string, Snapshot> = {
  idle: nobody,
  customer: found,
  sale: ready,
  voucher: {
    ...ready,
    offer: {
      ...offer,
      voucher: {
        ...{ isPossible: true, title: 'Скидка двести рублей на любой чек дороже тысячи рублей' },
        ...{
          kopecks: 20_000,
          maxPoints: 197_530,
          isWithPoints: true,
          isLarger: false,
          itemKopecks: null,
        },
        ...{ points: 197_530, paidKopecks: 78_992_432, earned: 31_597, isSure: false, remains: 1_037_029 },
        discountRubles: 197_730,
        alone: {
          ...{ points: 0, paidKopecks: 98_745_432, earned: 39_498, isSure: false, remains: 1_274_065 },
          discountRubles: 200,
        },
      },
    },
  },
  frozen: { ...found, customer: { ...customer, status: 'frozen' } },
  working: {
    ...ready,
    act: {
      ...{ type: 'processing', kind: 'redeem', operationId: 'op', purchaseKopecks: 98_765_432, points: 1 },
      ...{ stage: 'offered', deadlineAt: null },
    },
  },
  done: { ...ready, act: spent },
  returned: { ...nobody, act: returned },
  failed: {
    ...ready,
    act: {
      ...{ type: 'error', kind: 'redeem', operationId: 'op', purchaseKopecks: 1, points: 1, code: 'failed' },
      ...{ details: {}, fate: 'held' },
    },
  },
}
/** Tablets stand upright, too. */
const places = {
  ...sizes,
  '800x1280': { width: 800, height: 1280 },
  '1024x768': { width: 1024, height: 768 },
}

const pictured = new Set(['380x600', '1366x768', '1366x768 at 200 %', '800x1280'])

/** How much does not fit: a monitor is not scrolled. */
const overflow = (page: Page) =>
  page.evaluate(() => {
    const { document, innerWidth, innerHeight } = globalThis as unknown as {
      document: { documentElement: { scrollWidth: number; scrollHeight: number } }
      innerWidth: number
      innerHeight: number
    }
    const { scrollWidth, scrollHeight } = document.documentElement
    return { right: Math.max(0, scrollWidth - innerWidth), below: Math.max(0, scrollHeight - innerHeight) }
  })

for (const [theme, language] of [
  ['light', 'ru'],
  ['dark', 'en'],
] as const)
  test(`all of every scene is seen at every size, by everybody: ${theme}, ${language}`, async ({ page }) => {
    let snapshot = nobody
    const listeners = new Set<(snapshot: Snapshot) => void>()
    const server = await serveDisplay({
      register: {
        snapshot: () => snapshot,
        subscribe(listener) {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      },
      ...{ port: null, folder: join(import.meta.dirname, '../../dist/display') },
      ...{ token: 'token', log: pino({ level: 'silent' }) },
    })
    await page.goto(server.url)
    const preferences = preferencesSchema.parse({ theme, language, colour: '#f2c200' })
    for (const [name, scene] of Object.entries(scenes)) {
      snapshot = { ...scene, preferences }
      for (const listener of listeners) listener(snapshot)
      const type = { returned: 'done', voucher: 'sale' }[name] ?? name
      await expect(page.locator(`[data-scene="${type}"]`)).toBeVisible()
      for (const [place, size] of Object.entries(places)) {
        await page.setViewportSize(size)
        expect.soft(await overflow(page), `${name} at ${place}`).toEqual({ right: 0, below: 0 })
        if (pictured.has(place))
          await page.screenshot({ path: `dist/e2e-screens/display/${language} ${name} ${place}.png` })
      }
      expect.soft(await barriers(page), name).toEqual([])
    }
    await page.close()
    await server.close()
  })
