import type { Page } from '@playwright/test'

/** Keys as a scanner sends them under a Russian layout: their places are right, their letters are not. */
export async function scan(page: Page, code: string): Promise<void> {
  await page.evaluate((text: string) => {
    const keyboard = globalThis as unknown as {
      dispatchEvent(event: object): void
      KeyboardEvent: new (type: string, init: object) => object
    }
    const press = (code: string, key: string, shiftKey = false) => {
      for (const type of ['keydown', 'keyup'])
        keyboard.dispatchEvent(
          new keyboard.KeyboardEvent(type, { code, key, shiftKey, bubbles: true, cancelable: true }),
        )
    }
    for (const character of text) {
      if (/\d/.test(character)) press(`Digit${character}`, 'й')
      else press(`Key${character}`, 'Й', true)
    }
    press('Enter', 'Enter')
  }, code)
}
