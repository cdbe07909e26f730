import { Api, GrammyError } from 'grammy'
import type { Update } from 'grammy/types'
import { SECOND } from '../../../shared/time.ts'
import { HEARD } from '../bot.ts'
import { type Connection, forTelegram, keepTrying } from './connection.ts'
import { handleInLanes } from './lanes.ts'

/** Telegram holds the connection for so long when there is nothing to tell. */
const HOLD_SECONDS = 30
const LAST_WORD_MS = 3 * SECOND

/**
 * Asks Telegram for what is new until the signal says to stop. An update is confirmed once it is handled: after a
 * crash it comes again, and every command bears that.
 */
export async function poll(connection: Connection, handle: (update: Update) => Promise<void>): Promise<void> {
  const { signal } = connection
  const api = new Api(connection.token, { apiRoot: connection.apiUrl, timeoutSeconds: HOLD_SECONDS + 10 })
  await keepTrying(connection, () => api.deleteWebhook({}, forTelegram(signal)))
  let offset = 0
  while (!signal.aborted) {
    const asked = { offset, timeout: HOLD_SECONDS, allowed_updates: [...HEARD] }
    const updates = await keepTrying(connection, () => fetchUpdates(api, asked, signal))
    if (!updates) break
    const left = await handleInLanes(updates, handle, signal)
    const end = (updates.at(-1)?.update_id ?? offset - 1) + 1
    offset = Math.min(end, ...left.map(({ update_id: id }) => id))
  }
  if (offset > 0) await confirm(api, offset)
}

type Asked = { offset: number; timeout: number; allowed_updates: (typeof HEARD)[number][] }

async function fetchUpdates(api: Api, asked: Asked, signal: AbortSignal): Promise<Update[]> {
  try {
    return await api.getUpdates(asked, forTelegram(signal))
  } catch (error) {
    // A webhook was set since we began, by an older process of ours or by hand.
    if (error instanceof GrammyError && /webhook is active/.test(error.description))
      await api.deleteWebhook({}, forTelegram(signal))
    throw error
  }
}

/** What was handled would come again to the next who asks. */
async function confirm(api: Api, offset: number): Promise<void> {
  await api.getUpdates({ offset, limit: 1 }, forTelegram(AbortSignal.timeout(LAST_WORD_MS))).catch(() => {})
}
