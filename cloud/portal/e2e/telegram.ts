import type { Page } from '@playwright/test'

interface Said {
  type: string
  data: unknown
}

/** The side of Telegram on a phone: hears what the app says, and says what a person did. */
export async function beTelegram(page: Page) {
  await page.addInitScript(() => {
    const said: Said[] = []
    const postEvent = (type: string, data: string) => said.push({ type, data: JSON.parse(data) })
    Object.assign(window, { said, TelegramWebviewProxy: { postEvent } })
  })
  return {
    /** What was said last of that kind. */
    heard: (type: string) =>
      page.evaluate(
        (type) => (window as unknown as { said: Said[] }).said.findLast((one) => one.type === type)?.data,
        type,
      ),
    tell: (type: string, data: unknown = null) =>
      page.evaluate(
        ([type, data]) => {
          const { Telegram } = window as unknown as {
            Telegram: { WebView: { receiveEvent(type: string, data: unknown): void } }
          }
          Telegram.WebView.receiveEvent(type as string, data)
        },
        [type, data],
      ),
  }
}
