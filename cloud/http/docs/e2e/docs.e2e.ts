import { expect } from '@playwright/test'
import { barriers } from '../../../../desktop/e2e/barriers.ts'
import { test } from '../../../../desktop/e2e/shop.ts'

for (const colorScheme of ['light', 'dark'] as const)
  test(`the contract can be read by everybody: ${colorScheme}`, async ({ browser, cloud }) => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 900 } })
    const page = await context.newPage()
    const others: string[] = []
    page.on('request', (request) => others.push(request.url()))
    await page.goto(`${cloud.url}/docs`)
    await page.screenshot({ path: `dist/e2e-screens/docs/${colorScheme}.png` })
    expect(await barriers(page)).toEqual([])

    await page.getByRole('navigation').getByRole('link', { name: 'POST /v1/operations' }).click()
    await expect(page.getByRole('heading', { name: 'POST /v1/operations' })).toBeInViewport()
    await page.screenshot({ path: `dist/e2e-screens/docs/${colorScheme} operations.png` })
    await page.getByRole('navigation').getByRole('link', { name: 'Outcome', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'Outcome', exact: true })).toBeInViewport()
    await page.screenshot({ path: `dist/e2e-screens/docs/${colorScheme} outcome.png` })

    // A phone has one column, and nothing runs out of it.
    await page.setViewportSize({ width: 380, height: 700 })
    expect(await page.evaluate(overflow)).toBe(0)
    expect(await barriers(page)).toEqual([])
    await page.screenshot({ path: `dist/e2e-screens/docs/${colorScheme} phone.png` })
    expect(others.filter((url) => !url.startsWith(`${cloud.url}/docs`))).toEqual([])
    await context.close()
  })

function overflow(): number {
  const { document, innerWidth } = globalThis as unknown as {
    document: { documentElement: { scrollWidth: number } }
    innerWidth: number
  }
  return Math.max(0, document.documentElement.scrollWidth - innerWidth)
}
