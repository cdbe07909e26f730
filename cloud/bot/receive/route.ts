import type { Update } from 'grammy/types'
import { z } from 'zod'
import type { App, Doors } from '../../http/context.ts'
import { ApiFailure, malformed } from '../../http/errors.ts'
import { turnAway } from '../../http/strangers.ts'
import type { Webhook } from '../run.ts'
import { WEBHOOK_PATH } from './webhook.ts'

/** What an update is about is looked at field by field later on; without a number it is none. */
const updateSchema = z.looseObject({ update_id: z.int() })

interface Around extends Doors {
  webhook: Webhook | null
}

/** Where Telegram posts what people write. A request without the secret is not read. */
export function telegramRoutes(app: App, cloud: Around) {
  const { webhook } = cloud
  if (!webhook) return
  app.post(WEBHOOK_PATH, async (c) => {
    if (!webhook.isGenuine(c.req.header('X-Telegram-Bot-Api-Secret-Token'))) {
      throw turnAway(c, cloud, new ApiFailure(401, 'unauthorized', 'This address is for Telegram.'))
    }
    const update = updateSchema.safeParse(await c.req.json().catch(() => null))
    if (!update.success) throw malformed(update.error)
    if (await webhook.receive(update.data as Update)) return c.json({ ok: true }, 200)
    throw new ApiFailure(503, 'unavailable', 'The bot is just starting.', { retryAfterSeconds: 1 })
  })
}
