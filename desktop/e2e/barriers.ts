import type { Page } from '@playwright/test'
import axe from 'axe-core'

/** What keeps people with other eyes, ears or hands out. A page that is left in the middle of it is judged where it leads to. */
export async function barriers(page: Page): Promise<string[]> {
  for (;;) {
    try {
      return await barriersOf(page)
    } catch (error) {
      if (!/context was destroyed/.test(String(error))) throw error
      await page.waitForLoadState()
    }
  }
}

async function barriersOf(page: Page): Promise<string[]> {
  await settled(page)
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(
          options: object,
        ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>
      }
    }
    const { violations } = await axe.run({ resultTypes: ['violations'] })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
}

/** What still fades in is paler than it will be: a contrast is judged when the page has come to rest. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { document } = globalThis as unknown as { document: { getAnimations(): Animation[] } }
    const fading = document
      .getAnimations()
      .filter(
        ({ effect }) =>
          effect.getKeyframes().some((frame) => 'opacity' in frame) &&
          Number.isFinite(effect.getComputedTiming().endTime),
      )
    await Promise.allSettled(fading.map(({ finished }) => finished))
  })
}

interface Animation {
  finished: Promise<unknown>
  effect: { getKeyframes(): object[]; getComputedTiming(): { endTime: number } }
}
