import type { Page } from '@playwright/test'

/** A quick scanner; the keys carry its clock, as those of a keyboard do, however long a busy machine takes between two of them. */
const GAP_MS = 5
const HANDS_AWAY_MS = 160

/** Keys as a scanner sends them under a Russian layout: their places are right, their letters are not. */
export async function scan(page: Page, code: string): Promise<void> {
  await page.evaluate(
    async ({ text, gapMs, handsAwayMs }) => {
      const keyboard = globalThis as unknown as {
        dispatchEvent(event: object): void
        KeyboardEvent: new (type: string, init: object) => object
        performance: { now(): number }
      }
      // Who has just typed a digit needs longer than that to take the scanner, and a sooner one goes on with the digits.
      await new Promise((resolve) => setTimeout(resolve, handsAwayMs))
      let atMs = keyboard.performance.now()
      const press = (code: string, key: string, shiftKey = false) => {
        for (const type of ['keydown', 'keyup']) {
          const event = new keyboard.KeyboardEvent(type, {
            code,
            key,
            shiftKey,
            bubbles: true,
            cancelable: true,
          })
          keyboard.dispatchEvent(Object.defineProperty(event, 'timeStamp', { value: atMs }))
        }
        atMs += gapMs
      }
      for (const character of text) {
        if (/\d/.test(character)) press(`Digit${character}`, 'й')
        else press(`Key${character}`, 'Й', true)
      }
      press('Enter', 'Enter')
    },
    { text: code, gapMs: GAP_MS, handsAwayMs: HANDS_AWAY_MS },
  )
}
